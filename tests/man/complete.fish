# SPDX-License-Identifier: Apache-2.0
# complete.fish COMPLETIONS: for each line of standard input, words with a tab between them, what
# fish would offer for the last one, a line each, and an empty line.
source $argv[1]
while read -l line
    complete -C (string replace -a \t ' ' -- $line) | string replace -r '\t.*' ''
    echo
end
