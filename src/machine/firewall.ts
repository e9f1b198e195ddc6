import { execFile } from 'node:child_process';
import type { FirewallReading } from '../exposure/firewall';

const DEADLINE_MS = 2000;
/** A machine with thousands of blocked addresses has a long list. */
const MOST_BYTES = 32 * 1024 * 1024;

/** What nft tells this user of the rules; root may, others may not, and nothing is done about that. */
export function readFirewall(): Promise<FirewallReading> {
  const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const options = { timeout: DEADLINE_MS, maxBuffer: MOST_BYTES, env: { ...process.env, PATH } };
  return new Promise((resolve) => {
    execFile('nft', ['-j', 'list', 'ruleset'], options, (error, stdout) => {
      if (!error) resolve({ kind: 'nftables', json: stdout });
      else resolve({ kind: error.code === 'ENOENT' ? 'absent' : 'unreadable' });
    });
  });
}
