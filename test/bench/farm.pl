# Stands in for a machine at work: forks PROCESSES processes with FILES open files each, LISTENERS of them spread
# evenly among these with one listening socket each. Prints "ready", and ends, with all its children, when its
# standard input does.
#   perl farm.pl PROCESSES FILES LISTENERS [SOCKETS_EACH]
use strict;
use warnings;
use Socket;
$| = 1;
my ($processes, $files, $listeners, $each) = (@ARGV, 1);
my $stride = $listeners > 0 ? $processes / $listeners : 0;
pipe(my $life, my $owner) or die "pipe: $!";
pipe(my $done, my $tell) or die "pipe: $!";
for my $index (0 .. $processes - 1) {
    my $pid = fork() // die "fork: $!";
    next if $pid;
    close $owner;
    close STDIN;
    my $listens = $listeners > 0 && int(($index + 1) / $stride) > int($index / $stride) ? $each : 0;
    my @open;
    for (1 .. $listens) {
        socket(my $socket, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
        bind($socket, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die "bind: $!";
        listen($socket, 16) or die "listen: $!";
        push @open, $socket;
    }
    for (1 .. $files) { open(my $file, '<', $0) or die "open: $!"; push @open, $file }
    syswrite $tell, '.';
    close $tell;
    sysread $life, my $nothing, 1;
    exit 0;
}
close $tell;
my $ready = 0;
while ($ready < $processes) { $ready += sysread($done, my $dots, 4096) || die "a process did not start" }
print "ready\n";
sysread STDIN, my $nothing, 1;
