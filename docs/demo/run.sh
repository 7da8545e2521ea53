#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cairn's main job on a real table, step by step, in a new Git repository in a temporary folder.
# Run it by third_party/setup.sh demo, or with a built cairn on PATH. See SOURCE.md for the table.
set -euo pipefail
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if ! command -v cairn >/dev/null; then
  echo "cairn is not on PATH: run third_party/setup.sh demo" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/mine" "$work/home"
cd "$work/mine"
# The user's own settings of Git and cairn stay out of it, and are not touched.
export HOME=$work/home XDG_CONFIG_HOME=$work/home GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@example.org GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@example.org
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export DEMO_LOG=$work/ran # the stages note here that they ran

steps=0
step() {
  steps=$((steps + 1))
  printf '\n%d. %s\n' "$steps" "$*"
}

fail() {
  trap - EXIT
  printf '\nThe demo failed at step %d: %s\nEverything is left in %s\n' "$steps" "$*" "$work" >&2
  exit 1
}

# Shows a command as one would type it, runs it, shows its output.
run() {
  printf '   $ %s\n' "$1"
  bash -c "$1" 2>&1 | sed 's/^/       /' || fail "this command failed: $1"
}

note() { printf '   %s\n' "$*"; }

digest() { sha256sum "$1" | cut -c1-16; }

# same WHAT FOUND WANTED
same() { [ "$2" = "$3" ] || fail "$1: found '$2', wanted '$3'"; }

# ran NAMES: the stages that really ran since the last call are these.
ran() {
  same "stages that ran" "$(sort "$DEMO_LOG" 2>/dev/null | paste -sd ' ' -)" "$1"
  : >"$DEMO_LOG"
}

echo "$(cairn --version), in the temporary folder $work"

step "A new Git repository, and cairn beside it. The hooks keep data in step with commits."
run "git init -q -b main"
run "cairn init"
run "cairn install"

step "Put a table under cairn: 312 places and their time zones (public domain, from the tz database)."
cp "$source_folder/zones.tab" .
run "cairn add zones.tab"
run "cat zones.tab.cairn"
run "git add -A && git commit -q -m 'the table'"
old=$(digest zones.tab)

step "Change it (leave Antarctica out), and commit the change."
run "grep -v Antarctica zones.tab >new && mv new zones.tab"
run "cairn status"
run "cairn add zones.tab && git add -A && git commit -q -m 'without Antarctica'"
new=$(digest zones.tab)
[ "$old" != "$new" ] || fail "the table did not change"

step "Go back in time with Git alone: the hook puts the old table in place."
run "git checkout -q HEAD~1 && sha256sum zones.tab | cut -c1-16"
same "the old table" "$(digest zones.tab)" "$old"
run "git checkout -q main && sha256sum zones.tab | cut -c1-16"
same "the new table" "$(digest zones.tab)" "$new"

step "A pipeline of three stages. Each says what it reads (-d, -p) and what it makes (-o, -M)."
cp "$source_folder"/{parse,north,report}.sh "$source_folder/countries.tab" .
echo "latitude: 60" >params.yaml
run "cairn stage add -n parse -d zones.tab -o places.tsv 'sh parse.sh'"
run "cairn stage add -n north -d places.tsv -p latitude -o north.tsv 'sh north.sh'"
run "cairn stage add -n report -d north.tsv -d countries.tab -o report.txt -M metrics.json 'sh report.sh'"
git add -A
run "cairn repro"
ran "north parse report"
run "cat metrics.json && head -n 3 report.txt"
run "git add -A && git commit -q -m 'places north of 60 degrees'"
report=$(digest report.txt)

step "Run it again: nothing to do."
run "cairn repro"
ran ""

step "Change a parameter, and ask what that means before running."
run "sed -i 's/60/50/' params.yaml"
run "cairn why north"
run "cairn repro"
ran "north report"
run "cat metrics.json"

step "Change it back: the results are known, so they are restored without running."
run "git checkout -q params.yaml && cairn repro"
ran ""
same "the report" "$(digest report.txt)" "$report"

step "Share: a folder serves as the remote, and a teammate clones and pulls."
run "cairn remote add shared ../shared"
run "git add -A && git commit -q -m 'where the data is shared' && cairn push"
run "git clone -q . ../teammate && cd ../teammate && cairn pull"
files=(zones.tab places.tsv north.tsv report.txt)
for file in "${files[@]}"; do
  [ -f "../teammate/$file" ] || fail "$file did not reach the teammate"
  same "$file at the teammate's" "$(digest "../teammate/$file")" "$(digest "$file")"
done

echo
echo "Same bytes on both sides, by sha256: ${files[*]}."
echo "All $steps steps did what they should. Next: docs/guide.md shows the same on your own data."
