/**
 * Default ports of backdoors and of attackers' listeners. One line a source, `source: port name; port name; …`, `u`
 * behind a port for UDP. A number proves nothing by itself: ordinary programs use some of these, and a backdoor can be
 * moved. It is a reason to look at the owner.
 *
 * SANS-FAQ is Joakim von Braun's list in the SANS Intrusion Detection FAQ, “What port numbers do well-known trojan
 * horses use?”; CERT IN, CA and VN are the CERT/CC's incident notes, advisories and vulnerability notes.
 */
export const BACKDOORS = `
CERT VN-98.07: 31337u Back Orifice
CERT IN-99-07: 27665 trinoo master; 27444u trinoo daemon; 31335u trinoo master
CERT IN-2001-07: 27374 SubSeven 2.1
CERT CA-2002-27: 2002u Apache/mod_ssl worm (Slapper); 1978u Slapper.B; 4156u Slapper.C
CERT IN-2004-01: 3127 MyDoom
CVE-2011-2523: 6200 vsftpd 2.3.4 backdoor
Dittrich, stacheldraht analysis (1999): 16660 stacheldraht handler; 65000 stacheldraht agent
SANS, Lion worm (2001): 33567 Lion worm; 33568 Lion worm; 60008 Lion worm
Mirai source code, SINGLE_INSTANCE_PORT: 48101 Mirai
Microsoft MS04-011, Sasser: 5554 Sasser; 9996 Sasser
Metasploit Framework, default LPORT: 4444 Metasploit, a reverse or bind shell
Cobalt Strike User Guide: 50050 Cobalt Strike team server
SANS-FAQ; Sliver documentation, multiplayer mode: 31337 Back Orifice, Sliver
MITRE ATT&CK S0262: 4782 QuasarRAT
MITRE ATT&CK S0385: 1177 njRAT
AsyncRAT source code, default ports: 6606 AsyncRAT; 7707 AsyncRAT; 8808 AsyncRAT
FireEye, Poison Ivy (2013): 3460 Poison Ivy
SANS-FAQ: 1243 SubSeven; 1524 ingreslock shell; 1981 Shockrave; 2140u Deep Throat; 2583 WinCrash 2; 2801 Phineas Phucker; 3150u Deep Throat; 5321 Firehotcker; 5569 Robo-Hack; 5742 WinCrash; 6711 SubSeven; 6712 SubSeven; 6776 SubSeven, BackDoor-G; 6969 GateCrasher; 7300 NetMonitor; 9872 Portal of Doom; 9873 Portal of Doom; 9874 Portal of Doom; 9875 Portal of Doom; 10067u Portal of Doom; 10167u Portal of Doom; 12345 NetBus; 12346 NetBus; 12361 Whack-a-Mole; 12362 Whack-a-Mole; 16969 Priority; 17300 Kuang2; 20034 NetBus 2 Pro; 21554 GirlFriend; 23476 Donald Dick; 23477 Donald Dick; 30100 NetSphere; 30101 NetSphere; 30102 NetSphere; 31338u Deep BO; 31785 Hack'a'Tack; 33333 Prosiak; 40421 Master's Paradise; 40422 Master's Paradise; 40423 Master's Paradise; 40426 Master's Paradise; 50505 Sockets de Troie; 50766 Fore; 54320 Back Orifice 2000; 54321u Back Orifice 2000; 61466 Telecommando; 65000 Devil
`;
