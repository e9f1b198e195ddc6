/* The machine's tables of neighbours: which link-layer address answers for which IP address (rtnetlink(7)). */
#include "portlight.h"

#ifdef ON_LINUX
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* One neighbour as JavaScript reads it: family (4 or 6), a blank, MAC, link number (host order), address. */
typedef struct {
  uint8_t family, blank, mac[6];
  uint32_t link;
  uint8_t address[16];
} record_t;

typedef struct {
  record_t *records;
  size_t count, room;
} table_t;

/* States in which the kernel has a link-layer address, if an old one: it has answered. */
#define KNOWN (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)

/* @returns 0, or an errno */
static int keep(table_t *table, const struct nlmsghdr *message) {
  const struct ndmsg *entry = NLMSG_DATA(message);
  if (message->nlmsg_type != RTM_NEWNEIGH || message->nlmsg_len < NLMSG_LENGTH(sizeof *entry)) return 0;
  if (!(entry->ndm_state & KNOWN)) return 0;
  size_t length = entry->ndm_family == AF_INET ? 4 : entry->ndm_family == AF_INET6 ? 16 : 0;
  record_t found = {.family = length == 4 ? 4 : 6, .link = (uint32_t)entry->ndm_ifindex};
  bool address = false, mac = false;
  int left = (int)(message->nlmsg_len - NLMSG_LENGTH(sizeof *entry));
  const char *start = (const char *)entry + NLMSG_ALIGN(sizeof *entry);
  for (struct rtattr *each = (struct rtattr *)start; RTA_OK(each, left); each = RTA_NEXT(each, left)) {
    if (each->rta_type == NDA_DST && length != 0 && RTA_PAYLOAD(each) == length) {
      memcpy(found.address, RTA_DATA(each), length);
      address = true;
    } else if (each->rta_type == NDA_LLADDR && RTA_PAYLOAD(each) == sizeof found.mac) {
      memcpy(found.mac, RTA_DATA(each), sizeof found.mac);
      mac = true;
    }
  }
  if (!address || !mac) return 0;
  if (table->count == table->room) {
    size_t room = table->room == 0 ? 64 : table->room * 2;
    record_t *records = realloc(table->records, room * sizeof *records);
    if (records == NULL) return ENOMEM;
    table->records = records;
    table->room = room;
  }
  table->records[table->count++] = found;
  return 0;
}

/* Reads one datagram of the answer. @returns 1 when more follow, 0 at the end, or a negative errno */
static int receive(int netlink, table_t *table) {
  static _Alignas(struct nlmsghdr) char buffer[65536];
  ssize_t got = recv(netlink, buffer, sizeof buffer, 0);
  if (got < 0) return errno == EINTR ? 1 : -errno;
  size_t left = (size_t)got;
  for (struct nlmsghdr *each = (struct nlmsghdr *)buffer; NLMSG_OK(each, left); each = NLMSG_NEXT(each, left)) {
    if (each->nlmsg_type == NLMSG_DONE) return 0;
    if (each->nlmsg_type == NLMSG_ERROR) {
      const struct nlmsgerr *problem = NLMSG_DATA(each);
      return each->nlmsg_len < NLMSG_LENGTH(sizeof *problem) ? -EBADMSG : problem->error;
    }
    int error = keep(table, each);
    if (error != 0) return -error;
  }
  return 1;
}

/* @returns 0, or an errno */
static int read_table(table_t *table) {
  int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (netlink < 0) return errno;
  struct {
    struct nlmsghdr header;
    struct ndmsg body;
  } request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_GETNEIGH, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .body = {.ndm_family = AF_UNSPEC},
  };
  /* The kernel answers at once; should it not, a scan must not hang on it. */
  struct timeval patience = {.tv_sec = 1};
  int result = 1;
  if (setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
      send(netlink, &request, sizeof request, 0) < 0)
    result = -errno;
  while (result == 1) result = receive(netlink, table);
  close(netlink);
  return -result;
}

/* neighbours() → Buffer of record_t */
static napi_value neighbours(napi_env env, napi_callback_info info) {
  (void)info;
  table_t table = {0};
  int error = read_table(&table);
  napi_value result = NULL;
  if (error != 0)
    throw_errno(env, "The table of neighbours cannot be read", error);
  else if (napi_create_buffer_copy(env, table.count * sizeof(record_t), table.records, NULL, &result) != napi_ok)
    napi_throw_error(env, NULL, "No memory for the table of neighbours");
  free(table.records);
  return result;
}

void export_neighbours(napi_env env, napi_value exports) {
  export_function(env, exports, "neighbours", neighbours);
}

#else

void export_neighbours(napi_env env, napi_value exports) {
  (void)env;
  (void)exports;
}

#endif
