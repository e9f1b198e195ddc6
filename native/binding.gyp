{
  "targets": [
    {
      "target_name": "portlight",
      "sources": ["src/addon.c", "src/connector.c", "src/neighbours.c", "src/packets.c", "src/rights.c", "src/sender.c", "src/values.c"],
      "cflags": ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror=implicit-function-declaration"],
      "cflags!": ["-O3"],
      "defines": ["NAPI_VERSION=8", "_GNU_SOURCE"],
      "conditions": [["OS=='mac'", { "xcode_settings": { "GCC_OPTIMIZATION_LEVEL": "2" } }]],
    }
  ]
}
