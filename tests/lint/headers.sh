#!/bin/sh
# Every header compiles alone, the public ones also as strict C99 and C++ would read them.
#
#   sh tests/lint/headers.sh        from the top folder; CC, DEP_CFLAGS as the Makefile sets them
set -eu

CC=${CC:-cc}
status=0
for header in src/*/*.h tests/support/*.h; do
	# shellcheck disable=SC2086
	$CC -std=c11 -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -Isrc -Iinclude -Itests ${DEP_CFLAGS:-} ${CHECK_CFLAGS:-} -Wall -Wextra \
		-fsyntax-only -x c "$header" || status=1
done
for header in include/mailauth/*.h; do
	$CC -std=c99 -pedantic -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c "$header" || status=1
done
exit $status
