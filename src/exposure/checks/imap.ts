import { greetingCheck } from '../greeting';

export const imap = greetingCheck({
  service: 'imap',
  name: 'IMAP',
  recognition: {
    processes: /^(?:dovecot|imap-login|imapd|cyrus-imapd)$/u,
    ports: [143],
    greeting: /^\* (?:OK|PREAUTH|BYE)\b.*/iu,
  },
  notTried: 'any account',
});
