/**
 * Service names by port, from IANA's Service Name and Transport Protocol Port Number Registry (RFC 6335;
 * https://www.iana.org/assignments/service-names-port-numbers): every system port, and the user ports met on real
 * machines. Entries are `port name`, with `t` or `u` behind the port where only TCP or UDP has the name. To renew
 * it by hand, take the registry's CSV, keep these ports, and choose the first name of a port that has several.
 */
export const IANA_SERVICES = `
1 tcpmux;5 rje;7 echo;9 discard;11 systat;13 daytime;17 qotd;18 msp;19 chargen;20 ftp-data;21 ftp;22 ssh
23 telnet;25 smtp;27 nsw-fe;29 msg-icp;31 msg-auth;33 dsp;37 time;38 rap;39 rlp;41 graphics;42 nameserver
43 nicname;44 mpm-flags;45 mpm;46 mpm-snd;48 auditd;49 tacacs;50 re-mail-ck;52 xns-time;53 domain;54 xns-ch
55 isi-gl;56 xns-auth;58 xns-mail;62 acas;63 whois++;64 covia;65 tacacs-ds;66 sql*net;67 bootps;68 bootpc
69 tftp;70 gopher;71 netrjs-1;72 netrjs-2;73 netrjs-3;74 netrjs-4;76 deos;78 vettcp;79 finger;80 http
82 xfer;83 mit-ml-dev;84 ctf;85 mit-ml-dev;86 mfcobol;88 kerberos;89 su-mit-tg;90 dnsix;91 mit-dov;92 npp
93 dcp;94 objcall;95 supdup;96 dixie;97 swift-rvf;98 tacnews;99 metagram;101 hostname;102 iso-tsap
103 gppitnp;104 acr-nema;105 csnet-ns;106 3com-tsmux;107 rtelnet;108 snagas;109 pop2;110 pop3;111 sunrpc
112 mcidas;113 auth;115 sftp;116 ansanotify;117 uucp-path;118 sqlserv;119 nntp;120 cfdptkt;121 erpc
122 smakynet;123 ntp;124 ansatrader;125 locus-map;126 nxedit;127 locus-con;128 gss-xlicen;129 pwdgen
130 cisco-fna;131 cisco-tna;132 cisco-sys;133 statsrv;134 ingres-net;135 epmap;136 profile;137 netbios-ns
138 netbios-dgm;139 netbios-ssn;140 emfis-data;141 emfis-cntl;142 bl-idm;143t imap;144 uma;145 uaac
146 iso-tp0;147 iso-ip;148 jargon;149 aed-512;150 sql-net;151 hems;152 bftp;153 sgmp;154 netsc-prod
155 netsc-dev;156 sqlsrv;157 knet-cmp;158 pcmail-srv;159 nss-routing;160 sgmp-traps;161 snmp;162 snmptrap
163 cmip-man;164 cmip-agent;165 xns-courier;166 s-net;167 namp;168 rsvd;169 send;170 print-srv;171 multiplex
172 cl/1;173 xyplex-mux;174 mailq;175 vmnet;176 genrad-mux;177 xdmcp;178 nextstep;179 bgp;180 ris;181 unify
182 audit;183 ocbinder;184 ocserver;185 remote-kis;186 kis;187 aci;188 mumps;189 qft;190 gacp;191 prospero
192 osu-nms;193 srmp;194 irc;195 dn6-nlm-aud;196 dn6-smm-red;197 dls;198 dls-mon;199 smux;200 src
201 at-rtmp;202 at-nbp;203 at-3;204 at-echo;205 at-5;206 at-zis;207 at-7;208 at-8;209 qmtp;210 z39.50
211 914c/g;212 anet;213 ipx;214 vmpwscs;215 softpc;216 CAIlic;217 dbase;218 mpp;219 uarps;220 imap3
221 fln-spx;222 rsh-spx;223 cdc;224 masqdialer;242 direct;243 sur-meas;244 inbusiness;245 link;246 dsp3270
247 subntbcst_tftp;248 bhfhs;256 rap;257 set;259 esro-gen;260 openport;261 nsiiops;262 arcisdms;263 hdap
264 bgmp;265 x-bone-ctl;266 sst;267 td-service;268 td-replica;269 manet;270u gist;271t pt-tls;280 http-mgmt
281 personal-link;282 cableport-ax;283 rescap;284 corerjd;286 fxp;287 k-block;300t tacacss
308 novastorbakcup;309 entrusttime;310 bhmds;311 asip-webadmin;312 vslmp;313 magenta-logic;314 opalis-robot
315 dpsi;316 decauth;317 zannet;318 pkix-timestamp;319 ptp-event;320 ptp-general;321 pip;322 rtsps
323t rpki-rtr;324t rpki-rtr-tls;333 texar;344 pdap;345 pawserv;346 zserv;347 fatserv;348 csi-sgwp;349 mftp
350 matip-type-a;351 bhoetty;352 bhoedap4;353 ndsauth;354 bh611;355 datex-asn;356 cloanto-net-1;357 bhevent
358 shrinkwrap;360 scoi2odialog;361 semantix;362 srssend;363 rsvp_tunnel;364 aurora-cmgr;365 dtk;366 odmr
367 mortgageware;368 qbikgdp;369 rpc2portmap;370 codaauth2;371 clearcase;372 ulistproc;373 legent-1
374 legent-2;375 hassle;376 nip;377 tnETOS;378 dsETOS;379 is99c;380 is99s;381 hp-collector
382 hp-managed-node;383 hp-alarm-mgr;384 arns;385 ibm-app;386 asa;387 aurp;388 unidata-ldm;389 ldap;390 uis
391 synotics-relay;392 synotics-broker;393 meta5;394 embl-ndt;395 netcp;396 netware-ip;397 mptn
398 kryptolan;399 iso-tsap-c2;400 osb-sd;401 ups;402 genie;403 decap;404 nced;405 ncld;406 imsp;407 timbuktu
408 prm-sm;409 prm-nm;410 decladebug;411 rmt;412 synoptics-trap;413 smsp;414 infoseek;415 bnet
416 silverplatter;417 onmux;418 hyper-g;419 ariel1;420 smpte;421 ariel2;422 ariel3;423 opc-job-start
424 opc-job-track;425 icad-el;426 smartsdp;427 svrloc;428 ocs_cmu;429 ocs_amu;430 utmpsd;431 utmpcd;432 iasd
433 nnsp;434 mobileip-agent;435 mobilip-mn;436 dna-cml;437 comscm;438 dsfgw;439 dasp;440 sgcp
441 decvms-sysmgt;442 cvc_hostd;443 https;444 snpp;445 microsoft-ds;446 ddm-rdb;447 ddm-dfm;448 ddm-ssl
449 as-servermap;450 tserver;451 sfs-smp-net;452 sfs-config;453 creativeserver;454 contentserver
455 creativepartnr;456t macon-tcp;456u macon-udp;457 scohelp;458 appleqtc;459 ampr-rcmd;460 skronk
461 datasurfsrv;462 datasurfsrvsec;463 alpes;464 kpasswd;465t submissions;465u igmpv3lite;466 digital-vrc
467 mylex-mapd;468 photuris;469 rcp;470 scx-proxy;471 mondex;472 ljk-login;473 hybrid-pop;474t tn-tl-w1
474u tn-tl-w2;475 tcpnethaspsrv;476 tn-tl-fd1;477 ss7ns;478 spsc;479 iafserver;480 iafdbase;481 ph
482 bgs-nsi;483 ulpnet;484 integra-sme;485 powerburst;486 avian;487 saft;488 gss-http;489 nest-protocol
490 micom-pfs;491 go-login;492 ticf-1;493 ticf-2;494 pov-ray;495 intecourier;496 pim-rp-disc;497 retrospect
498 siam;499 iso-ill;500 isakmp;501 stmf;502 mbap;503 intrinsa;504 citadel;505 mailbox-lm;506 ohimsrv
507 crs;508 xvttp;509 snare;510 fcp;511 passgo;512t exec;512u biff;513t login;513u who;514t shell
514u syslog;515 printer;516 videotex;517 talk;518 ntalk;519 utime;520t efs;520u router;521 ripng;522 ulp
523 ibm-db2;524 ncp;525 timed;526 tempo;527 stx;528 custix;529 irc-serv;530 courier;531 conference
532 netnews;533 netwall;534 windream;535 iiop;536 opalis-rdv;537 nmsp;538 gdomap;539 apertus-ldp;540 uucp
541 uucp-rlogin;542 commerce;543 klogin;544 kshell;545 appleqtcsrvr;546 dhcpv6-client;547 dhcpv6-server
548 afpovertcp;549 idfp;550 new-rwho;551 cybercash;552 devshr-nts;553 pirp;554 rtsp;555 dsf;556 remotefs
557 openvms-sysipc;558 sdnskmp;559 teedtap;560 rmonitor;561 monitor;562 chshell;563 nntps;564 9pfs
565 whoami;566 streettalk;567 banyan-rpc;568 ms-shuttle;569 ms-rome;570 meter;571 meter;572 sonar
573 banyan-vip;574 ftp-agent;575 vemmi;576 ipcd;577 vnas;578 ipdd;579 decbsrv;580 sntp-heartbeat;581 bdp
582 scc-security;583 philips-vc;584 keyserver;586 password-chg;587 submission;588 cal;589 eyelink
590 tns-cml;591 http-alt;592 eudora-set;593 http-rpc-epmap;594 tpip;595 cab-protocol;596 smsd
597 ptcnameservice;598 sco-websrvrmg3;599 acp;600 ipcserver;601 syslog-conn;602 xmlrpc-beep;603 idxp
604 tunnel;605 soap-beep;606 urm;607 nqs;608 sift-uft;609 npmp-trap;610 npmp-local;611 npmp-gui;612 hmmp-ind
613 hmmp-op;614 sshell;615 sco-inetmgr;616 sco-sysmgr;617 sco-dtmgr;618 dei-icda;619 compaq-evm
620 sco-websrvrmgr;621 escp-ip;622 collaborator;623t oob-ws-http;623u asf-rmcp;624 cryptoadmin;625 dec_dlm
626 asia;627 passgo-tivoli;628 qmqp;629 3com-amp3;630 rda;631 ipp;632 bmpp;633 servstat;634 ginad
635 rlzdbase;636 ldaps;637 lanserver;638 mcns-sec;639 msdp;640 entrust-sps;641 repcmd;642 esro-emsdp
643 sanity;644 dwr;645 pssc;646 ldp;647 dhcp-failover;648 rrp;649 cadview-3d;650 obex;651 ieee-mms
652 hello-port;653 repscmd;654 aodv;655 tinc;656 spmp;657 rmc;658 tenfold;660 mac-srvr-admin;661 hap
662 pftp;663 purenoise;664t oob-ws-https;664u asf-secure-rmcp;665 sun-dr;666 doom;667 disclose;668 mecomm
669 meregister;670 vacdsm-sws;671 vacdsm-app;672 vpps-qua;673 cimplex;674 acap;675 dctp;676 vpps-via;677 vpp
678 ggf-ncp;679 mrm;680 entrust-aaas;681 entrust-aams;682 xfr;683 corba-iiop;684 corba-iiop-ssl
685 mdc-portmapper;686 hcp-wismar;687 asipregistry;688 realm-rusd;689 nmap;690 vatp;691 msexch-routing
692 hyperwave-isp;693 connendp;694 ha-cluster;695 ieee-mms-ssl;696 rushd;697 uuidgen;698 olsr
699 accessnetwork;700 epp;701 lmp;702 iris-beep;704 elcsd;705 agentx;706 silc;707 borland-dsj
709 entrust-kmsh;710 entrust-ash;711 cisco-tdp;712 tbrpf;713 iris-xpc;714 iris-xpcs;715 iris-lwz;716u pana
729 netviewdm1;730 netviewdm2;731 netviewdm3;741 netgw;742 netrcs;744 flexlm;747 fujitsu-dev;748 ris-cm
749 kerberos-adm;750t rfile;750u kerberos-iv;751 pump;752 qrh;753 rrh;754 tell;758 nlogin;759 con;760 ns
761 rxe;762 quotad;763 cycleserv;764 omserv;765 webster;767 phonebook;769 vid;770 cadlock;771 rtip
772 cycleserv2;773t submit;773u notify;774t rpasswd;774u acmaint_dbd;775t entomb;775u acmaint_transd
776 wpages;777 multiling-http;780 wpgs;800 mdbs_daemon;801 device;802 mbap-s;810 fcp-udp;828 itm-mcell-s
829 pkix-3-ca-ra;830 netconf-ssh;847 dhcp-failover2;848 gdoi;853 domain-s;854 dlep;860 iscsi
861t owamp-control;861u owamp-test;862t twamp-control;862u twamp-test;873 rsync;886 iclcnet-locate
887 iclcnet_svinfo;888t cddbp;888u accessbuilder;900 omginitialrefs;901 smpnameres;902 ideafarm-door
903 ideafarm-panic;910 kink;911 xact-backup;912 apex-mesh;913 apex-edge;914u rift-lies;915u rift-ties
953t rndc;989 ftps-data;990 ftps;991 nas;992 telnets;993t imaps;995 pop3s;996 vsinet;997 maitrd;998t busboy
998u puparp;999 puprouter;1000 cadlock2;1001t webpush;1010 surf;1021 exp1;1022 exp2;1025 blackjack
1080 socks;1085 webobjects;1090 ff-fms;1093 proofd;1094 rootd;1099 rmiregistry;1127 kwdb-commn
1178 sgi-storman;1194 openvpn;1198 cajo-discovery;1210 eoss;1220 qt-serveradmin;1236 bvcontrol;1241 nessus
1293 pkt-krb-ipsec;1313 bmc_patroldb;1314 pdps;1344 icap;1352 lotusnote;1400 cadkey-tablet;1433 ms-sql-s
1434 ms-sql-m;1455 esl-lm;1500 vlsi-lm;1512 wins;1521 ncube-lm;1522 ricardo-lm;1524 ingreslock
1525 prospero-np;1527 tlisrv;1533 virtual-places;1581 mil-2045-47001;1604 icabrowser;1645 sightline
1646 sa-msg-port;1649 kermit;1677 groupwise;1701 l2tp;1718 h323gatedisc;1720 h323hostcall;1723 pptp
1755 ms-streaming;1801 msmq;1812 radius;1813 radius-acct;1883 mqtt;1900 ssdp;1935 macromedia-fcs
1962 biap-mp;1972 intersys-cache;1985 hsrp;2000 cisco-sccp;2030 device2;2049 nfs;2053 lot105-ds-upd
2056 omnisky;2082 infowave;2086 gnunet;2095 nbx-ser;2100 amiganetfs;2101 rtcm-sc104;2102 zephyr-srv
2103 zephyr-clt;2104 zephyr-hm;2107 bintec-admin;2119 gsigatekeeper;2121 scientia-ssdb;2123 gtp-control
2135 gris;2159 gdbremote;2161 apc-2161;2181 eforward;2210 noaaport;2223 rockwell-csp2;2261 comotionmaster
2302 binderysupport;2345 dbm;2368 opentable;2370 l3-hbmon;2375t docker;2376t docker-s;2377t swarm
2379t etcd-client;2380t etcd-server;2381 compaq-https;2383 ms-olap4;2394 ms-olap2;2401 cvspserver
2404 iec-104;2427 mgcp-gateway;2430 venus;2431 venus-se;2432 codasrv;2433 codasrv-se;2463 lsi-raid-mgmt
2483 ttc;2484 ttc-ssl;2500 rtsserv;2512 citrixima;2535 madcap;2583 mon;2600 hpstgmgr;2601 discp-client
2602 discp-server;2603 servicemeter;2604 nsc-ccs;2605 nsc-posa;2606 netmon;2607 connection;2608 wag-service
2628 dict;2638 sybaseanywhere;2702 sms-xfer;2704 sms-remctrl;2717 pn-requester;2727 mgcp-callagent
2745 urbisnet;2792 f5-globalsite;2809 corbaloc;2811 gsiftp;2812 atmtcp;2944 megaco-h248;2947 gpsd
2967 ssc-agent;3000 remoteware-cl;3001t origo-native;3003 cgms;3050 gds_db;3052 apc-3052;3100 opcon-xps
3102 slslavemon;3124 beacon-port;3128 ndl-aas;3130 icpv2;3205 isns;3225 fcip-port;3235 mdap-port
3260 iscsi-target;3268 msft-gc;3269 msft-gc-ssl;3283 net-assistant;3289 enpc;3300t ceph;3305 odette-ftp
3306 mysql;3333 dec-notes;3351 btrieve;3389 ms-wbt-server;3399 csms;3401 filecast;3423 xtrm
3478 stun-behavior;3480 plethora;3493 nut;3503 lsp-ping;3527 beserver-msg-q;3551 apcupsd;3568 dof-tunnel-sec
3632 distcc;3659 apple-sasl;3689 daap;3690 svn;3700 lrs-paging;3702 ws-discovery;3720 ufastro-instr
3725 na-er-tip;3784 bfd-control;3790 quickbooksrds;3825 ffserver;3830 cernsysmgmtagt;3868t diameter
3872 oem-agent;3900 udt_os;3945 emcads;3962 sbi-agent;3979 smwan;3999 nvcnet;4001 newoak
4018 talarian-mcast4;4031 suucp;4069 minger;4089 opencore;4094 sysrqd;4096 bre;4111 xgrid;4125 opsview-envoy
4190t sieve;4307 trueconf;4353 f5-iquery;4369 epmd;4373 remctl;4443 pharos;4445 upnotifyp;4460t ntske
4500 ipsec-nat-t;4534u armagetronad;4557u mtcevrunqss;4559 hylafax;4569 iax;4646 dots-signal
4658 playsta2-app;4662 oms;4679 mgesupervision;4691 mtn;4711 trinity-dist;4730 gearman;4740 ipfixs;4750 ssad
4786t smart-install;4789u vxlan;4790u vxlan-gpe;4827 htcp;4843 opcua-tls;4849 appserv-https;4899 radmin-port
4949 munin;5000 commplex-main;5002 rfe;5004 avt-profile-1;5005 avt-profile-2;5009 winfs;5011 telelpathattack
5022 mice;5033t jtnetd-server;5044 lxi-evntsvc;5049 ivocalize;5051 ita-agent;5060 sip;5061 sips
5062 na-localise;5065 ca-2;5080 onscreen;5082 qcp;5084 llrp;5093 sentinel-lm;5100 socalia;5102 oms-nonsecure
5111 taep-as-svc;5150 atmp;5154 bzflag;5166 winpcs;5190 aol;5222t xmpp-client;5223 hpvirtgrp;5228t hpvroom
5232t csedaemon;5242t attune;5247u capwap-data;5269t xmpp-server;5280t xmpp-bosh;5298 presence;5308 cfengine
5310 outlaws;5314 opalis-rbt-ipc;5349 stun-behaviors;5352 dns-llq;5353 mdns;5354 mdnsresponder;5355 llmnr
5357 wsdapi;5400 excerpt;5405 netsupport;5412 continuus;5417 sns-agent;5423 virtualuser;5432 postgresql
5433 pyrrho;5445t smbdirect;5454 apc-5454;5501 fcp-addr-srvr2;5540 matter;5555 personal-agent;5556 freeciv
5557t farenet;5568 sdt;5601 esmagent;5631 pcanywheredata;5666t nrpe;5670t filemq;5670u zre-disc;5671 amqps
5672 amqp;5678 rrac;5680 auriga-router;5683 coap;5684 coaps;5693t rbsystem;5718 dpm;5720 ms-licensing
5723 omhs;5741 ida-discover1;5750 rscd;5820t autopassdaemon;5842t reversion;5859 wherehoo;5883t jute
5900 rfb;5910 ats-atn;5963 indy;5969 mppolicy-mgr;5984 couchdb;5985 wsman;5986 wsmans;5988 wbem-http
5990 wbem-exp-https;6000 x11;6001 x11;6002 x11;6003 x11;6004 x11;6005 x11;6006 x11;6007 x11;6008 x11
6009 x11;6010 x11;6064 ndl-ahp-svc;6068t gsmp-ancp;6080u gue;6082u p25cai;6085 konspire2b;6087 ldss
6101 synchronet-rtc;6106 mpsserver;6111 spc;6121t spdy;6123 backup-express;6130t damewaremobgtwy
6159t efb-aci;6200 lm-x;6222 radmind;6251 tl1-raw-ssl;6268 grid;6300 bmc-grx;6306 ufmp;6316 abb-escp
6346 gnutella-svc;6347 gnutella-rtr;6350 adap;6370 metaedit-se;6379t redis;6382 metatude-mds
6390 metaedit-ws;6418t syserverremote;6420 nim-vdrshell;6432t pgbouncer;6443 sun-sr-https;6444 sge_qmaster
6445 sge_execd;6446 mysql-proxy;6455 skip-cert-recv;6464 ieee11073-20701;6480 sun-sr-http;6482 ldoms-mgmt
6484 sun-sr-jms;6501 boks_servc;6503 boks_clntd;6506 badm_pub;6510 mcer-port;6513t netconf-tls
6514 syslog-tls;6515 elipse-rec;6544 lds-dump;6548 apc-6548;6550 fg-sysupdate;6558 xdsxdm;6566 sane-port
6568t canit_store;6568u rp-reputation;6580 parsec-master;6582 parsec-game;6601t mstmg-sstp;6619 odette-ftps
6621 kftp;6623 ktelnet;6627 nexgen;6632t mxodbc-connect;6634u mpls-pm;6636u mpls-udp-dtls;6653 openflow
6657u palcom-disc;6670 vocaltec-gold;6672 vision_server;6678t vfbp;6678u vfbp-disc;6687t clever-ctrace
6690t cleverdetect;6696u babel;6697t ircs-u;6699u babel-dtls;6702 e-design-net;6715 fibotrader-com
6768 bmc-perf-mgrd;6771 plysrv-https;6778t ntz-p2p-storage;6785 dgpf-exchg;6789t radg;6791 hnm
6817t pentbox-sim;6842 netmo-http;6868t acctopus-cc;6868u acctopus-st;6888 muse;6935 ethoscan;6946 bioserver
6961 jmact3;6963 swismgr1;6965 swistrap;6969 acmsoda;6997 MobilitySrv;6999 iatp-normalpri
7000 afs3-fileserver;7001 afs3-callback;7002 afs3-prserver;7003 afs3-vlserver;7004 afs3-kaserver
7005 afs3-volser;7007 afs3-bos;7008 afs3-update;7009 afs3-rmtsys;7070 arcp;7100 font-service
7272 watchme-7272;7400 rtps-discovery;7474t neo4j;7500 silhouette;7574t coherence;7574u coherence-disc
7627 soap-http;7680 ms-do;7687t bolt;7700t em7-secom;7778 interwise;7801 ssp-client;7845 apc-7845
7980 quest-vista;8000 irdmi;8002 teradataordbms;8004t p2pevolvenet;8006t wpl-analytics;8006u wpl-disc
8008 http-alt;8009t nvme-disc;8019 qbdb;8021 intu-ec-client;8025 ca-audit-da;8033 mindprint;8042t fs-agent
8052 senomix01;8054 senomix03;8056 senomix05;8058 senomix07;8060u aero;8066t toad-bi-appsrvr;8074 gadugadu
8080 http-alt;8081 sunproxyadmin;8082 us-cli;8086 d-s-n;8088 radan-http;8090t opsmessaging;8097 sac
8101t ldoms-migr;8111u skynetflow;8116 cp-cluster;8118 privoxy;8122 apollo-admin;8129 paycash-wbp
8131 indigo-vbcp;8140t puppet;8149u eor-game;8160 patrol;8161 patrol-snmp;8182 vmware-fdm;8184 itach
8191t limnerpressure;8194 blp1;8199 vvr-data;8200 trivnet1;8201 trivnet2;8204 lm-perfworks;8207 lm-sserver
8230 rexecj;8276 ms-mcc;8282t libelle;8282u libelle-disc;8292 blp3;8294 blp4;8300 tmi;8301 amberon
8320 tnp-discover;8322 garmin-marine;8376 cruise-enum;8378 cruise-config;8380 cruise-update;8384u marathontp
8401 sabarsd;8403 admind;8405t svbackup;8416 espeech;8423t aritts;8442 cybro-a-bus;8443 pcsync-https
8444 pcsync-http;8450 npmp;8470t cisco-avp;8472 otv;8474 noteshare;8500 fmtp;8501t cmtp-mgt;8501u cmtp-av
8503u lsp-self-ping;8555 d-fence;8600 asterix;8610 canon-mfnp;8612 canon-bjnp2;8614 canon-bjnp4
8665t monetra;8686 sun-as-jmxrmi;8699t vnyx;8733 ibus;8763 mc-appserver;8765 ultraseek-http;8770 dpap
8786 msgclnt;8793 acd-pm;8804 truecm;8808u ssports-bcast;8880 cddbp-alt;8883 secure-mqtt;8888t ddi-tcp-1
8888u ddi-udp-1;8889t ddi-tcp-2;8889u ddi-udp-2;8891t ddi-tcp-4;8891u ddi-udp-4;8893t ddi-tcp-6
8893u ddi-udp-6;8899 ospf-lite;8901 jmb-cds2;8911 manyone-xml;8913 dragonfly;8953t ub-dns-control
8980 nod-provider;8990 http-wmap;8997t oracle-ms-ens;8999 bctp;9000 cslistener;9001 etlservicemgr
9005t golem;9008t ogs-server;9010t sdr;9021 panagolin-ident;9023 swa-1;9025 swa-3;9050t versiera
9051t fio-cmgmt;9080 glrpc;9084 aurora;9086 net2display;9088 sqlexec;9090 websm;9091 xmltec-xmlmail
9092 XmlIpcRegSvc;9093t copycat;9100 pdl-datastream;9101 bacula-dir;9102 bacula-fd;9103 bacula-sd
9104 peerwire;9111 hexxorecore;9122t grcmp;9131 dddp;9160 apani1;9161 apani2;9163 apani4;9191 sun-as-jpda
9200 wap-wsp;9201 wap-wsp-wtp;9203 wap-wsp-wtp-s;9205 wap-vcal;9207 wap-vcal-s;9209 almobile-system
9211 oma-mlp-s;9213 serverstart;9215 insis;9217 fsc-port;9278 pegasus;9280 pgps;9282 swtp-port2;9284 visd
9286u n2receive;9292 armtechdaemon;9294 armcenterhttp;9300 vrace;9312t sphinxapi;9321 guibase;9343 mpidcmgr
9346 ctechlicensing;9380 boxp;9388t d2ddatatrans;9390t otp;9397 mpidcagt;9401 sec-t4net-clt;9418 git
9443 tungsten-https;9444 wso2esb-console;9500 ismserver;9535 mngsuite;9555 trispen-sra;9593 cba8;9595 pds
9597 pd-admin;9599 robix;9612 streamcomm-ds;9616t erunbook_agent;9618 condor;9629 uniport;9631t peocoll
9640t pqsflows;9667 xmms2;9694 client-wakeup;9700 board-roar;9750 board-voip;9762 tungsten-http;9801 sstp-2
9876t sd;9888 cyborg-systems;9898 monkeycom;9900 iua;9909 domaintime;9925t xybrid-cloud;9951 apc-9951
9953 acis;9955t alljoyn-stm;9955u alljoyn-mcm;9966 odnsp;9979t visweather;9988t nsesrvr;9991 osm-oev
9993 palace-2;9995 palace-4;9997 palace-6;9999 distinct;10000 ndmp;10001 scp-config;10003 documentum_s
10006t netapp-sync;10008 octopus;10010t rxapi;10023u cefd-vmp;10050 zabbix-agent;10051 zabbix-trapper
10080 amanda;10081 famdc;10809t nbd;11112 dicom;11211 memcache;11371 hkp;16992 amt-soap-http
16993 amt-soap-https;17500t db-lsp;17500u db-lsp-disc;20000 dnp;22125t dcap;22128t gsidcap;22273 wnn6
24554 binkp;26257t cockroach;27017t mongodb;32400t plex;33060t mysqlx;35357t openstack-id
44818 EtherNet/IP-2;47808 bacnet
`;
