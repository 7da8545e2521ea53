#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cairn remote gc: what goes and what stays; while others push and pull. CAIRN_TEST_FULL=1: many_users.sh, and over SSH too.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"
. "$(dirname "$0")/many_users.sh"

packs_there() { (cd ../storage && find packs -type f | sort); }

# In a project with pushed data: more data that was pushed and that no commit names.
leave_garbage() {
  random_file garbage 200000 garbage
  cairn add garbage
  cairn push
  rm garbage garbage.cairn
  git checkout -q .
}

grace_over() { sed -i -E '/^(pack|root) /s/ [0-9]+$/ 1600000000/' ../storage/locks/doomed; }

two_phases() {
  shared_repo
  cairn push
  local before
  before=$(packs_there)
  leave_garbage
  cairn remote gc
  assert_out "freed nothing"
  assert_out "1 pack ("
  assert_out "may go later: cairn remote gc, from 2"
  cairn remote gc storage
  assert_out "may go later"
  grace_over
  cairn remote gc --dry-run
  assert_out "would free 107 KiB: 1 of 2 packs"
  assert_same "1" "$(grep -c ^pack ../storage/locks/doomed)"
  cairn remote gc --json
  assert_value '[d["removed_packs"], d["roots"], d["doomed"], d["name"]]' '[1, 1, [], "storage"]'
  assert_same "$before" "$(packs_there)"
  assert_absent ../storage/locks/doomed
  cairn remote gc
  assert_out "freed nothing: 1 pack for 1 commit"
  fresh_clone
  cairn pull
  assert_same_trees ../repo/folder folder
  cmp ../repo/large.bin large.bin
}

at_once() {
  shared_repo
  cairn push
  leave_garbage
  must_fail 2 cairn remote gc --grace 0
  assert_err "--grace 0 --force"
  must_fail 2 cairn remote gc --grace soon
  cairn remote gc --grace 0 --force
  assert_out "freed 107 KiB"
  # What is gone is sent again.
  random_file garbage 200000 garbage
  cairn add garbage
  commit second
  cairn push
  assert_out "pushed"
  cairn remote gc --grace 0 --force
  assert_out "freed nothing"
  fresh_clone
  cairn pull
  cmp ../repo/garbage garbage
}

locked() {
  shared_repo
  cairn push
  mkdir -p ../storage/locks
  printf 'cairn gc 1\ntime %s\n' "$(date +%s)" >../storage/locks/gc-00000000000000000000000000000001
  must_fail 5 cairn remote gc
  assert_err "another 'cairn remote gc' is at work"
  cairn remote gc --dry-run
  cairn remote gc --force
  assert_same "" "$(ls ../storage/locks)"
}

damaged() {
  shared_repo
  cairn push
  leave_garbage
  find ../storage/packs -size +120k -delete # the pack of the commit
  rm -rf ../other
  git clone -q . ../other
  cd ../other
  must_fail 7 cairn remote gc --grace 0 --force
  assert_err "nothing was removed"
  assert_err "cairn push --rev"
  assert_same "" "$(ls ../storage/locks)"
  cd ../repo
  cairn push
  cairn remote gc --grace 0 --force
}

# Clears what Git remembers of commits that no branch has.
forget_commits() { git reflog expire --expire=now --expire-unreachable=now --all; }

pruned() {
  shared_repo
  cairn push
  random_file draft 200000 draft
  cairn add draft
  commit draft
  cairn push
  git reset -q --hard HEAD^
  must_fail 9 cairn remote gc --prune
  assert_err "Git knows no remote"
  git init -q --bare ../hub.git
  git remote add origin ../hub.git
  git push -q origin main
  cairn remote gc --prune --grace 0 --force
  assert_out "freed nothing"
  assert_lacks "$T/out" forgot
  forget_commits # the reflog still had the draft
  cairn remote gc --prune
  assert_out "0 packs (0 B) and 1 commit may go later"
  grace_over
  cairn remote gc --prune --json
  assert_value '[len(d["removed_roots"]), d["removed_packs"]]' '[1, 0]'
  cairn remote gc --grace 0 --force
  assert_out "freed 106 KiB: 1 of 2 packs"
  fresh_clone
  cairn pull
  cmp ../repo/large.bin large.bin
}

# Where some commits are not here, none is forgotten.
prunes_only_with_all_commits() {
  shared_repo
  cairn push
  git branch other
  git checkout -q other
  random_file draft 200000 draft
  cairn add draft
  commit draft
  cairn push
  git checkout -q main
  git init -q --bare ../hub.git
  git remote add origin ../hub.git
  git push -q origin main other
  git clone -q --single-branch -b main ../hub.git ../single
  git clone -q --depth 1 --no-single-branch "file://$T/case/hub.git" ../shallow
  cd ../single
  cairn remote gc --prune --grace 0 --force
  assert_lacks "$T/out" forgot
  assert_same "refs/remotes/origin/main" "$(git for-each-ref --format='%(refname)' refs/remotes/origin/main refs/remotes/origin/other)"
  cd ../shallow
  must_fail 9 cairn remote gc --prune --grace 0 --force
  assert_err "shallow"
  cd ../repo
  mv ../hub.git ../away
  must_fail 7 cairn remote gc --prune --grace 0 --force
  mv ../away ../hub.git
  git branch -q -D other
  forget_commits
  cairn remote gc --prune --grace 0 --force
  assert_lacks "$T/out" forgot
}

# Results of stages stay whole while their outs are needed.
results_of_stages() {
  new_repo
  cairn remote add storage ../storage
  cat >cairn.yaml <<'YAML'
stages:
  count:
    cmd: echo count >>"$RAN"; seq $(cat n) >numbers; wc -l <numbers >lines.json
    deps: [n]
    outs: [numbers]
    metrics:
      - lines.json:
          cache: false
YAML
  echo 10 >n
  cairn repro
  commit ten
  cairn push
  echo 20 >n
  cairn repro
  commit twenty
  cairn push
  cairn remote gc --grace 0 --force
  assert_out "freed nothing"
  fresh_clone
  cairn pull
  : >"$RAN"
  echo 10 >n
  cairn repro --pull
  assert_ran
  assert_content lines.json 10
}

# --- While others push and pull ---

# Whoever pushes leaves garbage that he needs a moment later.
prepare() {
  random_file common/spare 200000 "spare$1"
  "$CAIRN" add -q common
  "$CAIRN" push -q
}

# One who collects all the time, until the file goes, at the latest with the case.
begin_beside() {
  (
    user collector
    seq 100 >data
    cairn add data
    commit data
    cairn push
  )
  : >collecting
  (cd collector && collect) >"$T/collector" 2>&1 &
  COLLECTOR=$!
}

# A push that just now sends again what it needs is all that may stand in the way.
collect() {
  local collections=0
  while [ -e "$T/case/collecting" ]; do
    if "$CAIRN" remote gc --grace 0 --force >"$T/collection" 2>&1; then
      : $((++collections))
    elif ! grep -q "which is not there; nothing was removed" "$T/collection"; then
      cat "$T/collection"
      return 1
    fi
  done
  echo "$collections collections"
  [ "$collections" -gt "$ROUNDS" ]
}

end_beside() {
  rm collecting
  wait "$COLLECTOR" || fail "the collector: $(cat "$T/collector")"
  (cd collector && cairn remote gc --grace 0 --force)
}

test_case "garbage goes after the grace period" two_phases
test_case "garbage goes at once, and comes back with a push" at_once
test_case "one collection at a time" locked
test_case "a remote that is not whole" damaged
test_case "commits that are forgotten" pruned
test_case "commits are forgotten only where all are known" prunes_only_with_all_commits
test_case "results of stages stay" results_of_stages
test_case "while users of a folder push and pull" in_a_folder
start_server nginx 1
NGINX_PORT=$SERVER_PORT
test_case "while users of a WebDAV server push and pull" over_webdav
if [ -n "$FULL" ]; then
  start_server sshd 1
  . "$(dirname "$0")/ssh_server.sh"
  test_case "while users of an SSH server push and pull" over_ssh
fi
finish
