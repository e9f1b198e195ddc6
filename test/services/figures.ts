import { appendFileSync } from 'node:fs';

/** Notes measured figures for `npm run bench:exposure`, which says where; else nothing. */
export function noteFigures(figures: Readonly<Record<string, number>>): void {
  const file = process.env['PORTLIGHT_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(figures)}\n`);
}
