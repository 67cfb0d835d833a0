#!/bin/sh
# Compiles every source with gcc and with clang (those that are there) and takes any warning as a failure.
#
#   sh tests/lint/warnings.sh SOURCE... -- FLAG...
set -eu

sources=
while [ "$1" != -- ]; do
	sources="$sources $1"
	shift
done
shift
found=
for compiler in gcc clang; do
	command -v "$compiler" >/dev/null 2>&1 || continue
	found=yes
	echo "warnings: $compiler"
	for source in $sources; do
		"$compiler" "$@" -O2 -Werror -c -o /dev/null "$source"
	done
done
[ -n "$found" ] || { echo "warnings: neither gcc nor clang is installed"; exit 1; }
