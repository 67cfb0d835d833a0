/* loop: the sockets that are waited for, and poll(); see loop.h. */
#include "dns/loop.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

void loop_init(struct loop *loop)
{
	*loop = (struct loop){.failed = false};
}

void loop_free(struct loop *loop)
{
	free(loop->sockets);
	free(loop->owners);
	free(loop->place);
	free(loop->ready);
	loop_init(loop);
}

/* Plain realloc(): c-ares is on the stack, which must not be left by a jump. */
static bool resize(void *array, size_t count, size_t item_size)
{
	void **pointer = array;
	void *larger = realloc(*pointer, count * item_size);
	if (larger != NULL)
		*pointer = larger;
	return larger != NULL;
}

static bool reserve_entry(struct loop *loop)
{
	if (loop->count < loop->capacity)
		return true;
	size_t capacity = loop->capacity == 0 ? FIRST_CAPACITY : loop->capacity * 2;
	if (!resize(&loop->sockets, capacity, sizeof *loop->sockets) ||
		!resize(&loop->owners, capacity, sizeof *loop->owners) ||
		!resize(&loop->ready, capacity, sizeof *loop->ready))
		return false;
	loop->capacity = capacity;
	return true;
}

static bool reserve_place(struct loop *loop, size_t fd)
{
	if (fd < loop->place_capacity)
		return true;
	size_t capacity = fd < FIRST_CAPACITY / 2 ? FIRST_CAPACITY : fd * 2;
	if (!resize(&loop->place, capacity, sizeof *loop->place))
		return false;
	memset(loop->place + loop->place_capacity, 0,
		(capacity - loop->place_capacity) * sizeof *loop->place);
	loop->place_capacity = capacity;
	return true;
}

/* The last entry takes the place of the one that goes. */
static void remove_entry(struct loop *loop, size_t index)
{
	size_t last = --loop->count;
	loop->place[loop->sockets[index].fd] = 0;
	if (index == last)
		return;
	loop->sockets[index] = loop->sockets[last];
	loop->owners[index] = loop->owners[last];
	loop->place[loop->sockets[index].fd] = index + 1;
}

void loop_watch(struct loop *loop, int fd, short events, void *owner)
{
	size_t place = (size_t)fd < loop->place_capacity ? loop->place[fd] : 0;
	if (events == 0) {
		if (place != 0)
			remove_entry(loop, place - 1);
		return;
	}
	if (place == 0) {
		if (!reserve_entry(loop) || !reserve_place(loop, (size_t)fd)) {
			loop->failed = true;
			return;
		}
		place = ++loop->count;
		loop->place[fd] = place;
	}
	loop->sockets[place - 1] = (struct pollfd){.fd = fd, .events = events};
	loop->owners[place - 1] = owner;
}

void loop_poll(struct loop *loop, int timeout_ms)
{
	loop->ready_count = 0;
	int left = poll(loop->sockets, (nfds_t)loop->count, timeout_ms);
	for (size_t i = 0; left > 0 && i < loop->count; i++) {
		const struct pollfd *socket = &loop->sockets[i];
		if (socket->revents == 0)
			continue;
		short events = (short)(socket->revents & (POLLIN | POLLOUT));
		if ((socket->revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
			events = POLLIN | POLLOUT;
		loop->ready[loop->ready_count++] = (struct loop_entry){socket->fd, events, loop->owners[i]};
		left--;
	}
}

bool loop_next(struct loop *loop, struct loop_entry *out)
{
	while (loop->ready_count > 0) {
		*out = loop->ready[--loop->ready_count];
		size_t place = loop->place[out->fd];
		if (place != 0 && loop->owners[place - 1] == out->owner)
			return true;
	}
	return false;
}
