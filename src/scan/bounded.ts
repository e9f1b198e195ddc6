import { toJson } from './formats/json';
import type { SessionData } from './sessionData';
import { openCount } from './summary';

/** Where the session as JSON is longer than `most` units, only hosts with an open port are kept; others are counted. */
export function bounded(data: SessionData, most: number): SessionData {
  if (toJson(data).length <= most) return data;
  const hosts = data.hosts.filter((host) => openCount(host) > 0);
  return { ...data, hosts, omittedHosts: (data.omittedHosts ?? 0) + data.hosts.length - hosts.length };
}
