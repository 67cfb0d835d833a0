# Runs the bash completion over command lines; see completion.sh. Words are separated by blanks, the last one
# is where the cursor is; what comes out is compared in alphabetical order.
# shellcheck shell=bash source=/dev/null disable=SC2317
source "$1"

# Stands in for the program: two rules.
mailauth() {
	printf '%s\n' '{' '  "rules": [' '    {' '      "id": "spf-ptr",' '      "x": 1' '    },' '    {' \
		'      "id": "dmarc-none",'
}

failed=0
cd "$(mktemp -d)" || exit 1
touch db.example list

check() {
	local expected=$2
	IFS=' ' read -r -a COMP_WORDS <<<"$1"
	[[ $1 == *" " ]] && COMP_WORDS+=("")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_mailauth
	local actual
	actual=$(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | paste -s -d ' ')
	if [[ $actual != "$expected" ]]; then
		echo "completion: '$1' gives '$actual', not '$expected'" >&2
		failed=1
	fi
}

check 'mailauth ' 'check diff expand explain lint simulate spf test'
check 'mailauth ch' 'check'
check 'mailauth --v' '--version'
check 'mailauth check --ti' '--timeout'
check 'mailauth check --json --fo' '--format'
check 'mailauth --json check --off' '--offline'
check 'mailauth check -f ' 'csv gcc github json jsonl junit sarif text'
check 'mailauth check --format = jsonl' 'jsonl'
check 'mailauth explain -f j' 'json'
check 'mailauth spf --net' '--networks'
check 'mailauth simulate --f' '--format --from'
check 'mailauth expand -f j' 'json'
check 'mailauth check --fail-on w' 'warning'
check 'mailauth check --fail-on =' 'error info never warning'
check 'mailauth check --color n' 'never'
check 'mailauth check --zone d' 'db.example'
check 'mailauth check --zone example.com = d' 'db.example'
check 'mailauth check --zone = example.com = l' 'list'
check 'mailauth check --zone example.com =' 'db.example list'
check 'mailauth check -i l' 'list'
check 'mailauth check --server ' ''
check 'mailauth check --server 192.0.2.1 --tc' '--tcp'
check 'mailauth check exam' ''
check 'mailauth check --ignore s' 'spf-ptr'
check 'mailauth check --severity d' 'dmarc-none='
check 'mailauth check --severity spf-ptr = o' 'off'
check 'mailauth check --severity = spf-ptr = w' 'warning'
check 'mailauth lint --in' '--in-place'
check 'mailauth lint -f ' 'csv gcc github json jsonl junit sarif text'
check 'mailauth lint --zone d' 'db.example'
check 'mailauth lint l' 'list'
check 'mailauth diff d' 'db.example'
check 'mailauth diff li' 'list live'
check 'mailauth diff --deny w' 'weaken widen'
check 'mailauth diff -f m' 'markdown'
check 'mailauth explain ' 'dmarc-none spf-ptr'
check 'mailauth explain dm' 'dmarc-none'
check 'mailauth explain --a' '--all'

rm -f db.example list
rmdir "$PWD"
exit "$failed"
