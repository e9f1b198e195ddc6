/** What a server program is called by its users; `system` where it belongs to the running of the machine itself. */
export interface KnownProgram {
  readonly name: string;
  readonly kind: 'service' | 'system';
}

/**
 * Programs by the name of their executable: one line a service, `name: program program …`; the name is what stands on
 * the row. Debian's redis-server is a link to redis-check-rdb, so that is what runs. Kernel names (comm) end after 15
 * bytes, and so are looked up by their first 15.
 */
const SERVICES = `
postgres: postgres postmaster
pgbouncer: pgbouncer
mysql: mysqld
mariadb: mariadbd
mongodb: mongod mongos
redis: redis-server redis-sentinel redis-check-rdb
valkey: valkey-server valkey-check-rdb
keydb: keydb-server
dragonfly: dragonfly
memcached: memcached
etcd: etcd
consul: consul
vault: vault
nomad: nomad
influxdb: influxd influxdb3
clickhouse: clickhouse-server clickhouse
cockroachdb: cockroach
couchdb: couchdb
neo4j: neo4j
elasticsearch: elasticsearch
opensearch: opensearch
meilisearch: meilisearch
typesense: typesense-server
qdrant: qdrant
milvus: milvus
rabbitmq: rabbitmq-server
nats: nats-server
mosquitto: mosquitto
kafka: kafka-server-start
nginx: nginx
apache: apache2 httpd
caddy: caddy
traefik: traefik
haproxy: haproxy
envoy: envoy
varnish: varnishd
lighttpd: lighttpd
squid: squid
php-fpm: php-fpm php-fpm7.4 php-fpm8.0 php-fpm8.1 php-fpm8.2 php-fpm8.3 php-fpm8.4
grafana: grafana grafana-server
prometheus: prometheus
node_exporter: node_exporter
loki: loki
minio: minio
docker: dockerd docker-proxy docker-proxy-current
containerd: containerd
podman: rootlessport rootlesskit gvproxy
kubernetes: kubelet kube-apiserver kube-proxy kube-scheduler kube-controller-manager k3s k0s
ollama: ollama
llama.cpp: llama-server
postfix: master
exim: exim exim4
dovecot: dovecot
vsftpd: vsftpd
proftpd: proftpd
samba: smbd nmbd winbindd
bind: named
unbound: unbound
dnsmasq: dnsmasq
jenkins: jenkins
gitea: gitea forgejo
gitlab: gitaly gitlab-workhorse
tailscale: tailscaled
wireguard: wireguard-go boringtun
openvpn: openvpn
tor: tor
syncthing: syncthing
transmission: transmission-daemon
xrdp: xrdp
vnc: Xvnc x11vnc vncserver
slapd: slapd
temporal: temporal-server temporal
snmpd: snmpd
`;

const SYSTEM = `
init: init systemd launchd
ssh: sshd sshd-session sshd-auth dropbear
dbus: dbus-daemon dbus-broker
systemd-resolved: systemd-resolved systemd-resolve
systemd-networkd: systemd-networkd systemd-network
systemd-timesyncd: systemd-timesyncd systemd-timesyn
systemd-journald: systemd-journald systemd-journal
systemd-udevd: systemd-udevd
cups: cupsd cups-browsed
avahi: avahi-daemon
NetworkManager: NetworkManager
wpa_supplicant: wpa_supplicant
ModemManager: ModemManager
dhclient: dhclient dhcpcd udhcpc
chrony: chronyd
ntp: ntpd ntpsec
rpcbind: rpcbind
rpc.statd: rpc.statd rpc.mountd rpc.idmapd
rsyslog: rsyslogd
syslog-ng: syslog-ng
cron: cron crond
inetd: inetd xinetd
iscsid: iscsid
multipathd: multipathd
snapd: snapd
polkit: polkitd
udisks: udisksd
bluetooth: bluetoothd
geoclue: geoclue
packagekit: packagekitd
waagent: WALinuxAgent waagent
`;

function readTable(text: string, kind: KnownProgram['kind']): (readonly [string, KnownProgram])[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [name = '', programs = ''] = line.split(': ');
      return programs.split(' ').map((program) => [program, { name, kind }] as const);
    });
}

const PROGRAMS = new Map([...readTable(SERVICES, 'service'), ...readTable(SYSTEM, 'system')]);
const BY_KERNEL_NAME = new Map([...PROGRAMS].map(([program, known]) => [program.slice(0, 15), known]));

export function knownProgram(program: string): KnownProgram | undefined {
  return PROGRAMS.get(program) ?? BY_KERNEL_NAME.get(program);
}

/** Users that distributions create to run one server: a socket of theirs is a service's, even when it is hidden. */
export const SERVICE_USERS: ReadonlySet<string> = new Set([
  'postgres',
  'mysql',
  'mariadb',
  'mongodb',
  'mongod',
  'redis',
  'valkey',
  'memcache',
  'memcached',
  'www-data',
  'nginx',
  'apache',
  'http',
  'caddy',
  'haproxy',
  'varnish',
  'squid',
  'proxy',
  'rabbitmq',
  'kafka',
  'zookeeper',
  'nats',
  'mosquitto',
  'elasticsearch',
  'opensearch',
  'influxdb',
  'clickhouse',
  'cassandra',
  'neo4j',
  'couchdb',
  'etcd',
  'consul',
  'vault',
  'nomad',
  'grafana',
  'prometheus',
  'loki',
  'minio-user',
  'minio',
  'ollama',
  'jenkins',
  'tomcat',
  'gitea',
  'git',
  'gitlab-www',
  'docker',
  'bind',
  'named',
  'unbound',
  'dnsmasq',
  'libvirt-dnsmasq',
  'postfix',
  'Debian-exim',
  'dovecot',
  'ftp',
  'openldap',
  'ldap',
  'xrdp',
  'debian-tor',
  'tor',
  'qdrant',
  'meilisearch',
  'syncthing',
  'debian-transmission',
  'jellyfin',
  'plex',
  'homeassistant',
  'zabbix',
  'munin',
  'nagios',
  'snmp',
  'Debian-snmp',
]);

/** Units of systemd that belong to the running of the machine (names without `.service`; a `*` ends a prefix). */
const SYSTEM_UNITS = [
  'systemd-*',
  'ssh',
  'sshd',
  'ssh@*',
  'sshd@*',
  'dbus',
  'dbus-*',
  'cups',
  'cups-*',
  'avahi-*',
  'NetworkManager*',
  'wpa_supplicant*',
  'ModemManager',
  'dhcpcd*',
  'dhclient*',
  'chrony*',
  'ntp*',
  'rpcbind',
  'rpc-*',
  'nfs-*',
  'rsyslog',
  'syslog*',
  'cron*',
  'inetd',
  'xinetd',
  'iscsid',
  'multipathd',
  'snapd*',
  'polkit*',
  'udisks2',
  'bluetooth',
  'geoclue',
  'packagekit',
  'walinuxagent',
  'getty@*',
  'accounts-daemon',
  'colord',
  'gdm*',
  'lightdm',
  'sddm',
  'init',
  'networkd*',
  'unattended-upgrades',
  'fwupd',
  'irqbalance',
  'lldpd',
  'auditd',
  'cloud-*',
  'google-*',
  'amazon-ssm-agent',
];

/** A unit that is a service: a login's own manager and its scopes say nothing about a process. */
export function isServiceUnit(unit: string | undefined): unit is string {
  return unit?.endsWith('.service') === true && !unit.startsWith('user@');
}

/** @param unit for example `ssh.service` */
export function isSystemUnit(unit: string): boolean {
  const name = unit.replace(/\.(?:service|socket)$/u, '');
  return SYSTEM_UNITS.some((known) =>
    known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known,
  );
}

/** Ports on which a system keeps its own services, so that a hidden root-owned socket there is most likely one. */
export const SYSTEM_PORTS: ReadonlySet<number> = new Set([
  22, 53, 67, 68, 111, 123, 137, 138, 139, 161, 323, 445, 500, 514, 546, 547, 631, 2049, 4500, 5353, 5355,
]);
