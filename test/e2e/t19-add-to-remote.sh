#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cairn add --to-remote: data goes to a remote, and only its pointer stays.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"

project() {
  new_repo
  cairn remote add storage ../storage
  make_odd_folder folder
  random_file large.bin 3000000 direct
}

packs() { find "$(store_of)/packs" -type f; }
remote_size() { du -sb ../storage/packs | cut -f1; }

# What there is came whole: a clone has it all, and the store here still nothing.
pulled_elsewhere() {
  fresh_clone
  cairn pull
  assert_same_trees ../repo/folder folder
  cmp ../repo/large.bin large.bin
  cairn status --exit-code
  cairn fsck
  cd ../repo
}

nothing_is_kept() {
  project
  cairn add --to-remote folder large.bin
  assert_out "added     folder"
  assert_out "sent "
  assert_present folder.cairn large.bin.cairn large.bin folder/plain.txt
  assert_same "" "$(packs)"
  assert_same "" "$(unfinished)"
  assert_contains .gitignore /large.bin
  assert_same 1 "$(find ../storage/indexes -type f | wc -l)"
  cairn status
  assert_out "not in the store   large.bin   (cairn fetch large.bin)"
  cairn status --exit-code
  commit first
  cairn push
  assert_present "../storage/roots/"*"/$(git rev-parse HEAD)"
  assert_same "" "$(find "$(store_of)/packs" -type f -size +20k)"
  pulled_elsewhere
  cairn add --to-remote folder large.bin
  assert_out "unchanged large.bin"
  assert_lacks "$T/out" sent
}

# Pointers are the same as those of data that is kept here.
same_as_add() {
  project
  cairn add folder large.bin
  cp folder.cairn large.bin.cairn ..
  rm -rf folder.cairn large.bin.cairn .gitignore "$(store_of)"/{packs,index,stat-cache,materialised}
  cairn add --to-remote folder large.bin
  cmp folder.cairn ../folder.cairn
  cmp large.bin.cairn ../large.bin.cairn
}

only_what_is_new_is_sent() {
  project
  cairn add --to-remote large.bin
  local before
  before=$(remote_size)
  printf x | dd of=large.bin bs=1 seek=1000000 conv=notrunc status=none
  cp large.bin copy.bin
  cairn add --to-remote --json large.bin copy.bin
  assert_value 'd["stored_bytes"]' 0
  [ $(($(remote_size) - before)) -lt 600000 ] || fail "$(($(remote_size) - before)) bytes were sent"
  assert_value 'd["sent_bytes"] > 0 and d["sent_bytes"] < 600000' true
  assert_same "" "$(packs)"
}

# What the store has is no reason not to send it.
what_is_here_is_sent_too() {
  project
  cairn add large.bin
  cp large.bin copy.bin
  cairn add --to-remote copy.bin folder
  commit first
  mv ../storage ../away
  rm copy.bin
  cairn checkout copy.bin
  mv ../away ../storage
  fresh_clone
  cairn pull copy.bin
  cmp ../repo/large.bin copy.bin
}

lost_packs_are_sent_again() {
  project
  cairn add --to-remote folder large.bin
  rm -f ../storage/packs/*/* ../storage/packs/*.pack
  rm folder.cairn large.bin.cairn
  cairn add --to-remote folder large.bin
  commit first
  pulled_elsewhere
}

to_another_remote() {
  project
  cairn remote add second ../second
  cairn add --to-remote -r second large.bin
  assert_absent ../storage
  rm large.bin
  must_fail 3 cairn checkout large.bin
  cairn pull -r second large.bin
  cmp <(random_file /dev/stdout 3000000 direct) large.bin
}

refusals() {
  project
  must_fail 2 cairn add -r storage large.bin
  must_fail 9 cairn add --to-remote -r nothing large.bin
  assert_err "cairn remote add nothing URL"
  cairn add --to-remote --dry-run large.bin
  assert_absent ../storage large.bin.cairn
  cairn add --to-remote folder
  echo more >folder/more
  must_fail 3 cairn add --to-remote folder/more
  assert_err "cairn add --to-remote folder"
  echo "push: false" >>folder.cairn
  must_fail 9 cairn add --to-remote folder
  assert_err "never pushed"
  sed -i 's/push: false/remote: second/' folder.cairn
  must_fail 9 cairn add --to-remote folder
  assert_err "belongs to remote 'second'"
  mv ../storage ../away
  must_fail 7 cairn add --to-remote large.bin
  assert_absent large.bin.cairn
}

then_dropped() {
  project
  cairn add --to-remote folder large.bin
  commit first
  cairn push
  cp -a folder ../folder.saved
  cp large.bin ../large.saved
  cairn drop folder large.bin
  assert_absent folder large.bin
  cairn pull
  assert_same_trees ../folder.saved folder
  cmp ../large.saved large.bin
  cairn fsck
}

# A commit of what is tracked takes in what changed, and nothing else.
then_committed() {
  project
  cairn add --to-remote large.bin
  cairn add folder
  echo more >>folder/plain.txt
  cairn commit
  assert_out "unchanged large.bin"
  assert_same "" "$(find "$(store_of)/packs" -type f -size +1M)"
}

# Packs leave as they are full: with one worker at most two are here at once.
little_disk_is_needed() {
  project
  large_file big 230000000
  sha256sum big >../sums
  "$CAIRN" add -q -j 1 --to-remote big &
  local adding=$! most=0 now
  while ! has_ended $adding; do
    now=$(du -sb "$(store_of)/tmp" 2>/dev/null | cut -f1)
    [ "${now:-0}" -le "$most" ] || most=$now
  done
  wait $adding
  [ "$most" -lt 150000000 ] || fail "$most bytes of unfinished packs"
  [ "$most" -gt 0 ] || fail "no unfinished pack was seen"
  [ "$(find ../storage/packs -type f | wc -l)" -ge 3 ] || fail "too few packs"
  assert_same "" "$(packs)"
  rm big
  cairn pull big
  sha256sum --quiet -c ../sums
}

killed_anywhere() {
  project
  large_file big 80000000
  sha256sum big >../sums
  cairn add --to-remote large.bin
  local i process
  for ((i = 1; i <= 6; ++i)); do
    "$CAIRN" add -q -j 1 --to-remote big &
    process=$!
    sleep "0.$((i * 13 % 10))"
    kill -9 $process 2>/dev/null || true
    wait $process || true
    if [ -e big.cairn ]; then
      rm big.cairn
    else
      assert_lacks .gitignore /big
    fi
    cairn fsck || [ "$STATUS" = 3 ]
    assert_lacks "$T/out" "damaged: "
  done
  cairn add --to-remote big
  assert_present big.cairn
  assert_same "" "$(unfinished)"
  rm big
  cairn pull big
  sha256sum --quiet -c ../sums
}

over_ssh() {
  new_repo
  cairn remote add storage "ssh://here$T/case/storage"
  make_odd_folder folder
  random_file large.bin 3000000 direct
  cairn add --to-remote folder large.bin
  assert_same "" "$(packs)"
  commit first
  cairn push
  pulled_elsewhere
}

test_case "nothing is kept" nothing_is_kept
test_case "pointers as add writes them" same_as_add
test_case "only what is new is sent" only_what_is_new_is_sent
test_case "what is here is sent too" what_is_here_is_sent_too
test_case "lost packs are sent again" lost_packs_are_sent_again
test_case "to another remote" to_another_remote
test_case "refusals" refusals
test_case "then dropped" then_dropped
test_case "then committed" then_committed
test_case "little disk is needed" little_disk_is_needed
test_case "killed anywhere" killed_anywhere
start_server sshd 1
. "$(dirname "$0")/ssh_server.sh"
test_case "over SSH" over_ssh
finish
