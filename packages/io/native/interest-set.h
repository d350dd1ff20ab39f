/* A set of descriptors that somebody is interested in, kept by the kernel: epoll on Linux, kqueue elsewhere.
 *
 * Each interest is good for one event. It carries a token, which comes back with the event: an event of a descriptor that was
 * closed in the meantime, and whose number was given to another, is told from one of its successor by that. */
#ifndef TRESTLE_INTEREST_SET_H
#define TRESTLE_INTEREST_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { READABLE = 1, WRITABLE = 2 };

/* How many events are taken at once, and the three numbers that each is reported by. */
enum { EVENTS_AT_ONCE = 256, NUMBERS_PER_EVENT = 3, EVENT_FD = 0, EVENT_TOKEN = 1, EVENT_READY = 2 };

/* What interest_set_arm answers where it has not failed. */
enum { ARMED_AGAIN = 0, ARMED_ANEW = 1 };

/* Makes an empty set; its descriptor, or -errno. */
int interest_set_open(void);

/* Arms a descriptor for one event of those in the mask, in place of what it was armed for; a mask of 0 disarms it.
 * ARMED_AGAIN where the set knew this open file by this number or cannot tell, ARMED_ANEW where it did not; or -errno. */
int interest_set_arm(int set, int fd, int mask, int32_t token);

/* Takes events, at most EVENTS_AT_ONCE; waits for the first where it is to block. Their number, or -errno. */
int interest_set_take(int set, int32_t *events, bool block);

#endif
