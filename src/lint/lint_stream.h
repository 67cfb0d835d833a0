/* lint_stream: records from a file or standard input, one after the other, whatever its length.
 *
 *     v=spf1 mx -all                                    one line
 *     _dmarc IN TXT ( "v=DMARC1; "                      one record in two
 *                     "p=none" )
 *     ; dig +noall +answer TXT example.com              passed over, as are blank lines
 */
#ifndef LINT_LINT_STREAM_H
#define LINT_LINT_STREAM_H

#include "lint/lint_unwrap.h"

#define LINT_STREAM_MAX_RECORD 65535 /* bytes of a record */
#define LINT_STREAM_BUFFER                                                                                   \
	((size_t)1 << 19) /* of the lines that it is pasted in: each byte may be an escape */

/* Invariant: start <= end <= LINT_STREAM_BUFFER; buffer[start..end) is read and not taken yet. */
struct lint_stream {
	int fd; /* -1: all there is, is in the buffer */
	char *buffer;
	size_t start;
	size_t end;
	size_t line; /* number of the line that begins at `start` */
	bool ended;  /* read() has said so */
	int error;   /* errno of LINT_STREAM_FAILED */
};

enum lint_stream_status {
	LINT_STREAM_RECORD,
	LINT_STREAM_BAD, /* lines that cannot be read: *why tells; the stream goes on behind them */
	LINT_STREAM_END,
	LINT_STREAM_FAILED
};

/* Lines of one record. Valid until the next call. */
struct lint_stream_item {
	struct slice lines;
	size_t line; /* number of the first */
	struct lint_paste paste;
	const char *why; /* LINT_STREAM_BAD */
};

/* The buffer is memory of `arena`; `fd` stays the caller's. */
void lint_stream_open(struct lint_stream *stream, struct arena *arena, int fd);

/* The same over text that is there already (at most LINT_STREAM_BUFFER bytes; copied). False: longer. */
bool lint_stream_open_text(struct lint_stream *stream, struct arena *arena, struct slice text);

/* The next record. What the paste needs is memory of `arena`, which may be rewound after each. */
enum lint_stream_status lint_stream_next(
	struct lint_stream *stream, struct arena *arena, struct lint_stream_item *out);

#endif
