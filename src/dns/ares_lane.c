/* ares_lane: lanes made of c-ares channels; see ares_lane.h.
 *
 * What c-ares does differs from version to version, so it is left as little as possible:
 *   - It tries once, with a timeout that is longer than ours, and never asks over TCP by itself.
 *   - Before 1.20 it hands over the bytes of every reply. Newer ones parse replies first, write them anew,
 *     and on a reply they dislike fail everything on the socket. There a lane carries one packet at a time,
 *     the bytes are taken at the socket, and a lane is given up after three packets: then c-ares would
 *     shorten timeouts.
 *   - Newer ones send questions about host names only: other names get a stand-in (wire_standin.h).
 *   - 1.33 and newer put a DNS cookie (RFC 7873) into the OPT record of a packet sent over UDP; it does no
 *     harm.
 *   - Its callbacks only store. Lanes are made, used and destroyed when c-ares is not on the stack.
 */
#include "dns/ares_lane.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

/* c-ares 1.28 and newer mark the functions that 1.18 has as deprecated. */
#define CARES_NO_DEPRECATED 1
#include <ares.h>

#include "dns/lane_capture.h"
#include "dns/loop.h"
#include "dns/wire_query.h"

#define VERSION_STRICT	  0x011400 /* 1.20: c-ares parses replies itself */
#define STRICT_LIMITS	  ((struct limits){.in_flight = 1, .issued = 3})
#define LENIENT_LIMITS	  ((struct limits){.in_flight = 16, .issued = 64})
#define SPREAD_LANES	  64   /* up to here every question has a lane, and so a port, of its own */
#define ARES_EXTRA_MS	  1000 /* by which c-ares waits longer than we do */
#define ENTROPY_IDS	  64   /* drawn at once */
#define SOCKETS_PER_QUERY 4    /* tries, TCP, lanes that wait to be reused */
#define OTHER_FILES	  64   /* standard streams, zone files, c-ares reading its configuration */
#define LARGEST_LIMIT	  ((rlim_t)65536)

#ifdef MSG_NOSIGNAL
#define SEND_FLAGS MSG_NOSIGNAL
#else
#define SEND_FLAGS 0
#endif

/* How many packets a lane carries at once, and in its life. */
struct limits {
	unsigned in_flight;
	unsigned issued;
};

struct lane;

/* The first member is what the policy sees. A flight is in the air until c-ares or the socket brings its
 * end; then it is landed and in the queue until taken. */
struct flight {
	struct lane_flight base;
	struct lane *lane; /* while it is in the air */
	struct flight *next_landed;
	bool is_landed;
	bool is_taken;
	bool is_released; /* nobody waits for it; c-ares' callback or lanes_take() frees it */
	unsigned char *bytes;
};

/* Lanes of one kind are interchangeable. */
struct kind {
	size_t server;
	unsigned attempt;
	bool tcp;
	bool edns;
	struct lane *first; /* those with room, idle ones in front */
	struct lane *last;
};

/* Invariants: live <= in_flight <= limits.in_flight; it is in its kind's list exactly when `has_room`. */
struct lane {
	struct lane *prev;
	struct lane *next;
	struct lane *older; /* all lanes of the set */
	struct lane *newer;
	struct lanes *lanes;
	ares_channel channel;
	size_t kind;
	bool has_room;
	bool is_tcp;
	struct limits limits;
	unsigned in_flight;
	unsigned live; /* in flight and waited for */
	unsigned issued;
	struct flight *current; /* strict: the flight in the air */
	struct lane_capture capture;
};

struct lanes {
	struct lane_set set;
	struct escape *escape;
	struct server_address *servers;
	int timeout_ms;
	bool is_strict;
	struct limits limits;
	struct loop loop;
	struct kind *kinds;
	size_t kind_count;
	struct lane *newest;
	size_t lane_count;
	struct flight *first_landed;
	struct flight *last_landed;
	bool out_of_memory; /* noticed while c-ares was on the stack */
	uint16_t ids[ENTROPY_IDS];
	size_t id_count;
};

/* --- landing ------------------------------------------------------------------------------------------ */

static void free_flight(struct flight *flight)
{
	free(flight->bytes);
	free(flight);
}

static void set_reply(struct flight *flight, const unsigned char *bytes, size_t len)
{
	flight->base.outcome = LANE_REPLY;
	flight->bytes = malloc(len + 1);
	if (flight->bytes == NULL) {
		flight->lane->lanes->out_of_memory = true;
		return;
	}
	memcpy(flight->bytes, bytes, len);
	flight->base.reply = slice_of((const char *)flight->bytes, len);
}

static void put_landed(struct lanes *lanes, struct flight *flight)
{
	flight->is_landed = true;
	flight->next_landed = NULL;
	*(lanes->last_landed == NULL ? &lanes->first_landed : &lanes->last_landed->next_landed) = flight;
	lanes->last_landed = flight;
}

static enum lane_outcome outcome_of(int status)
{
	switch (status) {
	case ARES_ETIMEOUT:
		return LANE_SILENT;
	case ARES_ECONNREFUSED:
		return LANE_UNREACHABLE;
	default: /* not an enum of ours: whatever else c-ares may say of a reply */
		return LANE_UNREADABLE;
	}
}

static void land(struct lane *lane, struct flight *flight, int status, struct slice reply)
{
	lane->live--;
	if (status == ARES_ENOMEM)
		lane->lanes->out_of_memory = true;
	if (reply.len > 0)
		set_reply(flight, (const unsigned char *)reply.ptr, reply.len);
	else
		flight->base.outcome = outcome_of(status);
	put_landed(lane->lanes, flight);
}

/* c-ares' callback; it only stores. It also comes when a channel is destroyed, then for flights nobody
 * waits for. */
static void on_reply(void *arg, int status, int timeouts, unsigned char *bytes, int len)
{
	struct flight *flight = arg;
	struct lane *lane = flight->lane;
	struct slice reply = slice_of((const char *)bytes, bytes == NULL || len < 0 ? 0 : (size_t)len);
	(void)timeouts;
	lane->in_flight--;
	if (lane->current == flight)
		lane->current = NULL;
	if (flight->is_landed)
		return;
	if (flight->is_released) {
		free_flight(flight);
		return;
	}
	struct slice captured = lane_capture_reply(&lane->capture);
	land(lane, flight, status, captured.len > 0 ? captured : reply);
}

/* --- sockets ------------------------------------------------------------------------------------------ */

/* c-ares leaves sockets of other people's functions as they are: blocking, inherited, loud. */
static ares_socket_t open_socket(int family, int type, int protocol, void *context)
{
	(void)context;
	int fd = socket(family, type, protocol);
	if (fd < 0)
		return fd;
	int on = 1;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
		(type == SOCK_STREAM && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0)) {
		close(fd);
		return -1;
	}
#ifdef SO_NOSIGPIPE
	(void)setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
	return fd;
}

static int close_socket(ares_socket_t fd, void *context)
{
	(void)context;
	return close(fd);
}

static int connect_socket(ares_socket_t fd, const struct sockaddr *address, ares_socklen_t len, void *context)
{
	(void)context;
	return connect(fd, address, len);
}

static ares_ssize_t receive(ares_socket_t fd, void *bytes, size_t len, int flags, struct sockaddr *address,
	ares_socklen_t *address_len, void *context)
{
	struct lane *lane = context;
	ssize_t count = recvfrom(fd, bytes, len, flags, address, address_len);
	if (count > 0 && lane->current != NULL && lane->lanes->is_strict) {
		int error = errno;
		if (!lane_capture_received(&lane->capture, bytes, (size_t)count))
			lane->lanes->out_of_memory = true;
		errno = error;
	}
	return count;
}

/* send(), since writev() raises SIGPIPE when a server has closed the connection. What is longer than a query
 * goes in several pieces: c-ares takes a shorter write as it is. */
static ares_ssize_t send_parts(ares_socket_t fd, const struct iovec *parts, int count, void *context)
{
	struct lane *lane = context;
	unsigned char bytes[LANE_CAPTURE_QUERY_MAX];
	size_t len = lane_capture_query(&lane->capture, parts, count, bytes);
	ssize_t sent = send(fd, bytes, len, SEND_FLAGS);
	if (sent > 0)
		lane_capture_sent(&lane->capture, bytes, (size_t)sent);
	return sent;
}

static const struct ares_socket_functions socket_functions = {
	.asocket = open_socket,
	.aclose = close_socket,
	.aconnect = connect_socket,
	.arecvfrom = receive,
	.asendv = send_parts,
};

static void on_socket_state(void *context, ares_socket_t fd, int readable, int writable)
{
	struct lane *lane = context;
	short events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
	loop_watch(&lane->lanes->loop, fd, events, lane);
}

/* --- making and destroying lanes ---------------------------------------------------------------------- */

/* What 1.18 has not; without these a newer c-ares caps timeouts at 5 s, answers from a cache, and comes
 * back to servers it believes to be down. */
static int add_newer_options(struct ares_options *options, int timeout_ms)
{
	int mask = 0;
#ifdef ARES_OPT_UDP_MAX_QUERIES
	options->udp_max_queries = 1;
	mask |= ARES_OPT_UDP_MAX_QUERIES;
#endif
#ifdef ARES_OPT_MAXTIMEOUTMS
	options->maxtimeout = timeout_ms;
	mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
#ifdef ARES_OPT_QUERY_CACHE
	options->qcache_max_ttl = 0;
	mask |= ARES_OPT_QUERY_CACHE;
#endif
#ifdef ARES_OPT_SERVER_FAILOVER
	options->server_failover_opts.retry_chance = 0;
	options->server_failover_opts.retry_delay = 0;
	mask |= ARES_OPT_SERVER_FAILOVER;
#endif
	(void)options;
	(void)timeout_ms;
	return mask;
}

static int init_channel(struct lane *lane, const struct kind *kind)
{
	char lookups[] = "b", resolv_conf[] = "/dev/null";
	int timeout_ms = lane->lanes->timeout_ms + ARES_EXTRA_MS;
	/* With its EDNS flag set, 1.18 cuts the last 11 bytes of a packet after FORMERR: our OPT. So no
	 * flag without OPT. */
	struct ares_options options = {
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC | (kind->tcp ? ARES_FLAG_USEVC : 0) |
			 (kind->edns ? ARES_FLAG_EDNS : 0),
		.timeout = timeout_ms,
		.tries = 1,
		.lookups = lookups,
		.ednspsz = WIRE_QUERY_UDP_SIZE,
		.resolvconf_path = resolv_conf,
		.sock_state_cb = on_socket_state,
		.sock_state_cb_data = lane,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
		   ARES_OPT_EDNSPSZ | ARES_OPT_RESOLVCONF | ARES_OPT_SOCK_STATE_CB | ARES_OPT_NOROTATE |
		   ARES_OPT_DOMAINS;
	mask |= add_newer_options(&options, timeout_ms);
	return ares_init_options(&lane->channel, &options, mask);
}

static int set_server(ares_channel channel, struct server_address address)
{
	struct ares_addr_port_node node = {.udp_port = address.port, .tcp_port = address.port};
	bool is_v6 = address.ip.family == IP_V6;
	node.family = is_v6 ? AF_INET6 : AF_INET;
	memcpy(&node.addr, address.ip.bytes, is_v6 ? 16 : 4);
	return ares_set_servers_ports(channel, &node);
}

static void list_remove(struct lanes *lanes, struct lane *lane)
{
	struct kind *kind = &lanes->kinds[lane->kind];
	if (!lane->has_room)
		return;
	*(lane->prev == NULL ? &kind->first : &lane->prev->next) = lane->next;
	*(lane->next == NULL ? &kind->last : &lane->next->prev) = lane->prev;
	lane->has_room = false;
}

/* Idle lanes to the front, where they are taken first. */
static void list_add(struct lanes *lanes, struct lane *lane)
{
	struct kind *kind = &lanes->kinds[lane->kind];
	bool is_front = lane->in_flight == 0;
	lane->prev = is_front ? NULL : kind->last;
	lane->next = is_front ? kind->first : NULL;
	*(lane->prev == NULL ? &kind->first : &lane->prev->next) = lane;
	*(lane->next == NULL ? &kind->last : &lane->next->prev) = lane;
	lane->has_room = true;
}

/* Must not be called while c-ares is on the stack. */
static void destroy_lane(struct lane *lane)
{
	struct lanes *lanes = lane->lanes;
	list_remove(lanes, lane);
	*(lane->newer == NULL ? &lanes->newest : &lane->newer->older) = lane->older;
	if (lane->older != NULL)
		lane->older->newer = lane->newer;
	lanes->lane_count--;
	ares_destroy(lane->channel);
	lane_capture_free(&lane->capture);
	free(lane);
}

/* A new lane; NULL when c-ares does not make one (no files left). */
static struct lane *make_lane(struct lanes *lanes, size_t kind)
{
	struct lane *lane = escape_malloc(lanes->escape, sizeof *lane);
	*lane = (struct lane){
		.lanes = lanes,
		.kind = kind,
		.is_tcp = lanes->kinds[kind].tcp,
		.limits = lanes->limits,
	};
	/* Many servers close a TCP connection after one reply; then the others on it would be lost. */
	if (lane->is_tcp)
		lane->limits.in_flight = 1;
	int status = init_channel(lane, &lanes->kinds[kind]);
	if (status != ARES_SUCCESS) {
		free(lane);
		if (status == ARES_ENOMEM)
			escape_out_of_memory(lanes->escape);
		return NULL;
	}
	ares_set_socket_functions(lane->channel, &socket_functions, lane);
	if (set_server(lane->channel, lanes->servers[lanes->kinds[kind].server]) != ARES_SUCCESS) {
		ares_destroy(lane->channel);
		free(lane);
		return NULL;
	}
	lane->older = lanes->newest;
	if (lane->older != NULL)
		lane->older->newer = lane;
	lanes->newest = lane;
	lanes->lane_count++;
	return lane;
}

/* After anything that changed its numbers: destroys a lane that is used up or carries only what nobody
 * waits for, and puts it where it is found when it has room. */
static void settle_lane(struct lane *lane)
{
	const struct limits *limits = &lane->limits;
	if (lane->live == 0 && (lane->in_flight > 0 || lane->issued >= limits->issued)) {
		destroy_lane(lane);
		return;
	}
	list_remove(lane->lanes, lane);
	if (lane->in_flight < limits->in_flight && lane->issued < limits->issued)
		list_add(lane->lanes, lane);
}

static size_t find_kind(struct lanes *lanes, const struct lane_packet *packet)
{
	for (size_t i = 0; i < lanes->kind_count; i++) {
		const struct kind *k = &lanes->kinds[i];
		if (k->server == packet->server && k->attempt == packet->attempt && k->tcp == packet->tcp &&
			k->edns == packet->edns)
			return i;
	}
	size_t size = (lanes->kind_count + 1) * sizeof *lanes->kinds;
	lanes->kinds = escape_realloc(lanes->escape, lanes->kinds, size);
	lanes->kinds[lanes->kind_count] = (struct kind){
		.server = packet->server,
		.attempt = packet->attempt,
		.tcp = packet->tcp,
		.edns = packet->edns,
	};
	return lanes->kind_count++;
}

/* An idle lane, a new one, or, where there are many, one with room. */
static struct lane *choose_lane(struct lanes *lanes, size_t kind)
{
	struct lane *lane = lanes->kinds[kind].first;
	if (lane != NULL && (lane->in_flight == 0 || lanes->lane_count >= SPREAD_LANES))
		return lane;
	return make_lane(lanes, kind);
}

/* --- the operations ----------------------------------------------------------------------------------- */

/* An ID that nobody can guess (RFC 5452 9.2). Newer c-ares draws one itself, as well. */
static void draw_id(struct lanes *lanes, unsigned char *bytes)
{
	if (lanes->id_count == 0 && getentropy(lanes->ids, sizeof lanes->ids) == 0)
		lanes->id_count = ENTROPY_IDS;
	if (lanes->id_count > 0)
		memcpy(bytes, &lanes->ids[--lanes->id_count], 2);
}

/* c-ares may call back before ares_send() returns. */
static void start_flight(struct lane *lane, struct flight *flight, const struct lane_packet *packet)
{
	lane->in_flight++;
	lane->live++;
	lane->issued++;
	lane->current = flight;
	if (lane->lanes->is_strict)
		lane_capture_start(&lane->capture, lane->is_tcp, packet->bytes, packet->len);
	ares_send(lane->channel, packet->bytes, (int)packet->len, on_reply, flight);
	if (lane->lanes->is_strict)
		lane_capture_restore(&lane->capture, packet->bytes, packet->len);
	settle_lane(lane);
}

static struct lane_flight *lanes_send(struct lane_set *set, const struct lane_packet *packet, void *owner)
{
	struct lanes *lanes = (struct lanes *)set;
	size_t kind = find_kind(lanes, packet);
	struct lane *lane = choose_lane(lanes, kind);
	struct flight *flight = escape_malloc(lanes->escape, sizeof *flight);
	*flight = (struct flight){.lane = lane};
	flight->base.owner = owner;
	flight->base.server = packet->server;
	flight->base.attempt = packet->attempt;
	flight->base.tcp = packet->tcp;
	flight->base.edns = packet->edns;
	draw_id(lanes, packet->bytes);
	if (lane != NULL) {
		start_flight(lane, flight, packet);
	} else {
		flight->base.outcome = LANE_UNREACHABLE;
		put_landed(lanes, flight);
	}
	return &flight->base;
}

static struct lane_flight *lanes_take(struct lane_set *set)
{
	struct lanes *lanes = (struct lanes *)set;
	while (lanes->first_landed != NULL) {
		struct flight *flight = lanes->first_landed;
		lanes->first_landed = flight->next_landed;
		if (lanes->first_landed == NULL)
			lanes->last_landed = NULL;
		if (!flight->is_released) {
			flight->is_taken = true;
			return &flight->base;
		}
		free_flight(flight);
	}
	return NULL;
}

static void lanes_release(struct lane_set *set, struct lane_flight *base)
{
	struct flight *flight = (struct flight *)base;
	(void)set;
	if (flight->is_taken) {
		free_flight(flight);
		return;
	}
	flight->is_released = true;
	if (!flight->is_landed) {
		flight->lane->live--;
		settle_lane(flight->lane);
	}
}

static void handle_ready(struct lanes *lanes, const struct loop_entry *entry)
{
	struct lane *lane = entry->owner;
	ares_process_fd(lane->channel, (entry->events & POLLIN) != 0 ? entry->fd : ARES_SOCKET_BAD,
		(entry->events & POLLOUT) != 0 ? entry->fd : ARES_SOCKET_BAD);
	/* A reply that c-ares has dropped without a word is a reply all the same; what c-ares still does
	 * for it ends here. */
	struct slice captured = lane_capture_reply(&lane->capture);
	if (lanes->is_strict && lane->current != NULL && !lane->current->is_released && captured.len > 0)
		land(lane, lane->current, ARES_SUCCESS, captured);
	settle_lane(lane);
}

static void lanes_wait(struct lane_set *set, int timeout_ms)
{
	struct lanes *lanes = (struct lanes *)set;
	struct loop_entry entry;
	loop_poll(&lanes->loop, lanes->first_landed != NULL ? 0 : timeout_ms);
	while (loop_next(&lanes->loop, &entry))
		handle_ready(lanes, &entry);
	if (lanes->out_of_memory || lanes->loop.failed)
		escape_out_of_memory(lanes->escape);
}

static int64_t lanes_now_ms(const struct lane_set *set)
{
	struct timespec now;
	(void)set;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void lanes_close(struct lane_set *set)
{
	struct lanes *lanes = (struct lanes *)set;
	struct lane_flight *flight;
	struct lane *older;
	for (struct lane *lane = lanes->newest; lane != NULL; lane = older) {
		older = lane->older;
		destroy_lane(lane);
	}
	while ((flight = lanes_take(set)) != NULL)
		lanes_release(set, flight);
	loop_free(&lanes->loop);
	free(lanes->kinds);
	free(lanes->servers);
	free(lanes);
}

static const struct lane_ops lanes_ops = {
	.send = lanes_send,
	.take = lanes_take,
	.release = lanes_release,
	.wait = lanes_wait,
	.now_ms = lanes_now_ms,
	.close = lanes_close,
};

/* ares_library_init() is for Windows only; left out, since it is not safe with threads. */
struct lane_set *ares_lane_open(const struct server_address *servers, size_t count, int timeout_ms,
	struct escape *escape, const char **why)
{
	int version;
	struct lanes *lanes = malloc(sizeof *lanes);
	struct server_address *copy = malloc(count * sizeof *copy);
	if (lanes == NULL || copy == NULL) {
		free(lanes);
		free(copy);
		*why = "out of memory";
		return NULL;
	}
	memcpy(copy, servers, count * sizeof *copy);
	ares_version(&version);
	*lanes = (struct lanes){
		.set = {&lanes_ops},
		.escape = escape,
		.servers = copy,
		.timeout_ms = timeout_ms,
		.is_strict = version >= VERSION_STRICT,
	};
	lanes->limits = lanes->is_strict ? STRICT_LIMITS : LENIENT_LIMITS;
	loop_init(&lanes->loop);
	return &lanes->set;
}

/* --- the system --------------------------------------------------------------------------------------- */

static size_t copy_servers(const struct ares_addr_port_node *node, struct server_address *out, size_t max)
{
	size_t count = 0;
	for (; node != NULL && count < max; node = node->next) {
		struct server_address address = {.port = SERVER_ADDRESS_PORT};
		address.ip.family = node->family == AF_INET6 ? IP_V6 : IP_V4;
		memcpy(address.ip.bytes, &node->addr, node->family == AF_INET6 ? 16 : 4);
		if (node->udp_port > 0 && node->udp_port <= UINT16_MAX)
			address.port = (uint16_t)node->udp_port;
		out[count++] = address;
	}
	return count;
}

size_t ares_lane_system_servers(struct server_address *out, size_t max, const char **why)
{
	ares_channel channel;
	struct ares_addr_port_node *nodes = NULL;
	*why = "the system's list of name servers cannot be read";
	if (ares_init_options(&channel, NULL, 0) != ARES_SUCCESS)
		return 0;
	size_t count = 0;
	if (ares_get_servers_ports(channel, &nodes) == ARES_SUCCESS) {
		count = copy_servers(nodes, out, max);
		ares_free_data(nodes);
		*why = "the system has no name server configured";
	}
	ares_destroy(channel);
	return count;
}

size_t ares_lane_allow_sockets(size_t questions)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t)questions * SOCKETS_PER_QUERY + OTHER_FILES;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return questions;
	if (limit.rlim_cur < LARGEST_LIMIT && limit.rlim_cur < wanted) {
		rlim_t before = limit.rlim_cur;
		limit.rlim_cur = limit.rlim_max < LARGEST_LIMIT ? limit.rlim_max : LARGEST_LIMIT;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			limit.rlim_cur = before;
	}
	if (limit.rlim_cur >= wanted)
		return questions;
	rlim_t free_files = limit.rlim_cur > OTHER_FILES ? limit.rlim_cur - OTHER_FILES : 0;
	size_t allowed = (size_t)(free_files / SOCKETS_PER_QUERY);
	return allowed > 0 ? allowed : 1;
}

const char *ares_lane_version(void)
{
	return ares_version(NULL);
}
