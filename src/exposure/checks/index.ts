import type { Check } from '../check';
import { actuator } from './actuator';
import { adbDevice } from './adb-device';
import { adbServer } from './adb-server';
import { ajp } from './ajp';
import { amqp } from './amqp';
import { cassandra } from './cassandra';
import { chromiumDevtools } from './chromium-devtools';
import { clickhouse } from './clickhouse';
import { codeServer } from './code-server';
import { consul } from './consul';
import { couchdb } from './couchdb';
import { databaseAdmin } from './database-admin';
import { dns } from './dns';
import { docker } from './docker';
import { elasticsearch } from './elasticsearch';
import { epmd } from './epmd';
import { etcd } from './etcd';
import { ftp } from './ftp';
import { grafana } from './grafana';
import { httpProxy } from './http-proxy';
import { imap } from './imap';
import { influxdb } from './influxdb';
import { jenkins } from './jenkins';
import { jupyter } from './jupyter';
import { kafka } from './kafka';
import { kibana } from './kibana';
import { kubelet } from './kubelet';
import { kubernetes } from './kubernetes';
import { ldap } from './ldap';
import { mailCatcher } from './mail-catcher';
import { meilisearch } from './meilisearch';
import { memcachedUdp } from './memcached-udp';
import { memcached } from './memcached';
import { metro } from './metro';
import { minio } from './minio';
import { mlflow } from './mlflow';
import { mongoExpress } from './mongo-express';
import { mongodb } from './mongodb';
import { mqtt } from './mqtt';
import { mysql } from './mysql';
import { nats } from './nats';
import { nodeInspector } from './node-inspector';
import { ollama } from './ollama';
import { openWebui } from './open-webui';
import { openaiApi } from './openai-api';
import { pop3 } from './pop3';
import { portainer } from './portainer';
import { postgresql } from './postgresql';
import { prometheus } from './prometheus';
import { qdrant } from './qdrant';
import { rabbitmqManagement } from './rabbitmq-management';
import { redis } from './redis';
import { redisinsight } from './redisinsight';
import { registry } from './registry';
import { rpcbind } from './rpcbind';
import { rsync } from './rsync';
import { smtp } from './smtp';
import { snmp } from './snmp';
import { socks } from './socks';
import { solr } from './solr';
import { ssh } from './ssh';
import { tensorboard } from './tensorboard';
import { tftp } from './tftp';
import { vault } from './vault';
import { vite } from './vite';
import { vnc } from './vnc';
import { webdriver } from './webdriver';
import { webpackDevServer } from './webpack-dev-server';
import { x11 } from './x11';
import { zookeeper } from './zookeeper';
import { webCheck } from './web';

const services: readonly Check[] = [
  actuator,
  adbDevice,
  adbServer,
  ajp,
  amqp,
  cassandra,
  chromiumDevtools,
  clickhouse,
  codeServer,
  consul,
  couchdb,
  databaseAdmin,
  dns,
  docker,
  elasticsearch,
  epmd,
  etcd,
  ftp,
  grafana,
  httpProxy,
  imap,
  influxdb,
  jenkins,
  jupyter,
  kafka,
  kibana,
  kubelet,
  kubernetes,
  ldap,
  mailCatcher,
  meilisearch,
  memcachedUdp,
  memcached,
  metro,
  minio,
  mlflow,
  mongoExpress,
  mongodb,
  mqtt,
  mysql,
  nats,
  nodeInspector,
  ollama,
  openWebui,
  openaiApi,
  pop3,
  portainer,
  postgresql,
  prometheus,
  qdrant,
  rabbitmqManagement,
  redis,
  redisinsight,
  registry,
  rpcbind,
  rsync,
  smtp,
  snmp,
  socks,
  solr,
  ssh,
  tensorboard,
  tftp,
  vault,
  vite,
  vnc,
  webdriver,
  webpackDevServer,
  x11,
  zookeeper,
];

/**
 * Every check. A new service is a file in this folder and a line above; the unit test of this table demands a
 * transcript for it (test/unit/exposure/fixtures/transcripts), which the service tests record from the real server.
 */
export const checks: readonly Check[] = [...services, webCheck(services)];

export function checkOf(service: string): Check | undefined {
  return checks.find((check) => check.service === service);
}
