#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__NetBSD__)
#include "interest-set.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/event.h>
#include <sys/stat.h>
#include <sys/time.h>

int interest_set_open(void) {
  int set = kqueue();
  if (set < 0) return -errno;
  fcntl(set, F_SETFD, FD_CLOEXEC);
  return set;
}

int interest_set_arm(int set, int fd, int mask, int32_t token) {
  /* kqueue takes regular files, and has another idea of when these are ready: refused here, as epoll does. */
  struct stat status;
  if (mask != 0) {
    if (fstat(fd, &status) != 0) return -errno;
    if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) return -EPERM;
  }
  struct kevent changes[2], receipts[2];
  struct timespec no_time = { 0, 0 };
  void *data = (void *)(intptr_t)token;
  EV_SET(&changes[0], fd, EVFILT_READ, (mask & READABLE ? EV_ADD | EV_ONESHOT : EV_DELETE) | EV_RECEIPT, 0, 0, data);
  EV_SET(&changes[1], fd, EVFILT_WRITE, (mask & WRITABLE ? EV_ADD | EV_ONESHOT : EV_DELETE) | EV_RECEIPT, 0, 0, data);
  int count = kevent(set, changes, 2, receipts, 2, &no_time);
  if (count < 0) return -errno;
  for (int i = 0; i < count; i++) {
    int side = receipts[i].filter == EVFILT_READ ? READABLE : WRITABLE;
    /* What is not wanted may well not be there. */
    if (receipts[i].data != 0 && (mask & side)) return -(int)receipts[i].data;
  }
  return ARMED_AGAIN;
}

int interest_set_take(int set, int32_t *events, bool block) {
  struct kevent taken[EVENTS_AT_ONCE];
  struct timespec no_time = { 0, 0 };
  int count;
  do count = kevent(set, NULL, 0, taken, EVENTS_AT_ONCE, block ? NULL : &no_time);
  while (count < 0 && errno == EINTR);
  if (count < 0) return -errno;
  for (int i = 0; i < count; i++) {
    int32_t *event = events + NUMBERS_PER_EVENT * i;
    event[EVENT_FD] = (int32_t)taken[i].ident;
    event[EVENT_TOKEN] = (int32_t)(intptr_t)taken[i].udata;
    event[EVENT_READY] = taken[i].filter == EVFILT_READ ? READABLE : WRITABLE;
  }
  return count;
}
#endif
