/* Tests of ares_lane: packets to a socket of the test and back. */
#include "dns/ares_lane.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns/wire_query.h"
#include "support/unit.h"

#define MANY	  100
#define MAX_QUERY 512

/* A socket on loopback, and lanes to it. */
struct setup {
	int fd;
	struct server_address address;
	struct lane_set *lanes;
	unsigned char packet[WIRE_QUERY_MAX];
	size_t len;
};

static void open_server(struct setup *s, int type)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	s->fd = socket(AF_INET, type, 0);
	ck_assert_int_ge(s->fd, 0);
	ck_assert_int_eq(bind(s->fd, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(getsockname(s->fd, (struct sockaddr *)&address, &len), 0);
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(s->fd, 5), 0);
	s->address = (struct server_address){{IP_V4, {127, 0, 0, 1}}, ntohs(address.sin_port)};
}

static void open_lanes(struct setup *s, struct escape *escape)
{
	struct question question = {{"\7example\3com", 13}, RRTYPE_TXT};
	const char *why = NULL;
	s->len = wire_query(&question, true, s->packet);
	s->lanes = ares_lane_open(&s->address, 1, 8000, escape, &why);
	ck_assert_ptr_nonnull(s->lanes);
}

static void open_setup(struct setup *s, int type)
{
	open_server(s, type);
	open_lanes(s, unit_arena()->escape);
}

static void close_setup(struct setup *s)
{
	lane_close(s->lanes);
	close(s->fd);
}

static struct lane_flight *send_packet(struct setup *s, unsigned attempt, bool tcp, void *owner)
{
	struct lane_packet packet = {
		.attempt = attempt, .tcp = tcp, .edns = true, .bytes = s->packet, .len = s->len};
	return lane_send(s->lanes, &packet, owner);
}

static struct lane_flight *wait_for_one(struct setup *s)
{
	struct lane_flight *flight = NULL;
	for (int i = 0; i < 100 && flight == NULL; i++) {
		lane_wait(s->lanes, 100);
		flight = lane_take(s->lanes);
	}
	ck_assert_ptr_nonnull(flight);
	return flight;
}

/* Takes a query off the server's socket and returns the port it came from. What newer c-ares put into the
 * OPT record, at the end of the packet, is cut off again. */
static in_port_t receive_query(struct setup *s, unsigned char query[MAX_QUERY], struct sockaddr_in *from)
{
	socklen_t len = sizeof *from;
	size_t before_options = s->len - 2;
	ssize_t got = recvfrom(s->fd, query, MAX_QUERY, 0, (struct sockaddr *)from, &len);
	ck_assert_int_ge(got, (ssize_t)s->len);
	ck_assert_mem_eq(query + 2, s->packet + 2, before_options - 2);
	memset(query + before_options, 0, 2);
	return from->sin_port;
}

/* The query as an answer without records. */
static void send_reply(struct setup *s, unsigned char *query, const struct sockaddr_in *to)
{
	query[2] |= 0x80;
	ck_assert_int_eq(
		sendto(s->fd, query, s->len, 0, (const struct sockaddr *)to, sizeof *to), (ssize_t)s->len);
}

START_TEST(test_reply)
{
	struct setup s;
	struct sockaddr_in from;
	unsigned char query[MAX_QUERY];
	open_setup(&s, SOCK_DGRAM);
	struct lane_flight *sent = send_packet(&s, 2, false, &s);
	ck_assert_ptr_null(lane_take(s.lanes));
	receive_query(&s, query, &from);
	send_reply(&s, query, &from);
	struct lane_flight *flight = wait_for_one(&s);
	ck_assert_ptr_eq(flight, sent);
	ck_assert_ptr_eq(flight->owner, &s);
	ck_assert_uint_eq(flight->attempt, 2);
	ck_assert(!flight->tcp && flight->edns);
	ck_assert_int_eq(flight->outcome, LANE_REPLY);
	unit_assert_slice(flight->reply, slice_of((const char *)query, s.len));
	lane_release(s.lanes, flight);
	ck_assert_ptr_null(lane_take(s.lanes));
	close_setup(&s);
}
END_TEST

/* What is not to the query is ignored, and the reply still counts. */
START_TEST(test_ignored)
{
	struct setup s;
	struct sockaddr_in from;
	unsigned char query[MAX_QUERY];
	open_setup(&s, SOCK_DGRAM);
	send_packet(&s, 0, false, NULL);
	receive_query(&s, query, &from);
	query[0] ^= 0x55;
	send_reply(&s, query, &from);
	query[0] ^= 0x55;
	query[13] ^= 1;
	send_reply(&s, query, &from);
	query[13] ^= 1;
	for (int i = 0; i < 3; i++)
		lane_wait(s.lanes, 10);
	ck_assert_ptr_null(lane_take(s.lanes));
	send_reply(&s, query, &from);
	struct lane_flight *flight = wait_for_one(&s);
	unit_assert_slice(flight->reply, slice_of((const char *)query, s.len));
	lane_release(s.lanes, flight);
	close_setup(&s);
}
END_TEST

/* Packets in the air at once come from different ports, with different IDs. */
START_TEST(test_ports)
{
	struct setup s;
	struct sockaddr_in from;
	unsigned char query[3][MAX_QUERY];
	in_port_t ports[3];
	struct lane_flight *flights[3];
	open_setup(&s, SOCK_DGRAM);
	for (unsigned i = 0; i < 3; i++) {
		flights[i] = send_packet(&s, i / 2, false, NULL);
		ports[i] = receive_query(&s, query[i], &from);
	}
	ck_assert(ports[0] != ports[1] && ports[1] != ports[2] && ports[0] != ports[2]);
	/* Three equal IDs happen by chance once in 2^32 runs. */
	ck_assert(memcmp(query[0], query[1], 2) != 0 || memcmp(query[1], query[2], 2) != 0);
	for (size_t i = 0; i < 3; i++)
		lane_release(s.lanes, flights[i]);
	close_setup(&s);
}
END_TEST

/* Released in the air, landed, and taken; and what comes too late. */
START_TEST(test_release)
{
	struct setup s;
	struct sockaddr_in from[MANY];
	unsigned char query[MANY][MAX_QUERY];
	struct lane_flight *flights[MANY];
	open_setup(&s, SOCK_DGRAM);
	for (size_t i = 0; i < MANY; i++) {
		flights[i] = send_packet(&s, 0, false, NULL);
		receive_query(&s, query[i], &from[i]);
	}
	for (size_t i = 0; i < MANY; i += 3)
		lane_release(s.lanes, flights[i]);
	for (size_t i = 0; i < MANY; i++)
		send_reply(&s, query[i], &from[i]);
	struct lane_flight *taken = wait_for_one(&s);
	for (size_t i = 0; i < MANY; i++) {
		if (i % 3 == 1 && flights[i] != taken)
			lane_release(s.lanes, flights[i]);
	}
	lane_release(s.lanes, taken);
	size_t left = 0;
	for (size_t i = 2; i < MANY; i += 3)
		left += flights[i] != taken;
	for (; left > 0; left--)
		lane_release(s.lanes, wait_for_one(&s));
	ck_assert_ptr_null(lane_take(s.lanes));
	close_setup(&s);
}
END_TEST

/* Lanes are used again and again. */
START_TEST(test_many)
{
	struct setup s;
	struct sockaddr_in from;
	unsigned char query[MAX_QUERY];
	open_setup(&s, SOCK_DGRAM);
	for (size_t i = 0; i < MANY; i++) {
		send_packet(&s, 0, false, NULL);
		receive_query(&s, query, &from);
		send_reply(&s, query, &from);
		lane_release(s.lanes, wait_for_one(&s));
	}
	close_setup(&s);
}
END_TEST

START_TEST(test_unreachable)
{
	struct setup s;
	open_setup(&s, SOCK_DGRAM);
	close(s.fd);
	for (unsigned attempt = 0; attempt < 2; attempt++) {
		send_packet(&s, attempt, attempt == 1, NULL);
		struct lane_flight *flight = wait_for_one(&s);
		ck_assert_int_eq(flight->outcome, LANE_UNREACHABLE);
		ck_assert_uint_eq(flight->reply.len, 0);
		lane_release(s.lanes, flight);
	}
	lane_close(s.lanes);
}
END_TEST

/* TCP: the reply comes in pieces. */
START_TEST(test_tcp)
{
	struct setup s;
	unsigned char query[2 + WIRE_QUERY_MAX];
	open_setup(&s, SOCK_STREAM);
	send_packet(&s, 0, true, NULL);
	int connection = accept(s.fd, NULL, NULL);
	lane_wait(s.lanes, 1000);
	size_t len = 2 + s.len;
	ck_assert_int_eq(recv(connection, query, len, MSG_WAITALL), (ssize_t)len);
	ck_assert_uint_eq((size_t)query[0] * 256 + query[1], s.len);
	query[4] |= 0x80;
	for (size_t at = 0; at < len; at += 9) {
		size_t piece = len - at < 9 ? len - at : 9;
		ck_assert_int_eq(write(connection, query + at, piece), (ssize_t)piece);
		lane_wait(s.lanes, 100);
	}
	struct lane_flight *flight = wait_for_one(&s);
	unit_assert_slice(flight->reply, slice_of((const char *)query + 2, s.len));
	lane_release(s.lanes, flight);
	close(connection);
	close_setup(&s);
}
END_TEST

START_TEST(test_tcp_closed)
{
	struct setup s;
	open_setup(&s, SOCK_STREAM);
	send_packet(&s, 0, true, NULL);
	struct linger now = {1, 0};
	int connection = accept(s.fd, NULL, NULL);
	ck_assert_int_eq(setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
	close(connection); /* with RST: a write to it must not raise SIGPIPE */
	struct lane_flight *flight = wait_for_one(&s);
	ck_assert_int_ne(flight->outcome, LANE_REPLY);
	lane_release(s.lanes, flight);
	close_setup(&s);
}
END_TEST

static void send_some(struct arena *arena, void *context)
{
	struct setup *s = context;
	if (s->lanes != NULL)
		lane_close(s->lanes);
	open_lanes(s, arena->escape);
	for (unsigned i = 0; i < 6; i++)
		lane_release(s->lanes, send_packet(s, i % 3, false, NULL));
	lane_close(s->lanes);
	s->lanes = NULL;
}

START_TEST(test_out_of_memory)
{
	struct setup s = {.lanes = NULL};
	open_server(&s, SOCK_DGRAM);
	unit_fail_every_allocation(send_some, &s);
	close(s.fd);
}
END_TEST

START_TEST(test_limit)
{
	struct rlimit limit;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = 100;
	limit.rlim_max = 264;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(ares_lane_allow_sockets(5), 5);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(limit.rlim_cur, 100);
	ck_assert_uint_eq(ares_lane_allow_sockets(2000), 50);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(limit.rlim_cur, 264);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ares_lane");
	TCase *tcase = tcase_create("ares_lane");
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, test_reply);
	tcase_add_test(tcase, test_ignored);
	tcase_add_test(tcase, test_ports);
	tcase_add_test(tcase, test_release);
	tcase_add_test(tcase, test_many);
	tcase_add_test(tcase, test_unreachable);
	tcase_add_test(tcase, test_tcp);
	tcase_add_test(tcase, test_tcp_closed);
	tcase_add_test(tcase, test_out_of_memory);
	/* Last: without forks the limit stays. */
	/* It lowers the limits of its process for good: not where all tests share one. */
	const char *fork_mode = getenv("CK_FORK");
	if (fork_mode == NULL || strcmp(fork_mode, "no") != 0)
		tcase_add_test(tcase, test_limit);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
