/** Exit codes of portlight-probe; `--help` lists them. */
export const EXIT = {
  /** The scan ran to its end, whatever it found. */
  done: 0,
  /** The helper failed. */
  failed: 1,
  /** The command line is wrong, or the targets are refused. */
  usage: 2,
  /** A right is missing. */
  permission: 3,
  /** Interrupted (Ctrl+C); what was found until then is printed. */
  cancelled: 130,
} as const;
