#include "sender.h"
#ifdef ON_LINUX
#include <errno.h>
#include <netinet/ip.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define AT_ONCE 32        /* packets of one sendmmsg: in between it is seen who is free, and whether to stop */
#define WORTH_A_THREAD 32 /* less than this is sent where it is */
#define FULL_WAIT_MS 1

typedef struct {
  uint8_t *records;
  host_t *to; /* of each record: its place in the host table may be another's by the time it is sent */
  size_t record_bytes, to_count; /* allocated */
  uint32_t stride, count, handled;
} batch_t;

struct sender {
  /*
   * Packets go out through a socket of their own where they can: one that takes whole IPv4 packets (raw(7)), which the
   * kernel does not lock to send, so that two threads do not wait for each other.
   */
  int fd;
  bool own_socket;
  uint8_t protocol;
  batch_t mine, handed;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool threaded, has_batch;
  atomic_bool stopping;
  refusals_t refusals; /* under the lock */
};

/* The queue is full: the rest has to wait. Any other error is about this one packet. */
static bool is_full(int error) { return error == EAGAIN || error == ENOBUFS || error == ENOMEM; }

/* Sends a part of a batch. False when the queue is full. */
static bool send_part(const sender_t *sender, batch_t *batch, refusals_t *refusals) {
  struct mmsghdr messages[AT_ONCE];
  struct iovec parts[AT_ONCE][2];
  struct iphdr headers[AT_ONCE];
  uint32_t left = batch->count - batch->handled, count = left < AT_ONCE ? left : AT_ONCE;
  for (uint32_t i = 0; i < count; i++) {
    uint8_t *record = batch->records + (size_t)(batch->handled + i) * batch->stride;
    host_t *to = &batch->to[batch->handled + i];
    uint16_t length;
    memcpy(&length, record + 2, 2);
    if (length > batch->stride - RECORD_HEADER) length = (uint16_t)(batch->stride - RECORD_HEADER);
    /* Source, identification, length and checksum are the kernel's to fill in: raw(7). */
    headers[i] = (struct iphdr){.version = 4,
                                .ihl = 5,
                                .ttl = IPDEFTTL,
                                .frag_off = htons(IP_DF),
                                .protocol = sender->protocol,
                                .daddr = to->address.v4.sin_addr.s_addr};
    parts[i][0] = (struct iovec){&headers[i], sizeof headers[i]};
    parts[i][1] = (struct iovec){record + RECORD_HEADER, length};
    bool header = sender->own_socket;
    messages[i].msg_hdr = (struct msghdr){.msg_name = &to->address,
                                          .msg_namelen = to->length,
                                          .msg_iov = header ? parts[i] : parts[i] + 1,
                                          .msg_iovlen = header ? 2 : 1};
  }
  int sent = sendmmsg(sender->fd, messages, count, MSG_DONTWAIT);
  if (sent >= 0) {
    batch->handled += (uint32_t)sent;
    return true;
  }
  if (errno == EINTR) return true;
  if (is_full(errno)) return false;
  refusals->error = (uint32_t)errno;
  refusals->count++;
  batch->handled++;
  return true;
}

static void *send_handed(void *argument) {
  sender_t *sender = argument;
  pthread_mutex_lock(&sender->lock);
  while (!sender->stopping) {
    if (!sender->has_batch) {
      pthread_cond_wait(&sender->changed, &sender->lock);
      continue;
    }
    pthread_mutex_unlock(&sender->lock);
    refusals_t refusals = {0};
    while (sender->handed.handled < sender->handed.count && !sender->stopping)
      if (!send_part(sender, &sender->handed, &refusals))
        poll(NULL, 0, FULL_WAIT_MS); /* not for POLLOUT: a socket may be writable while the device is full */
    pthread_mutex_lock(&sender->lock);
    sender->has_batch = false;
    sender->refusals.count += refusals.count;
    if (refusals.count > 0) sender->refusals.error = refusals.error;
  }
  pthread_mutex_unlock(&sender->lock);
  return NULL;
}

sender_t *sender_open(int fd, uint32_t family, uint32_t protocol, bool own_header) {
  sender_t *sender = calloc(1, sizeof *sender);
  if (sender == NULL) return NULL;
  sender->own_socket = family == 4 && !own_header;
  sender->fd = sender->own_socket ? socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW) : fd;
  if (sender->fd < 0) {
    int error = errno;
    free(sender);
    errno = error;
    return NULL;
  }
  sender->protocol = (uint8_t)protocol;
  int bytes = 4 << 20;
  /* FORCE needs CAP_NET_ADMIN; without it the system's wmem_max holds. */
  if (setsockopt(sender->fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0)
    setsockopt(sender->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  pthread_mutex_init(&sender->lock, NULL);
  pthread_cond_init(&sender->changed, NULL);
  return sender;
}

/* Room for so many records and their hosts. */
static bool reserve(batch_t *batch, size_t record_bytes, uint32_t count) {
  if (batch->to_count < count) {
    host_t *to = realloc(batch->to, count * sizeof *to);
    if (to == NULL) return false;
    batch->to = to;
    batch->to_count = count;
  }
  if (batch->record_bytes < record_bytes) {
    uint8_t *records = realloc(batch->records, record_bytes);
    if (records == NULL) return false;
    batch->records = records;
    batch->record_bytes = record_bytes;
  }
  return true;
}

/* Gives the second thread what is left, if it has nothing to do. */
static bool hand_over(sender_t *sender, const batch_t *batch) {
  uint32_t count = batch->count - batch->handled;
  if (!sender->threaded || count < WORTH_A_THREAD) return false;
  pthread_mutex_lock(&sender->lock);
  batch_t *handed = &sender->handed;
  bool free = !sender->has_batch && reserve(handed, (size_t)count * batch->stride, count);
  if (free) {
    memcpy(handed->records, batch->records + (size_t)batch->handled * batch->stride, (size_t)count * batch->stride);
    memcpy(handed->to, batch->to + batch->handled, count * sizeof *batch->to);
    handed->stride = batch->stride;
    handed->count = count;
    handed->handled = 0;
    sender->has_batch = true;
    pthread_cond_signal(&sender->changed);
  }
  pthread_mutex_unlock(&sender->lock);
  return free;
}

uint32_t sender_send(sender_t *sender, const host_t *hosts, uint8_t *records, uint32_t stride, uint32_t count,
                     refusals_t *refusals) {
  batch_t *mine = &sender->mine;
  if (count >= WORTH_A_THREAD && !sender->threaded && sysconf(_SC_NPROCESSORS_ONLN) > 1)
    sender->threaded = pthread_create(&sender->thread, NULL, send_handed, sender) == 0;
  if (!reserve(mine, 0, count)) return count;
  mine->records = records;
  mine->stride = stride;
  mine->count = count;
  mine->handled = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint16_t host;
    memcpy(&host, records + (size_t)i * stride, 2);
    mine->to[i] = hosts[host % HOSTS_MAX];
  }
  uint32_t left = 0;
  while (mine->handled < count && !hand_over(sender, mine))
    if (!send_part(sender, mine, refusals)) {
      left = count - mine->handled;
      memmove(records, records + (size_t)mine->handled * stride, (size_t)left * stride);
      break;
    }
  if (sender->threaded) {
    pthread_mutex_lock(&sender->lock);
    refusals->count += sender->refusals.count;
    if (sender->refusals.count > 0) refusals->error = sender->refusals.error;
    sender->refusals = (refusals_t){0};
    pthread_mutex_unlock(&sender->lock);
  }
  return left;
}

void sender_close(sender_t *sender) {
  if (sender == NULL) return;
  if (sender->threaded) {
    pthread_mutex_lock(&sender->lock);
    sender->stopping = true;
    pthread_cond_signal(&sender->changed);
    pthread_mutex_unlock(&sender->lock);
    pthread_join(sender->thread, NULL);
  }
  if (sender->own_socket) close(sender->fd);
  free(sender->mine.to);
  free(sender->handed.to);
  free(sender->handed.records);
  free(sender);
}
#endif
