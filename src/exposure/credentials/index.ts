import type { CredentialCheck } from './credential';
import { ftpAnonymous } from './ftp';
import { mysqlEmptyRoot } from './mysql';
import { snmpPublic } from './snmp';

/** The accounts that everybody knows, one at most for each service. None of them is chosen by itself. */
export const credentialChecks: readonly CredentialCheck[] = [ftpAnonymous, mysqlEmptyRoot, snmpPublic];

export function credentialCheckOf(service: string): CredentialCheck | undefined {
  return credentialChecks.find((check) => check.service === service);
}
