# SPDX-License-Identifier: Apache-2.0
# complete.bash COMPLETIONS: for each line of standard input, words with a tab between them, what
# bash would offer for the last one, a line each, and an empty line. Words are cut at "=" as
# readline does.
set -u
. "$1"

spec=$(complete -p ocienv) || exit 1
function=${spec#*-F }
function=${function%% *}

while IFS= read -r line; do
	IFS=$'\t' read -r -a words <<<"$line"
	COMP_WORDS=()
	for word in "${words[@]}"; do
		if [[ $word == --*=* ]]; then
			COMP_WORDS+=("${word%%=*}" =)
			[ -z "${word#*=}" ] || COMP_WORDS+=("${word#*=}")
		else
			COMP_WORDS+=("$word")
		fi
	done
	[[ $line != *$'\t' ]] || COMP_WORDS+=("")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	"$function" ocienv "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
	echo
done
