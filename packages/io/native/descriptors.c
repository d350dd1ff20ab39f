#define _GNU_SOURCE
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
/* At once, so that no other thread starts a program in between. */
int pipe_open(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno; }

int socket_pair_open(int ends[2]) {
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : -errno;
}
#else
static int close_on_exec(const int ends[2]) {
  for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  return 0;
}

int pipe_open(int ends[2]) { return pipe(ends) == 0 ? close_on_exec(ends) : -errno; }

int socket_pair_open(int ends[2]) {
  return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? close_on_exec(ends) : -errno;
}
#endif

int blocking_get(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 ? -errno : (flags & O_NONBLOCK) == 0;
}

int blocking_set(int fd, bool is_blocking) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  return fcntl(fd, F_SETFL, is_blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) == 0 ? 0 : -errno;
}

ssize_t descriptor_read(int fd, void *memory, size_t length) {
  ssize_t count;
  do count = read(fd, memory, length);
  while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}

ssize_t descriptor_write(int fd, const void *memory, size_t length) {
  ssize_t count;
  do count = write(fd, memory, length);
  while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}

/* Where a signal cuts it short, the number is free all the same. */
int descriptor_close(int fd) { return close(fd) == 0 || errno == EINTR ? 0 : -errno; }
