import { hex, toHex, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** CONNECT of MQTT 3.1.1: clean session, empty client id (allowed with it), 5 s keep-alive. No SUBSCRIBE ever. */
const CONNECT = hex('100c 0004 4d515454 04 02 0005 0000');
const DISCONNECT = hex('e000');

/** CONNACK return codes of MQTT 3.1.1, 3.2.2.3. */
const refusals: Readonly<Record<number, string>> = { 4: 'bad user name or password', 5: 'not authorized' };

function judge(reply: Reply): Step | 'more' {
  const [type, length, , code] = reply.bytes;
  if (type === undefined || length === undefined) return 'more';
  if (type !== 0x20 || length !== 2)
    return undecided('unexpected-reply', 'CONNECT', toHex(reply.bytes.subarray(0, 8)));
  if (code === undefined) return 'more';
  if (code === 0 && uint(reply.bytes, 2, 1) === 0)
    return proved('open-proved', 'CONNECT', 'CONNACK 0: accepted', undefined, DISCONNECT);
  const refusal = refusals[code];
  if (refusal === undefined) return undecided('unexpected-reply', 'CONNECT', `CONNACK ${code}`);
  return proved('auth-required', 'CONNECT', `CONNACK ${code}: ${refusal}`);
}

export const mqtt: Check = {
  service: 'mqtt',
  name: 'MQTT broker',
  transport: 'tcp',
  tls: 'after',
  recognition: { processes: /^(?:mosquitto|vernemq|nanomq|hivemq)$/u, ports: [1883, 8883] },
  notTried: 'user names and passwords, subscribing, publishing; what an anonymous client may read',
  start: () => send(CONNECT, 'CONNECT', judge),
};
