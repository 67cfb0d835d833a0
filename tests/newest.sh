#!/bin/sh
# The README's test command in a fresh, minimal Debian: what a new machine shows, and, with Debian 13, the newest c-ares.
#
#   sh tests/newest.sh [SUITE [FOLDER]]        as root, from the top folder; SUITE: trixie (default), bookworm, ...
#
# The system is made with debootstrap in FOLDER (default build/SUITE) and kept there; the tree is copied into it anew each time. Needs
# a network for the packages. GOALS=... changes what is made (default: deps check).
set -eu

suite=${1:-trixie}
root=${2:-build/$suite}
goals=${GOALS:-deps check}

[ "$(id -u)" -eq 0 ] || { echo "newest: debootstrap and chroot need root" >&2; exit 1; }
if [ ! -e "$root/usr/bin/apt-get" ]; then
	mkdir -p "$root"
	debootstrap --variant=minbase "$suite" "$root"
fi
rm -rf "$root/src"
mkdir "$root/src"
git ls-files -z --cached --others --exclude-standard | tar -c --null -T - -f - | tar -x -f - -C "$root/src"

# AddressSanitizer and valgrind read /proc.
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C WERROR="${WERROR:-1}" chroot "$root" sh -c "
	cd /src && apt-get update -qq && apt-get install -y -qq make >/dev/null && make $goals"
