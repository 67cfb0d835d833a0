/* record_tables: see record_tables.h. */
#include "support/record_tables.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#define ZONE_SIZE 32768
#define RECORDS	  7 /* example.com and n1.example to n6.example */
#define HOSTS	  6
#define MAILS	  4

/* Numbers that look like chance (xorshift64*, Vigna 2016). */
struct chance {
	uint64_t state;
	char *out;
	size_t len;
};

static uint32_t number(struct chance *chance)
{
	chance->state ^= chance->state >> 12;
	chance->state ^= chance->state << 25;
	chance->state ^= chance->state >> 27;
	return (uint32_t)((chance->state * 2685821657736338717ULL) >> 33);
}

static unsigned below(struct chance *chance, unsigned limit)
{
	return number(chance) % limit;
}

static void add(struct chance *chance, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct chance *chance, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int len = vsnprintf(chance->out + chance->len, ZONE_SIZE - chance->len, format, arguments);
	va_end(arguments);
	if (len > 0 && chance->len + (size_t)len < ZONE_SIZE)
		chance->len += (size_t)len;
}

static const char *record_name(unsigned index)
{
	static const char *const names[RECORDS] = {"example.com", "n1.example", "n2.example", "n3.example",
		"n4.example", "n5.example", "n6.example"};
	return names[index];
}

static void add_lengths(struct chance *chance)
{
	if (below(chance, 4) == 0)
		add(chance, "/%u", 24 + below(chance, 9));
	if (below(chance, 4) == 0)
		add(chance, "//%u", 112 + below(chance, 17));
}

static void add_network(struct chance *chance)
{
	if (below(chance, 3) > 0)
		add(chance, "ip4:192.0.2.%u/%u", below(chance, 256), 24 + below(chance, 9));
	else
		add(chance, "ip6:2001:db8::%x/%u", below(chance, 65536), 112 + below(chance, 17));
}

static void add_term(struct chance *chance)
{
	static const char qualifiers[] = {' ', ' ', ' ', '-', '~', '?', '+'};
	char qualifier = qualifiers[below(chance, sizeof qualifiers)];
	add(chance, qualifier == ' ' ? " " : " %c", qualifier);
	switch (below(chance, 16)) {
	case 0:
	case 1:
		add(chance, "a:h%u.example", below(chance, HOSTS + 1));
		add_lengths(chance);
		return;
	case 2:
		add(chance, "mx:m%u.example", below(chance, MAILS + 1));
		add_lengths(chance);
		return;
	case 3:
		add(chance, "exists:h%u.example", below(chance, HOSTS + 1));
		return;
	case 4:
		add(chance, "a:%%{v}.v.example");
		return;
	case 5:
		add(chance, "exists:h%u.%%{d1r}", below(chance, HOSTS));
		return;
	case 6:
	case 7:
	case 8:
	case 9:
		add(chance, "include:%s", record_name(below(chance, RECORDS)));
		return;
	case 10:
		add(chance, below(chance, 8) == 0 ? "exists:%%{i}.h0.example" : "a");
		return;
	case 11:
		add(chance, below(chance, 8) == 0 ? "ptr" : "mx");
		return;
	}
	add_network(chance);
}

static void add_end(struct chance *chance)
{
	static const char *const alls[] = {" -all", " ~all", " ?all", " all", ""};
	if (below(chance, 3) == 0)
		add(chance, " redirect=%s", record_name(below(chance, RECORDS)));
	else
		add(chance, "%s", alls[below(chance, 5)]);
	if (below(chance, 40) == 0)
		add(chance, " ipv4:192.0.2.1");
	add(chance, "\n");
}

static void add_record(struct chance *chance, unsigned index)
{
	const char *name = record_name(index);
	unsigned kind = below(chance, 40), terms = below(chance, index == 0 ? 7 : 4);
	if (index > 0 && kind == 0) {
		add(chance, "%s TXT !servfail\n", name);
		return;
	}
	if (index > 0 && kind < 4) {
		add(chance, "%s TXT no record\n", name);
		return;
	}
	if (kind == 4)
		add(chance, "%s TXT v=spf1 ?all\n", name);
	add(chance, "%s TXT v=spf1", name);
	for (unsigned i = 0; i < terms; i++)
		add_term(chance);
	add_end(chance);
}

static void add_addresses(struct chance *chance, const char *name)
{
	unsigned v4 = below(chance, 3), v6 = below(chance, 3);
	if (below(chance, 40) == 0)
		add(chance, "%s %s !timeout\n", name, below(chance, 2) == 0 ? "A" : "AAAA");
	for (unsigned i = 0; i < v4; i++)
		add(chance, "%s A 192.0.2.%u\n", name, below(chance, 256));
	for (unsigned i = 0; i < v6; i++)
		add(chance, "%s AAAA 2001:db8::%x\n", name, below(chance, 65536));
}

static void add_exchanges(struct chance *chance, const char *name)
{
	unsigned count = below(chance, 12) == 0 ? 9 + below(chance, 4) : below(chance, 4);
	for (unsigned i = 0; i < count; i++)
		add(chance, "%s MX %u h%u.example\n", name, 10 + i, below(chance, HOSTS));
}

const char *record_tables_make(struct arena *arena, unsigned long seed)
{
	struct chance chance = {
		.state = seed * 2654435761U + 88172645463325252ULL, .out = arena_alloc(arena, ZONE_SIZE)};
	char name[32];
	for (unsigned i = 0; i < 8; i++)
		number(&chance);
	for (unsigned i = 0; i < RECORDS; i++)
		add_record(&chance, i);
	for (unsigned i = 0; i < HOSTS; i++) {
		snprintf(name, sizeof name, "h%u.example", i);
		add_addresses(&chance, name);
	}
	for (unsigned i = 0; i < MAILS; i++) {
		snprintf(name, sizeof name, "m%u.example", i);
		add_exchanges(&chance, name);
	}
	add_addresses(&chance, "example.com");
	add_exchanges(&chance, "example.com");
	add_addresses(&chance, "in-addr.v.example");
	add_addresses(&chance, "ip6.v.example");
	return chance.out;
}

struct slice record_tables_address(struct arena *arena, unsigned long seed)
{
	struct chance chance = {.state = seed * 40503 + 1442695040888963407ULL};
	for (unsigned i = 0; i < 4; i++)
		number(&chance);
	if (below(&chance, 3) > 0)
		return arena_printf(arena, "192.0.2.%u", below(&chance, 256));
	return arena_printf(arena, "2001:db8::%x", below(&chance, 65536));
}
