#!/bin/sh
# The main job on the bundled example zones, without any network: prints each command, what it says and its exit status, and
# fails only when that is not what tests/data/example/demo.expected holds.
#
#   sh tests/demo.sh MAILAUTH [--update]        from the top folder
set -eu

mailauth=$1
zones=tests/data/example
expected=$zones/demo.expected
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT

# Output must not depend on who looks at it.
LC_ALL=C
export LC_ALL
unset NO_COLOR || true

show() {
	echo "\$ mailauth $*"
	status=0
	"$mailauth" "$@" || status=$?
	echo "exit status $status"
	echo
}

{
	show check --offline --zone $zones/computersolutions.cn.zone --zone $zones/root.zone computersolutions.cn
	for name in two-spf lookups quotes escaped obfuscated; do
		show check --offline --zone $zones/broken.example.zone --zone $zones/root.zone $name.broken.example
	done
} >"$actual" 2>&1

cat "$actual"
if [ "${2:-}" = --update ]; then
	cat "$actual" >"$expected"
elif ! cmp -s "$actual" "$expected"; then
	echo "demo: this is not the expected output:"
	diff -u "$expected" "$actual" || true
	exit 1
else
	echo "demo: output and exit statuses are as expected"
fi
