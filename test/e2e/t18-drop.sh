#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cairn drop: local copies go when they are known to be on a remote, and nothing else does.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"

pushed_repo() {
  shared_repo
  cairn push
  cp -r folder ../folder.saved
  cp large.bin ../large.saved
}

packs_size() { du -sb "$(store_of)/packs" | cut -f1; }

# The workspace, its pointers and the store, by names and sizes.
state_of_all() { find . "$(store_of)/packs" -path ./.git -prune -o -type f -printf '%p %s\n' | sort; }

# Damage is told apart from what is merely not here.
assert_undamaged() {
  run "$CAIRN" fsck
  [ "$STATUS" = 0 ] || [ "$STATUS" = 3 ] || fail "fsck ended with $STATUS"
  assert_lacks "$T/out" "damaged: "
}

drop_and_pull() {
  pushed_repo
  local before
  before=$(packs_size)
  cairn drop large.bin
  assert_out "large.bin   (from workspace and store)"
  assert_absent large.bin
  assert_present large.bin.cairn
  [ $((before - $(packs_size))) -gt 130000 ] || fail "only $((before - $(packs_size))) bytes were freed"
  cairn status
  assert_out "not here           large.bin   (cairn pull large.bin)"
  assert_lacks "$T/out" folder
  assert_same "" "$(git status --porcelain)"
  assert_undamaged
  assert_out "not here: large.bin"
  must_fail 3 cairn checkout large.bin
  assert_err "cairn pull large.bin"
  cairn status --remote
  assert_out "not fetched"
  cairn pull large.bin
  cmp ../large.saved large.bin
  assert_same_trees ../folder.saved folder
  cairn fsck
  cairn status --exit-code
}

a_folder() {
  pushed_repo
  cairn drop folder/
  assert_absent folder
  mv ../storage ../away
  cairn checkout large.bin
  rm large.bin
  cairn checkout large.bin
  cmp ../large.saved large.bin
  mv ../away ../storage
  cairn pull folder
  assert_same_trees ../folder.saved folder
  cairn fsck
}

everything_and_again() {
  pushed_repo
  cairn drop '*'
  assert_absent folder large.bin
  assert_same "" "$(find "$(store_of)/packs" -type f)"
  cairn drop folder large.bin
  assert_out "not here  folder"
  cairn pull
  assert_same_trees ../folder.saved folder
  cmp ../large.saved large.bin
  cairn fsck
}

what_is_not_pushed_stays() {
  shared_repo
  local before
  before=$(state_of_all)
  must_fail 9 cairn drop large.bin
  assert_err "'large.bin' is not whole on remote 'storage'"
  assert_err "cairn push -r storage large.bin"
  cairn push folder
  must_fail 9 cairn drop folder large.bin
  assert_err "'large.bin' is not whole on remote 'storage'"
  assert_same "$before" "$(state_of_all)"
  cairn push
  random_file large.bin 310000 remotes2
  cairn add large.bin
  must_fail 9 cairn drop large.bin
  assert_err "cairn push"
  cairn push large.bin
  must_fail 9 cairn drop folder large.bin
  assert_err "'large.bin' is on remote 'storage'"
  assert_err "but in no commit that was pushed there"
  assert_present large.bin
  cairn checkout
}

what_the_remote_lost_stays() {
  pushed_repo
  local pack
  pack=$(find ../storage/packs -type f -size +100k)
  mv "$pack" ../pack
  must_fail 9 cairn drop large.bin
  assert_err "'large.bin' is not whole on remote 'storage'"
  head -c 100000 ../pack >"$pack"
  must_fail 9 cairn drop large.bin
  assert_err "'large.bin' is not whole"
  cmp ../large.saved large.bin
  rm large.bin "$pack"
  cairn checkout
  cmp ../large.saved large.bin
  cp ../pack "$pack"
  cairn drop large.bin
  cairn pull
  cmp ../large.saved large.bin
}

one_chunk_that_is_missing_there() {
  pushed_repo
  # The recipe and most chunks stay on the remote; the pack with the chunks that the change brought goes.
  random_file more.bin 9000000 more
  cairn add more.bin
  commit more
  cairn push
  printf x | dd of=more.bin bs=1 seek=4000000 conv=notrunc status=none
  cairn add more.bin
  commit changed
  local before
  before=$(find ../storage/packs -type f | sort)
  cairn push
  rm -f "$(comm -13 <(echo "$before") <(find ../storage/packs -type f | sort) | head -n1)"
  must_fail 9 cairn drop more.bin
  assert_err "'more.bin' is not whole"
  cairn push
  cairn drop more.bin
  cairn pull
  cairn fsck
}

never_pushed() {
  pushed_repo
  echo "push: false" >>large.bin.cairn
  must_fail 9 cairn drop large.bin
  assert_err "never pushed"
  assert_present large.bin
}

dry_run_and_json() {
  pushed_repo
  local before expected
  before=$(state_of_all)
  cairn drop --dry-run --json large.bin
  assert_same "$before" "$(state_of_all)"
  assert_value 'd["paths"][0]["path"]' '"large.bin"'
  assert_value 'd["paths"][0]["from_workspace"] and d["paths"][0]["from_store"]' true
  assert_value 'd["workspace_bytes"]' 300000
  expected=$(json 'd["store_bytes"]')
  before=$(packs_size)
  cairn drop --json large.bin
  assert_same "$expected" "$(json 'd["store_bytes"]')"
  assert_same "$expected" $((before - $(packs_size)))
  cairn pull
  cairn drop -q large.bin
  assert_same "" "$(cat "$T/out" "$T/err")"
}

the_workspace_is_kept() {
  pushed_repo
  cairn drop --keep-workspace large.bin folder
  cmp ../large.saved large.bin
  cairn status
  assert_out "not in the store   large.bin   (cairn fetch large.bin)"
  cairn status --exit-code
  mkdir sub
  cairn -C sub drop ../folder ../large.bin
  assert_absent large.bin folder
  cairn pull
  assert_same_trees ../folder.saved folder
  cairn drop --keep-workspace large.bin
  cairn fetch large.bin
  cairn status
  assert_out "up to date"
  cairn fsck
}

changed_data_stays() {
  pushed_repo
  echo edit >>large.bin
  must_fail 9 cairn drop folder large.bin
  assert_err "'large.bin' is not as its pointer says"
  assert_err "cairn status large.bin"
  assert_present folder/a
  cairn drop --keep-workspace large.bin
  assert_contains large.bin edit
  cairn status
  assert_out modified
  cairn add large.bin
  commit more
  cairn push
  cairn drop large.bin
  cairn pull
  assert_contains large.bin edit
  echo new >folder/new
  must_fail 9 cairn drop folder
  assert_err "'folder' is not as its pointer says"
  assert_content folder/new new
  rm folder/new
  mkfifo folder/pipe
  must_fail 9 cairn drop folder
  assert_err "folder/pipe"
  assert_present folder/a
}

shared_chunks_stay() {
  pushed_repo
  random_file first.bin 6000000 shared
  random_file tail 500000 tail
  cat first.bin tail >second.bin
  cp second.bin ../second.saved
  cairn add first.bin second.bin
  commit more
  cairn push
  cairn drop second.bin
  rm first.bin
  mv ../storage ../away
  cairn checkout first.bin
  cmp first.bin <(head -c 6000000 ../second.saved)
  mv ../away ../storage
  cairn fsck --quick || [ "$STATUS" = 3 ]
  cairn pull second.bin
  cmp ../second.saved second.bin
  cp -r folder copy
  cairn add copy
  commit more
  cairn push
  cairn drop folder
  assert_out "kept      folder   (in the store, for other data; not in the workspace)"
  cairn checkout folder
  assert_same_trees folder copy
}

older_versions_stay() {
  pushed_repo
  seq 1500 >folder/a
  printf x | dd of=large.bin bs=1 seek=100000 conv=notrunc status=none
  cp large.bin ../large.second
  cairn add folder large.bin
  commit second
  cairn push
  cairn drop folder large.bin
  mv ../storage ../away
  git checkout -q HEAD~1
  cairn checkout
  assert_same_trees ../folder.saved folder
  cmp ../large.saved large.bin
  cairn fsck
  git checkout -q main
  mv ../away ../storage
  cairn pull
  cmp ../large.second large.bin
  cmp <(seq 1500) folder/a
}

# Its recipe has nodes.
long_recipe() {
  pushed_repo
  large_file huge.bin 60000000
  sha256sum huge.bin >../sums
  cairn add huge.bin
  commit more
  cairn push
  cairn drop huge.bin
  assert_absent huge.bin
  [ "$(packs_size)" -lt 1000000 ] || fail "$(packs_size) bytes are left"
  cairn pull huge.bin
  sha256sum --quiet -c ../sums
  cairn fsck
}

git_goes_on() {
  pushed_repo
  git init -q --bare ../hub.git
  git remote add origin ../hub.git
  cairn install
  git push -q origin main
  cairn drop large.bin
  echo note >README
  git add README
  git commit -qm note
  git push -q origin main
  seq 3000 >folder/a
  cairn add folder
  git commit -qam third
  cairn push
  git push -q origin main
  git checkout -q HEAD~1
  git checkout -q main
  cmp <(seq 3000) folder/a
  assert_present ../storage/roots/*/"$(git rev-parse HEAD)"
  git clone -q ../hub.git ../clone
  cd ../clone
  cairn pull
  cmp ../large.saved large.bin
  cmp <(seq 3000) folder/a
}

undo_promises_nothing() {
  pushed_repo
  rm large.bin
  cairn checkout large.bin
  cairn drop large.bin
  run "$CAIRN" undo
  [ "$STATUS" = 0 ] || [ "$STATUS" = 9 ] || fail "undo ended with $STATUS"
  assert_absent large.bin
  cairn pull
  cmp ../large.saved large.bin
  # What undo goes back to stays in the store.
  echo edit >>large.bin
  cp large.bin ../large.edited
  cairn checkout --force large.bin
  cairn drop large.bin
  cairn undo
  cmp ../large.edited large.bin
  cairn checkout --force large.bin || cairn pull --force large.bin
  cmp ../large.saved large.bin
}

shared_store() {
  new_repo
  cairn config --local cache.dir "$T/case/shared"
  cairn remote add storage ../storage
  seq 50000 >data
  cairn add data
  cairn push
  must_fail 9 cairn drop data
  assert_err "outside of this repository"
  assert_present data
}

bad_targets() {
  pushed_repo
  must_fail 2 cairn drop
  must_fail 9 cairn drop nothing
  must_fail 2 cairn drop folder/a
  assert_err "cairn drop folder"
  must_fail 9 cairn drop -r other large.bin
  cairn drop large.bin.cairn
  assert_absent large.bin
}

another_remote() {
  pushed_repo
  cairn remote add second ../second
  must_fail 9 cairn drop -r second large.bin
  assert_err "cairn push -r second large.bin"
  cairn push -r second
  rm -r ../storage
  cairn drop -r second large.bin
  cairn pull -r second large.bin
  cmp ../large.saved large.bin
}

killed_anywhere() {
  pushed_repo
  random_file a.bin 12000000 a
  random_file b.bin 12000000 b
  random_file c.bin 12000000 c
  sha256sum a.bin b.bin c.bin large.bin folder/* >../sums
  cairn add a.bin b.bin c.bin
  commit more
  cairn push
  cp -a . ../saved
  local i process
  for ((i = 0; i < 8; ++i)); do
    cd ..
    rm -rf repo
    cp -a saved repo
    cd repo
    "$CAIRN" drop -q a.bin c.bin &
    process=$!
    sleep "0.0$((i * 7 % 10))$i"
    kill -9 $process 2>/dev/null || true
    wait $process || true
    assert_undamaged
    sha256sum --quiet -c <(grep -v '  [ac].bin' ../sums)
    rm b.bin
    cairn checkout b.bin
    cairn drop a.bin c.bin
    assert_absent a.bin c.bin
    assert_undamaged
    assert_same "" "$(unfinished)"
    cairn pull
    sha256sum --quiet -c ../sums
    cairn fsck
  done
}

# A work tree has its own lock, and the same store.
while_another_adds() {
  pushed_repo
  git worktree add -q ../other
  large_file ../other/big 40000000
  (cd ../other && sha256sum big) >../sums
  (cd ../other && "$CAIRN" add -q big) &
  local adding=$!
  run "$CAIRN" drop large.bin
  [ "$STATUS" = 0 ] || [ "$STATUS" = 5 ] || fail "drop ended with $STATUS"
  wait $adding
  cairn drop large.bin
  assert_absent large.bin
  cd ../other
  rm big
  cairn checkout big
  sha256sum --quiet -c ../sums
  cd ../repo
  cairn pull
  cmp ../large.saved large.bin
  cairn fsck
}

over_webdav() {
  new_repo
  cairn remote add dav "webdav://127.0.0.1:$SERVER_PORT/dav/drop"
  cairn config --local remote.dav.user cairn
  cairn config --local remote.dav.password dav-secret
  make_odd_folder folder
  cp -a folder ../folder.saved
  random_file large.bin 3000000 dav
  cp large.bin ../large.saved
  cairn add folder large.bin
  commit first
  must_fail 9 cairn drop folder
  cairn push
  cairn drop folder large.bin
  assert_absent folder large.bin
  cairn pull
  assert_same_trees ../folder.saved folder
  cmp ../large.saved large.bin
  cairn fsck
}

test_case "drop, then pull" drop_and_pull
test_case "a folder" a_folder
test_case "everything, and again" everything_and_again
test_case "what is not pushed stays" what_is_not_pushed_stays
test_case "what the remote lost stays" what_the_remote_lost_stays
test_case "one chunk that is missing there" one_chunk_that_is_missing_there
test_case "data that is never pushed" never_pushed
test_case "dry run, JSON, quiet" dry_run_and_json
test_case "the workspace is kept" the_workspace_is_kept
test_case "changed data stays" changed_data_stays
test_case "shared chunks stay" shared_chunks_stay
test_case "older versions stay" older_versions_stay
test_case "a long recipe" long_recipe
test_case "Git and hooks go on" git_goes_on
test_case "undo promises nothing" undo_promises_nothing
test_case "a shared store" shared_store
test_case "bad targets" bad_targets
test_case "another remote" another_remote
test_case "killed anywhere" killed_anywhere
test_case "while another adds" while_another_adds
start_server nginx 1
export NO_PROXY=127.0.0.1,localhost
test_case "on a WebDAV server" over_webdav
finish
