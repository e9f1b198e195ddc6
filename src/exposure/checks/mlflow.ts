import { httpCheck, jsonObject, open, record } from '../http';

export const mlflow = httpCheck({
  service: 'mlflow',
  name: 'MLflow',
  recognition: {
    commandLine: /(?:^|[/\s])mlflow\s+(?:server|ui)\b|\bmlflow\.server\b/u,
    page: /<title>MLflow<\/title>/u,
  },
  notTried: 'accounts, runs, artifacts',
  request: { path: '/api/2.0/mlflow/experiments/search?max_results=1' },
  judge: (response) => {
    const list = response.status === 200 ? jsonObject(response.body)?.['experiments'] : undefined;
    return Array.isArray(list) && typeof record(list[0])?.['experiment_id'] === 'string'
      ? open(response)
      : undefined;
  },
});
