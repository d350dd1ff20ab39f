#ifdef __linux__
#include "interest-set.h"

#include <errno.h>
#include <sys/epoll.h>

int interest_set_open(void) {
  int set = epoll_create1(EPOLL_CLOEXEC);
  return set < 0 ? -errno : set;
}

int interest_set_arm(int set, int fd, int mask, int32_t token) {
  struct epoll_event event = {
    .events = EPOLLONESHOT | (mask & READABLE ? EPOLLIN | EPOLLRDHUP : 0) | (mask & WRITABLE ? EPOLLOUT : 0),
    .data.u64 = (uint32_t)fd | (uint64_t)(uint32_t)token << 32,
  };
  if (mask == 0) {
    if (epoll_ctl(set, EPOLL_CTL_DEL, fd, &event) == 0) return ARMED_AGAIN;
    /* The kernel has forgotten a descriptor that was closed. */
    return errno == ENOENT || errno == EBADF ? ARMED_ANEW : -errno;
  }
  /* An interest that was used up stays in the set, so that the next one costs a single call. */
  if (epoll_ctl(set, EPOLL_CTL_MOD, fd, &event) == 0) return ARMED_AGAIN;
  if (errno != ENOENT) return -errno;
  return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0 ? ARMED_ANEW : -errno;
}

int interest_set_take(int set, int32_t *events, bool block) {
  struct epoll_event taken[EVENTS_AT_ONCE];
  int count;
  do count = epoll_wait(set, taken, EVENTS_AT_ONCE, block ? -1 : 0);
  while (count < 0 && errno == EINTR);
  if (count < 0) return -errno;
  for (int i = 0; i < count; i++) {
    int32_t *event = events + NUMBERS_PER_EVENT * i;
    uint32_t flags = taken[i].events;
    event[EVENT_FD] = (int32_t)(uint32_t)taken[i].data.u64;
    event[EVENT_TOKEN] = (int32_t)(taken[i].data.u64 >> 32);
    /* An error or a hang-up wakes both sides: each finds out by its next call. */
    event[EVENT_READY] = (flags & ~(uint32_t)EPOLLOUT ? READABLE : 0) |
                         (flags & ~(uint32_t)(EPOLLIN | EPOLLRDHUP) ? WRITABLE : 0);
  }
  return count;
}
#endif
