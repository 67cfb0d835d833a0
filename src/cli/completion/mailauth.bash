# bash completion for mailauth(1). The tables agree with commands.def and options.def (tests/lint/completion.sh).
# shellcheck shell=bash disable=SC2034 # tables are read by name

_mailauth_rules() {
	"$1" explain --json 2>/dev/null | sed -n 's/^ *"id": "\([a-z0-9-]*\)".*/\1/p'
}

# The word before the cursor may be cut at "=" (--format=json, --zone example.com=FILE): sets `current` to what
# is to be completed, `option` to the word it belongs to, `second` to 1 behind a "=" inside of its argument.
_mailauth_split() {
	local at=$((COMP_CWORD - 1))
	current=${COMP_WORDS[COMP_CWORD]}
	second=0
	option=${COMP_WORDS[at]}
	if [[ $current == "=" ]]; then
		current=
	elif [[ $option == "=" ]]; then
		at=$((at - 1))
	else
		return
	fi
	option=${COMP_WORDS[at]}
	if [[ $option != -* && $at -gt 1 ]]; then
		second=1
		at=$((at - 1))
		[[ ${COMP_WORDS[at]} == "=" ]] && at=$((at - 1))
		option=${COMP_WORDS[at]}
	fi
}

_mailauth() {
	local commands='check spf simulate expand lint diff test explain'
	local options_check='-s --server --timeout --tries --max-time --tcp --trust-ad --zone --record --remove --offline --save-dns --replay --psl -i --input -j --concurrency --threads --ip --sender --helo -f --format --json --fail-on --ignore --severity --color -q --quiet -v --verbose --config --no-config -h --help -V --version'
	local options_spf='-s --server --timeout --tries --max-time --tcp --trust-ad --zone --record --remove --offline --save-dns --replay --ip --sender --helo --receiver --time --networks --expect -f --format --json --color -v --verbose --config --no-config -h --help -V --version'
	local options_simulate='-s --server --timeout --tries --max-time --tcp --trust-ad --zone --record --remove --offline --save-dns --replay --psl --ip --sender --helo --receiver --time --from --dkim --spf --expect -f --format --json --color -v --verbose --config --no-config -h --help -V --version'
	local options_expand='-s --server --timeout --tries --max-time --tcp --trust-ad --zone --record --remove --offline --save-dns --replay --ip --sender --helo --receiver --time --domain --exp -f --format --json --color -v --verbose --config --no-config -h --help -V --version'
	local options_lint='--zone --type --fix --unsafe-fixes --diff --in-place -f --format --json --fail-on --ignore --severity --color -q --quiet --config --no-config -h --help -V --version'
	local options_diff='-s --server --timeout --tries --max-time --tcp --trust-ad --zone --record --remove --offline --save-dns --replay --psl -j --concurrency --threads --deny -f --format --json --ignore --severity --color -q --quiet -v --verbose --config --no-config -h --help -V --version'
	local options_test='-s --server --timeout --tries --max-time --tcp --trust-ad --zone --record --remove --offline --save-dns --replay --psl -f --format --json --ignore --severity --color -q --quiet -v --verbose --config --no-config -h --help -V --version'
	local options_explain='--all -f --format --json --color -h --help -V --version'
	local options_none='-h --help -V --version'
	local formats_check='text json jsonl csv sarif junit github gcc'
	local formats_spf='text json'
	local formats_simulate='text json'
	local formats_expand='text json'
	local formats_lint='text json jsonl csv sarif junit github gcc'
	local formats_diff='text json jsonl csv sarif junit github gcc markdown'
	local formats_test='text json junit'
	local formats_explain='text json'
	local text=' -s --server --timeout --tries --max-time --record --remove -j --concurrency --threads --ip --sender --helo --receiver --time --from --dkim --spf --domain --expect --type '
	local files=' --zone --save-dns --replay --psl -i --input --config '
	local current option second word words='' command=none
	COMPREPLY=()
	_mailauth_split

	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		if [[ " $commands " == *" $word "* ]]; then
			command=$word
			break
		fi
	done

	if [[ $text == *" $option "* ]]; then
		return
	elif [[ $files == *" $option "* ]]; then
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
	elif [[ $option == -f || $option == --format ]]; then
		words=formats_$command
		words=${!words}
	elif [[ $option == --fail-on ]]; then
		words='error warning info never'
	elif [[ $option == --deny ]]; then
		words='widen weaken lookups new-errors new-warnings'
	elif [[ $option == --color ]]; then
		words='auto always never'
	elif [[ $option == --severity && $second == 1 ]]; then
		words='error warning info off'
	elif [[ $option == --severity ]]; then
		compopt -o nospace 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -S = -W "$(_mailauth_rules "${COMP_WORDS[0]}")" -- "$current")
		return
	elif [[ $option == --ignore ]]; then
		words=$(_mailauth_rules "${COMP_WORDS[0]}")
	elif [[ $current == -* ]]; then
		words=options_$command
		words=${!words}
	elif [[ $command == none ]]; then
		words=$commands
	elif [[ $command == diff ]]; then
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -W live -- "$current")
		return
	elif [[ $command == lint ]]; then
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
	elif [[ $command == explain ]]; then
		words=$(_mailauth_rules "${COMP_WORDS[0]}")
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _mailauth mailauth
