#!/usr/bin/env bash
# Checks $PATHS with $OPTIONS by $COMMAND, and shows each finding beside its line in the pull request.
set -u
# Their words are arguments of their own: they come from the workflow's author.
# shellcheck disable=SC2086
output=$($COMMAND rules check $PATHS $OPTIONS)
code=$?
printf '%s\n' "$output"
# A finding's first line: FILE:LINE:COLUMN SEVERITY CODE MESSAGE. Of a percent sign the runner makes a character.
printf '%s\n' "$output" | sed -n -E \
  -e 's/%/%25/g' \
  -e 's/^([^ ].*):([0-9]+):([0-9]+) (error|warning) ([^ ]+) (.*)$/::\4 file=\1,line=\2,col=\3,title=\5::\6/p'
exit $code
