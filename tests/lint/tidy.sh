#!/bin/sh
# clang-tidy over every source, with the checks of .clang-tidy; any finding is a failure.
#
#   sh tests/lint/tidy.sh SOURCE... -- FLAG...
set -eu

sources=
while [ "$1" != -- ]; do
	sources="$sources $1"
	shift
done
shift
echo "clang-tidy"
# Names of sources hold no blanks, and the inner shell expands its own $1 and $@.
# shellcheck disable=SC2086,SC2016
printf '%s\n' $sources | xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 6 sh -c '
	flags=$1
	shift
	clang-tidy --quiet "$@" -- $flags 2>/dev/null
' tidy "$*"
