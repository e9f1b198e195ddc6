/** The fields of /proc/PID/stat that matter here (proc_pid_stat(5)). */
export interface Stat {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly parentPid: number;
  readonly tty?: string;
  readonly kernelThread: boolean;
  /** Field 22, clock ticks after boot. */
  readonly startTicks: number;
  /**
   * Differs when the process has executed another program since: the places of its code and stack
   * (fields 26 to 28; zeros where we may not trace it) and its name.
   */
  readonly image: string;
}

const PF_KTHREAD = 0x00200000;

/** @returns undefined where the text is not a stat line. */
export function parseStat(text: string): Stat | undefined {
  // The name may hold anything, blanks and brackets included: it ends at the *last* bracket.
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 1 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const pid = Number(text.slice(0, open));
  const state = fields[0] ?? '';
  const parentPid = Number(fields[1]);
  const startTicks = Number(fields[19]);
  if (!Number.isInteger(pid) || !/^[A-Za-z]$/.test(state)) return undefined;
  if (!Number.isInteger(parentPid) || fields[19] === undefined || !Number.isInteger(startTicks))
    return undefined;
  const name = text.slice(open + 1, close);
  const tty = terminalName(Number(fields[4]));
  return {
    pid,
    name,
    state,
    parentPid,
    ...(tty === undefined ? {} : { tty }),
    kernelThread: (Number(fields[6]) & PF_KTHREAD) !== 0,
    startTicks,
    image: `${name}/${fields.slice(23, 26).join('/')}`,
  };
}

/** Device numbers of terminals: Documentation/admin-guide/devices.txt of the kernel. */
function terminalName(device: number): string | undefined {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 256 + minor}`;
  if (major === 4) return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`;
  return undefined;
}
