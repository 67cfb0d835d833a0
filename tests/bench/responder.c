/* responder: a loopback name server for benchmarks, fast enough not to be what is measured.
 *
 *     responder DELAY_MS ZONE_FILE [PORT]
 *
 * Answers questions over UDP from one master file, each answer DELAY_MS after its question came. Prints
 * "port N" when it is ready and ends when its standard input is closed. Aliases are not followed: the zones
 * of the benchmarks have none.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "dns/source_zone.h"

#define MAX_PACKET  1232
#define MAX_PENDING 65536
#define HEADER	    12

struct pending {
	long long due_us;
	struct sockaddr_in client;
	size_t len;
	unsigned char packet[MAX_PACKET];
};

struct server {
	int socket;
	long long delay_us;
	struct local_source *zone;
	struct escape *escape;
	struct pending *ring; /* first come, first due: the delay is the same for all */
	size_t head, count;
};

static long long now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void put16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

/* Bytes of the question section's name, type and class; 0: not a plain query with one question. */
static size_t question_length(const unsigned char *packet, size_t len)
{
	size_t at = HEADER;
	if (len < HEADER || packet[4] != 0 || packet[5] != 1)
		return 0;
	while (at < len && packet[at] != 0 && packet[at] < 64)
		at += packet[at] + 1u;
	return at + 5 <= len && packet[at] == 0 ? at + 5 - HEADER : 0;
}

/* Adds one record of the asked owner; false: no room. */
static bool put_record(struct pending *out, const struct record *record)
{
	if (out->len + 12 + record->rdata.len > MAX_PACKET)
		return false;
	unsigned char *at = out->packet + out->len;
	put16(at, 0xc000 | HEADER);
	put16(at + 2, record->type);
	put16(at + 4, 1);
	put16(at + 6, 0);
	put16(at + 8, 300);
	put16(at + 10, (unsigned)record->rdata.len);
	if (record->rdata.len > 0)
		memcpy(at + 12, record->rdata.ptr, record->rdata.len);
	out->len += 12 + record->rdata.len;
	return true;
}

static void build_reply(
	struct server *server, const unsigned char *query, size_t question_len, struct pending *out)
{
	struct arena arena;
	struct answer answer;
	unsigned rcode = 0, count = 0;
	arena_init(&arena, server->escape);
	struct slice wire = slice_of((const char *)query + HEADER, question_len - 4);
	struct question question = {name_from_wire(&arena, wire),
		(uint16_t)(query[HEADER + question_len - 4] << 8 | query[HEADER + question_len - 3])};
	memcpy(out->packet, query, HEADER + question_len);
	out->len = HEADER + question_len;
	if (!server->zone->ops->lookup(server->zone, &arena, &question, &answer))
		rcode = 5;
	else if (answer.kind == ANSWER_NXDOMAIN)
		rcode = 3;
	else
		for (size_t i = 0; i < answer.count && put_record(out, &answer.records[i]); i++)
			count++;
	put16(out->packet + 2, 0x8180 | rcode);
	put16(out->packet + 6, count);
	put16(out->packet + 8, 0);
	put16(out->packet + 10, 0);
	arena_free(&arena);
}

static void receive_all(struct server *server)
{
	unsigned char query[MAX_PACKET];
	struct sockaddr_in client;
	for (;;) {
		socklen_t client_len = sizeof client;
		ssize_t len = recvfrom(server->socket, query, sizeof query, MSG_DONTWAIT,
			(struct sockaddr *)&client, &client_len);
		size_t question_len = len < 0 ? 0 : question_length(query, (size_t)len);
		if (len < 0)
			return;
		if (question_len == 0 || server->count == MAX_PENDING)
			continue;
		struct pending *reply = &server->ring[(server->head + server->count++) % MAX_PENDING];
		reply->due_us = now_us() + server->delay_us;
		reply->client = client;
		build_reply(server, query, question_len, reply);
	}
}

static void send_due(struct server *server)
{
	while (server->count > 0 && server->ring[server->head].due_us <= now_us()) {
		struct pending *reply = &server->ring[server->head];
		sendto(server->socket, reply->packet, reply->len, 0, (struct sockaddr *)&reply->client,
			sizeof reply->client);
		server->head = (server->head + 1) % MAX_PENDING;
		server->count--;
	}
}

/* Until the next reply is due, to the millisecond above; busy in the last one, for exact delays. */
static int wait_ms(const struct server *server)
{
	if (server->count == 0)
		return -1;
	long long left = server->ring[server->head].due_us - now_us();
	return left <= 1000 ? 0 : (int)((left - 1000) / 1000 + 1);
}

static void serve(struct server *server)
{
	struct pollfd fds[2] = {
		{.fd = server->socket, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
	while ((fds[1].revents & (POLLIN | POLLHUP)) == 0) {
		if (poll(fds, 2, wait_ms(server)) < 0 && errno != EINTR)
			return;
		receive_all(server);
		send_due(server);
	}
}

static int open_socket(uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
		perror("responder");
		exit(1);
	}
	printf("port %d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

int main(int argc, char **argv)
{
	struct escape escape = {0};
	struct arena arena;
	struct zonefile zone;
	struct zonefile_error error;
	struct name no_origin = {0};
	uint64_t delay_ms, port = 0;
	if (argc < 3 || argc > 4 || !ascii_parse_uint(slice_cstr(argv[1]), 10000, &delay_ms) ||
		(argc == 4 && !ascii_parse_uint(slice_cstr(argv[3]), 65535, &port))) {
		fputs("usage: responder DELAY_MS ZONE_FILE [PORT]\n", stderr);
		return 2;
	}
	arena_init(&arena, &escape);
	if (setjmp(escape.env) != 0)
		return 4;
	if (!zonefile_read(&arena, slice_cstr(argv[2]), no_origin, true, NULL, &zone, &error)) {
		fprintf(stderr, "responder: %s:%zu: %.*s\n", argv[2], error.place.line,
			(int)error.message.len, error.message.ptr);
		return 2;
	}
	struct server server = {.delay_us = (long long)delay_ms * 1000,
		.zone = source_zone_open(&arena, &zone),
		.escape = &escape,
		.ring = calloc(MAX_PENDING, sizeof *server.ring)};
	if (server.ring == NULL)
		return 4;
	server.socket = open_socket((uint16_t)port);
	serve(&server);
	free(server.ring);
	arena_free(&arena);
	return 0;
}
