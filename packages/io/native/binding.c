/* What JavaScript sees; `src/readiness/addon.ts` has the types. A call that fails gives -errno: nothing here throws, as making
 * an error costs more than most of the calls. Handles and numbers come from that one file, so a wrong one is a broken rule of
 * ours, answered by -EINVAL. */
#include "descriptors.h"
#include "watcher.h"

#include <errno.h>

/* The hash of all that the binary is made of, so that one which is stale can be told. */
#ifndef SOURCE_HASH
#define SOURCE_HASH "unknown"
#endif

enum { MOST_ARGUMENTS = 4 };

typedef struct {
  napi_env env;
  napi_value values[MOST_ARGUMENTS];
} arguments;

static arguments take_arguments(napi_env env, napi_callback_info info) {
  arguments taken = { .env = env };
  size_t count = MOST_ARGUMENTS;
  napi_get_cb_info(env, info, &count, taken.values, NULL, NULL);
  return taken;
}

static int32_t number_at(const arguments *taken, int at) {
  int32_t number = -1;
  napi_get_value_int32(taken->env, taken->values[at], &number);
  return number;
}

static bool boolean_at(const arguments *taken, int at) {
  bool boolean = false;
  napi_get_value_bool(taken->env, taken->values[at], &boolean);
  return boolean;
}

static watcher *watcher_at(const arguments *taken, int at) {
  void *data = NULL;
  napi_get_value_external(taken->env, taken->values[at], &data);
  return data;
}

static napi_value number(napi_env env, int64_t value) {
  napi_value result = NULL;
  napi_create_int64(env, value, &result);
  return result;
}

static void on_handle_gone(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  watcher_release(data);
}

/* open(callback, isThreaded): a handle, or -errno */
static napi_value open_watcher(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  watcher *opened = NULL;
  int status = watcher_open(env, taken.values[0], boolean_at(&taken, 1), &opened);
  if (status < 0) return number(env, status);
  napi_value handle;
  if (napi_create_external(env, opened, on_handle_gone, NULL, &handle) == napi_ok) return handle;
  watcher_close(opened);
  watcher_release(opened);
  return number(env, -ENOMEM);
}

/* arm(handle, fd, mask, token): 0, 1 where the set did not know the descriptor, or -errno */
static napi_value arm(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  watcher *self = watcher_at(&taken, 0);
  if (self == NULL || self->is_closing) return number(env, -EINVAL);
  return number(env, interest_set_arm(self->set, number_at(&taken, 1), number_at(&taken, 2), number_at(&taken, 3)));
}

/* hold(handle, isHeld) */
static napi_value hold(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  watcher *self = watcher_at(&taken, 0);
  if (self != NULL) watcher_hold(self, boolean_at(&taken, 1));
  return NULL;
}

/* close(handle) */
static napi_value close_watcher(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  watcher *self = watcher_at(&taken, 0);
  if (self != NULL) watcher_close(self);
  return NULL;
}

static napi_value two_ends(napi_env env, int status, const int ends[2]) {
  if (status < 0) return number(env, status);
  napi_value pair;
  napi_create_array_with_length(env, 2, &pair);
  for (uint32_t i = 0; i < 2; i++) napi_set_element(env, pair, i, number(env, ends[i]));
  return pair;
}

/* pipe(): [the reading end, the writing end], or -errno */
static napi_value open_pipe(napi_env env, napi_callback_info info) {
  (void)info;
  int ends[2];
  int status = pipe_open(ends);
  return two_ends(env, status, ends);
}

/* socketPair(): both ends, or -errno */
static napi_value open_socket_pair(napi_env env, napi_callback_info info) {
  (void)info;
  int ends[2];
  int status = socket_pair_open(ends);
  return two_ends(env, status, ends);
}

/* isBlocking(fd): 1, 0 or -errno */
static napi_value is_blocking(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  return number(env, blocking_get(number_at(&taken, 0)));
}

/* setBlocking(fd, isBlocking): 0 or -errno */
static napi_value set_blocking(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  return number(env, blocking_set(number_at(&taken, 0), boolean_at(&taken, 1)));
}

/* The memory of a Uint8Array; NULL where the value is none. */
static void *memory_at(const arguments *taken, int at, size_t *length) {
  napi_typedarray_type type;
  void *memory = NULL;
  if (napi_get_typedarray_info(taken->env, taken->values[at], &type, length, &memory, NULL, NULL) != napi_ok) *length = 0;
  return memory;
}

/* read(fd, bytes): how many bytes there are now, 0 at the end, or -errno */
static napi_value read_descriptor(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  size_t length = 0;
  void *memory = memory_at(&taken, 1, &length);
  return number(env, descriptor_read(number_at(&taken, 0), memory, length));
}

/* write(fd, bytes): how many bytes were taken, or -errno */
static napi_value write_descriptor(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  size_t length = 0;
  void *memory = memory_at(&taken, 1, &length);
  return number(env, descriptor_write(number_at(&taken, 0), memory, length));
}

/* closeDescriptor(fd): 0 or -errno */
static napi_value close_descriptor(napi_env env, napi_callback_info info) {
  arguments taken = take_arguments(env, info);
  return number(env, descriptor_close(number_at(&taken, 0)));
}

NAPI_MODULE_INIT() {
  static const struct {
    const char *name;
    napi_callback function;
  } functions[] = {
    { "open", open_watcher },
    { "arm", arm },
    { "hold", hold },
    { "close", close_watcher },
    { "pipe", open_pipe },
    { "socketPair", open_socket_pair },
    { "isBlocking", is_blocking },
    { "setBlocking", set_blocking },
    { "read", read_descriptor },
    { "write", write_descriptor },
    { "closeDescriptor", close_descriptor },
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  napi_value hash;
  napi_create_string_utf8(env, SOURCE_HASH, NAPI_AUTO_LENGTH, &hash);
  napi_set_named_property(env, exports, "sourceHash", hash);
  return exports;
}
