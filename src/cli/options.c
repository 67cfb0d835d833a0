/* options: the parser of the command line; see options.h.
 *
 *     mailauth -v check --zone=db.example example.com
 *              |  |     |                  argument 0
 *              |  |     use of OPTION_ZONE with value "db.example"
 *              |  the command
 *              use of OPTION_VERBOSE
 */
#include "cli/options.h"

#include "base/nearest.h"
#include "cli/complain.h"
#include "cli/domain.h"

#define ON(command) (1u << COMMAND_##command)
#define ON_ALL	    (~0u)

enum { ONCE = 0, MANY = 1 };

static const struct option table[OPTION_COUNT] = {
#define OPTION(id, letter, name, argument, commands, many, group, completion, help)                          \
	[OPTION_##id] = {name, argument, help, commands, OPTION_GROUP_##group, letter, many},
#include "cli/options.def"
#undef OPTION
};

/* Options that say the same thing: giving both is giving one twice. */
static const enum option_id same_thing[][2] = {
	{OPTION_FORMAT, OPTION_JSON}, {OPTION_CONFIG, OPTION_NO_CONFIG}};

struct parser {
	struct arena *arena;
	int argc;
	char *const *argv;
	int next; /* word to be read */
	struct options *out;
	struct option_use *uses;
	struct slice *arguments;
	struct slice *error;
};

const struct option *options_get(enum option_id id)
{
	return &table[id];
}

bool options_has_command(enum option_id id, enum command_id command)
{
	return (table[id].commands >> command & 1) != 0;
}

enum option_id options_find(struct slice name)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (slice_equal(slice_cstr(table[i].name), name))
			return (enum option_id)i;
	}
	return OPTION_COUNT;
}

static enum option_id find_letter(char letter)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (table[i].letter == letter && letter != 0)
			return (enum option_id)i;
	}
	return OPTION_COUNT;
}

/* True when the whole word is how an option is spelled: then it is no argument of the option before it. */
static bool is_option_word(struct slice word)
{
	if (slice_starts(word, SLICE("--")))
		return options_find(slice_head(slice_from(word, 2), slice_find(word, '=', 2) - 2)) !=
		       OPTION_COUNT;
	return word.len == 2 && word.ptr[0] == '-' && find_letter(word.ptr[1]) != OPTION_COUNT;
}

static bool fail(struct parser *p, struct slice message)
{
	*p->error = message;
	return false;
}

static bool add_use(struct parser *p, enum option_id id, const char *spelled, struct slice value)
{
	p->uses[p->out->use_count++] = (struct option_use){.id = id, .spelled = spelled, .value = value};
	return true;
}

/* The argument of an option that stands in the next word. */
static bool take_next_word(struct parser *p, enum option_id id, const char *spelled)
{
	const char *argument = table[id].argument;
	if (p->next == p->argc)
		return fail(
			p, arena_printf(p->arena, "option '%s' needs an argument: %s", spelled, argument));
	struct slice word = slice_cstr(p->argv[p->next]);
	if (is_option_word(word))
		return fail(p, arena_printf(p->arena, "option '%s' needs an argument (%s), but %s follows",
				       spelled, argument, complain_quote(p->arena, word)));
	p->next++;
	return add_use(p, id, spelled, word);
}

/* `name`: without dashes and "=VALUE". Options of the command come first, if it is known. */
static const char *nearest_option(struct parser *p, struct slice name)
{
	const char *words[OPTION_COUNT];
	size_t count = 0;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (p->out->command == COMMAND_COUNT ||
			options_has_command((enum option_id)i, p->out->command))
			words[count++] = table[i].name;
	}
	const char *near = nearest_meant(p->arena, name, words, count);
	return near == NULL ? NULL : arena_printf(p->arena, "--%s", near).ptr;
}

static bool unknown_long(struct parser *p, struct slice word, struct slice name)
{
	const char *near = nearest_option(p, name);
	return fail(p, arena_printf(p->arena, "unknown option %s%s",
			       complain_quote(p->arena, slice_head(word, name.len + 2)),
			       complain_hint(p->arena, near)));
}

static bool parse_long(struct parser *p, struct slice word)
{
	size_t equals = slice_find(word, '=', 2);
	struct slice name = slice_head(slice_from(word, 2), equals - 2);
	enum option_id id = options_find(name);
	if (id == OPTION_COUNT)
		return unknown_long(p, word, name);
	const char *spelled = arena_printf(p->arena, "--%s", table[id].name).ptr;
	if (equals == word.len)
		return table[id].argument != NULL ? take_next_word(p, id, spelled)
						  : add_use(p, id, spelled, slice_of(NULL, 0));
	if (table[id].argument == NULL)
		return fail(p, arena_printf(p->arena, "option '%s' takes no argument", spelled));
	return add_use(p, id, spelled, slice_from(word, equals + 1));
}

static bool unknown_letter(struct parser *p, struct slice word, size_t at)
{
	struct slice name = slice_from(word, 1);
	char letter = word.ptr[at];
	char other = (char)(letter ^ 0x20);
	const char *near = NULL;
	if (word.len > 2)
		near = nearest_option(p, slice_head(name, slice_find(name, '=', 0)));
	else if (find_letter(other) != OPTION_COUNT)
		near = arena_printf(p->arena, "-%c", other).ptr;
	struct slice shown = near != NULL || word.len == 2 ? word : arena_printf(p->arena, "-%c", letter);
	return fail(p, arena_printf(p->arena, "unknown option %s%s", complain_quote(p->arena, shown),
			       complain_hint(p->arena, near)));
}

/* "-qv", "-j8", "-s 192.0.2.53"; but "-json" is a long option with a dash missing, not "-j son". */
static bool parse_letters(struct parser *p, struct slice word)
{
	struct slice name = slice_from(word, 1);
	if (name.len > 1 && options_find(slice_head(name, slice_find(name, '=', 0))) != OPTION_COUNT)
		return unknown_letter(p, word, 1);
	for (size_t i = 1; i < word.len; i++) {
		enum option_id id = find_letter(word.ptr[i]);
		if (id == OPTION_COUNT)
			return unknown_letter(p, word, i);
		const char *spelled = arena_printf(p->arena, "-%c", word.ptr[i]).ptr;
		if (table[id].argument != NULL && i + 1 == word.len)
			return take_next_word(p, id, spelled);
		if (table[id].argument != NULL)
			return add_use(p, id, spelled, slice_from(word, i + 1));
		add_use(p, id, spelled, slice_of(NULL, 0));
	}
	return true;
}

static bool unknown_command(struct parser *p, struct slice word)
{
	const char *near = commands_nearest(p->arena, word);
	const char *quoted = complain_quote(p->arena, word);
	struct name domain;
	struct slice why;
	if (near == NULL && domain_parse(p->arena, word, &domain, &why))
		near = arena_printf(p->arena, "mailauth check %.*s", (int)word.len, word.ptr).ptr;
	if (near != NULL)
		return fail(p, arena_printf(p->arena, "unknown command %s%s", quoted,
				       complain_hint(p->arena, near)));
	return fail(p, arena_printf(p->arena, "unknown command %s; 'mailauth --help' lists them", quoted));
}

static bool add_argument(struct parser *p, struct slice word)
{
	if (p->out->command != COMMAND_COUNT) {
		p->arguments[p->out->argument_count++] = word;
		return true;
	}
	p->out->command = commands_find(word);
	return p->out->command != COMMAND_COUNT || unknown_command(p, word);
}

static bool parse_words(struct parser *p)
{
	bool ended = false; /* by "--" */
	while (p->next < p->argc) {
		struct slice word = slice_cstr(p->argv[p->next++]);
		bool good;
		if (ended || word.len < 2 || word.ptr[0] != '-')
			good = add_argument(p, word);
		else if (slice_equal(word, SLICE("--")))
			good = ended = true;
		else if (word.ptr[1] == '-')
			good = parse_long(p, word);
		else
			good = parse_letters(p, word);
		if (!good)
			return false;
	}
	return true;
}

/* "'mailauth check', 'mailauth lint' and 'mailauth diff'": the commands that have an option. */
static const char *owners_of(struct arena *arena, enum option_id id)
{
	const char *owners = "", *last = "";
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (!options_has_command(id, (enum command_id)i))
			continue;
		owners = arena_printf(arena, "%s%s%s", owners, owners[0] == '\0' ? "" : ", ", last).ptr;
		last = arena_printf(arena, "'mailauth %s'", commands_get((enum command_id)i)->name).ptr;
	}
	if (owners[0] == '\0')
		return last;
	return arena_printf(arena, "%s and %s", owners, last).ptr;
}

bool options_are_same_thing(enum option_id a, enum option_id b)
{
	for (size_t i = 0; i < sizeof same_thing / sizeof same_thing[0]; i++) {
		if ((same_thing[i][0] == a && same_thing[i][1] == b) ||
			(same_thing[i][0] == b && same_thing[i][1] == a))
			return true;
	}
	return false;
}

static bool given_twice(struct parser *p, const char *first, const char *second)
{
	if (strcmp(first, second) == 0)
		return fail(p, arena_printf(p->arena, "option '%s' is given twice", first));
	return fail(p, arena_printf(p->arena, "options '%s' and '%s' are the same: it is given twice", first,
			       second));
}

/* Of an option that may be given once: not before, neither itself nor one that says the same thing. */
static bool check_once(struct parser *p, size_t index)
{
	const struct option_use *use = &p->uses[index];
	for (size_t i = 0; i < index && !table[use->id].repeatable; i++) {
		const struct option_use *earlier = &p->uses[i];
		if (earlier->id == use->id)
			return given_twice(p, earlier->spelled, use->spelled);
		if (options_are_same_thing(earlier->id, use->id))
			return fail(p, arena_printf(p->arena, "options '%s' and '%s' exclude each other",
					       earlier->spelled, use->spelled));
	}
	return true;
}

static bool check_uses(struct parser *p)
{
	enum command_id command = p->out->command;
	for (size_t i = 0; i < p->out->use_count; i++) {
		const struct option_use *use = &p->uses[i];
		if (command != COMMAND_COUNT && !options_has_command(use->id, command))
			return fail(p, arena_printf(p->arena,
					       "option '%s' is not one of 'mailauth %s'; it belongs to %s",
					       use->spelled, commands_get(command)->name,
					       owners_of(p->arena, use->id)));
		if (!check_once(p, i))
			return false;
	}
	return true;
}

/* A word of joined letters may hold as many uses as it has bytes. */
static size_t most_uses(int argc, char *const *argv)
{
	size_t most = 0;
	for (int i = 1; i < argc; i++)
		most += strlen(argv[i]);
	return most;
}

bool options_parse(struct arena *arena, int argc, char *const *argv, struct options *out, struct slice *error)
{
	struct parser p = {.arena = arena, .argc = argc, .argv = argv, .next = 1, .out = out, .error = error};
	*out = (struct options){.command = COMMAND_COUNT};
	p.uses = arena_alloc(arena, most_uses(argc, argv) * sizeof *p.uses);
	p.arguments = arena_alloc(arena, (size_t)argc * sizeof *p.arguments);
	out->uses = p.uses;
	out->arguments = p.arguments;
	if (!parse_words(&p) || !check_uses(&p))
		return false;
	if (out->command == COMMAND_COUNT && !options_given(out, OPTION_HELP) &&
		!options_given(out, OPTION_VERSION))
		return fail(&p, SLICE("no command given; 'mailauth --help' lists them"));
	return true;
}

const struct option_use *options_next(const struct options *options, enum option_id id, size_t *from)
{
	while (*from < options->use_count) {
		const struct option_use *use = &options->uses[(*from)++];
		if (use->id == id)
			return use;
	}
	return NULL;
}

const struct option_use *options_first(const struct options *options, enum option_id id)
{
	size_t from = 0;
	return options_next(options, id, &from);
}

bool options_given(const struct options *options, enum option_id id)
{
	return options_first(options, id) != NULL;
}

#define MAX_WORDS 16

/* Cuts "text json jsonl" at its blanks; at most MAX_WORDS. */
static size_t split(struct arena *arena, const char *words, const char *out[MAX_WORDS])
{
	struct slice rest = slice_cstr(words);
	size_t count = 0;
	while (rest.len > 0 && count < MAX_WORDS) {
		size_t blank = slice_find(rest, ' ', 0);
		out[count++] = arena_cstr(arena, slice_head(rest, blank));
		rest = slice_from(rest, blank + 1);
	}
	return count;
}

bool options_find_word(struct arena *arena, const char *what, struct slice value, const char *words,
	size_t *out, struct slice *error)
{
	const char *all[MAX_WORDS] = {0};
	size_t count = split(arena, words, all);
	for (*out = 0; *out < count; (*out)++) {
		if (slice_equal(slice_cstr(all[*out]), value))
			return true;
	}
	const char *near = nearest_meant(arena, value, all, count);
	*error = near != NULL ? arena_printf(arena, "unknown %s %s%s", what, complain_quote(arena, value),
					complain_hint(arena, near))
			      : arena_printf(arena, "unknown %s %s; it can be %s", what,
					complain_quote(arena, value), nearest_list(arena, all, count));
	return false;
}

bool options_format(
	struct arena *arena, const struct options *options, struct slice *out, struct slice *error)
{
	const char *formats = commands_get(options->command)->formats;
	const struct option_use *use = options_first(options, OPTION_FORMAT);
	size_t index;
	*out = slice_head(slice_cstr(formats), slice_find(slice_cstr(formats), ' ', 0));
	if (options_given(options, OPTION_JSON))
		*out = SLICE("json");
	if (use == NULL)
		return true;
	*out = use->value;
	return options_find_word(arena, "format", use->value, formats, &index, error);
}
