/* What is used of libuv, which is part of the program that loads this addon. Declared here rather than included: Node's own
 * headers are not everywhere, and the size of a handle is that of the libuv that runs, not of one that was compiled against.
 * All of it is the same in every libuv 1. */
#ifndef TRESTLE_LIBUV_POLL_H
#define TRESTLE_LIBUV_POLL_H

#include <stddef.h>

struct uv_loop_s;
typedef struct uv_handle_s uv_handle_t;
typedef struct uv_poll_s uv_poll_t;
typedef void (*uv_poll_cb)(uv_poll_t *handle, int status, int events);
typedef void (*uv_close_cb)(uv_handle_t *handle);

enum { UV_POLL = 8, UV_READABLE = 1 };

size_t uv_handle_size(int type);
void *uv_handle_get_data(const uv_handle_t *handle);
void uv_handle_set_data(uv_handle_t *handle, void *data);
int uv_poll_init(struct uv_loop_s *loop, uv_poll_t *handle, int fd);
int uv_poll_start(uv_poll_t *handle, int events, uv_poll_cb callback);
int uv_poll_stop(uv_poll_t *handle);
void uv_ref(uv_handle_t *handle);
void uv_unref(uv_handle_t *handle);
void uv_close(uv_handle_t *handle, uv_close_cb callback);

#endif
