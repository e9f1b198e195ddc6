import assert from 'node:assert/strict';
import { english } from '../../../../src/base/text';
import { asText } from '../../../../src/editor/views/asText';
import { ListenersModel, type Choices, type TreeInput } from '../../../../src/editor/views/listenersModel';
import type { Node, Redraw } from '../../../../src/editor/views/stableTree';
import type { Subject } from '../../../../src/editor/views/subject';
import type { ConnectionSummary } from '../../../../src/ports/connections';
import type { Listener } from '../../../../src/ports/listener';
import { aListener, anOwner, aProcess, aSnapshot, NOW } from './sample';

const CHOICES: Choices = { groupBy: 'owner', hiddenGroups: [], hideRules: [], filter: '' };

function input(listeners: readonly Listener[], fields: Partial<TreeInput> = {}): TreeInput {
  return { ...BASE, snapshot: aSnapshot(listeners), ...fields };
}

const BASE: TreeInput = {
  snapshot: undefined,
  choices: CHOICES,
  folders: ['/home/me/shop'],
  origins: { terminalPids: new Map() },
  connections: new Map(),
  isNew: () => false,
  exposures: new Map(),
  now: NOW,
};

function aModel(): ListenersModel {
  return new ListenersModel({
    t: english,
    formatTime: (ms) => new Date(ms).toISOString(),
  });
}

function shown(model: ListenersModel): Record<string, string[]> {
  const rows = (node: Node<Subject>): string[] => model.tree.childrenOf(node).map(({ look }) => look.label);
  return Object.fromEntries(model.tree.roots.map((node) => [node.look.label, rows(node)]));
}

function ids(redraw: Redraw<Subject>): string | readonly string[] {
  return typeof redraw === 'string' ? redraw : redraw.map(({ id }) => id);
}

const VITE = aListener();
const DNS = aListener({
  id: 'udp:53:uid101',
  protocol: 'udp',
  port: 53,
  owner: { kind: 'hidden', uid: 101, user: 'systemd-resolve' },
});
const API = aListener({
  id: 'tcp:8080:900@1',
  port: 8080,
  scope: 'wildcard',
  owner: anOwner({
    pid: 900,
    name: 'java',
    cwd: '/home/me/api',
    commandLine: ['java', '-jar', 'api.jar'],
    executable: '/usr/bin/java',
    project: { folder: '/home/me/api', name: 'api' },
  }),
});
const CLIENT = aListener({ id: 'udp:45000:812@99123', protocol: 'udp', port: 45000, ephemeralUdp: true });

describe('ListenersModel', () => {
  it('shows listeners in their groups, by port', () => {
    const model = aModel();
    const other = aListener({ id: 'tcp:24678:812@99123', port: 24678 });
    assert.equal(model.update(input([other, API, CLIENT, VITE])), 'all');
    assert.deepEqual(shown(model), {
      'This workspace': ['3000  vite dev', '24678  vite dev'],
      'Other projects': ['8080  java -jar api.jar'],
      'Ephemeral UDP': ['45000  vite dev'],
    });
    const expand = model.tree.roots.map(({ look }) => look.expand);
    assert.deepEqual(expand, ['expanded', 'expanded', 'collapsed']);
  });

  it('tells a row in words: label, description, a sentence for screen readers, traits for menus', () => {
    const model = aModel();
    model.update(input([API]));
    const row = model.row(API.id);
    assert.equal(row?.look.label, '8080  java -jar api.jar');
    assert.equal(row.look.description, 'api · every interface · 5 min');
    assert.equal(
      row.look.spoken,
      'TCP port 8080, java -jar api.jar, process java, pid 900, user me, project api, listens on every interface, started 5 min',
    );
    assert.equal(row.look.traits, 'listener;tcp;wildcard;exact;browsable;pid;stoppable;command;cwd');
  });

  it('offers the terminal only where one of this window started the process', () => {
    const model = aModel();
    const owner = anOwner({}, { parents: [aProcess({ pid: 700, name: 'bash' })] });
    const listener = aListener({ owner });
    model.update(input([listener], { origins: { terminalPids: new Map([[1, 'zsh']]) } }));
    assert.doesNotMatch(model.row(listener.id)?.look.traits ?? '', /terminal/u);
    model.update(input([listener], { origins: { terminalPids: new Map([[700, 'bash']]) } }));
    assert.match(model.row(listener.id)?.look.traits ?? '', /;terminal(;|$)/u);
  });

  it('never offers to stop what has no process to stop', () => {
    const model = aModel();
    const kernel = aListener({ id: 'udp:4789:kernel', owner: { kind: 'kernel', uid: 0 } });
    const init = aListener({ id: 'tcp:22:1@1', owner: anOwner({ pid: 1, name: 'systemd' }) });
    model.update(input([DNS, kernel, init]));
    for (const { id } of [DNS, kernel, init]) {
      assert.doesNotMatch(model.row(id)?.look.traits ?? 'stoppable', /stoppable/u, id);
    }
  });

  it('redraws nothing for a snapshot that says the same, and only the row that differs', () => {
    const model = aModel();
    model.update(input([VITE, API]));
    shown(model);
    assert.equal(model.update(input([VITE, API])), 'none');
    const wider: Listener = { ...VITE, scope: 'wildcard' };
    assert.deepEqual(ids(model.update(input([wider, API]))), [VITE.id]);
  });

  it('redraws a row when its age says something else, and says when that will be', () => {
    const model = aModel();
    model.update(input([VITE]));
    shown(model);
    assert.equal(model.nextChangeAt, NOW + 60_000);
    assert.equal(model.update(input([VITE], { now: NOW + 59_999 })), 'none');
    assert.deepEqual(ids(model.update(input([VITE], { now: NOW + 60_000 }))), [VITE.id]);
    assert.match(model.row(VITE.id)?.look.description ?? '', /6 min/u);
  });

  it('marks what is new by word and icon, for as long as it is', () => {
    const model = aModel();
    model.update(input([VITE], { isNew: () => true }));
    shown(model);
    const row = model.row(VITE.id);
    assert.match(row?.look.description ?? '', /^new · /u);
    assert.equal(row?.look.icon?.id, 'sparkle');
    assert.deepEqual(ids(model.update(input([VITE]))), [VITE.id]);
    assert.doesNotMatch(row.look.description ?? '', /new/u);
  });

  it('filters, counts what it left out, unfolds what it found, and marks it in the label', () => {
    const model = aModel();
    model.update(input([VITE, API, CLIENT], { choices: { ...CHOICES, filter: '45' } }));
    assert.deepEqual(shown(model), { 'Ephemeral UDP': ['45000  vite dev'] });
    assert.equal(model.tree.roots[0]?.look.expand, 'expanded');
    assert.deepEqual(model.row(CLIENT.id)?.look.highlights, [[0, 2]]);
    assert.equal(model.summary.shown, 1);
    assert.equal(model.summary.filteredOut, 2);
  });

  it('hides groups and rows like one, and counts them', () => {
    const model = aModel();
    const choices = { ...CHOICES, hiddenGroups: ['projects'], hideRules: [{ port: 45000 }] };
    model.update(input([VITE, API, CLIENT], { choices }));
    assert.deepEqual(shown(model), { 'This workspace': ['3000  vite dev'] });
    assert.equal(model.summary.hidden, 2);
  });

  it('groups by project, process, port and scope, and still folds the ports of clients away', () => {
    const model = aModel();
    const group = (groupBy: Choices['groupBy']): string[] => {
      model.update(input([VITE, API, CLIENT], { choices: { ...CHOICES, groupBy } }));
      return Object.keys(shown(model));
    };
    assert.deepEqual(group('project'), ['api', 'shop', 'Ephemeral UDP']);
    assert.deepEqual(group('scope'), ['every interface', 'localhost', 'Ephemeral UDP']);
    assert.deepEqual(group('port'), ['Registered port (1024–49151)', 'Ephemeral UDP']);
    assert.equal(group('process').length, 3);
  });

  it('says why it does not show all, with the command that does', () => {
    const model = aModel();
    model.update({ ...input([DNS]), snapshot: aSnapshot([DNS], [{ code: 'owners-hidden', listeners: 1 }]) });
    const note = model.tree.roots.at(-1);
    assert.equal(note?.look.label, 'The owner of 1 listener is hidden from this user');
    assert.deepEqual(note.subject, { kind: 'limit', command: 'sudo ss -tulnp' });
  });
});

describe('details of a listener', () => {
  const shell = aProcess({ pid: 700, startTicks: 5, name: 'bash', commandLine: ['-bash'] });
  const listener = aListener({
    owner: anOwner({}, { parents: [shell], coOwners: [aProcess({ pid: 813, startTicks: 99124 })] }),
  });
  const connections: ConnectionSummary = {
    takenAt: NOW,
    byState: { ESTABLISHED: 3, CLOSE_WAIT: 12 },
    peers: [
      { address: '127.0.0.1', state: 'ESTABLISHED', count: 3, process: { pid: 42, name: 'firefox' } },
      { address: '10.0.0.9', state: 'CLOSE_WAIT', count: 11 },
    ],
    peersTotal: 2,
  };

  it('tell endpoints, owner, what started it, who shares the socket, and connections with their leaks', () => {
    const model = aModel();
    model.update(input([listener], { connections: new Map([[listener.id, connections]]) }));
    const row = model.row(listener.id)!;
    const text = unfold(model, row);
    assert.deepEqual(
      text.filter((line) => !line.startsWith('    ')),
      [
        '  127.0.0.1:3000: this machine only | TCP · IPv4',
        '  Owner: node | pid 812 · me',
        '  Started by bash (pid 700)',
        '  Shares the socket with | 1 process',
        '  Connections | leak · ESTABLISHED 3 · CLOSE_WAIT 12',
      ],
    );
    assert.ok(text.includes('    Command line | node /home/me/shop/node_modules/.bin/vite dev'));
    assert.ok(text.includes('    bash | shell · pid 700 · me'));
    assert.ok(text.includes('      127.0.0.1 | × 3 · firefox (pid 42)'));
    assert.ok(text.includes('      10.0.0.9 | × 11 · leak'));
    assert.ok(text.includes('      1 more are not listed'));
  });

  it('redraw only the connections when only those change', () => {
    const model = aModel();
    model.update(input([listener], { connections: new Map([[listener.id, connections]]) }));
    unfold(model, model.row(listener.id)!);
    const fewer = { ...connections, byState: { ...connections.byState, ESTABLISHED: 2 } };
    const redraw = model.update(input([listener], { connections: new Map([[listener.id, fewer]]) }));
    assert.deepEqual(ids(redraw), [`${listener.id}/connections`]);
  });

  it('show hostile text as text', () => {
    const model = aModel();
    const process = { commandLine: ['evil\u001b[2J', '\u202etxt'], cwd: '/tmp/a\nb' };
    const evil = aListener({ owner: anOwner(process) });
    model.update(input([evil]));
    const lines = unfold(model, model.row(evil.id)!).join('');
    assert.doesNotMatch(lines, /[\p{Cc}\p{Cf}]/u);
  });

  it('become a document', () => {
    const model = aModel();
    model.update(input([listener]));
    const lines = asText([{ id: 'a', look: model.row(listener.id)!.look, subject: 0, children: () => [] }]);
    assert.deepEqual(lines, ['3000  vite dev: shop · localhost · 5 min']);
  });
});

describe('ListenersModel with 5,000 listeners', function () {
  // Making 5,000 rows takes a while on a busy machine; what is asserted is how many, not how long.
  this.timeout(60_000);

  const many = Array.from({ length: 5000 }, (_, index) =>
    aListener({
      id: `tcp:${1024 + index}:${index + 10}@1`,
      port: 1024 + index,
      owner: anOwner({ pid: index + 10 }),
    }),
  );

  it('redraws one row where one changed, without looking at the others again', () => {
    const model = aModel();
    model.update(input(many));
    shown(model);
    const looks = many.map(({ id }) => model.tree.find(id)?.look);
    const changed = many.map((listener, i) =>
      i === 2500 ? { ...listener, scope: 'wildcard' as const } : listener,
    );
    assert.deepEqual(ids(model.update(input(changed))), [many[2500]?.id]);
    const redrawn = many.filter(({ id }, i) => model.tree.find(id)?.look !== looks[i]);
    assert.deepEqual(
      redrawn.map(({ id }) => id),
      [many[2500]?.id],
    );
  });

  it('redraws one group where one came and one went', () => {
    const model = aModel();
    model.update(input([...many, API]));
    shown(model);
    const next = [...many.slice(1), API, aListener({ id: 'tcp:9:9@9', port: 9 })];
    assert.deepEqual(ids(model.update(input(next))), ['group/owner/workspace']);
  });
});

function unfold(model: ListenersModel, node: Node<Subject>, depth = 1): string[] {
  return model.tree.childrenOf(node).flatMap((child) => {
    const { label, description } = child.look;
    const line = '  '.repeat(depth) + (description === undefined ? label : `${label} | ${description}`);
    return [line, ...unfold(model, child, depth + 1)];
  });
}
