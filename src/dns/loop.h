/* loop: the sockets that are waited for, each with its owner, and poll(). Used by ares_lane alone.
 *
 * Sockets come and go while the ready ones are handled, so a ready one is looked at only if it still belongs
 * to the owner it had when poll() returned.
 */
#ifndef DNS_LOOP_H
#define DNS_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct loop_entry {
	int fd;
	short events; /* POLLIN, POLLOUT */
	void *owner;
};

/* Invariants: sockets[i] and owners[i] belong together; place[fd] is i + 1 for them, 0 for an fd that is
 * not watched. */
struct loop {
	struct pollfd *sockets;
	void **owners;
	size_t count;
	size_t capacity;
	size_t *place;
	size_t place_capacity;
	struct loop_entry *ready;
	size_t ready_count;
	bool failed; /* sticky: no memory for a socket */
};

void loop_init(struct loop *loop);
void loop_free(struct loop *loop);

/* Watches fd for `events`, in place of what it was watched for; 0: no longer. May be called at any time;
 * sets `failed`. */
void loop_watch(struct loop *loop, int fd, short events, void *owner);

/* Waits for at most timeout_ms (< 0: no limit) and notes which sockets are ready. A signal ends it early. */
void loop_poll(struct loop *loop, int timeout_ms);

/* Takes the next ready socket that still has its owner; false: no more. `events` has what is ready; an
 * error counts as both. */
bool loop_next(struct loop *loop, struct loop_entry *out);

#endif
