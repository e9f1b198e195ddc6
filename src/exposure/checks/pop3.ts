import { greetingCheck } from '../greeting';

export const pop3 = greetingCheck({
  service: 'pop3',
  name: 'POP3',
  recognition: { processes: /^(?:dovecot|pop3-login)$/u, ports: [110], greeting: /^\+OK\b.*/u },
  notTried: 'any account',
});
