#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rollback: one new commit with the project of a version, its data, nothing lost, and the way back.
. "$(dirname "$0")/lib.sh"

save() { git tag "$1"; }

# data.csv and table/ (tracked) -> train (params, model kept by cairn, m.json kept by Git), saved as v1.0; then all of it
# changed and committed.
two_versions() {
  new_repo
  project_files
  commit "first model"
  save v1.0
  change_all
  commit "second model"
  export RAN=$T/case/ran
}

project_files() {
  random_file data.csv 300000 one
  mkdir table
  seq 50 >table/a
  seq 60 >table/b
  cairn add data.csv table
  echo 'lr: 0.1' >params.yaml
  printf 'echo train >>"${RAN:-/dev/null}"; wc -c data.csv >model.txt; cat params.yaml >>model.txt; echo "{\\"n\\": 1}" >m.json\n' >train.sh
  echo old >only-then.txt
  cat >cairn.yaml <<'YAML'
stages:
  train:
    cmd: sh train.sh
    deps: [data.csv, table]
    params: [lr]
    outs: [model.txt]
    metrics: [m.json: {cache: false}]
YAML
  git add -A
  cairn repro
}

change_all() {
  random_file data.csv 200000 two
  seq 70 >table/c
  rm table/a
  cairn commit
  echo 'lr: 0.2' >params.yaml
  echo '# better' >>train.sh
  git rm -q only-then.txt
  echo new >only-now.txt
  mkdir extra
  echo e >extra/e.csv
  cairn add extra
  cat >>cairn.yaml <<'YAML'
  count:
    cmd: wc -l table/b >lines.txt
    deps: [table/b]
    outs: [lines.txt]
YAML
  cairn repro
}

# All that a refused rollback must leave alone.
footprint() {
  find . -path ./.git -prune -o -printf '%p %T@ %s %i %m\n' | sort
  git rev-parse HEAD
  git symbolic-ref -q HEAD || true
  git for-each-ref
  git ls-files -s | sha256sum
}

# The workspace is that of a commit: Git's files, the data, and nothing to run.
assert_at() {
  assert_same "" "$(git status --porcelain)" "git status"
  git worktree add -q --detach "$T/case/expected" "$(git rev-parse "$1")"
  "$CAIRN" -C "$T/case/expected" checkout >/dev/null
  diff <(cd "$T/case/expected" && files_but_git) <(files_but_git) >"$T/out" || fail "files are not those of $1"
  git worktree remove --force "$T/case/expected"
  : >"$RAN"
  cairn repro
  assert_ran
}

files_but_git() { find . -name .git -prune -o -type f -print0 | sort -z | xargs -0 sha256sum; }

goes_back_with_all() {
  two_versions
  second=$(git rev-parse HEAD)
  footprint >"$T/before"
  cairn pipeline rollback --dry-run v1.0 --json
  cp "$T/out" "$T/preview"
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "a dry run changed something"
  cairn pipeline rollback v1.0 --json
  for key in files data stages; do
    assert_same "$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$T/preview" $key)" \
      "$(json "d['$key']")" "preview of $key"
  done
  assert_value "[(f['kind'], f['path']) for f in d['files']]" '[["modified", ".gitignore"], ["modified", "cairn.lock"], ["modified", "cairn.yaml"], ["modified", "data.csv.cairn"], ["deleted", "extra.cairn"], ["deleted", "only-now.txt"], ["added", "only-then.txt"], ["modified", "params.yaml"], ["modified", "table.cairn"], ["modified", "train.sh"]]'
  assert_value "[(f['kind'], f['path']) for f in d['data']]" '[["modified", "data.csv"], ["deleted", "extra"], ["deleted", "lines.txt"], ["modified", "model.txt"], ["modified", "table"]]'
  assert_value "[d['data'][0]['before']['size'], d['data'][0]['after']['size']]" '[200000, 300000]'
  assert_value "d['stages']" '[{"kind": "deleted", "stage": "count"}, {"kind": "modified", "stage": "train"}]'
  assert_value "[d['branch'], d['commit']]" "[\"main\", \"$(git rev-parse HEAD)\"]"
  assert_same "$second" "$(git rev-parse HEAD^)" "parent"
  assert_same "$(git rev-parse 'v1.0^{tree}')" "$(git rev-parse 'HEAD^{tree}')" "tree"
  assert_same "Roll back to v1.0" "$(git log -1 --format=%s)"
  assert_same "cairn pipeline rollback: v1.0" "$(git log -g -1 --format=%gs)"
  assert_absent extra lines.txt only-now.txt
  assert_at v1.0
  git fsck --strict
}

says_it_for_people() {
  two_versions
  cairn pipeline rollback v1.0 -m "back to the first model"
  assert_out "  modified  params.yaml"
  assert_out "  modified  data.csv  (195 KiB -> 293 KiB)"
  assert_out "  deleted   count"
  assert_out "commit $(git rev-parse --short=7 HEAD) on main"
  assert_same "back to the first model" "$(git log -1 --format=%B | head -n1)"
  cairn pipeline rollback v1.0
  assert_out "nothing to do: the project is as in $(git rev-parse --short=7 v1.0) already"
  assert_same "back to the first model" "$(git log -1 --format=%s)"
}

config_of_now_stays() {
  two_versions
  cairn remote add storage ../storage
  commit "a remote"
  sha256sum .cairn/config >"$T/config"
  cairn pipeline rollback v1.0
  sha256sum -c "$T/config"
  assert_same ".cairn/config" "$(git diff --name-only v1.0 HEAD)"
}

# refused STATUS TEXT: by the version of now, which stays as it is.
refused() {
  footprint >"$T/before"
  must_fail "$1" cairn pipeline rollback v1.0
  assert_err "$2"
  grep -q '^ *try: ' "$T/err" || fail "no next step"
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "a refused rollback changed something"
}

work_is_never_lost() {
  two_versions
  echo more >>train.sh
  refused 9 "changes that are not committed: 'train.sh'"
  git add train.sh
  refused 9 "changes that are not committed: 'train.sh'"
  git reset -q --hard
  rm only-now.txt
  refused 9 "changes that are not committed: 'only-now.txt'"
  git reset -q --hard
  echo mine >only-then.txt
  refused 9 "in the way of the version's: 'only-then.txt'"
  echo only-then.txt >>.git/info/exclude
  refused 9 "in the way of the version's: 'only-then.txt'"
  rm only-then.txt
  mkdir only-then.txt
  echo mine >only-then.txt/mine
  refused 9 "in the way of the version's: 'only-then.txt/mine'"
  rm -r only-then.txt
  echo mine >>data.csv
  refused 9 "data that differs from what is recorded: 'data.csv'"
  cairn checkout --force data.csv
  echo mine >table/mine
  refused 9 "data that differs from what is recorded: 'table'"
  rm table/mine
  echo mine >mine.txt
  cairn pipeline rollback v1.0
  assert_content mine.txt mine
  rm mine.txt
  assert_at v1.0
}

operations_of_git_end_first() {
  two_versions
  git switch -qc other HEAD^
  echo 'lr: 0.3' >params.yaml
  git commit -qam other
  git switch -q main
  run git merge other
  refused 9 "a merge was begun here and not ended"
  assert_err "git merge --continue, or git merge --abort"
  git merge --abort
  run git rebase other
  refused 9 "a rebase was begun here and not ended"
  git rebase --abort
  run git cherry-pick other
  refused 9 "a cherry-pick was begun here and not ended"
  git cherry-pick --abort
  git bisect start -q
  refused 9 "a bisect was begun here and not ended"
  git bisect reset
  cairn checkout
  cairn pipeline rollback v1.0
}

bad_names_and_places() {
  git init -q repo
  cd repo
  git commit -q --allow-empty -m empty
  git tag before
  cairn init -q
  must_fail 9 cairn pipeline rollback nothing
  commit init
  must_fail 9 cairn pipeline rollback nothing
  must_fail 9 cairn pipeline rollback before
  assert_err "has no cairn project"
  must_fail 2 cairn pipeline rollback
  git switch -q --orphan new
  git checkout -q main -- .cairn
  must_fail 9 cairn pipeline rollback main
  assert_err "this branch has no commit yet"
}

data_is_fetched_first() {
  two_versions
  cairn remote add storage ../storage
  commit remote
  cairn push --rev v1.0 --rev HEAD
  git clone -q . ../clone
  cd ../clone
  cairn pull
  cairn pipeline rollback --dry-run v1.0
  assert_out "to fetch"
  assert_out "  data.csv"
  footprint >"$T/before"
  mv ../storage ../away
  must_fail 7 cairn pipeline rollback v1.0
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "a failed fetch changed something"
  mv ../away ../storage
  cairn pipeline rollback v1.0
  assert_same "$(random_file /dev/stdout 300000 one | sha256sum)" "$(sha256sum <data.csv)" "data"
}

data_that_is_nowhere() {
  two_versions
  git clone -q . ../clone
  cd ../clone
  refused 9 "data of the version is not in the store"
  assert_err "cairn pipeline rollback --no-data v1.0"
  cairn pipeline rollback --no-data v1.0
  assert_same "$(git rev-parse 'v1.0^{tree}')" "$(git rev-parse 'HEAD^{tree}')" "tree"
  assert_same "" "$(git status --porcelain)"
  assert_absent data.csv
}

undo_is_one_more_commit() {
  two_versions
  second=$(git rev-parse HEAD)
  cairn pipeline rollback v1.0
  first=$(git rev-parse HEAD)
  footprint >"$T/before"
  cairn undo --dry-run
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "a dry run changed something"
  cairn undo
  assert_out "took back: pipeline rollback"
  assert_same "$first" "$(git rev-parse HEAD^)" "parent"
  assert_same "$(git rev-parse "$second^{tree}")" "$(git rev-parse 'HEAD^{tree}')" "tree"
  assert_same 'Revert "Roll back to v1.0"' "$(git log -1 --format=%s)"
  assert_at "$second"
  cairn undo
  assert_same "$(git rev-parse "$first^{tree}")" "$(git rev-parse 'HEAD^{tree}')" "tree"
  assert_at "$first"
}

undo_after_a_change() {
  two_versions
  cairn pipeline rollback v1.0
  rolled=$(git rev-parse HEAD)
  must_fail 2 cairn undo --force
  echo mine >>params.yaml
  must_fail 9 cairn undo
  assert_err "changes that are not committed: 'params.yaml'"
  git commit -qam "mine"
  must_fail 9 cairn undo
  assert_err "HEAD was moved since the rollback"
  assert_err "'mine'"
  assert_err "git revert $rolled"
  git reset -q --hard HEAD^
  echo mine >>data.csv
  must_fail 9 cairn undo
  assert_err "data.csv"
  assert_same "$rolled" "$(git rev-parse HEAD)"
  cairn checkout --force
  # That was the last thing done: it is what undo takes back now.
  cairn undo
  assert_out "took back: checkout"
  assert_same mine "$(tail -c 5 data.csv)"
}

undo_of_what_was_before_is_over() {
  two_versions
  echo mine >>data.csv
  cairn checkout --force
  cairn pipeline rollback v1.0
  cairn undo
  assert_out "took back: pipeline rollback"
}

project_in_a_subfolder() {
  git init -q repo
  cd repo
  mkdir sub
  echo top >top.txt
  cd sub
  cairn init -q
  project_files
  cd ..
  commit "first model"
  save v1.0
  (cd sub && change_all)
  echo changed >top.txt
  commit "second model"
  echo staged >staged.txt
  git add staged.txt
  echo edited >top.txt
  cd sub
  cairn pipeline rollback v1.0 --json
  assert_value "d['files'][0]['path']" '".gitignore"'
  cd ..
  assert_content top.txt edited
  assert_same changed "$(git show HEAD:top.txt)"
  assert_same "$(git rev-parse v1.0:sub)" "$(git rev-parse HEAD:sub)" "tree of the project"
  assert_same " M top.txt
A  staged.txt" "$(git status --porcelain | sort)"
  assert_same "$(random_file /dev/stdout 300000 one | sha256sum)" "$(sha256sum <sub/data.csv)" "data"
}

other_worktree() {
  two_versions
  git worktree add -q -b side ../side
  cd ../side
  cairn checkout
  main=$(git rev-parse main)
  cairn pipeline rollback v1.0
  assert_out "on side"
  assert_same "$main" "$(git rev-parse main)" "main"
  assert_same "$main" "$(git rev-parse HEAD^)" "parent"
  assert_at v1.0
  cd ../repo
  assert_same "" "$(git status --porcelain)"
  must_fail 9 cairn pipeline rollback nothing
  cd ../side
  cairn undo
  assert_at main
}

detached_head() {
  two_versions
  second=$(git rev-parse HEAD)
  git switch -q --detach
  cairn pipeline rollback v1.0
  assert_out "HEAD is detached"
  assert_same "$second" "$(git rev-parse main)" "main"
  assert_same "$second" "$(git rev-parse HEAD^)" "parent"
  ! git symbolic-ref -q HEAD || fail "HEAD is on a branch"
  assert_at v1.0
}

shallow_clone() {
  two_versions
  git clone -q --depth 1 "file://$PWD" ../shallow
  cd ../shallow
  must_fail 9 cairn pipeline rollback v1.0
  git fetch -q --depth 1 origin tag v1.0
  must_fail 9 cairn pipeline rollback v1.0
  assert_err "not in the store"
  cairn pipeline rollback --no-data v1.0
  assert_same "$(git rev-parse 'v1.0^{tree}')" "$(git rev-parse 'HEAD^{tree}')" "tree"
}

kinds_change_places() {
  new_repo
  echo data >swap
  cairn add swap
  echo code >flip
  echo code >both
  mkdir deep
  echo code >deep/x
  ln -s flip link
  printf '#!/bin/sh\n' >run.sh
  chmod +x run.sh
  commit one
  save v1.0
  cairn remove --outs swap
  echo code >swap
  git rm -q flip deep/x link
  rm -rf deep
  echo data >flip
  cairn add flip
  echo file >deep
  mkdir link
  echo inner >link/inner
  chmod -x run.sh
  rm both
  mkdir both
  echo inner >both/inner
  commit two
  second=$(git rev-parse HEAD)
  cairn pipeline rollback v1.0
  assert_content swap data
  assert_content flip code
  assert_content both code
  assert_content deep/x code
  assert_same flip "$(readlink link)"
  [ -x run.sh ] || fail "not executable"
  assert_same "" "$(git status --porcelain)"
  cairn undo
  assert_content swap code
  assert_content flip data
  assert_content both/inner inner
  assert_content deep file
  assert_same "" "$(git status --porcelain)"
  assert_same "$(git rev-parse "$second^{tree}")" "$(git rev-parse 'HEAD^{tree}')" "tree"
}

hooks_for_commits_do_not_run() {
  two_versions
  for hook in pre-commit commit-msg post-commit post-checkout; do
    printf '#!/bin/sh\necho %s >>"%s"\nexit 1\n' "$hook" "$T/case/hooks" >.git/hooks/$hook
    chmod +x .git/hooks/$hook
  done
  cairn pipeline rollback v1.0
  assert_absent "$T/case/hooks"
}

another_git_holds_the_index() {
  two_versions
  : >.git/index.lock
  refused 5 "index.lock' exists"
  assert_err "if no git is running, remove the file"
  rm .git/index.lock
  cairn pipeline rollback v1.0
  assert_at v1.0
}

# A git that kills who called it: before or after the command whose first words are $KILL_AT.
deadly_git() {
  mkdir "$T/case/bin"
  cat >"$T/case/bin/git" <<'SH'
#!/bin/bash
words=$*
case $words in
  *"$KILL_AT"*) [ "$KILL_WHEN" = after ] || { [ -z "${SPOIL:-}" ] || eval "$SPOIL"; kill -9 $PPID; exit 1; } ;;
esac
/usr/bin/git "$@"
status=$?
case $words in
  *"$KILL_AT"*) kill -9 $PPID; sleep 20 ;;
esac
exit $status
SH
  chmod +x "$T/case/bin/git"
}

# killed WHEN AT [SPOIL]
killed() {
  local status=0
  PATH=$T/case/bin:$PATH KILL_WHEN=$1 KILL_AT=$2 SPOIL=${3:-} "$CAIRN" pipeline rollback v1.0 >"$T/out" 2>"$T/err" || status=$?
  assert_same 137 "$status" "status of a killed rollback"
}

# Git has locked HEAD, and waits for its hook; the wrapper turns hooks on for that.
killed_while_git_holds_a_lock() {
  two_versions
  mkdir "$T/case/bin" "$T/case/hooks"
  cat >"$T/case/bin/git" <<'SH'
#!/bin/bash
case $* in
  *update-ref*) KILL=$PPID exec /usr/bin/git "$1" "$2" -c core.hooksPath="$HOOKS" "${@:3}" ;;
esac
exec /usr/bin/git "$@"
SH
  cat >"$T/case/hooks/reference-transaction" <<'SH'
#!/bin/bash
[ "$1" = prepared ] || exit 0
ls .git/HEAD.lock >"$HOOKS/locked"
kill -9 "$KILL"
sleep 3
exit 1
SH
  chmod +x "$T/case/bin/git" "$T/case/hooks/reference-transaction"
  second=$(git rev-parse HEAD)
  HOOKS=$T/case/hooks killed after nothing
  assert_same .git/HEAD.lock "$(cat "$T/case/hooks/locked")" "what Git held"
  for ((i = 0; i < 20; ++i)); do
    [ -e .git/HEAD.lock ] || break
    sleep 0.1
  done
  assert_absent .git/HEAD.lock
  assert_same "$second" "$(git rev-parse HEAD)" "HEAD"
  cairn pipeline rollback v1.0
  assert_at v1.0
}

killed_before_head_moves() {
  two_versions
  deadly_git
  second=$(git rev-parse HEAD)
  for at in write-tree "read-tree -m -u -n" update-ref; do
    killed before "$at"
    assert_same "$second" "$(git rev-parse HEAD)" "HEAD"
    cairn checkout
    assert_at "$second"
  done
  cairn pipeline rollback v1.0
  assert_at v1.0
}

killed_after_head_moved() {
  two_versions
  deadly_git
  second=$(git rev-parse HEAD)
  n=0
  for at in "after update-ref" "before read-tree -m -u" "after read-tree -m -u" "before half"; do
    n=$((n + 1))
    case $at in
      *half) killed before "read-tree -m -u $second" 'head -c 20 <(git show v1.0:train.sh) >train.sh; rm -f params.yaml; git show v1.0:only-then.txt >only-then.txt' ;;
      *) killed "${at%% *}" "${at#* } ${second:0:$((n > 1 ? 40 : 0))}" ;;
    esac
    assert_same "$second" "$(git rev-parse HEAD^)" "parent: $at"
    cairn status >/dev/null || true
    assert_err "cairn checkout finishes it"
    cairn checkout
    assert_err "finished a rollback that was cut short"
    assert_at v1.0
    cairn undo
    assert_at "$second"
    git reset -q --hard "$second"
    cairn checkout
  done
}

# Index and work tree have followed, data has not.
killed_while_data_is_placed() {
  two_versions
  second=$(git rev-parse HEAD)
  cairn pipeline rollback v1.0
  note=$(store_of)/projects/root/rollback
  assert_same finished "$(tail -n1 "$note")"
  sed -i 's/^finished/unfinished/' "$note"
  rm data.csv
  cairn checkout
  assert_out "nothing to do"
  assert_err "finished a rollback"
  assert_at v1.0
  cairn undo
  assert_at "$second"
}

edited_after_a_kill() {
  two_versions
  deadly_git
  killed after update-ref
  echo mine >>train.sh
  must_fail 9 cairn checkout
  assert_err "git stash"
  assert_same mine "$(tail -n1 train.sh)"
  git stash -q
  cairn checkout
  assert_at v1.0
  git stash show -p | grep -q '^+mine' || fail "the edit is lost"
}

given_up_after_a_kill() {
  two_versions
  deadly_git
  second=$(git rev-parse HEAD)
  killed after update-ref
  git reset -q --hard "$second"
  cairn checkout
  assert_at "$second"
}

# At any time: either nothing has happened, or the commit stands and the next command finishes.
killed_at_any_time() {
  two_versions
  second=$(git rev-parse HEAD)
  for i in 1 2 3 4 5 6 7 8 9 10; do
    "$CAIRN" pipeline rollback v1.0 >/dev/null 2>&1 &
    sleep "0.$(printf %03d $((RANDOM % 250)))"
    kill -9 $! 2>/dev/null || true
    wait $! || true
    cairn checkout
    if [ "$(git rev-parse HEAD)" = "$second" ]; then
      echo "round $i: before"
      assert_same "" "$(git status --porcelain)"
    else
      echo "round $i: after"
      assert_same "$(git rev-parse 'v1.0^{tree}')" "$(git rev-parse 'HEAD^{tree}')" "tree"
      assert_same "" "$(git status --porcelain)"
      assert_same "$(random_file /dev/stdout 300000 one | sha256sum)" "$(sha256sum <data.csv)" "data"
      git reset -q --hard "$second"
      cairn checkout
    fi
    assert_absent .git/index.lock
  done
  cairn pipeline rollback v1.0
  assert_absent .git/index.lock .git/cairn-index .git/cairn-index.lock
}

test_case "a rollback brings back code, pipeline and data, and says before what it does" goes_back_with_all
test_case "for people: sections, sizes, the commit; nothing to do" says_it_for_people
test_case ".cairn/config stays as it is" config_of_now_stays
test_case "work that is not committed is never lost" work_is_never_lost
test_case "a merge, rebase, cherry-pick or bisect ends first" operations_of_git_end_first
test_case "unknown names, commits without a project, no commit yet" bad_names_and_places
test_case "data that is not here is fetched before anything changes" data_is_fetched_first
test_case "data that is nowhere: refused, or left out" data_that_is_nowhere
test_case "undo is one more commit, twice" undo_is_one_more_commit
test_case "undo after a change names what changed" undo_after_a_change
test_case "undo knows of the rollback, not of what was before" undo_of_what_was_before_is_over
test_case "a project in a subfolder: the rest of the repository stays" project_in_a_subfolder
test_case "another worktree" other_worktree
test_case "detached HEAD" detached_head
test_case "shallow clone" shallow_clone
test_case "files become data, folders files, and the other way" kinds_change_places
test_case "hooks for commits do not run" hooks_for_commits_do_not_run
test_case "another program holds the index" another_git_holds_the_index
test_case "killed while Git holds a lock: Git lets go" killed_while_git_holds_a_lock
test_case "killed before HEAD moves: nothing has happened" killed_before_head_moves
test_case "killed after HEAD moved: the next command finishes" killed_after_head_moved
test_case "killed while data is placed" killed_while_data_is_placed
test_case "killed, then edited: the edit is kept" edited_after_a_kill
test_case "killed, then given up" given_up_after_a_kill
test_case "killed at any time" killed_at_any_time
finish
