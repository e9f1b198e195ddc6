import { SCOPE_LIMITS, type ScopeLimit } from '../scan/scopeLimit';
import { isGroupingId, type GroupingId } from './views/placing';

/** The user's settings, each within its bounds: what package.json declares is checked again, a file may say anything. */
export interface Settings {
  readonly refreshMs: number;
  readonly groupBy: GroupingId;
  readonly hiddenGroups: readonly string[];
  readonly graceMs: number;
  readonly afterGrace: AfterGrace;
  readonly statusBar: boolean;
  readonly scanScope: ScopeLimit;
  readonly exposure: ExposureSettings;
}

export interface ExposureSettings {
  readonly checks: CheckMode;
  readonly exceptPorts: readonly number[];
  readonly exceptExecutables: readonly string[];
  readonly notify: boolean;
}

const CHECK_MODES = ['automatic', 'ask', 'off'] as const;
export type CheckMode = (typeof CHECK_MODES)[number];

const AFTER_GRACE = ['ask', 'kill', 'leave'] as const;
export type AfterGrace = (typeof AFTER_GRACE)[number];

/** Reads each setting by its key below `portlight.`. */
export function readSettings(read: (key: string) => unknown): Settings {
  const groupBy = read('listeners.groupBy');
  const hidden = read('listeners.hiddenGroups');
  const afterGrace = AFTER_GRACE.find((word) => word === read('stop.afterGrace'));
  return {
    refreshMs: bounded(read('refresh.intervalSeconds'), 1, 60, 2) * 1000,
    groupBy: isGroupingId(groupBy) ? groupBy : 'owner',
    hiddenGroups: Array.isArray(hidden) ? hidden.filter((name) => typeof name === 'string') : [],
    graceMs: bounded(read('stop.graceMs'), 0, 60_000, 3000),
    afterGrace: afterGrace ?? 'ask',
    statusBar: read('statusBar.enabled') !== false,
    scanScope: SCOPE_LIMITS.find((limit) => limit === read('scan.scope')) ?? 'ask',
    exposure: readExposure(read),
  };
}

function readExposure(read: (key: string) => unknown): ExposureSettings {
  return {
    // What is not understood asks: it must neither check against the user's wish nor look as if it had checked.
    checks: CHECK_MODES.find((mode) => mode === (read('exposure.checks') ?? 'automatic')) ?? 'ask',
    exceptPorts: listOf(read('exposure.exceptPorts')).filter((port) => typeof port === 'number'),
    exceptExecutables: listOf(read('exposure.exceptExecutables')).filter((path) => typeof path === 'string'),
    notify: read('exposure.notify') !== false,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function bounded(value: unknown, least: number, most: number, usual: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return usual;
  return Math.min(most, Math.max(least, value));
}
