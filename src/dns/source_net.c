/* source_net: the network as a source; see source_net.h.
 *
 * A question becomes an inquiry. It is sent to one server after the other, and every packet stays in the air
 * while the next is sent: the first valid answer wins. Three things lead to a further packet:
 *
 *     silence    the next try, at its time (3/16 and 1/2 of the timeout, then evenly)
 *     failure    the next try, at once: SERVFAIL, REFUSED, unreachable, a reply that makes no sense
 *     a repair   the same server again, in the same try: over TCP when it was cut, without EDNS
 *
 * When tries and time are used up, the failure that says most is the answer. It is always a temporary one.
 */
#include "dns/source_net.h"

#include <stdlib.h>

#include "dns/ares_lane.h"
#include "dns/wire.h"
#include "dns/wire_query.h"

#define DEFAULT_TIMEOUT_MS 8000
#define DEFAULT_TRIES	   3
#define DEFAULT_IN_FLIGHT  2000
#define SCRATCH_BYTES	   ((size_t)16 << 10) /* kept from answer to answer; most need less */
#define SERVER_TEXT_MAX	   64
#define RCODE_FORMERR	   1
#define RCODE_NOTIMP	   4
#define RCODE_BADVERS	   16

struct server {
	struct server_address address;
	bool trust_ad;
	char text[SERVER_TEXT_MAX];
	size_t text_len; /* 0: not made yet */
};

/* What went wrong, and where. */
struct loss {
	enum dns_failure failure;
	uint16_t rcode;
	size_t server;
	bool over_tcp;
};

/* A question that has no answer yet. In the list `waiting` nothing was sent for it; in `active` something
 * was. */
struct inquiry {
	struct inquiry *prev;
	struct inquiry *next;
	struct question question; /* its name is in `wire` */
	char wire[NAME_MAX_WIRE];
	int64_t asked_ms;
	int64_t due_ms; /* when the next try starts, or time is up */
	unsigned tries; /* started */
	bool no_edns;	/* a server did not understand it */
	bool truncated; /* a reply over UDP was cut */
	struct lane_flight *flights;
	struct loss loss; /* the one that says most so far */
};

/* Invariant: `last` is NULL exactly when `first` is. */
struct inquiry_list {
	struct inquiry *first;
	struct inquiry *last;
	size_t count;
};

struct net {
	struct source source;
	struct escape *escape;
	struct lane_set *lanes;
	struct server servers[SOURCE_NET_MAX_SERVERS];
	size_t server_count;
	int timeout_ms;
	unsigned tries;
	bool tcp_only;
	size_t max_active;
	struct inquiry_list waiting;
	struct inquiry_list active;
	int64_t due_ms; /* not after the earliest due_ms of the active */
	size_t sent;
	size_t delivered;
	struct arena scratch;
	struct arena_mark scratch_start;
};

/* --- lists -------------------------------------------------------------------------------------------- */

static void list_append(struct inquiry_list *list, struct inquiry *inquiry)
{
	inquiry->prev = list->last;
	inquiry->next = NULL;
	*(list->last == NULL ? &list->first : &list->last->next) = inquiry;
	list->last = inquiry;
	list->count++;
}

static void list_remove(struct inquiry_list *list, struct inquiry *inquiry)
{
	*(inquiry->prev == NULL ? &list->first : &inquiry->prev->next) = inquiry->next;
	*(inquiry->next == NULL ? &list->last : &inquiry->next->prev) = inquiry->prev;
	list->count--;
}

static void unlink_flight(struct inquiry *inquiry, struct lane_flight *flight)
{
	struct lane_flight **link = &inquiry->flights;
	while (*link != flight)
		link = &(*link)->next;
	*link = flight->next;
}

static void release_flights(struct net *net, struct inquiry *inquiry)
{
	while (inquiry->flights != NULL) {
		struct lane_flight *flight = inquiry->flights;
		inquiry->flights = flight->next;
		lane_release(net->lanes, flight);
	}
}

/* --- sending ------------------------------------------------------------------------------------------ */

/* When the try number `tries` (from 0) starts, or time is up, counted from the first one. */
static int64_t schedule(const struct net *net, unsigned tries)
{
	int64_t timeout = net->timeout_ms;
	if (tries >= net->tries)
		return timeout;
	if (tries == 0)
		return 0;
	if (tries == 1)
		return timeout * 3 / 16;
	return timeout / 2 + timeout * (tries - 2) / (2 * ((int64_t)net->tries - 2));
}

static void send_packet(struct net *net, struct inquiry *inquiry, size_t server, unsigned attempt, bool tcp)
{
	unsigned char bytes[WIRE_QUERY_MAX];
	bool edns = !inquiry->no_edns;
	struct lane_packet packet = {
		.server = server,
		.attempt = attempt,
		.tcp = tcp,
		.edns = edns,
		.bytes = bytes,
		.len = wire_query(&inquiry->question, edns, bytes),
	};
	struct lane_flight *flight = lane_send(net->lanes, &packet, inquiry);
	flight->next = inquiry->flights;
	inquiry->flights = flight;
	net->sent++;
}

static void send_try(struct net *net, struct inquiry *inquiry)
{
	send_packet(net, inquiry, inquiry->tries % net->server_count, inquiry->tries, net->tcp_only);
	inquiry->tries++;
	inquiry->due_ms = inquiry->asked_ms + schedule(net, inquiry->tries);
	if (inquiry->due_ms < net->due_ms)
		net->due_ms = inquiry->due_ms;
}

static void start_waiting(struct net *net)
{
	while (net->waiting.first != NULL && net->active.count < net->max_active) {
		struct inquiry *inquiry = net->waiting.first;
		list_remove(&net->waiting, inquiry);
		list_append(&net->active, inquiry);
		inquiry->asked_ms = lane_now_ms(net->lanes);
		send_try(net, inquiry);
	}
}

static void net_ask(struct source *source, const struct question *questions, size_t count)
{
	struct net *net = (struct net *)source;
	for (size_t i = 0; i < count; i++) {
		struct inquiry *inquiry = escape_malloc(net->escape, sizeof *inquiry);
		*inquiry = (struct inquiry){.question = questions[i]};
		memcpy(inquiry->wire, questions[i].name.wire, questions[i].name.len);
		inquiry->question.name.wire = inquiry->wire;
		list_append(&net->waiting, inquiry);
	}
	start_waiting(net);
}

/* --- answering ---------------------------------------------------------------------------------------- */

/* The scratch arena, empty, with its first block kept. */
static struct arena *fresh_scratch(struct net *net)
{
	if (net->scratch_start.block == NULL) {
		arena_alloc(&net->scratch, SCRATCH_BYTES);
		net->scratch_start = arena_mark(&net->scratch);
		net->scratch_start.used = 0;
	}
	arena_rewind(&net->scratch, net->scratch_start);
	return &net->scratch;
}

static struct origin origin_of(struct net *net, struct arena *arena, size_t server)
{
	struct server *s = &net->servers[server];
	if (s->text_len == 0) {
		struct slice text = slice_head(server_address_text(arena, s->address), SERVER_TEXT_MAX);
		memcpy(s->text, text.ptr, text.len);
		s->text_len = text.len;
	}
	return (struct origin){.kind = ORIGIN_SERVER, .server = slice_of(s->text, s->text_len)};
}

/* The question with its name in `arena`: answers outlive the inquiry. */
static struct question copy_question(struct arena *arena, const struct inquiry *inquiry)
{
	struct slice wire = arena_copy(arena, slice_of(inquiry->wire, inquiry->question.name.len));
	return (struct question){{wire.ptr, wire.len}, inquiry->question.type};
}

/* Ends the inquiry, then says the answers: the sink may leave through its escape and must find everything
 * in order. The asked one comes last, so that what came with it is known to whoever goes on then. */
static void deliver(struct net *net, struct inquiry *inquiry, const struct answer *answers, size_t count)
{
	release_flights(net, inquiry);
	list_remove(&net->active, inquiry);
	free(inquiry);
	net->delivered++;
	while (count > 0)
		net->source.sink.deliver(net->source.sink.context, &answers[--count]);
}

static void deliver_loss(struct net *net, struct inquiry *inquiry)
{
	struct arena *arena = fresh_scratch(net);
	const struct loss *loss = &inquiry->loss;
	struct answer answer = answer_failure(copy_question(arena, inquiry), loss->failure);
	answer.rcode = loss->rcode;
	answer.truncated = inquiry->truncated;
	answer.over_tcp = loss->over_tcp;
	answer.origin = origin_of(net, arena, loss->server);
	deliver(net, inquiry, &answer, 1);
}

/* How much a failure says: a server that spoke, one that spoke nonsense, none that could be reached,
 * silence. */
static int rank(enum dns_failure failure)
{
	switch (failure) {
	case DNS_FAILURE_SERVFAIL:
	case DNS_FAILURE_REFUSED:
	case DNS_FAILURE_RCODE:
		return 4;
	case DNS_FAILURE_MALFORMED:
		return 3;
	case DNS_FAILURE_UNREACHABLE:
		return 2;
	case DNS_FAILURE_TIMEOUT:
		return 1;
	case DNS_FAILURE_NONE:
	case DNS_FAILURE_LOOP:
	case DNS_FAILURE_DEADLINE:
	case DNS_FAILURE_LIMIT:
	case DNS_FAILURE_OFFLINE:
		return 0;
	}
	return 0;
}

static void note_loss(struct inquiry *inquiry, struct loss loss)
{
	if (rank(loss.failure) >= rank(inquiry->loss.failure))
		inquiry->loss = loss;
}

/* --- what comes back ---------------------------------------------------------------------------------- */

/* The flight that landed, after it was released. */
struct landing {
	size_t server;
	unsigned attempt;
	bool tcp;
	bool edns;
};

/* After a failure the next try starts at once, unless a later one is in the air already. */
static void lose(struct net *net, struct inquiry *inquiry, struct landing landing, enum dns_failure failure,
	uint16_t rcode)
{
	note_loss(inquiry, (struct loss){failure, rcode, landing.server, landing.tcp});
	bool is_newest = landing.attempt + 1 == inquiry->tries;
	if (inquiry->tries < net->tries && (is_newest || inquiry->flights == NULL))
		send_try(net, inquiry);
	else if (inquiry->flights == NULL)
		deliver_loss(net, inquiry);
}

/* True when the question is in the air to this server over TCP. */
static bool is_asked_over_tcp(const struct inquiry *inquiry, size_t server)
{
	for (const struct lane_flight *f = inquiry->flights; f != NULL; f = f->next) {
		if (f->tcp && f->server == server)
			return true;
	}
	return false;
}

/* RFC 7766 5, RFC 2181 9: what was cut is asked again over TCP. So is what makes no sense: something on
 * the way may have cut or changed it. */
static void repair_over_tcp(struct net *net, struct inquiry *inquiry, struct landing landing)
{
	if (landing.tcp)
		lose(net, inquiry, landing, DNS_FAILURE_MALFORMED, 0);
	else if (!is_asked_over_tcp(inquiry, landing.server))
		send_packet(net, inquiry, landing.server, landing.attempt, true);
}

/* RFC 6891 7: a server that does not know EDNS says FORMERR or NOTIMP, or BADVERS; it is asked once more
 * without. */
static bool is_against_edns(const struct inquiry *inquiry, struct landing landing, uint16_t rcode)
{
	return landing.edns && !inquiry->no_edns &&
	       (rcode == RCODE_FORMERR || rcode == RCODE_NOTIMP || rcode == RCODE_BADVERS);
}

static void take_failure(
	struct net *net, struct inquiry *inquiry, struct landing landing, struct wire_reply reply)
{
	if (!is_against_edns(inquiry, landing, reply.rcode)) {
		lose(net, inquiry, landing, reply.failure, reply.rcode);
		return;
	}
	inquiry->no_edns = true;
	note_loss(inquiry, (struct loss){reply.failure, reply.rcode, landing.server, landing.tcp});
	send_packet(net, inquiry, landing.server, landing.attempt, landing.tcp);
}

static void take_reply(
	struct net *net, struct inquiry *inquiry, struct landing landing, struct wire_reply reply)
{
	switch (reply.status) {
	case WIRE_ANSWERED:
		deliver(net, inquiry, reply.answers, reply.count);
		break;
	case WIRE_TRUNCATED:
		inquiry->truncated = true;
		repair_over_tcp(net, inquiry, landing);
		break;
	case WIRE_FAILED:
		take_failure(net, inquiry, landing, reply);
		break;
	case WIRE_MALFORMED:
		note_loss(inquiry, (struct loss){DNS_FAILURE_MALFORMED, 0, landing.server, landing.tcp});
		repair_over_tcp(net, inquiry, landing);
		break;
	case WIRE_UNRELATED:
		lose(net, inquiry, landing, DNS_FAILURE_MALFORMED, 0);
		break;
	}
}

static struct wire_reply read_reply(
	struct net *net, const struct inquiry *inquiry, const struct lane_flight *flight)
{
	struct arena *arena = fresh_scratch(net);
	struct question *question = arena_alloc(arena, sizeof *question);
	*question = copy_question(arena, inquiry);
	struct wire_context context = {
		.origin = origin_of(net, arena, flight->server),
		.trust_ad = net->servers[flight->server].trust_ad,
		.over_tcp = flight->tcp,
		.truncated = inquiry->truncated,
	};
	struct wire_reply reply = wire_read(arena, flight->reply, question, &context);
	/* c-ares 1.18 cuts a longer reply over UDP to the size we allow and leaves TC unset. */
	if (reply.status == WIRE_MALFORMED && !flight->tcp && flight->reply.len >= WIRE_QUERY_UDP_SIZE)
		reply.status = WIRE_TRUNCATED;
	return reply;
}

/* Until the reply is read the flight stays with its inquiry, which frees it if memory runs out meanwhile. */
static void land(struct net *net, struct lane_flight *flight)
{
	struct inquiry *inquiry = flight->owner;
	struct landing landing = {flight->server, flight->attempt, flight->tcp, flight->edns};
	enum lane_outcome outcome = flight->outcome;
	struct wire_reply reply = {.status = WIRE_MALFORMED};
	if (outcome == LANE_REPLY)
		reply = read_reply(net, inquiry, flight);
	unlink_flight(inquiry, flight);
	lane_release(net->lanes, flight);
	switch (outcome) {
	case LANE_REPLY:
	case LANE_UNREADABLE:
		take_reply(net, inquiry, landing, reply);
		break;
	case LANE_UNREACHABLE:
		lose(net, inquiry, landing, DNS_FAILURE_UNREACHABLE, 0);
		break;
	case LANE_SILENT:
		lose(net, inquiry, landing, DNS_FAILURE_TIMEOUT, 0);
		break;
	}
}

/* --- time --------------------------------------------------------------------------------------------- */

static void take_due(struct net *net, struct inquiry *inquiry)
{
	if (inquiry->tries < net->tries) {
		send_try(net, inquiry);
		return;
	}
	size_t server = (inquiry->tries - 1) % net->server_count;
	note_loss(inquiry, (struct loss){DNS_FAILURE_TIMEOUT, 0, server, net->tcp_only});
	deliver_loss(net, inquiry);
}

/* Looks at every active inquiry, but only when the earliest due time has passed: seldom, while answers
 * come. */
static void take_all_due(struct net *net)
{
	int64_t now = lane_now_ms(net->lanes);
	struct inquiry *next;
	if (now < net->due_ms)
		return;
	for (struct inquiry *inquiry = net->active.first; inquiry != NULL; inquiry = next) {
		next = inquiry->next;
		if (inquiry->due_ms <= now)
			take_due(net, inquiry);
	}
	net->due_ms = INT64_MAX;
	for (const struct inquiry *inquiry = net->active.first; inquiry != NULL; inquiry = inquiry->next) {
		if (inquiry->due_ms < net->due_ms)
			net->due_ms = inquiry->due_ms;
	}
}

/* How long to sleep: until something is due, but not beyond `end_ms`. */
static int sleep_ms(const struct net *net, int64_t end_ms)
{
	int64_t until = net->due_ms < end_ms ? net->due_ms : end_ms;
	int64_t left = until - lane_now_ms(net->lanes);
	if (left < 0)
		return 0;
	return left > INT32_MAX ? INT32_MAX : (int)left;
}

static void net_wait(struct source *source, int timeout_ms)
{
	struct net *net = (struct net *)source;
	int64_t end_ms = timeout_ms < 0 ? INT64_MAX : lane_now_ms(net->lanes) + timeout_ms;
	size_t before = net->delivered;
	bool is_last = false;
	while (net->active.first != NULL) {
		struct lane_flight *flight;
		while ((flight = lane_take(net->lanes)) != NULL)
			land(net, flight);
		take_all_due(net);
		start_waiting(net);
		if (net->delivered != before || is_last)
			return;
		lane_wait(net->lanes, sleep_ms(net, end_ms));
		is_last = lane_now_ms(net->lanes) >= end_ms;
	}
}

/* --- opening and closing ------------------------------------------------------------------------------ */

static void free_list(struct net *net, struct inquiry_list *list)
{
	struct inquiry *next;
	for (struct inquiry *inquiry = list->first; inquiry != NULL; inquiry = next) {
		next = inquiry->next;
		release_flights(net, inquiry);
		free(inquiry);
	}
}

static void net_close(struct source *source)
{
	struct net *net = (struct net *)source;
	free_list(net, &net->waiting);
	free_list(net, &net->active);
	lane_close(net->lanes);
	arena_free(&net->scratch);
	free(net);
}

static size_t net_sent(const struct source *source)
{
	return ((const struct net *)source)->sent;
}

static const struct source_ops net_ops = {net_ask, net_wait, net_close, net_sent, NULL};

/* Everything but the lanes. */
static struct net *make_net(const struct source_net_options *options, const struct server_address *servers,
	size_t count, struct source_sink sink, struct escape *escape)
{
	struct net *net = escape_malloc(escape, sizeof *net);
	*net = (struct net){
		.source = {&net_ops, sink},
		.escape = escape,
		.server_count = count,
		.timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : DEFAULT_TIMEOUT_MS,
		.tries = options->tries > 0 ? (unsigned)options->tries : DEFAULT_TRIES,
		.tcp_only = options->tcp_only,
		.max_active = options->max_in_flight > 0 ? options->max_in_flight : DEFAULT_IN_FLIGHT,
		.due_ms = INT64_MAX,
	};
	for (size_t i = 0; i < count; i++) {
		net->servers[i].address = servers[i];
		net->servers[i].trust_ad = options->trust_ad || server_address_is_loopback(servers[i]);
	}
	arena_init(&net->scratch, escape);
	return net;
}

struct source *source_net_open_on(const struct source_net_options *options,
	const struct server_address *servers, size_t count, struct lane_set *lanes, struct source_sink sink,
	struct escape *escape)
{
	struct net *net = make_net(options, servers, count, sink, escape);
	net->lanes = lanes;
	return &net->source;
}

bool source_net_server_is_valid(struct slice text)
{
	struct server_address address;
	return server_address_parse(text, &address);
}

/* The servers given, or those of the system; 0 with *why when there are none. */
static size_t find_servers(
	const struct source_net_options *options, struct server_address *servers, const char **why)
{
	size_t count = options->server_count;
	if (count == 0)
		return ares_lane_system_servers(servers, SOURCE_NET_MAX_SERVERS, why);
	if (count > SOURCE_NET_MAX_SERVERS) {
		*why = "too many name servers";
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (!server_address_parse(options->servers[i], &servers[i])) {
			*why = "a name server's address is not valid";
			return 0;
		}
	}
	return count;
}

struct source *source_net_open(const struct source_net_options *options, struct source_sink sink,
	struct escape *escape, const char **why)
{
	struct server_address servers[SOURCE_NET_MAX_SERVERS];
	size_t count = find_servers(options, servers, why);
	if (count == 0)
		return NULL;
	struct net *net = make_net(options, servers, count, sink, escape);
	net->max_active = ares_lane_allow_sockets(net->max_active);
	net->lanes = ares_lane_open(servers, count, net->timeout_ms, escape, why);
	if (net->lanes == NULL) {
		free(net);
		return NULL;
	}
	return &net->source;
}
