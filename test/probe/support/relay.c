/*
 * A slow, lossy wire for tests: takes every frame from one interface to the other, with a delay, random loss, and
 * optionally a bottleneck (packets a second and a queue, both ways each). For kernels without sch_netem.
 *
 *   relay IF1 IF2 DELAY_US LOSS_PER_100000 PACKETS_PER_SECOND QUEUE SEED
 *   relay --plain IF        turns checksum and segmentation offload off, which user space would have to do
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME 1600
#define RING 16384
#define BATCH 64

typedef struct {
  uint64_t due;
  uint32_t length;
  uint8_t data[FRAME];
} frame_t;

typedef struct {
  int from, to;
  frame_t *ring;
  uint32_t head, tail;
  uint64_t free_at; /* when the bottleneck has sent what it holds, ns */
} way_t;

static uint64_t delay_ns, loss, rate, queue, random_state;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int open_interface(const char *name) {
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL));
  if (fd < 0) die("socket");
  struct sockaddr_ll address = {
      .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(name)};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) die(name);
  struct packet_mreq all = {.mr_ifindex = address.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
  if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) != 0) die("promiscuous");
  int bytes = 64 << 20, on = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
  if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0) die("ignore outgoing");
  return fd;
}

/* Address resolution is not what is tested: it is never lost. */
static int is_lost(const uint8_t *data) {
  int arp = data[12] == 0x08 && data[13] == 0x06;
  int neighbour = data[12] == 0x86 && data[13] == 0xdd && data[20] == 58 && data[54] >= 133 && data[54] <= 136;
  return !arp && !neighbour && next_random() % 100000 < loss;
}

static void take(way_t *way) {
  static uint8_t data[BATCH][FRAME];
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){data[i], FRAME};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  int count = recvmmsg(way->from, messages, BATCH, MSG_DONTWAIT, NULL);
  uint64_t now = now_ns();
  for (int i = 0; i < count; i++) {
    if (messages[i].msg_len < 60 && messages[i].msg_len < 14) continue;
    if (is_lost(data[i]) || way->tail - way->head == RING) continue;
    uint64_t leaves = now;
    if (rate > 0) {
      uint64_t each = 1000000000u / rate;
      if (way->free_at > now && way->free_at - now > queue * each) continue;
      leaves = way->free_at > now ? way->free_at + each : now + each;
      way->free_at = leaves;
    }
    frame_t *frame = &way->ring[way->tail++ % RING];
    frame->due = leaves + delay_ns;
    frame->length = messages[i].msg_len;
    memcpy(frame->data, data[i], frame->length);
  }
}

static void give(way_t *way) {
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  uint64_t now = now_ns();
  unsigned count = 0;
  while (count < BATCH && way->head + count != way->tail) {
    frame_t *frame = &way->ring[(way->head + count) % RING];
    if (frame->due > now) break;
    parts[count] = (struct iovec){frame->data, frame->length};
    messages[count].msg_hdr = (struct msghdr){.msg_iov = &parts[count], .msg_iovlen = 1};
    count++;
  }
  if (count == 0) return;
  int sent = sendmmsg(way->to, messages, count, MSG_DONTWAIT);
  if (sent > 0) way->head += (uint32_t)sent;
  else if (errno != EAGAIN && errno != ENOBUFS) way->head++;
}

static void set_plain(const char *name) {
  static const uint32_t commands[] = {ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  for (unsigned i = 0; i < 4; i++) {
    struct ethtool_value value = {.cmd = commands[i], .data = 0};
    struct ifreq request = {.ifr_data = (void *)&value};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (ioctl(fd, SIOCETHTOOL, &request) != 0 && i == 0) die(name);
  }
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "--plain") == 0) {
    set_plain(argv[2]);
    return 0;
  }
  if (argc != 8) return 2;
  prctl(PR_SET_PDEATHSIG, 9);
  delay_ns = strtoull(argv[3], NULL, 10) * 1000u;
  loss = strtoull(argv[4], NULL, 10);
  rate = strtoull(argv[5], NULL, 10);
  queue = strtoull(argv[6], NULL, 10);
  random_state = strtoull(argv[7], NULL, 10) * 2654435769u + 1;
  int first = open_interface(argv[1]), second = open_interface(argv[2]);
  way_t ways[2] = {{first, second, calloc(RING, sizeof(frame_t)), 0, 0, 0},
                   {second, first, calloc(RING, sizeof(frame_t)), 0, 0, 0}};
  if (ways[0].ring == NULL || ways[1].ring == NULL) die("memory");
  puts("ready");
  fflush(stdout);
  for (;;) {
    uint64_t now = now_ns(), wait = 10000000;
    for (int i = 0; i < 2; i++) {
      if (ways[i].head == ways[i].tail) continue;
      uint64_t due = ways[i].ring[ways[i].head % RING].due;
      wait = due <= now ? 0 : due - now < wait ? due - now : wait;
    }
    struct pollfd fds[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    struct timespec timeout = {0, (long)wait};
    ppoll(fds, 2, &timeout, NULL);
    for (int i = 0; i < 2; i++) {
      take(&ways[i]);
      give(&ways[i]);
    }
  }
}
