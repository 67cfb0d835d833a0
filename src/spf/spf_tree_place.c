/* spf_tree_place: see spf_tree_place.h. */
#include "spf/spf_tree_place.h"

struct finding_place spf_tree_place_record(struct finding_place place, const struct record *record)
{
	if (record == NULL)
		return place;
	place.record = record->data.txt.joined;
	place.file = record->origin.file;
	place.line = record->origin.line;
	return place;
}

static struct spf_tree_place place_at(struct arena *arena, const struct spf_node *node, bool own,
	const struct slice *path, size_t path_count)
{
	struct finding_place place = {
		.name = name_text(arena, node->domain),
		.type = SLICE("TXT"),
		.path = path,
		.path_count = path_count,
	};
	return (struct spf_tree_place){node, spf_tree_place_record(place, node->selection->record), own};
}

struct spf_tree_place spf_tree_place_root(struct arena *arena, const struct spf_node *root)
{
	struct slice *path = arena_alloc(arena, sizeof *path);
	path[0] = name_text(arena, root->domain);
	return place_at(arena, root, true, path, 1);
}

struct slice spf_tree_place_step(struct arena *arena, const struct spf_tree_term *term, struct name target)
{
	struct slice name = name_text(arena, target);
	return arena_printf(arena, "%s%c%.*s", spf_kind_text(term->term->kind),
		term->term->is_modifier ? '=' : ':', (int)name.len, name.ptr);
}

struct spf_tree_place spf_tree_place_below(struct arena *arena, const struct spf_tree_place *parent,
	const struct spf_tree_term *term, const struct spf_node *node)
{
	size_t above = parent->place.path_count;
	struct slice *path = arena_alloc(arena, (above + 1) * sizeof *path);
	memcpy(path, parent->place.path, above * sizeof *path);
	path[above] = spf_tree_place_step(arena, term, node->domain);
	return place_at(arena, node, parent->own && term->term->kind == SPF_REDIRECT, path, above + 1);
}

struct slice spf_tree_place_path(struct arena *arena, const struct finding_place *place)
{
	size_t len = 0;
	for (size_t i = 0; i < place->path_count; i++)
		len += place->path[i].len + sizeof " > " - 1;
	char *text = arena_alloc(arena, len + 1);
	size_t at = 0;
	for (size_t i = 0; i < place->path_count; i++) {
		if (i > 0) {
			memcpy(text + at, " > ", 3);
			at += 3;
		}
		memcpy(text + at, place->path[i].ptr, place->path[i].len);
		at += place->path[i].len;
	}
	return slice_of(text, at);
}

struct finding *spf_tree_place_report(struct findings *findings, enum rule_id rule,
	const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	struct finding *finding = findings_add(findings, rule);
	finding->place = place->place;
	if (term != NULL) {
		finding->has_span = true;
		finding->span = term->term->span;
	}
	return finding;
}
