// The walls of the house (docs/ARCHITECTURE.md): who may import whom.
const PURE = '^src/(ports|ownership|stop|exposure|scan)/';
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['^src/extension\\.ts$', 'worker\\.ts$', 'main\\.ts$', '\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'base-imports-nothing',
      severity: 'error',
      from: { path: '^src/base/' },
      to: { path: '^(src/(?!base/)|vscode$|node:)' },
    },
    {
      name: 'pure-has-no-editor-and-no-system',
      severity: 'error',
      from: { path: PURE },
      to: { path: '^vscode$' },
    },
    { name: 'pure-has-no-node', severity: 'error', from: { path: PURE }, to: { dependencyTypes: ['core'] } },
    {
      name: 'base-has-no-node',
      severity: 'error',
      from: { path: '^src/base/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-imports-pure',
      severity: 'error',
      from: { path: PURE },
      to: { path: '^src/(machine|probe|editor|extension)' },
    },
    {
      name: 'system-has-no-editor',
      severity: 'error',
      from: { path: '^src/(machine|probe)/' },
      to: { path: '^(vscode$|src/(editor|extension))' },
    },
    {
      name: 'machine-and-probe-apart',
      severity: 'error',
      from: { path: '^src/machine/' },
      to: { path: '^src/probe/' },
    },
    {
      name: 'probe-and-machine-apart',
      severity: 'error',
      from: { path: '^src/probe/' },
      to: { path: '^src/machine/' },
    },
    {
      name: 'editor-is-given-everything',
      severity: 'error',
      from: { path: '^src/editor/' },
      to: { path: '^src/(machine|probe|extension)' },
    },
    {
      name: 'only-editor-and-wiring-see-vscode',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(editor/|extension\\.ts)' },
      to: { path: '^vscode$' },
    },
    {
      name: 'nothing-of-the-tests-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
    {
      name: 'no-dev-dependency-left-unbundled',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg'], pathNot: '^vscode$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'require', 'default', 'types'],
    },
  },
};
