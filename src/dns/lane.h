/* lane: what carries packets to name servers and brings replies back; the seam between policy and c-ares.
 *
 * One flight is one packet on its way. The policy (source_net) decides what is sent when; the lanes know
 * sockets and the time. There is one real kind (ares_lane) and a fake one in the tests.
 *
 *     flight = lane_send(lanes, &packet, owner);
 *     lane_wait(lanes, 100);
 *     while ((flight = lane_take(lanes)) != NULL)   -- landed: look at outcome and reply
 *             lane_release(lanes, flight);
 *
 * Lanes send nothing a second time and give up on nothing: a flight lands once, or is released by the policy
 * while it is still in the air.
 */
#ifndef DNS_LANE_H
#define DNS_LANE_H

#include <stdint.h>

#include "base/slice.h"

/* What is sent. Flights with different `attempt` never share a socket: a second try must not depend on the
 * first. */
struct lane_packet {
	size_t server;	  /* index in the list of servers */
	unsigned attempt; /* 0: the first one of its question */
	bool tcp;
	bool edns;	      /* the packet ends in an OPT record */
	unsigned char *bytes; /* the lane writes an ID of its own into the first two */
	size_t len;
};

enum lane_outcome {
	LANE_REPLY,	  /* `reply`: any bytes; c-ares matched ID and question, nothing else is certain */
	LANE_UNREADABLE,  /* something came that the lane could not hand over */
	LANE_UNREACHABLE, /* refused, no route, connection closed */
	LANE_SILENT	  /* nothing came */
};

/* `owner`, `next` and the copy of the packet's description are the policy's; the others are valid once
 * lane_take() returned it. */
struct lane_flight {
	void *owner;
	struct lane_flight *next;
	size_t server;
	unsigned attempt;
	bool tcp;
	bool edns;
	enum lane_outcome outcome;
	struct slice reply;
};

struct lane_set;

struct lane_ops {
	/* Sends. Leaves through the escape when memory runs out, with nothing changed. */
	struct lane_flight *(*send)(struct lane_set *lanes, const struct lane_packet *packet, void *owner);
	/* A flight that has landed, each one once; NULL: none. The policy releases it. */
	struct lane_flight *(*take)(struct lane_set *lanes);
	/* Frees a flight, landed or not. */
	void (*release)(struct lane_set *lanes, struct lane_flight *flight);
	/* Waits until one has landed or timeout_ms passed; < 0: no limit. May return early. */
	void (*wait)(struct lane_set *lanes, int timeout_ms);
	/* A clock that only goes forward. */
	int64_t (*now_ms)(const struct lane_set *lanes);
	/* Frees everything, flights included. */
	void (*close)(struct lane_set *lanes);
};

/* The first member of every kind of lanes. */
struct lane_set {
	const struct lane_ops *ops;
};

static inline struct lane_flight *lane_send(
	struct lane_set *lanes, const struct lane_packet *packet, void *owner)
{
	return lanes->ops->send(lanes, packet, owner);
}

static inline struct lane_flight *lane_take(struct lane_set *lanes)
{
	return lanes->ops->take(lanes);
}

static inline void lane_release(struct lane_set *lanes, struct lane_flight *flight)
{
	lanes->ops->release(lanes, flight);
}

static inline void lane_wait(struct lane_set *lanes, int timeout_ms)
{
	lanes->ops->wait(lanes, timeout_ms);
}

static inline int64_t lane_now_ms(const struct lane_set *lanes)
{
	return lanes->ops->now_ms(lanes);
}

static inline void lane_close(struct lane_set *lanes)
{
	lanes->ops->close(lanes);
}

#endif
