import { greetingCheck } from '../greeting';

export const ftp = greetingCheck({
  service: 'ftp',
  name: 'FTP',
  recognition: {
    processes: /^(?:vsftpd|proftpd|pure-ftpd|in\.ftpd)$/u,
    ports: [21],
    greeting: /^220[ -].*FTP/iu,
  },
  notTried: 'the account anonymous (a well-known credential: only as an explicit action) and any other',
});
