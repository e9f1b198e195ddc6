import type { Translate } from '../base/text';
import type { Process } from '../ports/owner';
import { goesBy } from './programs';

/** A service that the system or the user's session needs. */
export interface EssentialService {
  /** Names of its programs. */
  readonly names: readonly string[];
  /** What the user loses when it ends, as a sentence. */
  readonly loses: (t: Translate) => string;
}

/** Ending one of these needs a second, explicit confirmation. */
export const ESSENTIAL_SERVICES: readonly EssentialService[] = [
  {
    names: ['systemd', 'init', 'runit', 'runsvdir', 's6-svscan', 'openrc-init', 'launchd'],
    loses: (t) => t('It starts and supervises other services; everything that it runs may end with it.'),
  },
  {
    names: ['sshd', 'sshd-session', 'dropbear'],
    loses: (t) => t('It carries SSH logins: you may lock yourself out of this machine.'),
  },
  {
    names: ['dbus-daemon', 'dbus-broker', 'dbus-broker-launch'],
    loses: (t) => t('It is the message bus: the desktop and many services stop working without it.'),
  },
  {
    names: ['systemd-journald', 'rsyslogd', 'syslog-ng', 'syslogd', 'auditd'],
    loses: (t) => t('It writes the system log: messages are lost while it is down.'),
  },
  {
    names: ['cron', 'crond', 'anacron', 'atd', 'fcron'],
    loses: (t) => t('It runs scheduled jobs: none runs while it is down.'),
  },
  {
    names: ['systemd-udevd', 'udevd', 'eudev'],
    loses: (t) =>
      t('It manages devices: new disks, keyboards and network cards are not recognised without it.'),
  },
  {
    names: ['NetworkManager', 'systemd-networkd', 'connmand', 'wicked', 'wickedd'],
    loses: (t) => t('It manages the network: this machine may lose its connection.'),
  },
  {
    names: ['wpa_supplicant', 'iwd'],
    loses: (t) => t('It holds the Wi-Fi connection: this machine may go offline.'),
  },
  {
    names: ['dhclient', 'dhcpcd', 'udhcpc'],
    loses: (t) => t('It keeps this machine’s address lease: the address may be lost.'),
  },
  {
    names: ['systemd-resolved', 'dnsmasq', 'unbound', 'nscd', 'nslcd', 'sssd', 'sssd_nss', 'sssd_be'],
    loses: (t) => t('It answers name lookups: host or user names may no longer resolve.'),
  },
  {
    names: ['systemd-logind', 'elogind', 'polkitd', 'accounts-daemon'],
    loses: (t) =>
      t('It manages logins and permissions: sessions and administrator prompts may stop working.'),
  },
  {
    names: ['systemd-timesyncd', 'chronyd', 'ntpd', 'ntpd-rs', 'openntpd'],
    loses: (t) => t('It keeps the clock right: the time drifts while it is down.'),
  },
  {
    names: ['containerd', 'dockerd', 'crio', 'kubelet'],
    loses: (t) => t('It runs this machine’s containers: they may end or can no longer be managed.'),
  },
  {
    names: [
      'gdm',
      'gdm3',
      'gdm-session-worker',
      'sddm',
      'sddm-helper',
      'lightdm',
      'lxdm',
      'Xorg',
      'X',
      'Xwayland',
      'gnome-shell',
      'gnome-session-binary',
      'kwin_wayland',
      'kwin_x11',
      'plasmashell',
      'mutter',
      'sway',
      'weston',
      'Hyprland',
      'cosmic-comp',
      'xfce4-session',
    ],
    loses: (t) => t('It is the desktop session: every window closes, and unsaved work is lost.'),
  },
  {
    names: ['pulseaudio', 'pipewire', 'pipewire-pulse', 'wireplumber'],
    loses: (t) => t('It plays sound: audio stops in every program.'),
  },
  {
    names: ['rpcbind', 'nfsd', 'rpc.statd', 'rpc.mountd', 'multipathd', 'iscsid', 'lvmetad', 'zed'],
    loses: (t) => t('It serves disks or network file systems: open files may hang.'),
  },
  {
    names: [
      'qemu-ga',
      'vmtoolsd',
      'VBoxService',
      'waagent',
      'google_guest_agent',
      'amazon-ssm-agent',
      'cloud-init',
    ],
    loses: (t) => t('It lets the host or the cloud provider manage this machine.'),
  },
];

/** What the system loses with this process; undefined where it is not one of the essential services. */
export function essentialService(process: Process): EssentialService | undefined {
  return ESSENTIAL_SERVICES.find((service) => goesBy(process, service.names));
}
