/* spf_request: MAIL FROM and HELO to the identity that is checked (RFC 7208 2.3, 2.4, 4.3); see
 * spf_request.h. */
#include "spf/spf_request.h"

#include "base/ascii.h"
#include "dns/idn.h"

/* Offset of the last '@'; text.len when there is none. A local-part may hold further ones in quotes. */
static size_t last_at(struct slice text)
{
	for (size_t i = text.len; i > 0; i--)
		if (text.ptr[i - 1] == '@')
			return i - 1;
	return text.len;
}

static struct slice without_final_dot(struct slice text)
{
	return text.len > 1 && text.ptr[text.len - 1] == '.' ? slice_head(text, text.len - 1) : text;
}

static struct slice cut(struct slice text)
{
	return slice_head(text, SPF_MAX_IDENTITY);
}

/* A-labels before use (RFC 7208 4.3, RFC 8616 4). What cannot be converted is no usable domain and stays
 * as it is. */
static struct slice domain_text(struct arena *arena, struct slice text)
{
	struct slice ascii;
	if (idn_to_ascii(arena, text, &ascii) != IDN_OK)
		ascii = text;
	return without_final_dot(ascii);
}

static struct slice without_brackets(struct slice text)
{
	if (text.len >= 2 && text.ptr[0] == '<' && text.ptr[text.len - 1] == '>')
		return slice_at(text, span_of(1, text.len - 2));
	return text;
}

bool spf_request_identify(struct arena *arena, struct spf_request *request, struct slice mail_from,
	struct slice helo, struct slice domain)
{
	struct slice address = without_brackets(mail_from);
	size_t at = last_at(address);
	if (address.len == 0 && helo.ptr == NULL)
		return false;
	helo = cut(helo);
	request->mail_from = address;
	request->is_helo_identity = address.len == 0;
	request->local_part = at < address.len ? cut(slice_head(address, at)) : slice_of(NULL, 0);
	if (request->local_part.len == 0)
		request->local_part = SLICE("postmaster");
	struct slice host = cut(at < address.len ? slice_from(address, at + 1) : address);
	request->sender_domain = domain_text(arena, request->is_helo_identity ? helo : host);
	request->sender = arena_printf(arena, "%.*s@%.*s", (int)request->local_part.len,
		request->local_part.ptr, (int)request->sender_domain.len, request->sender_domain.ptr);
	request->helo = helo.len > 0 ? helo : request->sender_domain;
	request->domain = domain.len > 0 ? domain_text(arena, cut(domain)) : request->sender_domain;
	if (request->receiver.len == 0)
		request->receiver = SLICE("unknown");
	request->ip = ip_unmapped(request->ip);
	return true;
}

/* "192.0.2.1", "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321 4.1.3): what clients without a name say in
 * HELO. */
static bool is_address_literal(struct slice domain)
{
	struct ip ip;
	return domain.len > 0 && (domain.ptr[0] == '[' || ip_parse(domain, &ip));
}

bool spf_request_is_usable(struct arena *arena, struct slice domain, struct name *out)
{
	/* One final dot was taken off already; "" and "." are the root. */
	if (domain.len == 0 || domain.ptr[domain.len - 1] == '.' || is_address_literal(domain))
		return false;
	return name_from_text(arena, domain, out) == NAME_OK && name_labels(*out) >= 2;
}

bool spf_request_is_identity(struct arena *arena, struct slice domain, struct name *out)
{
	for (size_t i = 0; i < domain.len; i++)
		if (!ascii_is_visible(domain.ptr[i]))
			return false;
	return spf_request_is_usable(arena, domain, out);
}
