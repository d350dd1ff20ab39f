#include "watcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool keep_references(watcher *self, napi_value callback) {
  napi_env env = self->env;
  napi_value buffer, array;
  return napi_create_reference(env, callback, 1, &self->callback) == napi_ok &&
         napi_create_arraybuffer(env, sizeof self->events, (void **)&self->events_shown, &buffer) == napi_ok &&
         napi_create_typedarray(env, napi_int32_array, EVENTS_AT_ONCE * NUMBERS_PER_EVENT, buffer, 0, &array) == napi_ok &&
         napi_create_reference(env, array, 1, &self->events_array) == napi_ok;
}

static void drop_references(watcher *self) {
  if (self->callback != NULL) napi_delete_reference(self->env, self->callback);
  if (self->events_array != NULL) napi_delete_reference(self->env, self->events_array);
  self->callback = self->events_array = NULL;
}

int watcher_open(napi_env env, napi_value callback, bool is_threaded, watcher **opened) {
  watcher *self = calloc(1, sizeof *self);
  if (self == NULL) return -ENOMEM;
  self->env = env;
  self->is_threaded = is_threaded;
  self->owners = 1;
  self->set = interest_set_open();
  int status = self->set;
  if (status >= 0 && !keep_references(self, callback)) status = -ENOMEM;
  if (status >= 0) status = is_threaded ? doorbell_start(self) : poll_start(self);
  if (status >= 0) {
    *opened = self;
    return 0;
  }
  self->is_closing = true;
  drop_references(self);
  if (self->set >= 0) close(self->set);
  watcher_release(self);
  return status;
}

void watcher_hold(watcher *self, bool is_held) {
  if (self->is_closing) return;
  if (self->is_threaded) {
    (is_held ? napi_ref_threadsafe_function : napi_unref_threadsafe_function)(self->env, self->bell);
  } else {
    (is_held ? uv_ref : uv_unref)((uv_handle_t *)self->poll);
  }
}

void watcher_close(watcher *self) {
  if (self->is_closing) return;
  drop_references(self);
  if (self->is_threaded) doorbell_end(self);
  else poll_end(self);
}

void watcher_release(watcher *self) {
  if (--self->owners == 0) free(self);
}

void watcher_deliver(watcher *self, int count, bool is_within_callback) {
  napi_env env = self->env;
  napi_handle_scope scope;
  napi_value callback, receiver, arguments[2], result;
  if (self->is_closing || napi_open_handle_scope(env, &scope) != napi_ok) return;
  memcpy(self->events_shown, self->events, (size_t)count * NUMBERS_PER_EVENT * sizeof *self->events);
  if (napi_get_reference_value(env, self->callback, &callback) == napi_ok &&
      napi_get_reference_value(env, self->events_array, &arguments[1]) == napi_ok &&
      napi_create_int32(env, count, &arguments[0]) == napi_ok &&
      napi_get_global(env, &receiver) == napi_ok) {
    /* A plain call from outside of a callback would leave the microtasks to whatever runs next: not so napi_make_callback. */
    napi_status status = is_within_callback
                             ? napi_call_function(env, receiver, callback, 2, arguments, &result)
                             : napi_make_callback(env, NULL, receiver, callback, 2, arguments, &result);
    napi_value error;
    if (status == napi_pending_exception && napi_get_and_clear_last_exception(env, &error) == napi_ok) {
      napi_fatal_exception(env, error);
    }
  }
  napi_close_handle_scope(env, scope);
}
