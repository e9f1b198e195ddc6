# Opens, shares and closes sockets as a test tells it, one command a line on standard input, one answer a line:
#   tcp KEY 4|6 ADDRESS PORT [v6only,dual,reuseport,nolisten,exclusive]   -> ok PORT
#   udp KEY 4|6 ADDRESS PORT [flags]                            -> ok PORT
#   connect KEY tcp|udp 4|6 ADDRESS PORT [bound KEY]            -> ok LOCALPORT
#   peer KEY ADDRESS PORT      connect an open UDP socket       -> ok
#   accept KEY LISTENERKEY | shutdown KEY | close KEY           -> ok
#   fork                       a child that holds all open      -> ok PID
#   user UID                   become another user              -> ok
# It ends with its standard input; forked children end when descriptor 3 does.
use strict;
use warnings;
use Socket qw(:all);
$| = 1;
$SIG{PIPE} = 'DEFAULT';
my %open;

sub address {
    my ($family, $host, $port) = @_;
    return $family == 6
      ? (AF_INET6, pack_sockaddr_in6($port, inet_pton(AF_INET6, $host)))
      : (AF_INET, pack_sockaddr_in($port, inet_aton($host)));
}

sub port_of {
    my ($socket) = @_;
    my $name = getsockname $socket;
    return sockaddr_family($name) == AF_INET6 ? (unpack_sockaddr_in6($name))[0] : (unpack_sockaddr_in($name))[0];
}

sub bound {
    my ($type, $family, $host, $port, $flags) = @_;
    my ($domain, $where) = address($family, $host, $port);
    socket(my $socket, $domain, $type, 0) or die "socket: $!\n";
    $flags = ",$flags,";
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) if $type == SOCK_STREAM && $flags !~ /,exclusive,/;
    setsockopt($socket, SOL_SOCKET, SO_REUSEPORT, 1) if $flags =~ /,reuseport,/;
    setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 1) if $flags =~ /,v6only,/;
    setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0) if $flags =~ /,dual,/;
    bind($socket, $where) or die "bind: $!\n";
    if ($type == SOCK_STREAM && $flags !~ /,nolisten,/) { listen($socket, 128) or die "listen: $!\n" }
    return $socket;
}

my %commands = (
    tcp => sub {
        my ($key, $family, $host, $port, $flags) = @_;
        $open{$key} = bound(SOCK_STREAM, $family, $host, $port, $flags // '');
        return port_of($open{$key});
    },
    udp => sub {
        my ($key, $family, $host, $port, $flags) = @_;
        $open{$key} = bound(SOCK_DGRAM, $family, $host, $port, $flags // '');
        return port_of($open{$key});
    },
    connect => sub {
        my ($key, $protocol, $family, $host, $port) = @_;
        my ($domain, $where) = address($family, $host, $port);
        socket(my $socket, $domain, $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0) or die "socket: $!\n";
        connect($socket, $where) or die "connect: $!\n";
        $open{$key} = $socket;
        return port_of($socket);
    },
    peer => sub {
        my ($key, $host, $port) = @_;
        my (undef, $where) = address($host =~ /:/ ? 6 : 4, $host, $port);
        connect($open{$key}, $where) or die "connect: $!\n";
        return '';
    },
    accept => sub {
        my ($key, $from) = @_;
        accept(my $socket, $open{$from}) or die "accept: $!\n";
        $open{$key} = $socket;
        return '';
    },
    shutdown => sub { shutdown($open{$_[0]}, 2) or die "shutdown: $!\n"; return '' },
    close => sub { close(delete $open{$_[0]}) or die "close: $!\n"; return '' },
    user => sub { $( = $) = $_[0]; $< = $> = $_[0]; die "setuid: $!\n" if $> != $_[0]; return '' },
    fork => sub {
        my $pid = fork() // die "fork: $!\n";
        return $pid if $pid;
        close STDIN;
        close STDOUT;
        open(my $life, '<&=', 3) or exit 1;
        sysread($life, my $nothing, 1);
        exit 0;
    },
);

$SIG{CHLD} = 'IGNORE';
while (my $line = <STDIN>) {
    my ($name, @args) = split ' ', $line;
    my $result = eval { ($commands{$name} // die "unknown command\n")->(@args) };
    my $error = $@;
    chomp $error;
    print $error eq '' ? "ok $result\n" : "error $error\n";
}
