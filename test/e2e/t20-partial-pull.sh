#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cairn pull FOLDER/INSIDE: a part of a tracked folder is brought, and the rest can follow.
. "$(dirname "$0")/lib.sh"

# A pushed folder of two parts, of 1 and 4 MB, a file and a link; then a clone without its data.
clone_without_data() {
  new_repo
  mkdir -p images/cats images/dogs
  for i in 1 2 3 4 5; do
    large_file images/cats/$i.bin 200000
    large_file images/dogs/$i.bin 800000
  done
  echo labels >images/labels.csv
  ln -s cats images/best
  cairn add images
  commit data
  cairn remote add -d storage ../storage
  commit remote
  cairn push
  fresh_clone
  assert_absent images
}

local_bytes() { du -sb "$(store_of)" | cut -f1; }

only_the_part_is_brought() {
  clone_without_data
  cairn pull images/cats
  assert_same_trees ../repo/images/cats images/cats
  assert_absent images/dogs images/labels.csv images/best
  [ "$(local_bytes)" -lt 2500000 ]
  cairn fsck || assert_same 3 "$STATUS"
  assert_out "nothing is damaged"
  cairn status
  assert_out "here in part       images   (cairn pull images)"
  must_fail 1 cairn status --exit-code
}

a_single_file_and_a_link() {
  clone_without_data
  cairn pull images/labels.csv images/best images/labels.csv
  assert_content images/labels.csv labels
  assert_same cats "$(readlink images/best)"
  assert_absent images/cats images/dogs
}

parts_add_up_to_the_whole() {
  clone_without_data
  cairn pull images/dogs
  cairn pull images/cats/1.bin images/cats
  assert_same_trees ../repo/images/dogs images/dogs
  assert_same_trees ../repo/images/cats images/cats
  cairn pull images/labels.csv images/best
  cairn pull
  assert_same_trees ../repo/images images
  cairn status --exit-code
}

the_rest_follows() {
  clone_without_data
  cairn pull images/dogs/3.bin
  cairn pull
  assert_same_trees ../repo/images images
  cairn status --exit-code
  cairn fsck
}

what_is_not_in_the_folder_is_told() {
  clone_without_data
  must_fail 9 cairn checkout images/cats
  assert_err "the list of files in 'images' is not in the local store"
  assert_err "cairn pull images/cats"
  must_fail 9 cairn pull images/birds images/cats
  assert_err "'birds' is not in 'images'"
  assert_absent images
}

a_part_is_never_taken_for_the_whole() {
  clone_without_data
  cairn pull images/cats
  local pointer
  pointer=$(cat images.cairn)
  only_a_part_is_told
  echo more >images/cats/6.txt
  cairn status
  assert_out "modified           images"
  assert_out "images/cats/6.txt"
  assert_lacks "$T/out" dogs
  only_a_part_is_told
  cairn pull
  assert_content images/cats/6.txt more
  assert_present images/dogs/1.bin
  cairn add images
  rm -r images
  cairn checkout
  assert_content images/cats/6.txt more
  assert_present images/dogs/5.bin images/labels.csv
}

only_a_part_is_told() {
  local command
  for command in "add images" commit; do
    # shellcheck disable=SC2086 # words
    must_fail 3 cairn $command
    assert_err "only a part of 'images' is here"
    assert_err "cairn pull images"
    assert_same "$pointer" "$(cat images.cairn)"
  done
}

force_is_about_the_part() {
  clone_without_data
  cairn pull
  echo mine >images/cats/1.bin
  echo mine >images/dogs/1.bin
  cairn pull --force images/cats
  assert_same_trees ../repo/images/cats images/cats
  assert_content images/dogs/1.bin mine
}

changed_files_stay() {
  clone_without_data
  cairn pull images/cats
  echo mine >images/cats/1.bin
  mkdir images/dogs
  echo notes >images/dogs/notes.txt
  cairn pull images/dogs
  assert_content images/cats/1.bin mine
  assert_content images/dogs/notes.txt notes
  assert_present images/dogs/1.bin
}

a_part_of_a_folder_that_is_here_comes_back() {
  clone_without_data
  cairn pull
  rm -r images/dogs images/cats
  cairn pull images/dogs
  assert_same_trees ../repo/images/dogs images/dogs
}

fetch_brings_the_part_to_the_store() {
  clone_without_data
  cairn fetch images/cats
  assert_absent images
  [ "$(local_bytes)" -lt 2500000 ]
  mv ../storage ../gone
  must_fail 7 cairn pull images/cats
  mv ../gone ../storage
  cairn pull images/cats
  assert_present images/cats/1.bin
}

a_switch_leaves_the_part() {
  clone_without_data
  cairn pull images/cats
  git checkout -q -b other
  echo x >x.txt
  git add x.txt
  commit x
  git checkout -q -
  assert_present images/cats/1.bin
  assert_absent images/dogs
}

test_case "only the part is brought" only_the_part_is_brought
test_case "a single file and a link" a_single_file_and_a_link
test_case "parts add up to the whole" parts_add_up_to_the_whole
test_case "the rest follows" the_rest_follows
test_case "what is not in the folder is told" what_is_not_in_the_folder_is_told
test_case "a part is never taken for the whole" a_part_is_never_taken_for_the_whole
test_case "force is about the part" force_is_about_the_part
test_case "changed files stay" changed_files_stay
test_case "a part of a folder that is here comes back" a_part_of_a_folder_that_is_here_comes_back
test_case "fetch brings the part to the store" fetch_brings_the_part_to_the_store
test_case "a switch leaves the part" a_switch_leaves_the_part
finish
