import type { Translate } from '../base/text';
import type { Severity } from './severity';

/** What an open door of a service means. One line for each check; a test compares this table with checks/index.ts. */
export interface ServiceRisk {
  /** When anybody can get in without credentials. */
  readonly open: Severity;
  /** What whoever reaches it could do then. */
  readonly consequence: (t: Translate) => string;
}

const data = (t: Translate): string => t('Whoever reaches it can read, change and delete what it stores.');
const code = (t: Translate): string => t('Whoever reaches it can run code as the user that it runs as.');
const messages = (t: Translate): string => t('Whoever reaches it can read messages and send their own.');
const login = (t: Translate): string => t('It has accounts; whether one of them is weak was not tried.');

const models = (t: Translate): string => t('Whoever reaches it can use the models, at your cost.');
const source = (t: Translate): string =>
  t('Whoever reaches it can read the source that it serves, and what its plugins offer.');

export const serviceRisks: Readonly<Record<string, ServiceRisk>> = {
  actuator: {
    open: 'high',
    consequence: (t) =>
      t('Whoever reaches it can read settings and secrets of the program, and perhaps stop it.'),
  },
  'adb-device': { open: 'critical', consequence: code },
  'adb-server': {
    open: 'critical',
    consequence: (t) => t('Whoever reaches it has a shell on every device and emulator that is attached.'),
  },
  ajp: {
    open: 'high',
    consequence: (t) =>
      t(
        'Whoever reaches it can send requests past the web server, and read files of the applications in old versions.',
      ),
  },
  amqp: { open: 'high', consequence: messages },
  cassandra: { open: 'critical', consequence: data },
  'chromium-devtools': {
    open: 'critical',
    consequence: (t) =>
      t('Whoever reaches it controls the browser: its pages, its sessions and files that it can read.'),
  },
  clickhouse: { open: 'critical', consequence: data },
  'code-server': { open: 'critical', consequence: code },
  consul: { open: 'critical', consequence: code },
  couchdb: { open: 'critical', consequence: data },
  'database-admin': { open: 'medium', consequence: login },
  dns: {
    open: 'info',
    consequence: (t) =>
      t('Whoever reaches it can look names up through it, and can use it to flood others (amplification).'),
  },
  docker: {
    open: 'critical',
    consequence: (t) =>
      t('Whoever reaches it can start a container that owns this machine: it is the same as root.'),
  },
  elasticsearch: { open: 'critical', consequence: data },
  epmd: {
    open: 'info',
    consequence: (t) => t('It tells the names and ports of the Erlang nodes to everybody.'),
  },
  etcd: { open: 'critical', consequence: data },
  ftp: { open: 'high', consequence: login },
  grafana: {
    open: 'medium',
    consequence: (t) => t('Whoever reaches it can see the dashboards and query what stands behind them.'),
  },
  'http-proxy': {
    open: 'high',
    consequence: (t) =>
      t('Whoever reaches it can send requests through it, to this machine and to whatever it can reach.'),
  },
  imap: { open: 'medium', consequence: login },
  influxdb: { open: 'critical', consequence: data },
  jenkins: { open: 'critical', consequence: code },
  jupyter: { open: 'critical', consequence: code },
  kafka: { open: 'high', consequence: messages },
  kibana: { open: 'critical', consequence: data },
  kubelet: {
    open: 'critical',
    consequence: (t) => t('Whoever reaches it can run commands in the pods of this node.'),
  },
  kubernetes: {
    open: 'critical',
    consequence: (t) => t('Whoever reaches it can read and perhaps change the cluster.'),
  },
  ldap: {
    open: 'medium',
    consequence: (t) =>
      t('Whoever reaches it can search the directory as far as its access rules let strangers.'),
  },
  'mail-catcher': { open: 'medium', consequence: messages },
  meilisearch: { open: 'high', consequence: data },
  memcached: { open: 'high', consequence: data },
  'memcached-udp': {
    open: 'high',
    consequence: (t) =>
      t('Whoever reaches it can read and change the cache, and can use it to flood others (amplification).'),
  },
  metro: { open: 'medium', consequence: source },
  minio: { open: 'high', consequence: data },
  mlflow: { open: 'high', consequence: data },
  'mongo-express': { open: 'critical', consequence: data },
  mongodb: { open: 'critical', consequence: data },
  mqtt: { open: 'high', consequence: messages },
  mysql: { open: 'critical', consequence: login },
  nats: { open: 'high', consequence: messages },
  'node-inspector': { open: 'critical', consequence: code },
  ollama: {
    open: 'high',
    consequence: (t) => t('Whoever reaches it can use the models, load others and fill the disk.'),
  },
  'open-webui': { open: 'high', consequence: models },
  'openai-api': { open: 'high', consequence: models },
  pop3: { open: 'medium', consequence: login },
  portainer: {
    open: 'critical',
    consequence: (t) =>
      t('Whoever reaches it can start a container that owns this machine: it is the same as root.'),
  },
  postgresql: {
    open: 'critical',
    consequence: (t) =>
      t(
        'Whoever knows or guesses the name of a role can read and change its databases; a superuser can run programs.',
      ),
  },
  prometheus: {
    open: 'medium',
    consequence: (t) =>
      t('Whoever reaches it can read the metrics, and from them how your systems are built.'),
  },
  qdrant: { open: 'high', consequence: data },
  'rabbitmq-management': { open: 'critical', consequence: messages },
  redis: {
    open: 'critical',
    consequence: (t) =>
      t(
        'Whoever reaches it can read and delete all data, and often run code: its files can be written into authorized_keys or cron.',
      ),
  },
  redisinsight: { open: 'critical', consequence: data },
  registry: {
    open: 'high',
    consequence: (t) => t('Whoever reaches it can pull the images, and push others in their place.'),
  },
  rpcbind: {
    open: 'info',
    consequence: (t) =>
      t('It tells the programs of NFS and their ports to everybody; what is exported was not asked.'),
  },
  rsync: {
    open: 'high',
    consequence: (t) =>
      t('Whoever reaches it can copy the files of the module, and change them if it is writable.'),
  },
  smtp: { open: 'medium', consequence: (t) => t('Whether it relays mail for strangers was not tried.') },
  snmp: {
    open: 'high',
    consequence: (t) =>
      t(
        'Whoever reaches it can read how this machine is built, and change settings where writing is allowed.',
      ),
  },
  socks: {
    open: 'high',
    consequence: (t) =>
      t('Whoever reaches it can open connections through it, to this machine and to whatever it can reach.'),
  },
  solr: { open: 'critical', consequence: code },
  ssh: { open: 'high', consequence: login },
  tensorboard: { open: 'medium', consequence: (t) => t('Whoever reaches it can read what it shows.') },
  tftp: { open: 'medium', consequence: (t) => t('Whoever knows the name of a file there can fetch it.') },
  vault: { open: 'critical', consequence: data },
  vite: { open: 'medium', consequence: source },
  vnc: {
    open: 'critical',
    consequence: (t) => t('Whoever reaches it sees the screen and has its keyboard and mouse.'),
  },
  web: { open: 'info', consequence: (t) => t('Whether its pages ask for a login was not tried.') },
  webdriver: { open: 'critical', consequence: code },
  'webpack-dev-server': { open: 'medium', consequence: source },
  x11: {
    open: 'critical',
    consequence: (t) => t('Whoever reaches it can see every window and type into them.'),
  },
  zookeeper: { open: 'high', consequence: data },
};
