/* What the parts of the addon share. Node-API only: no Node or Electron ABI to follow. */
#pragma once
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <netinet/in.h>

/* Elsewhere there is less: with PORTLIGHT_PORTABLE that is compiled on Linux too, so that it is tested there. */
#if defined(__linux__) && !defined(PORTLIGHT_PORTABLE)
#define ON_LINUX
#endif

/* A scan holds at most this many hosts at once; each has a place in a table, so that a probe names it in 16 bits. */
#define HOSTS_MAX 4096

typedef struct {
  union {
    sa_family_t family;
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } address;
  socklen_t length;
} host_t;

/* Node-API calls fail only when JavaScript is ending or an argument is wrong: throw what there is to throw, leave. */
#define NAPI_OK(env, call)                                                                                   \
  do {                                                                                                       \
    if ((call) != napi_ok) {                                                                                 \
      bool pending = false;                                                                                  \
      napi_is_exception_pending((env), &pending);                                                            \
      if (!pending) napi_throw_error((env), NULL, "Node-API call failed: " #call);                           \
      return NULL;                                                                                           \
    }                                                                                                        \
  } while (0)

/* Throws an Error whose code is the errno's name where it is a usual one, and whose message says what failed. */
napi_value throw_errno(napi_env env, const char *what, int error);
/* Arguments of the running call into argv; false (and an exception) when there are fewer than `count`. */
bool arguments_of(napi_env env, napi_callback_info info, size_t count, napi_value *argv);
bool uint32_of(napi_env env, napi_value value, uint32_t *out);
/* Bytes behind a Buffer or typed array. */
bool bytes_of(napi_env env, napi_value value, uint8_t **data, size_t *length);
void *external_of(napi_env env, napi_value value);
/* Writes family (4 or 6), 16 address bytes and a scope id into a place of a host table. */
bool fill_host(napi_env env, napi_value *argv, host_t *hosts);
napi_value number(napi_env env, double value);
void export_function(napi_env env, napi_value exports, const char *name, napi_callback callback);

void export_connector(napi_env env, napi_value exports);
void export_neighbours(napi_env env, napi_value exports);
void export_packets(napi_env env, napi_value exports);
void export_rights(napi_env env, napi_value exports);
