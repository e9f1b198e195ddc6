import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseControlGroup } from '../../../src/machine/linux/cgroup';
import { parseEnvironment } from '../../../src/machine/linux/environ';
import { hidepidLimit, parseRange } from '../../../src/machine/linux/machine-facts';
import { parseCommandLine } from '../../../src/machine/linux/process';
import { Projects } from '../../../src/machine/linux/project';
import { parseStat } from '../../../src/machine/linux/stat';
import { parsePasswd } from '../../../src/machine/linux/users';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withTemporaryFolder } from '../../support/cleanup';

const STAT =
  '812 (node) S 700 812 812 34819 812 4194304 999 0 0 0 10 5 0 0 20 0 7 0 99123 1234 567 18446744073709551615 4194304 9000000 140000 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 1 2 3 4 5 6 7 0\n';

describe('parseStat', () => {
  it('reads the fields', () => {
    const stat = parseStat(STAT);
    assert.deepEqual(
      { ...stat, image: undefined },
      {
        pid: 812,
        name: 'node',
        state: 'S',
        parentPid: 700,
        tty: 'pts/3',
        kernelThread: false,
        startTicks: 99123,
        image: undefined,
      },
    );
  });

  it('ends the name at the last bracket, whatever is in it', () => {
    for (const name of ['a) S 1 (b', ') Z 0 0 0', '((', '', ' ', 'x\ny']) {
      const stat = parseStat(STAT.replace('(node)', `(${name})`));
      assert.equal(stat?.name, name);
      assert.equal(stat.startTicks, 99123);
    }
  });

  it('names terminals', () => {
    const tty = (device: number) => parseStat(STAT.replace(' 34819 ', ` ${device} `))?.tty;
    assert.equal(tty(0), undefined);
    assert.equal(tty(4 << 8), 'tty0');
    assert.equal(tty((4 << 8) | 65), 'ttyS1');
    assert.equal(tty((136 << 8) | 255), 'pts/255');
    assert.equal(tty((137 << 8) | 1), 'pts/257');
  });

  it('knows a kernel thread, and an execution of another program', () => {
    assert.equal(parseStat(STAT.replace(' 4194304 999', ' 69238880 999'))?.kernelThread, true);
    assert.notEqual(
      parseStat(STAT)?.image,
      parseStat(STAT.replace(' 4194304 9000000', ' 5000000 9000000'))?.image,
    );
  });

  it('gives facts or nothing for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat(STAT.length).map((end) => STAT.slice(0, end)),
        ),
        (text) => {
          const stat = parseStat(text);
          assert.ok(stat === undefined || (Number.isInteger(stat.pid) && Number.isInteger(stat.startTicks)));
        },
      ),
    );
  });
});

describe('parseControlGroup', () => {
  const id = 'a1'.repeat(32);
  const cases: readonly (readonly [line: string, engine: string | undefined, unit: string | undefined])[] = [
    ['0::/', undefined, undefined],
    ['0::/system.slice/ssh.service', undefined, 'ssh.service'],
    ['0::/user.slice/user-1000.slice/session-3.scope', undefined, 'session-3.scope'],
    [
      '0::/user.slice/user-1000.slice/user@1000.service/app.slice/my\\x2dapp.service',
      undefined,
      'my-app.service',
    ],
    ['12:pids:/\n1:name=systemd:/system.slice/cron.service\n', undefined, 'cron.service'],
    [`0::/system.slice/docker-${id}.scope`, 'docker', `docker-${id}.scope`],
    [`11:memory:/docker/${id}`, 'docker', undefined],
    [`0::/user.slice/user@1.service/user.slice/libpod-${id}.scope/container`, 'podman', `libpod-${id}.scope`],
    [
      `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`,
      'containerd',
      `cri-containerd-${id}.scope`,
    ],
    [`0::/kubepods.slice/pod/crio-${id}.scope`, 'cri-o', `crio-${id}.scope`],
    [`4:cpu:/kubepods/burstable/pod1/${id}`, 'kubernetes', undefined],
    ['0::/lxc.payload.web/system.slice/nginx.service', 'lxc', 'nginx.service'],
    ['0::/machine.slice/systemd-nspawn@web.service/payload', 'systemd-nspawn', 'systemd-nspawn@web.service'],
  ];
  for (const [line, engine, unit] of cases) {
    it(`of ${line.slice(0, 60).replace(/\n/g, ' ')}`, () => {
      const group = parseControlGroup(line);
      assert.equal(group.container?.engine, engine);
      assert.equal(group.unit, unit);
    });
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseControlGroup(text)));
  });
});

describe('parseEnvironment', () => {
  const env = (...entries: string[]): string => entries.map((entry) => `${entry}\0`).join('');

  it('takes npx for no script of the package', () => {
    assert.deepEqual(parseEnvironment('npm_lifecycle_event=npx\0npm_package_name=shop', 7), {});
  });

  it('keeps what tells where a process comes from, and nothing else', () => {
    const text = env(
      'SECRET=1',
      'npm_lifecycle_event=dev',
      'npm_package_name=shop',
      'TERM_PROGRAM=vscode',
      'A=b=c',
    );
    assert.deepEqual(parseEnvironment(text, 5), {
      npm: { script: 'dev', packageName: 'shop' },
      terminalProgram: 'vscode',
    });
  });

  it('takes LISTEN_FDS only where it is meant for this process', () => {
    assert.deepEqual(parseEnvironment(env('LISTEN_FDS=2', 'LISTEN_PID=5'), 5), { socketActivated: true });
    assert.deepEqual(parseEnvironment(env('LISTEN_FDS=2', 'LISTEN_PID=5'), 6), {});
    assert.deepEqual(parseEnvironment(env('LISTEN_FDS=0', 'LISTEN_PID=5'), 5), {});
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), fc.nat(), (text, pid) => void parseEnvironment(text, pid)));
  });
});

describe('parseCommandLine', () => {
  it('keeps every argument, empty ones too', () => {
    assert.deepEqual(parseCommandLine('node\0-e\0\0x\0'), ['node', '-e', '', 'x']);
    assert.deepEqual(parseCommandLine(''), []);
  });

  it('drops the tail that a rewritten title leaves', () => {
    assert.deepEqual(parseCommandLine('nginx: master process\0\0\0\0\0'), ['nginx: master process']);
  });
});

describe('machine facts', () => {
  it('read the range of ephemeral ports', () => {
    assert.deepEqual(parseRange('32768\t60999\n'), [32768, 60999]);
    assert.deepEqual(parseRange('nonsense'), [32768, 60999]);
    assert.deepEqual(parseRange('1024 65535'), [1024, 65535]);
  });

  it('read users, the first name of a uid', () => {
    const users = parsePasswd(
      'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbroken\nweb:x:33:33::/:/x\n',
    );
    assert.deepEqual(
      [...users],
      [
        [0, 'root'],
        [33, 'web'],
      ],
    );
  });

  it('know when /proc hides processes', () => {
    const mounts = (options: string): string =>
      `sysfs /sys sysfs rw 0 0\nproc /proc proc rw,${options} 0 0\n`;
    const hidden = { code: 'hidepid' };
    assert.deepEqual(hidepidLimit(mounts('hidepid=2'), 1000, []), hidden);
    assert.deepEqual(hidepidLimit(mounts('hidepid=invisible'), 1000, []), hidden);
    assert.equal(hidepidLimit(mounts('hidepid=2'), 0, []), undefined);
    assert.equal(hidepidLimit(mounts('hidepid=2,gid=4'), 1000, [4]), undefined);
    assert.equal(hidepidLimit(mounts('hidepid=0'), 1000, []), undefined);
    assert.equal(hidepidLimit(mounts('relatime'), 1000, []), undefined);
  });
});

describe('Projects', () => {
  const manifests: readonly (readonly [file: string, text: string, name: string])[] = [
    ['package.json', '{"name":"shop"}', 'shop'],
    ['go.mod', 'module example.org/team/tool/v2\n\ngo 1.22\n', 'tool'],
    ['pyproject.toml', '[build-system]\nname = "no"\n[project]\nname = "py-tool"\n', 'py-tool'],
    ['pyproject.toml', "[tool.poetry]\nname = 'poem'\n", 'poem'],
    ['Cargo.toml', '[package]\nname = "crab"\n', 'crab'],
    ['composer.json', '{"name":"vendor/thing"}', 'vendor/thing'],
    ['package.json', 'not json', 'home'],
    ['.git', '', 'home'],
  ];
  for (const [file, text, name] of manifests) {
    it(`finds ${name} by ${file} from a folder below it`, () =>
      withTemporaryFolder('project', (folder) => {
        const home = path.join(folder, 'home');
        mkdirSync(path.join(home, 'a/b'), { recursive: true });
        writeFileSync(path.join(home, file), text);
        assert.deepEqual(new Projects().find(path.join(home, 'a/b')), { folder: home, name });
        return Promise.resolve();
      }));
  }

  it('takes the nearest one, and remembers', () =>
    withTemporaryFolder('project', (folder) => {
      mkdirSync(path.join(folder, 'inner'));
      writeFileSync(path.join(folder, 'package.json'), '{"name":"outer"}');
      const projects = new Projects();
      assert.equal(projects.find(path.join(folder, 'inner'))?.name, 'outer');
      writeFileSync(path.join(folder, 'inner/Cargo.toml'), '[package]\nname = "inner"');
      assert.equal(projects.find(path.join(folder, 'inner'))?.name, 'outer');
      projects.forget();
      assert.equal(projects.find(path.join(folder, 'inner'))?.name, 'inner');
      return Promise.resolve();
    }));
});
