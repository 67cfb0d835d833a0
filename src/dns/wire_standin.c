/* wire_standin: see wire_standin.h. */
#include "dns/wire_standin.h"

#include "base/ascii.h"

#define PLACEHOLDER 'x'

/* What c-ares lets pass as a byte of a host name. */
static bool is_host_byte(unsigned char byte)
{
	char c = (char)byte;
	return ascii_is_alnum(c) || ascii_is_one_of(c, "-_/*");
}

void wire_standin_init(struct wire_standin *standin, const unsigned char *message, size_t len)
{
	size_t at = WIRE_STANDIN_OFFSET, label = 0;
	*standin = (struct wire_standin){.len = 0};
	for (; at < len && standin->len < NAME_MAX_WIRE; at++) {
		unsigned char byte = message[at], shown = byte;
		bool is_length = label == 0;
		label = is_length ? byte : label - 1;
		if (!is_length && !is_host_byte(byte))
			shown = PLACEHOLDER;
		standin->is_needed = standin->is_needed || shown != byte;
		standin->real[standin->len] = byte;
		standin->shown[standin->len++] = shown;
		if (is_length && byte == 0)
			break;
	}
}

static void replace(const unsigned char *from, const unsigned char *to, size_t name_len, size_t at,
	unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (at + i < WIRE_STANDIN_OFFSET || at + i - WIRE_STANDIN_OFFSET >= name_len)
			continue;
		size_t k = at + i - WIRE_STANDIN_OFFSET;
		if (from[k] != to[k] && bytes[i] == from[k])
			bytes[i] = to[k];
	}
}

void wire_standin_show(const struct wire_standin *standin, size_t at, unsigned char *bytes, size_t len)
{
	replace(standin->real, standin->shown, standin->len, at, bytes, len);
}

void wire_standin_reveal(const struct wire_standin *standin, size_t at, unsigned char *bytes, size_t len)
{
	replace(standin->shown, standin->real, standin->len, at, bytes, len);
}
