/* spf_target: see spf_target.h. */
#include "spf/spf_target.h"

#include "spf/spf_request.h"

#define NAME_TEXT   253 /* longest text of a name */
#define ENOUGH_TEXT 512 /* the end of an expansion that decides on the name */

/* What the sender is to check_host(). RFC 7208 4.3, 7.3 */
static void sender_values(struct arena *arena, const struct spf_sample *sample, struct macro_values *values)
{
	struct spf_request message = {.time = 0};
	struct slice helo = sample->has_helo ? sample->helo : slice_of(NULL, 0);
	if (!spf_request_identify(arena, &message, sample->sender, helo, slice_of(NULL, 0)))
		return;
	values->local_part = message.local_part;
	values->sender_domain = message.sender_domain;
	values->sender = message.sender;
}

struct macro_values spf_target_values(struct arena *arena, const struct spf_target_request *request)
{
	const struct spf_sample *sample = request->sample;
	struct macro_values values = {
		.sender_domain = name_bytes(arena, request->inspected),
		.domain = name_bytes(arena, request->domain),
		.family = &request->family,
	};
	if (sample == NULL)
		return values;
	if (sample->has_sender)
		sender_values(arena, sample, &values);
	if (sample->has_helo)
		values.helo = sample->helo;
	if (sample->has_ip && sample->ip.family == request->family)
		values.ip = &sample->ip;
	return values;
}

/* A local-part that is not ASCII cannot be in a name: the term matches nothing, for this message. RFC 8616
 * 4 */
static bool uses_foreign_local_part(const struct macro_string *spec, const struct macro_values *values)
{
	if (!macro_uses(spec, 's') && !macro_uses(spec, 'l'))
		return false;
	for (size_t i = 0; i < values->local_part.len; i++) {
		if ((unsigned char)values->local_part.ptr[i] > 0x7f)
			return true;
	}
	return false;
}

/* The last pieces of `spec`, enough of them for any name: macro_name() drops what is to the left. A
 * domain-spec of a 64 KiB record can expand to megabytes. False when a letter in them is not known. */
static bool find_tail(struct arena *arena, const struct macro_string *spec, const struct macro_values *values,
	struct macro_string *tail)
{
	size_t first = spec->count, len = 0;
	*tail = *spec;
	while (first > 0 && len <= ENOUGH_TEXT) {
		const struct macro_string one = {
			.text = spec->text, .valid = true, .pieces = &spec->pieces[--first], .count = 1};
		struct slice text;
		char missing;
		if (!macro_expand(arena, &one, values, &text, &missing))
			return false;
		len += text.len;
	}
	tail->pieces = spec->pieces + first;
	tail->count = spec->count - first;
	return true;
}

/* The name that `spec` becomes, into room for NAME_TEXT + 1 bytes (one more tells that it is too long). */
static bool expand_short(struct arena *arena, const struct macro_string *spec,
	const struct macro_values *values, char *short_text, size_t *len)
{
	struct arena_mark mark = arena_mark(arena);
	struct macro_string tail;
	struct slice expansion;
	char missing;
	bool known = find_tail(arena, spec, values, &tail) &&
		     macro_expand(arena, &tail, values, &expansion, &missing);
	if (known) {
		struct slice kept = slice_head(macro_name(expansion), NAME_TEXT + 1);
		*len = kept.len;
		if (kept.len > 0)
			memcpy(short_text, kept.ptr, kept.len);
	}
	arena_rewind(arena, mark);
	return known;
}

struct spf_target spf_target_expand(
	struct arena *arena, const struct spf_target_request *request, const struct macro_string *spec)
{
	struct spf_target target = {0};
	if (spec == NULL) {
		target.name = request->domain;
		target.text = name_bytes(arena, request->domain);
		return target;
	}
	struct macro_values values = spf_target_values(arena, request);
	char text[NAME_TEXT + 1];
	size_t len;
	if (uses_foreign_local_part(spec, &values) || !expand_short(arena, spec, &values, text, &len)) {
		target.kind = SPF_TARGET_UNRESOLVED;
		target.text = slice_at(spec->text, spec->span);
		return target;
	}
	target.uses_ip = macro_uses(spec, 'i');
	/* One final dot was taken off already; what still ends in one, and "" (HELO "."), is no name. */
	bool is_whole = len > 0 && text[len - 1] != '.';
	if (is_whole && name_from_text(arena, slice_of(text, len), &target.name) == NAME_OK) {
		target.text = name_bytes(arena, target.name);
	} else {
		target.kind = SPF_TARGET_BAD;
		target.text = arena_copy(arena, slice_of(text, len));
	}
	return target;
}
