#!/bin/sh
# Installs what building and testing mailauth need, with the package manager of the system.
#
#   sh tests/deps.sh        build and tests
#   sh tests/deps.sh lint   the tools of `make lint` as well
#
# Asks for root only when something is missing. Needs nothing but a POSIX shell.
set -eu

want_lint=${1:-}

say() {
	printf 'deps: %s\n' "$*"
}

# Runs a command as root: directly, or through sudo or doas.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		say "root is needed: sudo $*"
		sudo "$@"
	elif command -v doas >/dev/null 2>&1; then
		say "root is needed: doas $*"
		doas "$@"
	else
		say "root is needed and neither sudo nor doas is there; run as root: $*" >&2
		exit 1
	fi
}

# Sets `missing` to those of the given packages that are not installed; $1 is the command that knows.
find_missing() {
	query=$1
	shift
	missing=
	for package in "$@"; do
		$query "$package" >/dev/null 2>&1 || missing="$missing $package"
	done
}

dpkg_has() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Package names hold no blanks: $missing is meant to be split.
# shellcheck disable=SC2086
with_apt() {
	set -- gcc make pkg-config libc6-dev libc-ares-dev libidn2-dev libpsl-dev publicsuffix \
		check python3 python3-jsonschema libxml2-utils valgrind patch git jq ldnsutils
	[ -z "$want_lint" ] || set -- "$@" clang clang-format clang-tidy cppcheck mandoc shellcheck
	find_missing dpkg_has "$@"
	[ -n "$missing" ] || return 0
	say "installing with apt-get:$missing"
	as_root apt-get update -qq
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

# shellcheck disable=SC2086
with_dnf() {
	set -- gcc make pkgconf-pkg-config c-ares-devel libidn2-devel libpsl-devel publicsuffix-list-dafsa \
		check-devel python3 python3-jsonschema libxml2 valgrind libasan libubsan diffutils patch git jq
	[ -z "$want_lint" ] || set -- "$@" clang clang-tools-extra cppcheck mandoc ShellCheck
	find_missing "rpm -q" "$@"
	[ -n "$missing" ] || return 0
	say "installing with dnf:$missing"
	as_root dnf install -y -q $missing
}

# shellcheck disable=SC2086
with_apk() {
	set -- build-base pkgconf c-ares-dev libidn2-dev libpsl-dev check-dev python3 py3-jsonschema libxml2-utils valgrind patch git jq
	[ -z "$want_lint" ] || set -- "$@" clang clang-extra-tools cppcheck mandoc shellcheck
	find_missing "apk info -e" "$@"
	[ -n "$missing" ] || return 0
	say "installing with apk:$missing"
	as_root apk add -q $missing
}

# Homebrew refuses to run as root, and needs none.
# shellcheck disable=SC2086
with_brew() {
	set -- pkgconf c-ares libidn2 libpsl check python3 jq
	[ -z "$want_lint" ] || set -- "$@" clang-format llvm cppcheck mandoc shellcheck
	find_missing "brew list" "$@"
	[ -n "$missing" ] || return 0
	say "installing with brew:$missing"
	brew install -q $missing
}

if command -v apt-get >/dev/null 2>&1; then
	with_apt
elif command -v dnf >/dev/null 2>&1; then
	with_dnf
elif command -v apk >/dev/null 2>&1; then
	with_apk
elif command -v brew >/dev/null 2>&1; then
	with_brew
else
	say "no package manager known here (apt-get, dnf, apk, brew); install by hand: a C compiler, GNU make, pkg-config," \
		"c-ares, libidn2, libpsl, libcheck, python3 with its jsonschema module, xmllint, valgrind" >&2
	exit 1
fi
say "everything is installed"
