/** What an ancestor is, for its row. */
export type Role =
  | 'init'
  | 'service-manager'
  | 'terminal'
  | 'extension-host'
  | 'editor'
  | 'supervisor'
  | 'package-manager'
  | 'container-runtime'
  | 'cron'
  | 'ssh'
  | 'multiplexer'
  | 'shell'
  | 'process';

/** Programs that start others, by what they are for. */
const ROLES: Readonly<Partial<Record<Role, string>>> = {
  shell: 'sh bash dash zsh fish ksh ash tcsh csh nu xonsh pwsh',
  'package-manager':
    'npm npx pnpm yarn bun bunx make just task poetry uv pipenv cargo go turbo nx lerna gradle mvn rake ' +
    'bundle concurrently npm-run-all run-p',
  supervisor:
    'nodemon pm2 supervisord forever air watchexec entr tsx ts-node-dev node-dev watchmedo hivemind ' +
    'overmind foreman honcho goreman process-compose runsv runsvdir s6-supervise s6-svscan monit circusd ' +
    'god reflex cargo-watch bacon docker-proxy',
  'container-runtime':
    'containerd containerd-shim containerd-shim-runc-v2 dockerd conmon crun runc podman crio rootlesskit ' +
    'tini docker-init dumb-init catatonit',
  cron: 'cron crond anacron atd fcron',
  ssh: 'sshd sshd-session dropbear',
  multiplexer: 'tmux screen zellij dtach abduco',
  editor:
    'code code-insiders code-oss codium vscodium cursor windsurf vscode-server code-server ' +
    'openvscode-server cursor-server windsurf-server idea pycharm webstorm goland zed zed-editor',
};

/** Program to role. */
export const ROLE_OF: ReadonlyMap<string, Role> = new Map(
  Object.entries(ROLES).flatMap(([role, programs]) =>
    programs.split(' ').map((program) => [program, role as Role] as const),
  ),
);
