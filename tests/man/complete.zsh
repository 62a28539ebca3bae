# SPDX-License-Identifier: Apache-2.0
# complete.zsh FOLDER OUT: for each line of standard input, words with a tab between them, what zsh
# would offer for the last one, a line each, and an empty line, written to OUT. An interactive zsh
# in a pseudo-terminal is asked, whose compadd tells what it is given.
zmodload zsh/zpty || exit 1
folder=$1 out=$2
: >$out

zpty z zsh -f -i
start=$out.start
cat >$start <<END
PROMPT= RPROMPT= HISTFILE=
fpath=($folder \$fpath)
autoload -U compinit
compinit -D -u
compdef _ocienv ocienv
zstyle ':completion:*' verbose no
zstyle ':completion:*' list-grouped no
LISTMAX=0
setopt no_beep no_list_beep
bindkey '^I' complete-word
compadd () {
	if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "\$@"
		return \$?
	fi
	local -a hits
	builtin compadd -A hits "\$@"
	(( \$#hits )) && print -rl -- \$hits >>$out
	builtin compadd "\$@"
}
finish () { BUFFER=; print >>$out; zle -R }
zle -N finish
bindkey '^T' finish
print READY
END
zpty -w z "source $start"
zpty -r -m z ready '*READY*' || exit 1

lines=0
while IFS= read -r line; do
	zpty -w -n z "${line//$'\t'/ }"$'\t\x14'
	lines=$((lines + 1))
	# Until its empty line is there; the terminal has to be read meanwhile.
	for (( i = 0; i < 500; i++ )); do
		zpty -r -t z junk
		(( $(grep -c '^$' $out) >= lines )) && break
		sleep 0.02
	done
	(( i < 500 )) || exit 1
done
zpty -d z
rm -f $start
