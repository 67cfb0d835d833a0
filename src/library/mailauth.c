/* mailauth: the public functions of libmailauth; see mailauth/mailauth.h.
 *
 * One call is one run of the driver with one inspection: options to a source, a domain to a request, a
 * verdict to JSON.
 */
#include "mailauth/mailauth.h"

#include <stdlib.h>

#include "dns/idn.h"
#include "dns/psl.h"
#include "dns/source_net.h"
#include "dns/source_stack.h"
#include "dns/source_zone.h"
#include "inspect/driver.h"
#include "report/writer.h"

#define DEFAULT_TIMEOUT_MS  8000
#define DEFAULT_MAX_TIME_MS 20000 /* RFC 7208 4.6.4 */
#define DEFAULT_TRIES	    3

/* One call. */
struct call {
	const struct mailauth_options *options;
	struct escape escape;
	struct arena arena;
	struct psl *psl;
	struct local_source **zones;
	struct slice servers[SOURCE_NET_MAX_SERVERS];
	struct inspect_request request;
	bool taken;
	struct buf json;
	enum mailauth_level level;
};

const char *mailauth_version(void)
{
	return MAILAUTH_VERSION;
}

void mailauth_free(char *json)
{
	free(json);
}

const char *mailauth_status_text(enum mailauth_status status)
{
	switch (status) {
	case MAILAUTH_OK:
		return "inspected";
	case MAILAUTH_BAD_DOMAIN:
		return "this cannot be a domain name";
	case MAILAUTH_BAD_OPTION:
		return "a server, zone file or public suffix list cannot be used";
	case MAILAUTH_NO_SERVER:
		return "no name server can be asked";
	case MAILAUTH_NO_MEMORY:
		return "out of memory";
	case MAILAUTH_INTERNAL:
		return "internal error";
	}
	return "unknown status";
}

/* --- options
 * --------------------------------------------------------------------------------------------------- */

static bool read_servers(struct call *call)
{
	const struct mailauth_options *options = call->options;
	if (options->server_count > SOURCE_NET_MAX_SERVERS)
		return false;
	for (size_t i = 0; i < options->server_count; i++) {
		call->servers[i] = slice_cstr(options->servers[i]);
		if (!source_net_server_is_valid(call->servers[i]))
			return false;
	}
	return true;
}

static bool read_zones(struct call *call)
{
	const struct mailauth_options *options = call->options;
	const struct name no_origin = {NULL, 0};
	call->zones =
		arena_alloc(&call->arena, (options->zone_file_count + 1) * sizeof(struct local_source *));
	for (size_t i = 0; i < options->zone_file_count; i++) {
		struct zonefile *zone = arena_alloc(&call->arena, sizeof *zone);
		struct zonefile_error error;
		struct slice path = slice_cstr(options->zone_files[i]);
		if (!zonefile_read(&call->arena, path, no_origin, true, NULL, zone, &error))
			return false;
		call->zones[i] = source_zone_open(&call->arena, zone);
	}
	return true;
}

static bool read_options(struct call *call)
{
	call->psl = psl_open(call->options->psl_file);
	return call->psl != NULL && read_servers(call) && read_zones(call);
}

/* A name with at least two labels that is no address. */
static bool read_domain(struct call *call, const char *domain)
{
	struct ip ip;
	struct slice text = slice_cstr(domain), ascii;
	call->request.input = text;
	return !ip_parse(text, &ip) && idn_to_ascii(&call->arena, text, &ascii) == IDN_OK &&
	       name_from_text(&call->arena, ascii, &call->request.domain) == NAME_OK &&
	       name_labels(call->request.domain) >= 2;
}

/* --- the run
 * --------------------------------------------------------------------------------------------------- */

static struct source *open_source(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	struct call *call = context;
	const struct mailauth_options *options = call->options;
	const struct source_net_options net = {.servers = call->servers,
		.server_count = options->server_count,
		.timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : DEFAULT_TIMEOUT_MS,
		.tries = DEFAULT_TRIES};
	struct source *below = NULL;
	if (!options->offline) {
		below = source_net_open(&net, sink, escape, why);
		if (below == NULL || options->zone_file_count == 0)
			return below;
	}
	return source_stack_open(call->zones, options->zone_file_count, below, sink, escape);
}

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct call *call = context;
	if (call->taken)
		return false;
	call->taken = true;
	*out = call->request;
	*ticket = 0;
	*again = false;
	return true;
}

static enum mailauth_level level_of(enum verdict_level level)
{
	switch (level) {
	case VERDICT_PASS:
		return MAILAUTH_PASS;
	case VERDICT_WARN:
		return MAILAUTH_WARN;
	case VERDICT_FAIL:
		return MAILAUTH_FAIL;
	case VERDICT_UNKNOWN:
		return MAILAUTH_UNKNOWN;
	}
	return MAILAUTH_UNKNOWN;
}

static void done(void *context, size_t ticket, const struct verdict *verdict)
{
	struct call *call = context;
	const struct writer_options options = {.width = 80};
	(void)ticket;
	call->level = level_of(verdict->level);
	writer_get(FORMAT_JSON)->verdict(&call->json, &call->arena, &options, verdict);
	buf_byte(&call->json, '\0');
}

static enum mailauth_status run(struct call *call)
{
	const struct driver_client client = {.next = next, .done = done, .context = call};
	const struct driver_options options = {.concurrency = 1,
		.max_time_ms =
			call->options->max_time_ms > 0 ? call->options->max_time_ms : DEFAULT_MAX_TIME_MS,
		.open_source = open_source,
		.source_context = call};
	const char *why;
	switch (driver_run(&options, &client, &why)) {
	case DRIVER_OK:
		return call->json.failed ? MAILAUTH_NO_MEMORY : MAILAUTH_OK;
	case DRIVER_NO_SOURCE:
		return MAILAUTH_NO_SERVER;
	case DRIVER_OUT_OF_MEMORY:
		return MAILAUTH_NO_MEMORY;
	case DRIVER_INTERNAL:
		return MAILAUTH_INTERNAL;
	}
	return MAILAUTH_INTERNAL;
}

/* Everything that may leave through the escape; what it leaves behind is in `call`. */
static enum mailauth_status check(struct call *call, const char *domain)
{
	if (setjmp(call->escape.env) != 0)
		return MAILAUTH_NO_MEMORY;
	if (!read_options(call))
		return MAILAUTH_BAD_OPTION;
	if (!read_domain(call, domain))
		return MAILAUTH_BAD_DOMAIN;
	call->request.psl = call->psl;
	return run(call);
}

enum mailauth_status mailauth_check(
	const struct mailauth_options *options, const char *domain, char **json, enum mailauth_level *level)
{
	struct call *call = calloc(1, sizeof *call);
	if (call == NULL)
		return MAILAUTH_NO_MEMORY;
	call->options = options;
	arena_init(&call->arena, &call->escape);
	buf_init(&call->json);
	enum mailauth_status status = check(call, domain);
	if (status == MAILAUTH_OK && level != NULL)
		*level = call->level;
	if (status == MAILAUTH_OK && json != NULL)
		*json = call->json.data;
	else
		buf_free(&call->json);
	arena_free(&call->arena);
	if (call->psl != NULL)
		psl_close(call->psl);
	free(call);
	return status;
}
