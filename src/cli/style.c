/* style: see style.h. */
#include "cli/style.h"

#include "cli/terminal.h"

#define WIDTH 80

/* In the order of enum terminal_color. */
static const char color_words[] = "auto always never";

bool style_read(
	struct arena *arena, const struct options *options, struct writer_options *out, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_COLOR);
	size_t wish = TERMINAL_COLOR_AUTO;
	if (use != NULL && !options_find_word(arena, "colour mode", use->value, color_words, &wish, error))
		return false;
	out->color = terminal_has_color((enum terminal_color)wish);
	out->unicode = terminal_is_utf8();
	out->width = WIDTH;
	return true;
}
