import { proved } from '../check';
import { httpCheck, open } from '../http';

/** The S3 API lists buckets for nobody without a signature. */
export const minio = httpCheck({
  service: 'minio',
  name: 'MinIO (S3)',
  recognition: { processes: /^minio$/u, ports: [9000], page: /^server: minio/imu },
  notTried: 'access keys (minioadmin is not guessed), buckets that may be public, the web console',
  request: { path: '/' },
  judge: (response) => {
    if (!(response.headers.get('server') ?? '').startsWith('MinIO')) return undefined;
    if (response.status === 403 && response.body.includes('<Code>AccessDenied</Code>'))
      return proved('auth-required', response.asked, 'HTTP 403 AccessDenied');
    return response.status === 200 && response.body.includes('<ListAllMyBucketsResult')
      ? open(response)
      : undefined;
  },
});
