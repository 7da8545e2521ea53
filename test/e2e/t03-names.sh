#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Names, modes, symlinks and empty things survive add, checkout, push and pull.
. "$(dirname "$0")/lib.sh"

odd_folder_survives_checkout() {
  new_repo
  make_odd_folder ../expected
  cp -a ../expected folder
  cairn add folder
  rm -rf folder
  cairn checkout
  assert_same_trees ../expected folder
  cairn status --exit-code
  cairn fsck
}

odd_folder_survives_push_and_pull() {
  new_repo
  cairn remote add storage "$PWD/../storage"
  make_odd_folder ../expected
  cp -a ../expected folder
  cairn add folder
  commit data
  cairn push
  git clone -q . ../clone
  cd ../clone
  cairn pull
  assert_same_trees ../expected folder
  cairn status --exit-code
  cairn fsck
}

odd_names_as_pointers() {
  new_repo
  cairn remote add storage "$PWD/../storage"
  mkdir ../expected
  local name
  for name in 'with space' "quote'" 'quote"' 'back\slash' 'grüße-日本' $'bad\xff\xfe' -dash '#hash' ' lead' 'trail ' \
    '!bang' '*star' '[x]' .hidden $'tab\t'; do
    printf '%s' "$name" >"$name"
    cp -- "$name" ../expected/
    cairn add -- "./$name"
    git check-ignore -q -- "./$name" || fail "Git does not ignore $(printf %q "$name")"
  done
  : >exec-me
  chmod +x exec-me
  cp -a exec-me ../expected/
  cairn add exec-me
  commit data
  assert_same 16 "$(git ls-files '*.cairn' | wc -l)"
  assert_same "" "$(git status --porcelain)"
  cairn push
  git clone -q . ../clone
  cd ../clone
  cairn pull
  rm -rf ../clone/.git/hooks
  rm -f .gitignore .gitattributes ./*.cairn
  rm -rf .git .cairn
  find . -name '*.cairn' -delete
  assert_same_trees ../expected .
}

# A .gitignore has no way to write a line break.
line_break_in_the_name_of_a_tracked_file() {
  new_repo
  : >$'new\nline'
  must_fail 3 cairn add $'new\nline'
  assert_err 'new\nline'
  assert_absent $'new\nline.cairn'
}

mode_of_a_file_is_versioned() {
  new_repo
  echo x >tool
  cairn add tool
  assert_lacks tool.cairn exec
  chmod +x tool
  must_fail 1 cairn status --exit-code
  cairn add tool
  assert_contains tool.cairn "exec: true"
  rm tool
  cairn checkout
  [ -x tool ] || fail "not executable"
  cairn fsck
}

kinds_change_into_each_other() {
  new_repo
  mkdir folder
  echo file >folder/x
  ln -s x folder/y
  mkdir folder/z
  echo in >folder/z/in
  cp -a folder ../first
  cairn add folder
  commit first
  rm -r folder
  mkdir -p folder/x folder/y
  echo in >folder/x/in
  echo y >folder/y/y
  ln -s ../nowhere folder/z
  cp -a folder ../second
  cairn add folder
  commit second
  git checkout -q HEAD~1
  cairn checkout
  assert_same_trees ../first folder
  git checkout -q main
  cairn checkout
  assert_same_trees ../second folder
  cairn fsck
}

folder_becomes_file() {
  new_repo
  mkdir thing
  echo in >thing/in
  cairn add thing
  commit folder
  rm -r thing
  echo file >thing
  cairn add thing
  commit file
  git checkout -q HEAD~1
  cairn checkout
  assert_content thing/in in
  git checkout -q main
  cairn checkout
  assert_content thing file
  cairn fsck
}

empty_folder_and_file() {
  new_repo
  mkdir nothing
  : >zero
  cairn add nothing zero
  rm -r nothing zero
  cairn checkout
  assert_same "" "$(ls -A nothing)"
  assert_same 0 "$(stat -c %s zero)"
  cairn fsck
}

deep_folder() {
  new_repo
  local path=d i
  for ((i = 0; i < 100; ++i)); do
    path=$path/d$i
  done
  mkdir -p "$path"
  echo leaf >"$path/leaf"
  cp -a d ../expected
  cairn add d
  rm -r d
  cairn checkout
  assert_same_trees ../expected d
  cairn fsck
}

output_is_escaped() {
  new_repo
  mkdir folder
  : >"$(printf 'folder/esc\033[31mred')"
  cairn add folder
  cairn ls -R folder
  assert_lacks "$T/out" "$(printf '\033')"
  cairn ls -R folder --json
  assert_lacks "$T/out" "$(printf '\033')"
  python3 -m json.tool <"$T/out" >/dev/null
}

nested_git_repository_is_refused() {
  new_repo
  mkdir folder
  git init -q folder/inner
  must_fail 3 cairn add folder
  assert_err "Git repository"
  assert_absent folder.cairn
}

test_case "an odd folder survives add and checkout" odd_folder_survives_checkout
test_case "an odd folder survives push, clone and pull" odd_folder_survives_push_and_pull
test_case "odd names of tracked files, through push and pull" odd_names_as_pointers
test_case "a line break in the name of a tracked file is refused" line_break_in_the_name_of_a_tracked_file
test_case "the executable bit is versioned" mode_of_a_file_is_versioned
test_case "files, symlinks and folders change into each other" kinds_change_into_each_other
test_case "a tracked folder becomes a file" folder_becomes_file
test_case "an empty folder and an empty file" empty_folder_and_file
test_case "a deep folder" deep_folder
test_case "names are escaped when shown" output_is_escaped
test_case "a Git repository inside data is refused" nested_git_repository_is_refused
finish
