/*
 * TCP connects at the speed of the kernel, on threads of their own, so that Node's loop never waits.
 *
 * JavaScript submits probes (token, host, port, deadline) and drains answers (token, errno, microseconds). A probe
 * always gets exactly one answer unless everything is cancelled: 0 connected, ETIMEDOUT its deadline passed, else
 * the errno of connect(2).
 *
 * Linux lets a socket connect() again after ECONNREFUSED, which saves a socket() and a close() a closed port.
 * Asking connect() for the outcome also puts the socket back into its unconnected state; getsockopt(SO_ERROR)
 * would take the error and leave the next connect() to fail with ECONNABORTED.
 */
#include "portlight.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef ON_LINUX
#include <sys/epoll.h>
#endif

#define THREADS_MAX 4
#define QUEUE_SIZE 16384 /* probes that wait in one thread; a power of two */
#define BURST 64         /* probes started between two looks at the clock and the answers */
#define ANSWERS_SIZE 65536
#define SWEEP_US 5000    /* how often deadlines are looked at */
#define PRESSURE_US 50000 /* how long to wait when the system is out of sockets or ports */

typedef struct {
  uint32_t token;
  uint16_t host, port;
  uint32_t timeout_ms;
} probe_t;

typedef enum { SLOT_EMPTY, SLOT_IDLE, SLOT_PENDING } slot_state;

typedef struct {
  int fd;
  slot_state state;
  sa_family_t family;
  bool watched;
  probe_t probe;
  uint64_t start, deadline;
} slot_t;

typedef struct {
  uint32_t token, error, microseconds;
} answer_t;

struct connector;

typedef struct {
  struct connector *owner;
  pthread_t thread;
  pthread_mutex_t lock; /* guards queue, head, tail, cancelled */
  probe_t queue[QUEUE_SIZE];
  uint32_t head, tail;
  bool cancelled;
  int wake[2];
  int epoll;
  slot_t *slots;
  uint32_t capacity, pending, limit;
  uint32_t *unused; /* stack of slot numbers that are empty or idle */
  uint32_t unused_count;
  uint64_t pressure_until;
  answer_t batch[256];
  uint32_t batched;
} worker_t;

typedef struct connector {
  host_t hosts[HOSTS_MAX];
  worker_t *workers;
  uint32_t threads, next_worker;
  pthread_mutex_t lock; /* guards answers */
  answer_t *answers;
  uint32_t answer_head, answer_tail;
  bool signalled, stopping;
  uint32_t pressure; /* how often the system was out of sockets or ports */
  napi_threadsafe_function ready;
} connector_t;

static uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

/* ---- answers ---- */

static void flush_answers(worker_t *w) {
  if (w->batched == 0) return;
  connector_t *c = w->owner;
  pthread_mutex_lock(&c->lock);
  for (uint32_t i = 0; i < w->batched; i++) {
    /* Never full: JavaScript has at most ANSWERS_SIZE probes under way (`submit` refuses more). */
    c->answers[c->answer_tail++ % ANSWERS_SIZE] = w->batch[i];
  }
  bool tell = !c->signalled;
  c->signalled = true;
  pthread_mutex_unlock(&c->lock);
  w->batched = 0;
  if (tell) napi_call_threadsafe_function(c->ready, NULL, napi_tsfn_nonblocking);
}

static void answer(worker_t *w, const probe_t *probe, int error, uint64_t microseconds) {
  w->batch[w->batched++] = (answer_t){probe->token, (uint32_t)error,
                                      microseconds > UINT32_MAX ? UINT32_MAX : (uint32_t)microseconds};
  if (w->batched == sizeof w->batch / sizeof w->batch[0]) flush_answers(w);
}

/* ---- sockets ---- */

static void close_slot(slot_t *slot) {
  if (slot->state == SLOT_EMPTY) return;
  close(slot->fd);
  slot->state = SLOT_EMPTY;
  slot->watched = false;
}

static int open_socket(sa_family_t family) {
#ifdef ON_LINUX
  int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return -errno;
#else
  int fd = socket(family, SOCK_STREAM, IPPROTO_TCP);
  if (fd < 0) return -errno;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
#endif
  /* An open port is left with a reset: no TIME_WAIT here, none there. */
  struct linger gone = {.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &gone, sizeof gone);
  return fd;
}

static void release_slot(worker_t *w, uint32_t index, bool reusable) {
  slot_t *slot = &w->slots[index];
#ifndef ON_LINUX
  reusable = false; /* BSD sockets are spent after a failed connect */
#endif
  if (slot->state == SLOT_PENDING) w->pending--;
  if (reusable) slot->state = SLOT_IDLE;
  else close_slot(slot);
  w->unused[w->unused_count++] = index;
}

/*
 * @returns 0 connected, EINPROGRESS still under way, else the errno that the attempt ended with. `spent` is set where
 * the socket cannot connect again.
 */
static int outcome(const slot_t *slot, const host_t *host, bool *spent) {
  *spent = false;
#ifdef ON_LINUX
  host_t to = *host;
  to.address.v4.sin_port = htons(slot->probe.port); /* at the same place in sockaddr_in6 */
  if (connect(slot->fd, &to.address.any, to.length) == 0 || errno == EISCONN) return 0;
  if (errno != EALREADY && errno != EINPROGRESS) return errno;
#else
  (void)host;
  struct pollfd ready = {.fd = slot->fd, .events = POLLOUT};
  if (poll(&ready, 1, 0) == 0) return EINPROGRESS;
#endif
  /* An ICMP error that arrives while the socket is busy is kept as a soft error: only SO_ERROR tells it. */
  *spent = true;
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
#ifdef ON_LINUX
  return error == 0 ? EINPROGRESS : error;
#else
  return error;
#endif
}

static void settle(worker_t *w, uint32_t index, int error, bool spent) {
  slot_t *slot = &w->slots[index];
  answer(w, &slot->probe, error, now_us() - slot->start);
  release_slot(w, index, error == ECONNREFUSED && !spent);
}

static void watch(worker_t *w, uint32_t index) {
#ifdef ON_LINUX
  slot_t *slot = &w->slots[index];
  struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.u32 = index};
  if (epoll_ctl(w->epoll, slot->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, slot->fd, &event) == 0) slot->watched = true;
#else
  (void)w;
  (void)index;
#endif
}

static bool is_pressure(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM || error == EADDRNOTAVAIL ||
         error == EAGAIN;
}

/* Out of sockets or ports: use no more than there are now, and look again in a while. */
static void slow_down(worker_t *w) {
  w->limit = w->pending > 1 ? w->pending : 1;
  w->pressure_until = now_us() + PRESSURE_US;
  /* Idle sockets are given back, the others of this process may need them. */
  for (uint32_t i = 0; i < w->capacity; i++)
    if (w->slots[i].state == SLOT_IDLE) close_slot(&w->slots[i]);
  pthread_mutex_lock(&w->owner->lock);
  w->owner->pressure++;
  pthread_mutex_unlock(&w->owner->lock);
}

/* Starts one probe. @returns false when the system is out of something: the probe has to wait. */
static bool start_probe(worker_t *w, const probe_t *probe) {
  const host_t *host = &w->owner->hosts[probe->host];
  uint32_t index = w->unused[w->unused_count - 1];
  slot_t *slot = &w->slots[index];
  if (slot->state == SLOT_IDLE && slot->family != host->address.family) close_slot(slot);
  if (slot->state == SLOT_EMPTY) {
    int fd = open_socket(host->address.family);
    if (fd < 0 && is_pressure(-fd)) return false;
    if (fd < 0) {
      answer(w, probe, -fd, 0);
      return true;
    }
    *slot = (slot_t){.fd = fd, .family = host->address.family, .state = SLOT_IDLE};
  }
  host_t to = *host;
  to.address.v4.sin_port = htons(probe->port);
  uint64_t start = now_us();
  int error = connect(slot->fd, &to.address.any, to.length) == 0 ? 0 : errno;
  if (is_pressure(error)) return false;
  w->unused_count--;
  w->pending++;
  slot->state = SLOT_PENDING;
  slot->probe = *probe;
  slot->start = start;
  slot->deadline = start + (uint64_t)probe->timeout_ms * 1000u;
  /* Near targets have answered by now: the packet and its reply ran inside the system call. */
  bool spent = false;
  if (error == EINPROGRESS) error = outcome(slot, host, &spent);
  if (error == EINPROGRESS) watch(w, index);
  else settle(w, index, error, spent);
  return true;
}

static void check(worker_t *w, uint32_t index, bool expired) {
  slot_t *slot = &w->slots[index];
  if (slot->state != SLOT_PENDING) return;
  bool spent;
  int error = outcome(slot, &w->owner->hosts[slot->probe.host], &spent);
  if (error != EINPROGRESS) settle(w, index, error, spent);
  else if (expired) settle(w, index, ETIMEDOUT, true);
  else watch(w, index);
}

static void sweep(worker_t *w, uint64_t now) {
  for (uint32_t i = 0; i < w->capacity; i++)
    if (w->slots[i].state == SLOT_PENDING && w->slots[i].deadline <= now) check(w, i, true);
  if (now >= w->pressure_until && w->limit < w->capacity) {
    uint32_t more = w->limit / 8 + 1;
    w->limit = w->limit + more > w->capacity ? w->capacity : w->limit + more;
  }
}

/* ---- the thread ---- */

static void wait_events(worker_t *w, int timeout_ms) {
  char drained[64];
#ifdef ON_LINUX
  struct epoll_event events[256];
  int count = epoll_wait(w->epoll, events, 256, timeout_ms);
  for (int i = 0; i < count; i++) {
    if (events[i].data.u32 == UINT32_MAX) {
      while (read(w->wake[0], drained, sizeof drained) > 0) continue;
    } else check(w, events[i].data.u32, false);
  }
#else
  struct pollfd *fds = calloc(w->capacity + 1, sizeof *fds);
  uint32_t *numbers = calloc(w->capacity + 1, sizeof *numbers);
  if (fds != NULL && numbers != NULL) {
    nfds_t count = 1;
    fds[0] = (struct pollfd){.fd = w->wake[0], .events = POLLIN};
    for (uint32_t i = 0; i < w->capacity; i++) {
      if (w->slots[i].state != SLOT_PENDING) continue;
      numbers[count] = i;
      fds[count++] = (struct pollfd){.fd = w->slots[i].fd, .events = POLLOUT};
    }
    if (poll(fds, count, timeout_ms) > 0) {
      if (fds[0].revents != 0) while (read(w->wake[0], drained, sizeof drained) > 0) continue;
      for (nfds_t i = 1; i < count; i++)
        if (fds[i].revents != 0) check(w, numbers[i], false);
    }
  }
  free(fds);
  free(numbers);
#endif
}

/* Takes what waits, while there is room. @returns whether more waits. */
static bool take_probes(worker_t *w) {
  probe_t taken[BURST];
  bool more = true;
  for (int burst = 0; burst < 8 && more && w->pending < w->limit && now_us() >= w->pressure_until; burst++) {
    uint32_t room = w->limit - w->pending, count = 0;
    if (room > BURST) room = BURST;
    pthread_mutex_lock(&w->lock);
    while (count < room && w->head != w->tail) taken[count++] = w->queue[w->head++ % QUEUE_SIZE];
    more = w->head != w->tail;
    pthread_mutex_unlock(&w->lock);
    for (uint32_t i = 0; i < count; i++) {
      if (start_probe(w, &taken[i])) continue;
      slow_down(w);
      pthread_mutex_lock(&w->lock);
      while (i < count && !w->cancelled) w->queue[--w->head % QUEUE_SIZE] = taken[--count];
      more = true;
      pthread_mutex_unlock(&w->lock);
      break;
    }
    flush_answers(w);
  }
  return more;
}

static void drop_everything(worker_t *w) {
  for (uint32_t i = 0; i < w->capacity; i++)
    if (w->slots[i].state == SLOT_PENDING) release_slot(w, i, false);
  w->batched = 0;
}

static void *run(void *argument) {
  worker_t *w = argument;
  uint64_t swept = now_us();
  for (;;) {
    pthread_mutex_lock(&w->lock);
    bool cancelled = w->cancelled, stopping = w->owner->stopping;
    if (cancelled) {
      w->head = w->tail;
      w->cancelled = false;
    }
    pthread_mutex_unlock(&w->lock);
    if (cancelled || stopping) drop_everything(w);
    if (stopping) break;
    bool more = take_probes(w);
    uint64_t now = now_us();
    if (now - swept >= SWEEP_US) {
      sweep(w, now);
      swept = now;
    }
    flush_answers(w);
    bool busy = more && w->pending < w->limit && now >= w->pressure_until;
    wait_events(w, busy ? 0 : w->pending > 0 || more ? SWEEP_US / 1000 : 1000);
    flush_answers(w);
  }
  for (uint32_t i = 0; i < w->capacity; i++) close_slot(&w->slots[i]);
  return NULL;
}

static void wake_worker(worker_t *w) {
  char byte = 1;
  /* A full pipe wakes as well. */
  if (write(w->wake[1], &byte, 1) < 0) return;
}

/* ---- life ---- */

static bool start_worker(connector_t *c, worker_t *w, uint32_t capacity) {
  w->owner = c;
  w->capacity = w->limit = capacity;
  w->slots = calloc(capacity, sizeof *w->slots);
  w->unused = calloc(capacity, sizeof *w->unused);
  if (w->slots == NULL || w->unused == NULL || pipe(w->wake) != 0) return false;
  for (uint32_t i = 0; i < capacity; i++) w->unused[i] = capacity - 1 - i;
  w->unused_count = capacity;
  for (int i = 0; i < 2; i++) {
    fcntl(w->wake[i], F_SETFL, O_NONBLOCK);
    fcntl(w->wake[i], F_SETFD, FD_CLOEXEC);
  }
#ifdef ON_LINUX
  w->epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
  if (w->epoll < 0 || epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->wake[0], &event) != 0) return false;
#endif
  pthread_mutex_init(&w->lock, NULL);
  return pthread_create(&w->thread, NULL, run, w) == 0;
}

static void stop_workers(connector_t *c) {
  for (uint32_t i = 0; i < c->threads; i++) {
    pthread_mutex_lock(&c->workers[i].lock);
    c->stopping = true;
    pthread_mutex_unlock(&c->workers[i].lock);
    wake_worker(&c->workers[i]);
  }
  for (uint32_t i = 0; i < c->threads; i++) {
    worker_t *w = &c->workers[i];
    pthread_join(w->thread, NULL);
    close(w->wake[0]);
    close(w->wake[1]);
#ifdef ON_LINUX
    close(w->epoll);
#endif
    free(w->slots);
    free(w->unused);
  }
  c->threads = 0;
}

static void destroy(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  connector_t *c = data;
  stop_workers(c);
  free(c->workers);
  free(c->answers);
  free(c);
}

static void call_ready(napi_env env, napi_value callback, void *context, void *data) {
  (void)context;
  (void)data;
  napi_value undefined;
  if (env == NULL || callback == NULL) return;
  napi_get_undefined(env, &undefined);
  napi_call_function(env, undefined, callback, 0, NULL, NULL);
}

/* createConnector(threads, sockets, onReady) → handle. `onReady` is called when answers wait to be drained. */
static napi_value create_connector(napi_env env, napi_callback_info info) {
  napi_value argv[3], handle, name;
  uint32_t threads, sockets;
  if (!arguments_of(env, info, 3, argv) || !uint32_of(env, argv[0], &threads) || !uint32_of(env, argv[1], &sockets))
    return NULL;
  if (threads < 1 || threads > THREADS_MAX || sockets < threads) {
    napi_throw_range_error(env, NULL, "1 to 4 threads, and a socket for each");
    return NULL;
  }
  connector_t *c = calloc(1, sizeof *c);
  if (c == NULL) return throw_errno(env, "Connector", ENOMEM);
  c->workers = calloc(threads, sizeof *c->workers);
  c->answers = calloc(ANSWERS_SIZE, sizeof *c->answers);
  pthread_mutex_init(&c->lock, NULL);
  napi_create_string_utf8(env, "portlight connector", NAPI_AUTO_LENGTH, &name);
  napi_status made = c->workers == NULL || c->answers == NULL
                         ? napi_generic_failure
                         : napi_create_threadsafe_function(env, argv[2], NULL, name, 0, 1, NULL, NULL, NULL,
                                                           call_ready, &c->ready);
  if (made != napi_ok) {
    destroy(env, c, NULL);
    return throw_errno(env, "Connector", ENOMEM);
  }
  /* A handle that nobody closed does not keep the process. */
  napi_unref_threadsafe_function(env, c->ready);
  for (uint32_t i = 0; i < threads; i++) {
    if (!start_worker(c, &c->workers[i], sockets / threads)) {
      int error = errno;
      stop_workers(c);
      napi_release_threadsafe_function(c->ready, napi_tsfn_abort);
      destroy(env, c, NULL);
      return throw_errno(env, "Connector thread", error);
    }
    c->threads = i + 1;
  }
  NAPI_OK(env, napi_create_external(env, c, destroy, NULL, &handle));
  return handle;
}

/* connectorHost(handle, index, family 4|6, address bytes, scope id) */
static napi_value connector_host(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  if (!arguments_of(env, info, 5, argv)) return NULL;
  connector_t *c = external_of(env, argv[0]);
  if (c != NULL) fill_host(env, argv + 1, c->hosts);
  return NULL;
}

/* connectorSubmit(handle, Uint32Array [token, host << 16 | port, timeout ms]…, count) → how many were taken */
static napi_value connector_submit(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  uint8_t *bytes;
  size_t length;
  uint32_t count, taken = 0;
  if (!arguments_of(env, info, 3, argv)) return NULL;
  connector_t *c = external_of(env, argv[0]);
  if (c == NULL || !bytes_of(env, argv[1], &bytes, &length) || !uint32_of(env, argv[2], &count)) return NULL;
  const uint32_t *words = (const uint32_t *)bytes;
  if ((size_t)count * 12 > length || c->threads == 0) return number(env, 0);
  uint32_t share = (count + c->threads - 1) / c->threads;
  for (uint32_t t = 0; t < c->threads && taken < count; t++) {
    worker_t *w = &c->workers[c->next_worker++ % c->threads];
    uint32_t end = taken + share < count ? taken + share : count;
    pthread_mutex_lock(&w->lock);
    bool was_empty = w->head == w->tail;
    while (taken < end && w->tail - w->head < QUEUE_SIZE - BURST /* room for what is put back */) {
      const uint32_t *word = words + taken * 3;
      w->queue[w->tail++ % QUEUE_SIZE] =
          (probe_t){word[0], (uint16_t)(word[1] >> 16) % HOSTS_MAX, (uint16_t)word[1], word[2]};
      taken++;
    }
    pthread_mutex_unlock(&w->lock);
    if (was_empty) wake_worker(w);
    if (taken < end) break;
  }
  return number(env, taken);
}

/* connectorDrain(handle, Uint32Array [token, errno, microseconds]…) → how many answers were written */
static napi_value connector_drain(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  uint8_t *bytes;
  size_t length;
  if (!arguments_of(env, info, 2, argv)) return NULL;
  connector_t *c = external_of(env, argv[0]);
  if (c == NULL || !bytes_of(env, argv[1], &bytes, &length)) return NULL;
  answer_t *out = (answer_t *)bytes;
  uint32_t room = (uint32_t)(length / sizeof *out), count = 0;
  pthread_mutex_lock(&c->lock);
  while (count < room && c->answer_head != c->answer_tail) out[count++] = c->answers[c->answer_head++ % ANSWERS_SIZE];
  c->signalled = c->answer_head != c->answer_tail;
  pthread_mutex_unlock(&c->lock);
  return number(env, count);
}

/* connectorCancel(handle): nothing more is sent, everything under way is dropped without an answer. */
static napi_value connector_cancel(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments_of(env, info, 1, argv)) return NULL;
  connector_t *c = external_of(env, argv[0]);
  if (c == NULL) return NULL;
  for (uint32_t i = 0; i < c->threads; i++) {
    worker_t *w = &c->workers[i];
    pthread_mutex_lock(&w->lock);
    w->cancelled = true;
    w->head = w->tail;
    pthread_mutex_unlock(&w->lock);
    wake_worker(w);
  }
  return NULL;
}

/* connectorPressure(handle) → how often the system was out of sockets or ports */
static napi_value connector_pressure(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments_of(env, info, 1, argv)) return NULL;
  connector_t *c = external_of(env, argv[0]);
  return c == NULL ? NULL : number(env, c->pressure);
}

/* connectorClose(handle): ends the threads and closes every socket. */
static napi_value connector_close(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments_of(env, info, 1, argv)) return NULL;
  connector_t *c = external_of(env, argv[0]);
  if (c == NULL || c->threads == 0) return NULL;
  stop_workers(c);
  napi_release_threadsafe_function(c->ready, napi_tsfn_abort);
  return NULL;
}

void export_connector(napi_env env, napi_value exports) {
  export_function(env, exports, "createConnector", create_connector);
  export_function(env, exports, "connectorHost", connector_host);
  export_function(env, exports, "connectorSubmit", connector_submit);
  export_function(env, exports, "connectorDrain", connector_drain);
  export_function(env, exports, "connectorCancel", connector_cancel);
  export_function(env, exports, "connectorPressure", connector_pressure);
  export_function(env, exports, "connectorClose", connector_close);
}
