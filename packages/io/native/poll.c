#include "watcher.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void on_events(uv_poll_t *poll, int status, int events) {
  (void)status, (void)events;
  watcher *self = uv_handle_get_data((uv_handle_t *)poll);
  if (self->is_closing) return;
  int count = interest_set_take(self->set, self->events, false);
  if (count > 0) watcher_deliver(self, count, false);
}

static void on_closed(uv_handle_t *poll) {
  watcher *self = uv_handle_get_data(poll);
  close(self->set);
  free(poll);
  napi_remove_async_cleanup_hook(self->poll_hook);
  watcher_release(self);
}

static void on_abandoned(uv_handle_t *poll) { free(poll); }

/* The environment ends, and waits until the hook is removed. */
static void on_environment_end(napi_async_cleanup_hook_handle hook, void *data) {
  (void)hook;
  poll_end(data);
}

int poll_start(watcher *self) {
  struct uv_loop_s *loop = NULL;
  if (napi_get_uv_event_loop(self->env, &loop) != napi_ok || loop == NULL) return -ENOSYS;
  uv_poll_t *poll = malloc(uv_handle_size(UV_POLL));
  if (poll == NULL) return -ENOMEM;
  int status = uv_poll_init(loop, poll, self->set);
  if (status < 0) {
    free(poll);
    return status;
  }
  uv_handle_set_data((uv_handle_t *)poll, self);
  self->poll = poll;
  uv_unref((uv_handle_t *)poll);
  status = uv_poll_start(poll, UV_READABLE, on_events);
  if (status == 0 && napi_add_async_cleanup_hook(self->env, on_environment_end, self, &self->poll_hook) == napi_ok) {
    self->owners++;
    return 0;
  }
  /* The loop knows the handle by now, and only closing takes it out. */
  uv_close((uv_handle_t *)poll, on_abandoned);
  return status < 0 ? status : -ENOMEM;
}

void poll_end(watcher *self) {
  if (self->is_closing) return;
  self->is_closing = true;
  uv_poll_stop(self->poll);
  uv_close((uv_handle_t *)self->poll, on_closed);
}
