import { proved } from '../check';
import { httpCheck, jsonObject, textFacts } from '../http';

/** TensorBoard has no authentication. */
export const tensorboard = httpCheck({
  service: 'tensorboard',
  name: 'TensorBoard',
  recognition: {
    commandLine: /(?:^|[/\s])tensorboard(?:\.main)?(?=\s|$)/u,
    page: /<title>TensorBoard<\/title>/u,
  },
  notTried: 'runs and their data',
  request: { path: '/data/environment' },
  judge: (response) => {
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    return typeof answer?.['data_location'] === 'string' && typeof answer['window_title'] === 'string'
      ? proved(
          'no-auth-by-design',
          response.asked,
          response.answered,
          textFacts(answer, { version: 'version' }),
        )
      : undefined;
  },
});
