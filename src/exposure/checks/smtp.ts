import { greetingCheck } from '../greeting';

export const smtp = greetingCheck({
  service: 'smtp',
  name: 'SMTP',
  recognition: {
    processes: /^(?:master|smtpd|exim4?|sendmail|opensmtpd|maildev|mailpit)$/u,
    ports: [25, 587, 1025, 2525],
    greeting: /^220[ -].*\bE?SMTP\b/iu,
  },
  notTried: 'whether it relays mail for anyone: that would take a sender and a recipient',
});
