import type { Session } from './session';

/** Answers the first two questions of a scan; the third, for the technique, is open then. */
export async function upToTechnique({ workbench }: Session, target: string, ports: string): Promise<void> {
  await workbench.runCommand('Portlight: Scan Host…');
  await workbench.answer(target);
  await workbench.option(/^quick/u).waitFor();
  await workbench.answer(ports);
  await workbench.option(/TCP connect/u).waitFor();
}
