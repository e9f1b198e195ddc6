import { startWebServer, type WebServer } from './project';
import { useSession } from './session';

describe('the packed extension in Simplified Chinese', () => {
  const session = useSession({ language: 'zh-cn' });
  let server: WebServer;

  before(async () => {
    server = await startWebServer(session().folder);
  });
  after(async () => {
    await server.stop();
  });

  it('has Chinese commands, rows and questions', async () => {
    const { workbench } = session();
    await workbench.openPalette('>Portlight');
    await workbench.option('Portlight: 查找占用端口的程序…').waitFor();
    await workbench.picture('chinese-commands');
    await workbench.option('Portlight: 打开监听端口视图').click();
    const row = workbench.listener(server.port);
    await row.waitFor();
    await workbench.expand(row);
    await workbench.picture('chinese-listeners');
    await workbench.contextMenu(row, '停止…', workbench.dialog);
    await workbench.dialog.filter({ hasText: String(server.pid) }).waitFor();
    await workbench.picture('chinese-question');
    await workbench.pressInDialog('Cancel');
  });
});
