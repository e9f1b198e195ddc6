import { startWebServer, type WebServer } from './project';
import { useSession } from './session';

describe('the packed extension in the oldest VS Code that it takes', () => {
  const session = useSession({ host: 'minimum' });
  let server: WebServer;

  before(async () => {
    server = await startWebServer(session().folder);
  });
  after(async () => {
    await server.stop();
  });

  it('shows a server with its details', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Open Listeners View');
    const row = workbench.listener(server.port);
    await row.waitFor();
    await workbench.expand(row);
    await workbench.row(new RegExp(`^Owner: node, pid ${server.pid}`)).waitFor();
    await workbench.picture('minimum-engine');
  });
});
