/* text_columns: how many columns of a terminal a character takes. */
#ifndef REPORT_TEXT_COLUMNS_H
#define REPORT_TEXT_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

/* 0, 1 or 2, for a code point that is no control. */
size_t text_columns(uint32_t code);

#endif
