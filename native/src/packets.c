/*
 * Raw packets in batches: recvmmsg behind a classic BPF filter, and sender.h. Linux only, since no other system
 * delivers TCP to raw sockets.
 *
 * Received packets are written as records of RECEIVED_STRIDE bytes: length (u16), family (u16: 4 or 6), source address
 * (16 bytes), then as much of the packet as fits. IPv4 packets start with their IP header, IPv6 ones with what follows
 * it.
 */
#include "portlight.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef ON_LINUX
#include "sender.h"
#include <linux/filter.h>
#include <sys/random.h>
#include <uv.h>

#define BATCH 256
#define RECEIVED_STRIDE 192
#define RECEIVED_HEADER 20

typedef struct {
  int fd;
  sender_t *sender;
  host_t *hosts; /* made when the first one is set: most sockets only receive */
  uv_poll_t *poll;
  napi_env env;
  napi_ref callback;
  napi_async_context context;
} raw_t;

static void free_poll(uv_handle_t *handle) { free(handle); }

static void stop_watching(raw_t *raw) {
  if (raw->poll == NULL) return;
  uv_poll_stop(raw->poll);
  uv_close((uv_handle_t *)raw->poll, free_poll);
  raw->poll = NULL;
  napi_delete_reference(raw->env, raw->callback);
  napi_async_destroy(raw->env, raw->context);
}

static void close_raw(raw_t *raw) {
  if (raw->fd < 0) return;
  stop_watching(raw);
  sender_close(raw->sender);
  close(raw->fd);
  free(raw->hosts);
  raw->hosts = NULL;
  raw->fd = -1;
}

static void destroy(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  close_raw(data);
  free(data);
}

/* rawOpen(family 4|6, protocol, own header, receive buffer bytes) → handle */
static napi_value raw_open(napi_env env, napi_callback_info info) {
  napi_value argv[4], handle;
  uint32_t family, protocol, own_header, receive_bytes;
  if (!arguments_of(env, info, 4, argv) || !uint32_of(env, argv[0], &family) ||
      !uint32_of(env, argv[1], &protocol) || !uint32_of(env, argv[2], &own_header) ||
      !uint32_of(env, argv[3], &receive_bytes))
    return NULL;
  int fd = socket(family == 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, (int)protocol);
  if (fd < 0) return throw_errno(env, "Raw socket", errno);
  int bytes = (int)receive_bytes, on = 1;
  /* FORCE needs CAP_NET_ADMIN; without it the system's rmem_max holds. */
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  if (own_header && setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof on) != 0) {
    int error = errno;
    close(fd);
    return throw_errno(env, "IP_HDRINCL", error);
  }
  raw_t *raw = calloc(1, sizeof *raw);
  sender_t *sender = sender_open(fd, family, protocol, own_header);
  if (raw == NULL || sender == NULL) {
    int error = errno;
    free(raw);
    sender_close(sender);
    close(fd);
    return throw_errno(env, "Raw socket", error);
  }
  raw->fd = fd;
  raw->sender = sender;
  raw->env = env;
  NAPI_OK(env, napi_create_external(env, raw, destroy, NULL, &handle));
  return handle;
}

/* rawFilter(handle, Uint32Array [code, jt, jf, k]…): a classic BPF program for what is received */
static napi_value raw_filter(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  uint8_t *bytes;
  size_t length;
  if (!arguments_of(env, info, 2, argv)) return NULL;
  raw_t *raw = external_of(env, argv[0]);
  if (raw == NULL || !bytes_of(env, argv[1], &bytes, &length)) return NULL;
  const uint32_t *words = (const uint32_t *)bytes;
  struct sock_filter code[64];
  size_t count = length / 16;
  if (count == 0 || count > 64) return throw_errno(env, "Packet filter", EINVAL);
  for (size_t i = 0; i < count; i++)
    code[i] = (struct sock_filter){(uint16_t)words[i * 4], (uint8_t)words[i * 4 + 1], (uint8_t)words[i * 4 + 2],
                                   words[i * 4 + 3]};
  struct sock_fprog program = {.len = (unsigned short)count, .filter = code};
  if (setsockopt(raw->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    return throw_errno(env, "Packet filter", errno);
  return NULL;
}

/* rawHost(handle, index, family 4|6, address bytes, scope id) */
static napi_value raw_host(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  if (!arguments_of(env, info, 5, argv)) return NULL;
  raw_t *raw = external_of(env, argv[0]);
  if (raw == NULL) return NULL;
  if (raw->hosts == NULL) raw->hosts = calloc(HOSTS_MAX, sizeof *raw->hosts);
  if (raw->hosts == NULL) return throw_errno(env, "Host table", ENOMEM);
  fill_host(env, argv + 1, raw->hosts);
  return NULL;
}

/* localAddress(family 4|6, address bytes, scope id) → Uint8Array: where packets to that address leave from */
static napi_value local_address(napi_env env, napi_callback_info info) {
  napi_value argv[4], result;
  host_t table[1];
  if (!arguments_of(env, info, 3, argv + 1)) return NULL;
  NAPI_OK(env, napi_create_uint32(env, 0, &argv[0]));
  if (!fill_host(env, argv, table)) return NULL;
  struct sockaddr_storage own;
  socklen_t length = sizeof own;
  sa_family_t family = table[0].address.family;
  table[0].address.v4.sin_port = htons(9);
  int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return throw_errno(env, "Local address", errno);
  /* Connecting a datagram socket sends nothing: it looks the route up. */
  int error = connect(fd, &table[0].address.any, table[0].length) != 0 ||
                      getsockname(fd, (struct sockaddr *)&own, &length) != 0
                  ? errno
                  : 0;
  close(fd);
  if (error != 0) return throw_errno(env, "Local address", error);
  const void *bytes = &((struct sockaddr_in *)&own)->sin_addr;
  if (family == AF_INET6) bytes = &((struct sockaddr_in6 *)&own)->sin6_addr;
  NAPI_OK(env, napi_create_buffer_copy(env, family == AF_INET ? 4 : 16, bytes, NULL, &result));
  return result;
}

/* randomKey() → Uint8Array: 8 bytes that nobody can guess */
static napi_value random_key(napi_env env, napi_callback_info info) {
  (void)info;
  uint8_t key[8];
  napi_value result;
  if (getrandom(key, sizeof key, 0) != (ssize_t)sizeof key) return throw_errno(env, "getrandom", errno);
  NAPI_OK(env, napi_create_buffer_copy(env, sizeof key, key, NULL, &result));
  return result;
}

/*
 * rawSend(handle, records, stride, count, Uint32Array [refused, errno]) → how many records are left, moved to the
 * front: the send queue is full. What is told of refusals may be of records of an earlier call.
 */
static napi_value raw_send(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  uint8_t *records, *out;
  size_t length, out_length;
  uint32_t stride, count;
  if (!arguments_of(env, info, 5, argv)) return NULL;
  raw_t *raw = external_of(env, argv[0]);
  if (raw == NULL || !bytes_of(env, argv[1], &records, &length) || !uint32_of(env, argv[2], &stride) ||
      !uint32_of(env, argv[3], &count) || !bytes_of(env, argv[4], &out, &out_length))
    return NULL;
  if (stride <= RECORD_HEADER || (size_t)stride * count > length || out_length < 8 || raw->fd < 0 || raw->hosts == NULL)
    return throw_errno(env, "Send", EINVAL);
  refusals_t refusals = {0};
  uint32_t left = sender_send(raw->sender, raw->hosts, records, stride, count, &refusals);
  memcpy(out, &refusals, sizeof refusals);
  return number(env, left);
}

/* rawReceive(handle, records) → how many records of RECEIVED_STRIDE bytes were filled */
static napi_value raw_receive(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  uint8_t *out;
  size_t length;
  if (!arguments_of(env, info, 2, argv)) return NULL;
  raw_t *raw = external_of(env, argv[0]);
  if (raw == NULL || !bytes_of(env, argv[1], &out, &length)) return NULL;
  if (raw->fd < 0) return number(env, 0);
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  struct sockaddr_storage from[BATCH];
  uint32_t room = (uint32_t)(length / RECEIVED_STRIDE);
  if (room > BATCH) room = BATCH;
  for (uint32_t i = 0; i < room; i++) {
    parts[i] = (struct iovec){out + (size_t)i * RECEIVED_STRIDE + RECEIVED_HEADER, RECEIVED_STRIDE - RECEIVED_HEADER};
    messages[i].msg_hdr = (struct msghdr){
        .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &parts[i], .msg_iovlen = 1};
  }
  int count = recvmmsg(raw->fd, messages, room, MSG_DONTWAIT, NULL);
  if (count < 0) return number(env, 0);
  for (int i = 0; i < count; i++) {
    uint8_t *record = out + (size_t)i * RECEIVED_STRIDE;
    bool v6 = from[i].ss_family == AF_INET6;
    uint16_t words[2] = {(uint16_t)messages[i].msg_len, v6 ? 6 : 4};
    memcpy(record, words, 4);
    memset(record + 4, 0, 16);
    if (v6) memcpy(record + 4, &((struct sockaddr_in6 *)&from[i])->sin6_addr, 16);
    else memcpy(record + 4, &((struct sockaddr_in *)&from[i])->sin_addr, 4);
  }
  return number(env, count);
}

static void on_readable(uv_poll_t *poll, int status, int events) {
  raw_t *raw = poll->data;
  (void)status;
  (void)events;
  napi_handle_scope scope;
  napi_value callback, global;
  if (napi_open_handle_scope(raw->env, &scope) != napi_ok) return;
  if (napi_get_reference_value(raw->env, raw->callback, &callback) == napi_ok &&
      napi_get_global(raw->env, &global) == napi_ok &&
      napi_make_callback(raw->env, raw->context, global, callback, 0, NULL, NULL) == napi_pending_exception) {
    napi_value error;
    napi_get_and_clear_last_exception(raw->env, &error);
    napi_fatal_exception(raw->env, error);
  }
  napi_close_handle_scope(raw->env, scope);
}

/* rawWatch(handle, callback): calls back whenever packets wait */
static napi_value raw_watch(napi_env env, napi_callback_info info) {
  napi_value argv[2], name;
  if (!arguments_of(env, info, 2, argv)) return NULL;
  raw_t *raw = external_of(env, argv[0]);
  uv_loop_t *loop;
  if (raw == NULL || raw->fd < 0 || raw->poll != NULL) return NULL;
  NAPI_OK(env, napi_get_uv_event_loop(env, &loop));
  NAPI_OK(env, napi_create_string_utf8(env, "portlight packets", NAPI_AUTO_LENGTH, &name));
  NAPI_OK(env, napi_async_init(env, NULL, name, &raw->context));
  NAPI_OK(env, napi_create_reference(env, argv[1], 1, &raw->callback));
  raw->poll = calloc(1, sizeof *raw->poll);
  if (raw->poll == NULL) return throw_errno(env, "Watch", ENOMEM);
  raw->poll->data = raw;
  int error = uv_poll_init(loop, raw->poll, raw->fd);
  if (error == 0) error = uv_poll_start(raw->poll, UV_READABLE, on_readable);
  return error == 0 ? NULL : throw_errno(env, "Watch", -error);
}

/* rawClose(handle) */
static napi_value raw_close(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments_of(env, info, 1, argv)) return NULL;
  raw_t *raw = external_of(env, argv[0]);
  if (raw != NULL) close_raw(raw);
  return NULL;
}

void export_packets(napi_env env, napi_value exports) {
  export_function(env, exports, "rawOpen", raw_open);
  export_function(env, exports, "rawFilter", raw_filter);
  export_function(env, exports, "rawHost", raw_host);
  export_function(env, exports, "localAddress", local_address);
  export_function(env, exports, "randomKey", random_key);
  export_function(env, exports, "rawSend", raw_send);
  export_function(env, exports, "rawReceive", raw_receive);
  export_function(env, exports, "rawWatch", raw_watch);
  export_function(env, exports, "rawClose", raw_close);
}
#else
void export_packets(napi_env env, napi_value exports) {
  (void)env;
  (void)exports;
}
#endif
