#!/bin/sh
# The bash completion knows the commands, options and formats of commands.def and options.def, and completes
# what it should. Also: the manual names every option, and mailauth-config(5) those that a file may set.
set -eu
cd "$(dirname "$0")/../.."

completion=src/cli/completion/mailauth.bash
manual=man/mailauth.1
failed=0

fail() {
	echo "completion.sh: $*" >&2
	failed=1
}

# A row a line, fields between ";": letter, name, commands, completion.
options() {
	awk '/^\/\*/ { comment = 1 } !comment { row = row " " $0 } /\*\/$/ { comment = 0 }
		/\)$/ && !comment { print row; row = "" }' src/cli/options.def | tr '\t' ' ' |
		awk -F ', *' '/OPTION\(/ { gsub(/[" ]/, "", $3); print $2 ";" $3 ";" $5 ";" $8 }'
}

# "check|text json jsonl": name and formats of each command.
commands() {
	sed -n -e 's/^COMMAND([A-Z]*, \([a-z]*\),$/\1/p' -e 's/^\t"\(text[a-z ]*\)",$/\1/p' src/cli/commands.def |
		paste -d '|' - -
}

# Spellings of the options whose commands match $1 and whose completion is $2 (or any), in the order of the table.
spellings() {
	options | while IFS=';' read -r letter name on kind; do
		case "$on" in *"$1"* | *ON_ALL*) ;; *) continue ;; esac
		[ "$2" = any ] || [ "$kind" = "$2" ] || continue
		[ "$letter" = 0 ] || printf -- '-%s ' "$(echo "$letter" | tr -d "'")"
		printf -- '--%s ' "$name"
	done
}

expect_line() {
	grep -qxF "	$1" "$completion" || fail "$completion lacks the line: $1"
}

[ "$(options | wc -l)" -eq "$(grep -c '^OPTION(' src/cli/options.def)" ] ||
	fail "a row of options.def cannot be read"

names=
for row in $(commands | tr ' ' ','); do
	name=${row%%|*}
	formats=$(echo "${row#*|}" | tr ',' ' ')
	upper=$(echo "$name" | tr '[:lower:]' '[:upper:]')
	names="$names $name"
	expect_line "local options_$name='$(spellings "ON($upper)" any | sed 's/ $//')'"
	expect_line "local formats_$name='$formats'"
done
expect_line "local commands='${names# }'"
expect_line "local text=' $(spellings 'ON(' TEXT)'"
expect_line "local files=' $(spellings 'ON(' FILE)'"

for name in $(options | cut -d ';' -f 2); do
	grep -q "Fl -$name\\b" "$manual" || fail "$manual does not name --$name"
done
for name in $names; do
	grep -q "^\\.Ss .*$name" "$manual" || fail "$manual has no section for the command $name"
done

# The options that the configuration file may set, as the table and as the page has them.
may_set=$(sed -n 's/^\t{OPTION_\([A-Z_]*\), .*/\1/p' src/cli/config_options.c | tr '[:upper:]_' '[:lower:]-')
shown=$(sed -n '/^\.Ss Options/,/^Options that/s/^\.Cm \([a-z-]*\).*/\1/p' man/mailauth-config.5)
[ "${may_set:-none}" = "$shown" ] ||
	fail "man/mailauth-config.5 does not list the options of config_options.c in their order"

# What comes out for a few lines: the last word is where the cursor is. Each case is LINE => WORDS.
if command -v bash >/dev/null 2>&1; then
	bash tests/lint/completion_cases.bash "$completion" || failed=1
else
	echo "completion.sh: no bash, the completion was not run" >&2
fi
[ "$failed" -eq 0 ] && echo "completion: agrees with the tables"
exit "$failed"
