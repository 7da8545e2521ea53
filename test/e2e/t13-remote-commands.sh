#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# remote modify, rename and test.
. "$(dirname "$0")/lib.sh"
UNIT=$(realpath "$(dirname "$0")/../unit")

a_remote_is_modified() {
  shared_repo
  cairn push
  mv ../storage ../moved
  must_fail 7 cairn push
  cairn remote modify storage url ../moved
  assert_out "set remote.storage.url"
  cairn push
  cairn remote modify storage url "$T/case/moved" --local
  assert_lacks .cairn/config "$T"
  cairn push
  cairn remote modify storage url --unset --local
  assert_same ../moved "$("$CAIRN" config remote.storage.url)"
  must_fail 2 cairn remote modify storage url --unset
  must_fail 2 cairn remote modify storage url
  must_fail 2 cairn remote modify storage ulr x
  must_fail 9 cairn remote modify nothing url x
  must_fail 2 cairn remote modify storage url exec:sh
  assert_err local
}

a_remote_is_renamed() {
  shared_repo
  cairn push
  cairn remote rename storage team
  assert_same team "$("$CAIRN" remote default)"
  cairn remote list
  assert_same "team  ../storage  (default)" "$(cat "$T/out")"
  cairn push
  assert_out "everything is there already"
  must_fail 9 cairn remote rename storage other
  cairn remote add second ../second
  must_fail 9 cairn remote rename second team
  must_fail 2 cairn remote rename second "a b"
  cairn remote list
  assert_out second
}

bandwidth_is_limited() {
  shared_repo
  cairn config core.bandwidth 9kB
  must_fail 2 cairn push
  assert_err "core.bandwidth is '9kB', not a size of 10kB or more"
  cairn config core.bandwidth 100kB
  local begin=$EPOCHREALTIME
  cairn push
  # One pack of 160 kB and more, of which the last twentieth of a second is free.
  [ $((${EPOCHREALTIME/./} - ${begin/./})) -ge 1000000 ] || fail "too fast"
  fresh_clone
  cairn pull
  cmp ../repo/large.bin large.bin
}

data_is_chosen() {
  shared_repo
  cairn push "*.bin"
  assert_out "pushed "
  cairn push --max-size 100kB
  fresh_clone
  cairn pull "f*" --max-size 1MB
  assert_present folder/a
  assert_absent large.bin
  must_fail 2 cairn pull --max-size small
  assert_err "'small' is no size"
  must_fail 9 cairn pull --stage train
  assert_err "no data of a stage 'train' is recorded"
  must_fail 9 cairn pull "*.csv"
  cairn pull --max-size 1
  assert_absent large.bin
  cairn pull "**/*.bin" "folder"
  cmp ../repo/large.bin large.bin
}

a_login_stays_with_its_server() {
  shared_repo
  cairn remote add dav webdav://127.0.0.1:1/data
  cairn config --local remote.dav.user me
  cairn config --local remote.dav.password hidden
  assert_same webdav://127.0.0.1:1 "$("$CAIRN" config remote.dav.login_for)"
  cairn remote modify dav url webdav://127.0.0.1:2/data # as a commit of somebody else does it
  for command in "push -r" "fetch -r" "remote test"; do
    # shellcheck disable=SC2086
    must_fail 7 cairn $command dav
    assert_err "remote 'dav' is at 'webdav://127.0.0.1:2', and its password or token was given for 'webdav://127.0.0.1:1'"
    assert_lacks "$T/err" hidden
  done
  cairn config --local remote.dav.login_for webdav://127.0.0.1:2
  must_fail 7 cairn push -r dav
  assert_err refused
  must_fail 2 cairn config remote.dav.login_for webdav://127.0.0.1:2
}

a_login_without_a_server_is_not_used() {
  shared_repo
  cairn config --local remote.dav.token hidden
  cairn remote add dav webdavs://127.0.0.1:1/data
  must_fail 7 cairn push -r dav
  assert_err "its password or token is not said to be for that server"
  assert_err "cairn config --local remote.dav.login_for webdavs://127.0.0.1:1"
}

a_name_that_pointers_use_stays() {
  shared_repo
  cairn remote add second ../second
  echo 'remote: second' >>large.bin.cairn
  must_fail 9 cairn remote rename second other
  assert_err large.bin.cairn
  assert_same ../second "$("$CAIRN" config remote.second.url)"
}

a_remote_is_tested() {
  shared_repo
  cairn remote test
  for step in reach list write read remove; do
    grep -Eq "^  $step +ok +[0-9.]+ ms$" "$T/out" || fail "no step $step"
  done
  assert_out "nothing was pushed there yet"
  assert_same "" "$(find ../storage -type f)"
  cairn push
  cairn remote test storage --json
  assert_value '[d["ok"], d["used"], d["writable"], [s["step"] for s in d["steps"]]]' '[true, true, true, ["reach", "list", "write", "read", "remove"]]'
  cairn fsck
  must_fail 9 cairn remote test nothing
}

the_step_that_fails_is_named() {
  shared_repo
  cairn push
  mv ../storage ../away
  must_fail 7 cairn remote test
  assert_out "cannot be used"
  assert_err "reach: "
  assert_err "is gone"
  assert_absent ../storage
  mkdir ../storage
  echo else >../storage/format
  must_fail 7 cairn remote test
  assert_err "not a cairn remote"
}

a_full_disk_is_found() {
  shared_repo
  mkdir "$T/small"
  mount -t tmpfs -o size=1m none "$T/small" 2>/dev/null || skip "mounting needs root"
  cairn remote add full "$T/small/remote"
  head -c 2M /dev/zero >"$T/small/ballast" 2>/dev/null || true
  must_fail 7 cairn remote test full
  assert_err "No space left"
}

status_knows_the_remote() {
  shared_repo
  seq 2001 >folder/b
  cairn commit # into a pack of its own
  commit second
  cairn status --remote
  assert_out "not pushed         folder   (cairn push folder)   on remote 'storage'"
  cairn push large.bin
  must_fail 1 "$CAIRN" status --remote --exit-code
  assert_lacks "$T/out" large.bin
  cairn push
  cairn status --remote --exit-code
  assert_out "all is up to date"
  cairn status --remote --json
  assert_value '[[r["path"], r["remote"], r["state"]] for r in d["remote"]]' '[["folder", "storage", "on_both"], ["large.bin", "storage", "on_both"]]'
  fresh_clone
  cairn status --remote
  assert_out "not fetched        large.bin   (cairn fetch large.bin)"
  cairn pull folder
  cairn status --remote
  assert_lacks "$T/out" "not fetched        folder"
  seq 3000 >folder/b
  cairn commit
  rm -rf folder
  cairn status --remote
  assert_out "not pushed         folder"
  cairn remote remove storage
  must_fail 9 cairn status --remote
  cairn status
}

data_that_is_nowhere_is_told() {
  shared_repo
  cairn push folder
  fresh_clone
  cairn status --remote --json
  assert_value '[[r["path"], r["state"]] for r in d["remote"]]' '[["folder", "only_there"], ["large.bin", "nowhere"]]'
  cairn status --remote
  assert_out "neither here nor there large.bin   on remote 'storage'"
}

# A writer clears the store's temporary files where it seems to be alone.
status_while_another_adds() {
  shared_repo
  cairn push
  fresh_clone
  cat >../plugin.py <<SCRIPT
import os, subprocess, sys
sys.path.insert(0, "$UNIT/plugin")
import folder_plugin
get = folder_plugin.Folder.GET
def get_while_another_adds(self, *words):
    with open("other", "ab") as file:
        file.write(os.urandom(100))
    subprocess.run(["$CAIRN", "add", "-q", "other"], stdout=sys.stderr, check=True)
    open("../added", "w").close()
    get(self, *words)
folder_plugin.Folder.GET = get_while_another_adds
folder_plugin.main()
SCRIPT
  cairn config --local remote.storage.url "exec:python3 $T/case/plugin.py $T/case/storage"
  cairn status --remote
  assert_present ../added
  assert_out "not fetched"
  cairn cat folder/a
}

test_case "status and other commands while another adds" status_while_another_adds
test_case "a setting of a remote is changed" a_remote_is_modified
test_case "a remote is renamed" a_remote_is_renamed
test_case "bandwidth is limited" bandwidth_is_limited
test_case "data is chosen" data_is_chosen
test_case "a login stays with its server" a_login_stays_with_its_server
test_case "a login without a server is not used" a_login_without_a_server_is_not_used
test_case "a name that pointers use stays" a_name_that_pointers_use_stays
test_case "a remote is tested step by step" a_remote_is_tested
test_case "the step that fails is named" the_step_that_fails_is_named
test_case "a full disk is found" a_full_disk_is_found
test_case "status knows what the remote has" status_knows_the_remote
test_case "data that is nowhere is told" data_that_is_nowhere_is_told
finish
