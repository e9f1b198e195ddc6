import { plainText, type Translate } from '../base/text';
import type { Listener } from '../ports/listener';
import type { NotCheckedReason, Proof, UnknownReason, Verdict } from './verdict';

/** The verdict on a row: `open, proved`. */
export function verdictLabel(verdict: Verdict, t: Translate): string {
  switch (verdict.kind) {
    case 'open-proved':
      return t('open, proved');
    case 'auth-required':
      return t('authentication required');
    case 'refused-by-policy':
      return t('refused by policy');
    case 'no-auth-by-design':
      return t('no authentication by design');
    case 'unknown':
      return t('unknown');
    case 'not-checked':
      return verdict.reason === 'needs-credentials'
        ? t('authentication exists, not tested')
        : t('not checked');
  }
}

/** The verdict with its proof: `open, proved: PING answered +PONG on 192.0.2.2`. */
export function verdictSentence(verdict: Verdict, address: string | undefined, t: Translate): string {
  const label = verdictLabel(verdict, t);
  const proof = verdict.proof && proofWords(verdict.proof, address, t);
  switch (verdict.kind) {
    case 'unknown':
      return t('{0}: {1}', label, [unknownWords(verdict.reason, t), proof].filter(Boolean).join('; '));
    case 'not-checked':
      return t('{0}: {1}', label, [notCheckedWords(verdict.reason, t), proof].filter(Boolean).join('; '));
    case 'open-proved':
    case 'auth-required':
    case 'refused-by-policy':
    case 'no-auth-by-design':
      return t('{0}: {1}', label, proof ?? '');
  }
}

function proofWords({ asked, answered }: Proof, address: string | undefined, t: Translate): string {
  if (asked === undefined)
    return address === undefined
      ? t('it greeted with {0}', answered)
      : t('it greeted with {0} on {1}', answered, address);
  return address === undefined
    ? t('{0} answered {1}', asked, answered)
    : t('{0} answered {1} on {2}', asked, answered, address);
}

export function unknownWords(reason: UnknownReason, t: Translate): string {
  switch (reason) {
    case 'connection-refused':
      return t('the connection was refused');
    case 'unreachable':
      return t('the address could not be reached');
    case 'silent':
      return t('it said nothing');
    case 'closed':
      return t('it closed the connection without an answer');
    case 'incomplete':
      return t('its answer stopped in the middle');
    case 'too-much':
      return t('it sent more than a check reads');
    case 'unexpected-reply':
      return t('its answer is not what the service says');
    case 'tls':
      return t('it wants TLS, and the check could not go on through it');
    case 'not-provable':
      return t('no harmless request can tell');
    case 'cancelled':
      return t('the check was cancelled');
    case 'error':
      return t('the check failed');
  }
}

export function notCheckedWords(reason: NotCheckedReason, t: Translate): string {
  switch (reason) {
    case 'debugger':
      return t('a debugger is never connected to');
    case 'unsafe':
      return t('any request would run code');
    case 'needs-credentials':
      return t('to tell more, an account would have to be tried');
    case 'loopback-only':
      return t('it listens on this machine only');
    case 'unrecognised':
      return t('nothing says what it is');
    case 'no-target':
      return t('no address of this machine to check it on');
    case 'policy-off':
      return t('checks are turned off');
    case 'policy-ask':
      return t('waiting for you to ask');
    case 'excepted':
      return t('it is on the list of exceptions');
    case 'untrusted-workspace':
      return t('the workspace is not trusted');
  }
}

/** Who can try to reach it: the bind, the addresses, and that no firewall was crossed. */
export function reachWords(
  listener: Pick<Listener, 'scope'>,
  addresses: readonly string[],
  t: Translate,
): string[] {
  if (listener.scope === 'loopback') return [t('It listens on this machine only.')];
  const list = addresses.length === 0 ? t('none') : addresses.join(', ');
  const where =
    listener.scope === 'wildcard'
      ? t('It is bound to every interface; the addresses of this machine that this means: {0}.', list)
      : t('It is bound to {0}.', list);
  return [
    where,
    t('A check to an own address does not cross the firewall: whether one stands before it was not tested.'),
  ];
}

export function acceptedWords(
  { reason, until }: { readonly reason: string; readonly until?: string },
  t: Translate,
): string {
  const why = plainText(reason, 200);
  return until === undefined ? t('Accepted: {0}', why) : t('Accepted until {0}: {1}', until, why);
}
