import assert from 'node:assert/strict';
import { l10nProblems, type Localized } from '../../../scripts/check-l10n';

function problems(
  source: string,
  translations: Record<string, string>,
  rest: Partial<Localized> = {},
): string[] {
  return l10nProblems({
    sources: new Map([['src/a.ts', source]]),
    bundles: new Map([['zh', translations]]),
    manifest: '{}',
    manifestTexts: new Map(),
    ...rest,
  });
}

describe('check-l10n', () => {
  it('is content with literal messages, each translated with the same places', () => {
    const source = "t('Stop'); this.t('{0} of {1}', a, b); vscode.l10n.t(`Port {0}`, p); s.l10n.t('Open');";
    assert.deepEqual(
      problems(source, { Stop: '停止', '{0} of {1}': '{1} 的 {0}', 'Port {0}': '端口 {0}', Open: '打开' }),
      [],
    );
  });

  it('sees messages in tables', () => {
    assert.match(
      problems("const TABLE = { a: (t) => t('Lost') };", {}).join(),
      /src\/a\.ts:1: zh has no “Lost”/u,
    );
  });

  it('demands literals, except where a function hands its own message on', () => {
    assert.match(problems('t(name);', {}).join(), /not a literal/u);
    assert.match(problems("t('a' + 'b');", {}).join(), /not a literal/u);
    assert.match(problems('t(`x ${y}`);', {}).join(), /not a literal/u);
    assert.match(problems('vscode.l10n.t({ message: "x" });', {}).join(), /not a literal/u);
    assert.deepEqual(problems('const t = (message, ...args) => vscode.l10n.t(message, ...args);', {}), []);
    assert.match(
      problems('const say = (message, ...args) => t(other, ...args);', {}).join(),
      /not a literal/u,
    );
  });

  it('finds places that are not filled, or lost in translation', () => {
    assert.match(problems("t('{0} of {1}', a);", { '{0} of {1}': '{1}{0}' }).join(), /is given \{0\}/u);
    assert.match(problems("t('Port', p);", { Port: '端口' }).join(), /has the places none/u);
    assert.match(problems("t('Port {0}', p);", { 'Port {0}': '端口' }).join(), /its translation has others/u);
  });

  it('finds translations that are empty or left over', () => {
    assert.match(problems("t('Stop');", { Stop: ' ' }).join(), /translated as nothing/u);
    assert.match(problems('', { Gone: '没有' }).join(), /nothing says “Gone”/u);
  });

  it('holds package.json and its texts together', () => {
    const rest = (texts: Record<string, string>): Partial<Localized> => ({
      manifest: '{"title": "%stop.title%"}',
      manifestTexts: new Map([['package.nls.json', texts]]),
    });
    assert.deepEqual(problems('', {}, rest({ 'stop.title': 'Stop' })), []);
    assert.match(problems('', {}, rest({})).join(), /has no “stop\.title”/u);
    assert.match(problems('', {}, rest({ 'stop.title': 'Stop', old: 'x' })).join(), /does not name “old”/u);
  });
});
