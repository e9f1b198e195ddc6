import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import {
  addressText,
  ageChangesInMs,
  ageWords,
  bindsWords,
  endpointForUrl,
  ownerLabel,
  ownerNotes,
  scopeWords,
  urlOf,
} from '../../../src/ports/words';
import { anEndpoint, aListener, anOwner } from '../editor/views/sample';

const V4_ALL = anEndpoint({ address: '0.0.0.0', scope: 'wildcard' });
const V6_ALL = anEndpoint({ family: 'ipv6', address: '::', scope: 'wildcard' });
const LAN = anEndpoint({ address: '192.168.1.5', scope: 'address' });
const V6_LOCAL = anEndpoint({ family: 'ipv6', address: '::1' });

it('scopeWords: localhost, the address, how many more, or every interface', () => {
  const words = (scope: 'loopback' | 'address' | 'wildcard', ...endpoints: (typeof LAN)[]) =>
    scopeWords({ scope, endpoints }, english);
  assert.equal(words('loopback', anEndpoint()), 'localhost');
  assert.equal(words('address', LAN), '192.168.1.5');
  assert.equal(words('address', LAN, { ...LAN, address: '10.0.0.2' }, anEndpoint()), '192.168.1.5 +1');
  assert.equal(words('wildcard', V4_ALL, LAN), 'every interface');
});

it('bindsWords: a sentence each, and no more certainty about dual stack than there is', () => {
  const dual = (dualStack: 'yes' | 'no' | 'probable' | 'unlikely') => ({ ...V6_ALL, dualStack });
  assert.deepEqual(
    bindsWords(
      [anEndpoint(), LAN, V4_ALL, V6_ALL, dual('yes'), dual('no'), dual('probable'), dual('unlikely')],
      english,
    ),
    [
      '127.0.0.1:3000: this machine only',
      '192.168.1.5:3000: whoever reaches this address',
      '0.0.0.0:3000: every interface, IPv4',
      '[::]:3000: every interface, IPv6',
      '[::]:3000: every interface, IPv6 and IPv4',
      '[::]:3000: every interface, IPv6 only',
      '[::]:3000: every interface, IPv6 and probably also IPv4',
      '[::]:3000: every interface, IPv6 and probably not IPv4',
    ],
  );
});

it('addressText and urlOf: brackets for IPv6, localhost for a wildcard, no port where it is the usual one', () => {
  assert.equal(addressText(V6_LOCAL), '[::1]:3000');
  assert.equal(urlOf(V4_ALL, 'http'), 'http://localhost:3000/');
  assert.equal(urlOf(V6_LOCAL, 'https'), 'https://localhost:3000/');
  assert.equal(urlOf({ ...LAN, port: 80 }, 'http'), 'http://192.168.1.5/');
  assert.equal(urlOf({ ...LAN, port: 80 }, 'https'), 'https://192.168.1.5:80/');
  assert.equal(
    urlOf({ ...V6_LOCAL, address: 'fd00::5', scope: 'address' }, 'http'),
    'http://[fd00::5]:3000/',
  );
  assert.equal(
    urlOf({ ...V4_ALL, address: '127.0.0.2', scope: 'loopback' }, 'http'),
    'http://127.0.0.2:3000/',
  );
});

it('urlOf can be parsed, and leads to the port', () => {
  const endpoints = fc.constantFrom(V4_ALL, V6_ALL, LAN, V6_LOCAL, { ...V6_LOCAL, address: 'fe80::1' });
  fc.assert(
    fc.property(
      endpoints,
      fc.integer({ min: 1, max: 65535 }),
      fc.constantFrom('http', 'https'),
      (at, port, scheme) => {
        const url = new URL(urlOf({ ...at, port }, scheme));
        assert.equal(url.port === '' ? { http: 80, https: 443 }[scheme] : Number(url.port), port);
      },
    ),
  );
});

it('endpointForUrl: what answers on this machine first', () => {
  assert.equal(endpointForUrl({ endpoints: [LAN, V6_LOCAL] }), V6_LOCAL);
  assert.equal(endpointForUrl({ endpoints: [LAN, V6_ALL, V4_ALL] }), V4_ALL);
  assert.equal(endpointForUrl({ endpoints: [] }), undefined);
});

describe('ageWords', () => {
  const SECOND = 1000;
  for (const [seconds, words] of [
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [86_399, '23 h'],
    [86_400, '1 d'],
    [5 * 86_400, '5 d'],
    [-10, '0 s'],
  ] as const) {
    it(`${seconds} s: ${words}`, () => {
      assert.equal(ageWords(1e12, 1e12 + seconds * SECOND, english), words);
    });
  }

  it('changes exactly when it says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3e8 }), (age) => {
        const wait = ageChangesInMs(0, age);
        assert.ok(wait > 0);
        assert.equal(ageWords(0, age + wait - 1, english), ageWords(0, age, english));
        assert.notEqual(ageWords(0, age + wait, english), ageWords(0, age, english));
      }),
    );
  });
});

describe('ownerNotes', () => {
  const notes = (about: Partial<ReturnType<typeof aListener>>) => ownerNotes(aListener(about), english);

  it('says nothing of an ordinary owner', () => {
    assert.deepEqual(notes({}), []);
  });

  it('names the user of a hidden owner and the command that shows it', () => {
    const [note] = notes({ port: 6379, owner: { kind: 'hidden', uid: 999, user: 'redis' } });
    assert.match(note?.sentence ?? '', /uid 999 \(redis\)/u);
    assert.equal(note?.command, 'sudo ss -tlnp sport = :6379');
    assert.equal(
      notes({ protocol: 'udp', owner: { kind: 'hidden', uid: 7 } })[0]?.command,
      'sudo ss -ulnp sport = :3000',
    );
  });

  it('does not decide between the kernel and a hidden process', () => {
    assert.match(
      notes({ owner: { kind: 'kernel', uid: 0 } })[0]?.sentence ?? '',
      /kernel, or by a process hidden/u,
    );
  });

  it('tells socket activation, deleted executables and zombies', () => {
    const activated = { ...anOwner({ name: 'systemd' }), kind: 'activated' } as const;
    assert.match(notes({ owner: activated })[0]?.sentence ?? '', /^systemd listens for a service/u);
    const all = notes({ owner: anOwner({ executableDeleted: true, state: 'Z', socketActivated: true }) });
    assert.deepEqual(
      all.map(({ sentence }) => /deleted|zombie|given its socket/u.exec(sentence)?.[0]),
      ['deleted', 'zombie', 'given its socket'],
    );
  });

  it('shows hostile names as text', () => {
    assert.equal(ownerLabel(anOwner({ name: 'a\u001b[31m\n' }), english), 'a�[31m�');
    assert.doesNotMatch(
      notes({ owner: { kind: 'hidden', uid: 1, user: '\u202eroot' } })[0]?.sentence ?? '',
      /\u202e/u,
    );
  });

  it('labels an owner that cannot be seen by what is known', () => {
    assert.equal(ownerLabel({ kind: 'hidden', uid: 999 }, english), 'hidden, uid 999');
    assert.equal(ownerLabel({ kind: 'kernel', uid: 0 }, english), 'kernel or hidden');
  });
});
