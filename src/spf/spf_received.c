/* spf_received: see spf_received.h. */
#include "spf/spf_received.h"

#include "base/ascii.h"

#define MAX_VALUE                                                                                            \
	320 /* bytes of a value: more than an address has. A line has at most 998 (RFC 5322 2.1.1) */

/* True for text that is a dot-atom (RFC 5322 3.2.3) and a token (RFC 2045 5.1) both: it needs no quotes
 * in either field. */
static bool is_bare(struct slice text)
{
	if (text.len == 0 || text.len > MAX_VALUE || text.ptr[0] == '.' || text.ptr[text.len - 1] == '.')
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '_' &&
			(text.ptr[i] != '.' || text.ptr[i - 1] == '.'))
			return false;
	return true;
}

/* A growing text in an arena: fields are short. */
struct field {
	struct arena *arena;
	struct slice text;
};

static void add(struct field *field, struct slice more)
{
	char *longer = arena_alloc(field->arena, field->text.len + more.len + 1);
	if (field->text.len > 0)
		memcpy(longer, field->text.ptr, field->text.len);
	if (more.len > 0)
		memcpy(longer + field->text.len, more.ptr, more.len);
	field->text = slice_of(longer, field->text.len + more.len);
}

/* `text` with a backslash before each of `special`, and "?" for what must not stand in a header field. */
static void add_escaped(struct field *field, struct slice text, const char *special)
{
	bool cut = text.len > MAX_VALUE;
	text = slice_head(text, MAX_VALUE);
	char *out = arena_alloc(field->arena, text.len * 2 + 1);
	size_t used = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!ascii_is_visible(c) && c != ' ')
			c = '?';
		if (strchr(special, c) != NULL)
			out[used++] = '\\';
		out[used++] = c;
	}
	add(field, slice_of(out, used));
	if (cut)
		add(field, SLICE("..."));
}

/* dot-atom / quoted-string */
static void add_value(struct field *field, struct slice value)
{
	if (is_bare(value)) {
		add(field, value);
		return;
	}
	add(field, SLICE("\""));
	add_escaped(field, value, "\"\\");
	add(field, SLICE("\""));
}

static void add_pair(struct field *field, const char *key, struct slice value)
{
	add(field, slice_cstr(key));
	add(field, SLICE("="));
	add_value(field, value);
}

/* What the comment says behind the receiver's name (RFC 7208 9.1, examples). */
static const char *comment_text(enum spf_result result)
{
	static const char *const texts[] = {[SPF_NONE] = "no SPF record applies to domain of",
		[SPF_NEUTRAL] = "client is neither permitted nor denied by domain of",
		[SPF_PASS] = "client is designated as permitted sender by domain of",
		[SPF_FAIL] = "client is not designated as permitted sender by domain of",
		[SPF_SOFTFAIL] = "client is probably not a permitted sender for domain of",
		[SPF_TEMPERROR] = "a temporary DNS error prevented the check of domain of",
		[SPF_PERMERROR] = "a permanent error prevented the check of domain of"};
	return texts[result];
}

static void add_comment(
	struct field *field, const struct spf_request *request, const struct spf_verdict *verdict)
{
	add(field, SLICE(" ("));
	add_escaped(field, request->receiver, "()\\");
	add(field, SLICE(": "));
	add(field, slice_cstr(comment_text(verdict->result)));
	add(field, SLICE(" "));
	add_escaped(field, request->sender, "()\\");
	add(field, SLICE(")"));
}

struct slice spf_received_field(
	struct arena *arena, const struct spf_request *request, const struct spf_verdict *verdict)
{
	struct field field = {arena, slice_of(NULL, 0)};
	bool decided = verdict->mechanism != NULL;
	add(&field, SLICE("Received-SPF: "));
	add(&field, slice_cstr(spf_result_text(verdict->result)));
	add_comment(&field, request, verdict);
	add_pair(&field, " client-ip", ip_text(arena, request->ip));
	if (!request->is_helo_identity)
		add_pair(&field, "; envelope-from", request->mail_from);
	add_pair(&field, "; helo", request->helo);
	add_pair(&field, "; receiver", request->receiver);
	add_pair(&field, "; identity", request->is_helo_identity ? SLICE("helo") : SLICE("mailfrom"));
	if (verdict->reason.len > 0)
		add_pair(&field, "; problem", verdict->reason);
	else
		add_pair(&field, "; mechanism", decided ? verdict->mechanism_text : SLICE("default"));
	return field.text;
}

struct slice spf_received_authentication_results(
	struct arena *arena, const struct spf_request *request, const struct spf_verdict *verdict)
{
	struct field field = {arena, slice_of(NULL, 0)};
	add(&field, SLICE("Authentication-Results: "));
	add_value(&field, request->receiver);
	add(&field, SLICE("; spf="));
	add(&field, slice_cstr(spf_result_text(verdict->result)));
	/* The local-part is left out (RFC 7208 9.2). */
	add_pair(&field, request->is_helo_identity ? " smtp.helo" : " smtp.mailfrom", request->sender_domain);
	return field.text;
}
