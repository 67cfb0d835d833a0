#!/bin/sh
# Holds the one direction of the data flow: a file may include headers of its own folder and of the folders listed for it, and
# only dns/ares_lane.c knows c-ares.
#
#   sh tests/lint/arrows.sh        from the top folder; prints each forbidden include and fails
set -eu

allowed() {
	case $1 in
	base) echo "base" ;;
	rules) echo "base rules" ;;
	dns) echo "base rules dns" ;;
	macro) echo "base rules dns macro" ;;
	spf) echo "base rules dns macro spf" ;;
	dmarc) echo "base rules dns dmarc" ;;
	inspect) echo "base rules dns macro spf dmarc inspect" ;;
	config) echo "base rules dns spf dmarc inspect config" ;;
	lint) echo "base rules dns macro spf dmarc inspect lint" ;;
	report) echo "base rules dns macro spf dmarc inspect lint report" ;;
	library) echo "base rules dns macro spf dmarc inspect report" ;;
	cli) echo "base rules dns macro spf dmarc inspect config lint report cli" ;;
	esac
}

# Prints what is wrong; the status is told by whether it printed anything.
find_wrong() {
	for file in src/*/*.[ch]; do
		folder=${file#src/}
		folder=${folder%%/*}
		may=$(allowed "$folder")
		sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file" | while read -r used; do
			case " $may mailauth " in
			*" $used "*) ;;
			*) echo "$file: includes $used/, which lies to its right" ;;
			esac
		done
	done
	grep -l '#include <ares' src/*/*.[ch] | grep -vx src/dns/ares_lane.c |
		sed 's|$|: only src/dns/ares_lane.c may include ares.h|'
}

wrong=$(find_wrong)
if [ -n "$wrong" ]; then
	echo "$wrong"
	exit 1
fi
