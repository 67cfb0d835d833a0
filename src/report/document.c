/* document: see document.h. */
#include "report/document.h"

void document_init(
	struct document *document, const struct writer *writer, const struct writer_options *options)
{
	*document = (struct document){.writer = writer, .options = options};
	for (size_t part = 0; part < WRITER_MAX_PARTS; part++)
		buf_init(&document->held[part]);
	told_init(&document->told);
}

void document_free(struct document *document)
{
	for (size_t part = 0; part < WRITER_MAX_PARTS; part++)
		buf_free(&document->held[part]);
	told_free(&document->told);
}

static void begin(struct document *document, struct buf *out)
{
	if (!document->begun)
		document->writer->begin(out, document->options);
	document->begun = true;
}

static void add_first(struct document *document, struct buf *out, struct slice bytes, bool apart)
{
	if (document->has_first && apart)
		document->writer->between(out, document->options);
	document->has_first = true;
	buf_add(out, bytes);
}

static void hold(struct document *document, struct buf *held, struct slice bytes)
{
	if (held->len + bytes.len > DOCUMENT_MAX_HELD) {
		document->dropped++;
		return;
	}
	if (held->len > 0)
		document->writer->between(held, document->options);
	buf_add(held, bytes);
}

static void add_piece(struct document *document, struct buf *out, size_t part, struct slice piece, bool apart)
{
	if (part == 0 && piece.len > 0)
		add_first(document, out, piece, apart);
	else if (piece.len > 0)
		hold(document, &document->held[part], piece);
}

static void add_units(struct document *document, struct buf *out, size_t part, struct slice units, bool apart)
{
	while (units.len > 0) {
		size_t end = slice_find(units, WRITER_UNIT_END, 0);
		struct slice unit = slice_head(units, end);
		if (!told_again(&document->told, unit))
			add_piece(document, out, part, unit, apart);
		units = slice_from(units, end + 1);
	}
}

void document_add(struct document *document, struct buf *out, struct slice bytes, bool apart)
{
	const struct writer *writer = document->writer;
	size_t parts = writer->parts > 0 ? writer->parts : 1;
	if (bytes.len == 0)
		return;
	begin(document, out);
	for (size_t part = 0; part < parts; part++) {
		size_t end = writer->parts > 0 ? slice_find(bytes, '\0', 0) : bytes.len;
		struct slice piece = slice_head(bytes, end);
		if (writer->units)
			add_units(document, out, part, piece, apart);
		else
			add_piece(document, out, part, piece, apart);
		bytes = slice_from(bytes, end + 1);
	}
}

bool document_add_findings(
	struct document *document, struct buf *out, struct arena *scratch, const struct findings *findings)
{
	const struct writer *writer = document->writer;
	bool by_domain = writer->verdict != NULL && document->options->domains;
	if (writer->item == NULL || by_domain)
		return false;
	if (findings->count == 0)
		return true;
	struct report_item item = report_item_of_findings(findings);
	struct buf one;
	buf_init(&one);
	item.file = findings->items[0].place.file;
	writer->item(&one, scratch, document->options, &item);
	document_add(document, out, buf_slice(&one), true);
	out->failed = out->failed || one.failed;
	buf_free(&one);
	return true;
}

void document_end(struct document *document, struct buf *out)
{
	const struct writer *writer = document->writer;
	struct writer_held held = {.dropped = document->dropped};
	begin(document, out);
	for (size_t part = 1; part < writer->parts; part++) {
		held.bytes[part] = buf_slice(&document->held[part]);
		out->failed = out->failed || document->held[part].failed;
	}
	if (writer->held != NULL)
		writer->held(out, document->options, &held);
	writer->end(out, document->options);
}
