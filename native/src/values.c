/* Values between JavaScript and C: what the parts of the addon take from calls, and give back. */
#include "portlight.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *errno_name(int error) {
  switch (error) {
  case EPERM: return "EPERM";
  case EACCES: return "EACCES";
  case EMFILE: return "EMFILE";
  case ENFILE: return "ENFILE";
  case ENOMEM: return "ENOMEM";
  case ENOBUFS: return "ENOBUFS";
  case EINVAL: return "EINVAL";
  case EAFNOSUPPORT: return "EAFNOSUPPORT";
  case EPROTONOSUPPORT: return "EPROTONOSUPPORT";
  case EADDRNOTAVAIL: return "EADDRNOTAVAIL";
  case ENETUNREACH: return "ENETUNREACH";
  case EHOSTUNREACH: return "EHOSTUNREACH";
  case ENETDOWN: return "ENETDOWN";
  default: return NULL;
  }
}

napi_value throw_errno(napi_env env, const char *what, int error) {
  char message[160];
  snprintf(message, sizeof message, "%s: %s", what, strerror(error));
  napi_throw_error(env, errno_name(error), message);
  return NULL;
}

bool arguments_of(napi_env env, napi_callback_info info, size_t count, napi_value *argv) {
  size_t given = count;
  if (napi_get_cb_info(env, info, &given, argv, NULL, NULL) == napi_ok && given >= count) return true;
  napi_throw_type_error(env, NULL, "Too few arguments");
  return false;
}

bool uint32_of(napi_env env, napi_value value, uint32_t *out) {
  if (napi_get_value_uint32(env, value, out) == napi_ok) return true;
  napi_throw_type_error(env, NULL, "A number was expected");
  return false;
}

bool bytes_of(napi_env env, napi_value value, uint8_t **data, size_t *length) {
  napi_typedarray_type type;
  size_t elements = 0;
  if (napi_get_typedarray_info(env, value, &type, &elements, (void **)data, NULL, NULL) == napi_ok) {
    size_t width = type == napi_uint32_array || type == napi_int32_array ? 4 : type == napi_uint16_array ? 2 : 1;
    *length = elements * width;
    return true;
  }
  napi_throw_type_error(env, NULL, "A typed array was expected");
  return false;
}

void *external_of(napi_env env, napi_value value) {
  void *data = NULL;
  if (napi_get_value_external(env, value, &data) == napi_ok && data != NULL) return data;
  napi_throw_type_error(env, NULL, "A handle of this addon was expected");
  return NULL;
}

bool fill_host(napi_env env, napi_value *argv, host_t *hosts) {
  uint32_t index, family, scope;
  uint8_t *bytes;
  size_t length;
  if (!uint32_of(env, argv[0], &index) || !uint32_of(env, argv[1], &family) ||
      !bytes_of(env, argv[2], &bytes, &length) || !uint32_of(env, argv[3], &scope))
    return false;
  if (index >= HOSTS_MAX || (family == 4 ? length < 4 : length < 16)) {
    napi_throw_range_error(env, NULL, "No such place in the host table");
    return false;
  }
  host_t *host = &hosts[index];
  memset(host, 0, sizeof *host);
  if (family == 4) {
    struct sockaddr_in *v4 = &host->address.v4;
    v4->sin_family = AF_INET;
    memcpy(&v4->sin_addr, bytes, 4);
    host->length = sizeof *v4;
  } else {
    struct sockaddr_in6 *v6 = &host->address.v6;
    v6->sin6_family = AF_INET6;
    memcpy(&v6->sin6_addr, bytes, 16);
    v6->sin6_scope_id = scope;
    host->length = sizeof *v6;
  }
  return true;
}

napi_value number(napi_env env, double value) {
  napi_value result = NULL;
  napi_create_double(env, value, &result);
  return result;
}

void export_function(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) == napi_ok)
    napi_set_named_property(env, exports, name, function);
}
