/* What this process may do: its limit of open files, and Linux capabilities. */
#include "portlight.h"
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* raiseFileLimit() → how many files may be open now: the soft limit is raised to the hard one. */
static napi_value raise_file_limit(napi_env env, napi_callback_info info) {
  (void)info;
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return number(env, 0);
  rlim_t wanted = limit.rlim_max;
  if (wanted == RLIM_INFINITY || wanted > 1048576) wanted = 1048576;
#ifdef __APPLE__
  if (wanted > 10240) wanted = 10240; /* OPEN_MAX: setrlimit refuses more */
#endif
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  return number(env, (double)limit.rlim_cur);
}

#ifdef ON_LINUX
#include <dirent.h>
#include <linux/capability.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>

/* Capabilities belong to a thread. Those of the others are changed in a signal handler that each of them runs. */
static struct __user_cap_data_struct wanted_sets[2];
static sem_t done;

static int set_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  return (int)syscall(SYS_capset, &header, wanted_sets);
}

static void on_signal(int signal) {
  (void)signal;
  int saved = errno;
  set_capabilities();
  sem_post(&done);
  errno = saved;
}

/* capabilities() → the permitted set of this thread, as a number of at most 41 bits */
static napi_value capabilities(napi_env env, napi_callback_info info) {
  (void)info;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2] = {{0}};
  if (syscall(SYS_capget, &header, sets) != 0) return number(env, 0);
  return number(env, (double)sets[0].permitted + (double)sets[1].permitted * 4294967296.0);
}

/* On a busy machine a thread may take long to get its turn; one that has ended meanwhile needs none. */
static int await_thread(int process, int thread) {
  for (int tries = 0; tries < 60; tries++) {
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += 50000000;
    if (limit.tv_nsec >= 1000000000) {
      limit.tv_sec++;
      limit.tv_nsec -= 1000000000;
    }
    int waited;
    while ((waited = sem_timedwait(&done, &limit)) != 0 && errno == EINTR) continue;
    if (waited == 0 || syscall(SYS_tgkill, process, thread, 0) != 0) return 1;
  }
  return 0;
}

/* Has every other thread run the handler. @returns how many could not be reached. */
static int tell_threads(void) {
  int missed = 0, self = (int)syscall(SYS_gettid), process = getpid(), signal = SIGRTMAX - 3;
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, before;
  sigfillset(&action.sa_mask);
  sem_init(&done, 0, 0);
  sigaction(signal, &action, &before);
  DIR *tasks = opendir("/proc/self/task");
  if (tasks == NULL) missed++;
  for (struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;) {
    int thread = atoi(entry->d_name);
    if (thread <= 0 || thread == self || syscall(SYS_tgkill, process, thread, signal) != 0) continue;
    if (!await_thread(process, thread)) missed++;
  }
  if (tasks != NULL) closedir(tasks);
  /* The handler stays if a thread may yet run it. */
  if (missed == 0) sigaction(signal, &before, NULL);
  return missed;
}

/*
 * dropCapabilities(keep: low 32 bits) → how many threads could not be reached. All capabilities outside `keep` are
 * given up for good, in every thread, and no program that this process starts can get them back.
 */
static napi_value drop_capabilities(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  uint32_t keep;
  if (!arguments_of(env, info, 1, argv) || !uint32_of(env, argv[0], &keep)) return NULL;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2] = {{0}};
  if (syscall(SYS_capget, &header, sets) != 0) return throw_errno(env, "capget", errno);
  keep &= sets[0].permitted;
  memset(wanted_sets, 0, sizeof wanted_sets);
  wanted_sets[0].permitted = wanted_sets[0].effective = keep;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (set_capabilities() != 0) return throw_errno(env, "capset", errno);
  return number(env, tell_threads());
}

void export_rights(napi_env env, napi_value exports) {
  export_function(env, exports, "raiseFileLimit", raise_file_limit);
  export_function(env, exports, "capabilities", capabilities);
  export_function(env, exports, "dropCapabilities", drop_capabilities);
}
#else
void export_rights(napi_env env, napi_value exports) {
  export_function(env, exports, "raiseFileLimit", raise_file_limit);
}
#endif
