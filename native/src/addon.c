#include "portlight.h"

NAPI_MODULE_INIT() {
  export_connector(env, exports);
  export_neighbours(env, exports);
  export_packets(env, exports);
  export_rights(env, exports);
  return exports;
}
