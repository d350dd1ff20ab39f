/* The thread waits in the set. It rings with what it took, and waits until that was delivered before it looks again; so the
 * events belong to the thread from one `go on` to the next ring, and to JavaScript's thread between. */
#define _GNU_SOURCE
#include "watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void close_pair(int pair[2]) {
  for (int i = 0; i < 2; i++) {
    if (pair[i] >= 0) close(pair[i]);
    pair[i] = -1;
  }
}

static int open_pair(int pair[2]) {
  if (pipe(pair) != 0) {
    pair[0] = pair[1] = -1;
    return -errno;
  }
  for (int i = 0; i < 2; i++) fcntl(pair[i], F_SETFD, FD_CLOEXEC);
  return 0;
}

static bool is_told_to_quit(const watcher *self, int count) {
  if (count < 0) return true;
  for (int i = 0; i < count; i++) {
    if (self->events[NUMBERS_PER_EVENT * i + EVENT_TOKEN] == QUIT_TOKEN) return true;
  }
  return false;
}

static void *wait_and_ring(void *data) {
  watcher *self = data;
  for (;;) {
    int count = interest_set_take(self->set, self->events, true);
    if (is_told_to_quit(self, count)) return NULL;
    self->count = count;
    if (napi_call_threadsafe_function(self->bell, NULL, napi_tsfn_blocking) != napi_ok) return NULL;
    char byte;
    ssize_t length;
    do length = read(self->go_on[0], &byte, 1);
    while (length < 0 && errno == EINTR);
    if (length != 1) return NULL;
  }
}

static void on_ring(napi_env env, napi_value function, void *context, void *data) {
  (void)function, (void)data;
  watcher *self = context;
  if (env == NULL || self->is_closing) return;
  watcher_deliver(self, self->count, true);
  /* The callback may have closed the watcher. */
  if (!self->is_closing) (void)!write(self->go_on[1], "", 1);
}

/* Nothing rings any more. */
static void on_bell_gone(napi_env env, void *data, void *context) {
  (void)env, (void)data;
  watcher_release(context);
}

static void on_environment_end(void *data) { doorbell_end(data); }

static int start_thread(watcher *self) {
  int status = open_pair(self->go_on);
  if (status == 0) status = open_pair(self->quit);
  if (status == 0) status = interest_set_arm(self->set, self->quit[0], READABLE, QUIT_TOKEN);
  if (status < 0) return status;
  return -pthread_create(&self->thread, NULL, wait_and_ring, self);
}

int doorbell_start(watcher *self) {
  napi_value name;
  self->go_on[0] = self->go_on[1] = self->quit[0] = self->quit[1] = -1;
  if (napi_create_string_utf8(self->env, "trestle-readiness", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_threadsafe_function(self->env, NULL, NULL, name, 0, 1, NULL, on_bell_gone, self, on_ring, &self->bell) != napi_ok) {
    return -ENOMEM;
  }
  self->owners++;
  napi_unref_threadsafe_function(self->env, self->bell);
  int status = start_thread(self);
  if (status == 0) {
    napi_add_env_cleanup_hook(self->env, on_environment_end, self);
    return 0;
  }
  self->is_closing = true;
  napi_release_threadsafe_function(self->bell, napi_tsfn_abort);
  close_pair(self->go_on);
  close_pair(self->quit);
  return status;
}

void doorbell_end(watcher *self) {
  if (self->is_closing) return;
  self->is_closing = true;
  napi_remove_env_cleanup_hook(self->env, on_environment_end, self);
  close(self->go_on[1]);
  close(self->quit[1]);
  self->go_on[1] = self->quit[1] = -1;
  pthread_join(self->thread, NULL);
  close_pair(self->go_on);
  close_pair(self->quit);
  close(self->set);
  napi_release_threadsafe_function(self->bell, napi_tsfn_abort);
}
