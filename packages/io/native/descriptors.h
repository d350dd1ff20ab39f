/* The few calls on descriptors that Node has no functions for. Each gives a number of 0 or more, or -errno. */
#ifndef TRESTLE_DESCRIPTORS_H
#define TRESTLE_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Both ends are closed where another program is started, and block. */
int pipe_open(int ends[2]);
int socket_pair_open(int ends[2]);

/* Whether the open file blocks: 1 or 0. */
int blocking_get(int fd);
int blocking_set(int fd, bool is_blocking);

int descriptor_close(int fd);

/* As read and write, where a signal does not interrupt them. */
ssize_t descriptor_read(int fd, void *memory, size_t length);
ssize_t descriptor_write(int fd, const void *memory, size_t length);

#endif
