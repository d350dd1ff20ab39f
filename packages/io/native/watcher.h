/* A watcher: a set of interests, and what calls back into JavaScript when the set has events.
 *
 * The set is one descriptor, and readable when it has events. On Node a single uv_poll of the environment's loop watches it.
 * Where a set cannot be watched by another (kqueue), or the host has no uv_poll (Bun), a thread does, the doorbell.
 *
 *   open ── watcher_close, or the end of the environment ──▶ closing ── nothing calls back any more ──▶ closed
 *
 * Two own the memory: JavaScript's handle, and what may still call back. The last to let go frees it. */
#ifndef TRESTLE_WATCHER_H
#define TRESTLE_WATCHER_H

#define NAPI_VERSION 8
#include <node_api.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "interest-set.h"
#include "libuv-poll.h"

typedef struct watcher {
  napi_env env;
  napi_ref callback;
  napi_ref events_array;
  int32_t *events_shown; /* the memory of events_array */
  int32_t events[EVENTS_AT_ONCE * NUMBERS_PER_EVENT];
  int set;
  bool is_threaded, is_closing;
  int owners;

  uv_poll_t *poll;
  napi_async_cleanup_hook_handle poll_hook;

  napi_threadsafe_function bell;
  pthread_t thread;
  int count;          /* of the events that the thread has rung for */
  int go_on[2];       /* a byte: the events were taken; closed: end */
  int quit[2];        /* closed: end */
} watcher;

/* The token of the watcher's own descriptor in its set. Those of JavaScript are 0 or more. */
enum { QUIT_TOKEN = -1 };

/* Opens a watcher that calls `callback(count, events)`; 0 and the watcher, or -errno and none. */
int watcher_open(napi_env env, napi_value callback, bool is_threaded, watcher **opened);

/* Says whether the watcher keeps the process alive. */
void watcher_hold(watcher *self, bool is_held);

/* Ends the callbacks, at once. */
void watcher_close(watcher *self);

/* Lets go of the memory, for one of its owners. */
void watcher_release(watcher *self);

/* For the two kinds: calls back with so many of the events. Within a callback of the host's own, it sees to the microtasks. */
void watcher_deliver(watcher *self, int count, bool is_within_callback);

int poll_start(watcher *self); /* 0, or -errno: then nothing of it is left, but for memory that the host frees */
void poll_end(watcher *self);
int doorbell_start(watcher *self);
void doorbell_end(watcher *self);

#endif
