#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pointers are merged by cairn, whichever of Git's commands asks for it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/merge_projects.sh"

folders_merge_file_by_file() {
  tracked_repo
  on side 'echo A >images/a; rm images/sub/d; chmod +x images/c'
  on main 'echo B >images/b; echo new >images/new; echo C >images/c; mv images/sub/e images/e'
  git merge -q --no-edit side
  assert_same $'a A\nb B\nc C\ne sub/e\nnew new' "$(listing)"
  [ -x images/c ] || fail "the executable bit of theirs is lost"
  assert_same "" "$(ls images/sub)" # both sides kept the folder
  cairn status --exit-code
  assert_same "" "$(git status --porcelain)"
  cairn fsck
}

a_file_changed_on_both_sides() {
  tracked_repo
  on side 'echo theirs >table.csv'
  on main 'echo ours >table.csv'
  must_fail 1 git merge side
  assert_err "cairn: conflict in table.csv: changed on both sides"
  must_fail 3 cairn resolve --union
  assert_same table.csv.cairn "$(unmerged)"
  cairn resolve --theirs table.csv
  git commit -q --no-edit
  cairn checkout
  assert_content table.csv theirs
}

a_pointer_removed_on_one_side() {
  tracked_repo
  on side 'echo theirs >table.csv'
  git checkout -q main
  cairn remove table.csv
  commit removed
  must_fail 1 git merge side
  assert_same table.csv.cairn "$(unmerged)"
  must_fail 3 cairn resolve
  assert_out "conflict  table.csv: deleted here, changed there"
  cairn resolve --ours table.csv
  assert_out "removed   table.csv.cairn"
  assert_absent table.csv.cairn
  assert_same "" "$(unmerged)"
  git reset -q --hard
  must_fail 1 git merge side
  cairn resolve --theirs
  git commit -q --no-edit
  cairn checkout
  assert_content table.csv theirs
}

keys_of_the_user_are_merged() {
  tracked_repo
  on side 'echo "desc: numbers" >>table.csv.cairn; printf "meta:\n  owner: ann\n" >>images.cairn'
  on main 'echo two >table.csv; printf "meta:\n  owner: bo\n" >>images.cairn'
  must_fail 1 git merge side
  assert_err "both sides changed 'meta.owner'"
  assert_same images.cairn "$(unmerged)"
  assert_contains table.csv.cairn "desc: numbers"
  cairn resolve --theirs
  assert_contains images.cairn "owner: ann"
  git commit -q --no-edit
  cairn checkout
  assert_content table.csv two
}

rebase_swaps_the_sides() {
  tracked_repo
  on side 'echo side >images/a'
  on main 'echo main >images/a; echo more >images/more'
  git checkout -q side
  must_fail 1 git rebase main
  assert_same images.cairn "$(unmerged)"
  cairn resolve --theirs # the commit that is rebased
  GIT_EDITOR=true git rebase --continue
  cairn checkout
  assert_same $'a side\nb b\nc c\nmore more\nsub/d sub/d\nsub/e sub/e' "$(listing)"
}

cherry_pick_revert_and_stash() {
  tracked_repo
  on side 'echo side >images/a; echo S >images/sub/d'
  on main 'echo main >images/a'
  must_fail 1 git cherry-pick side
  cairn resolve --ours images/a
  GIT_EDITOR=true git cherry-pick --continue
  cairn checkout
  assert_same $'a main\nb b\nc c\nsub/d S\nsub/e sub/e' "$(listing)"
  echo stashed >images/a
  echo stashed >images/b
  cairn commit
  git stash -q
  cairn checkout
  on main 'echo later >images/a'
  must_fail 1 git stash pop
  assert_same images.cairn "$(unmerged)"
  cairn resolve --theirs
  cairn checkout
  assert_same $'a stashed\nb stashed\nc c\nsub/d S\nsub/e sub/e' "$(listing)"
  git reset -q --hard
  git stash drop -q
  cairn checkout
  git revert --no-edit HEAD >/dev/null
  cairn checkout
  assert_content images/a main
}

# Two merges of the same two commits, each settled its own way.
criss_cross() {
  tracked_repo
  on side 'echo side >images/a; echo S >images/b'
  on main 'echo main >images/a; echo M >images/c'
  git branch old-main
  git merge -q side 2>/dev/null || cairn resolve --ours
  git commit -q --no-edit
  git checkout -q side
  git merge -q old-main 2>/dev/null || cairn resolve --theirs # main's a here too
  git commit -q --no-edit
  cairn checkout
  assert_same "$(git rev-parse main:images.cairn)" "$(git rev-parse side:images.cairn)"
  on side 'echo S2 >images/sub/d; echo S2 >images/b'
  on main 'echo M2 >images/c; echo M2 >images/new'
  git merge -q --no-edit side
  assert_same $'a main\nb S2\nc M2\nnew M2\nsub/d S2\nsub/e sub/e' "$(listing)"
  assert_lacks "$T/err" "conflict in"
}

criss_cross_with_other_ends() {
  tracked_repo
  on side 'echo side >images/a'
  on main 'echo main >images/a'
  git branch old-main
  git merge -q side 2>/dev/null || cairn resolve --ours
  git commit -q --no-edit
  git checkout -q side
  git merge -q old-main 2>/dev/null || cairn resolve --ours
  git commit -q --no-edit
  git checkout -q main
  must_fail 1 git merge side
  assert_same 1 "$(grep -c 'cairn: conflict in images/a' "$T/err")"
  cairn resolve --theirs
  git commit -q --no-edit
  cairn checkout
  assert_content images/a side
}

a_pointer_renamed_on_one_side() {
  tracked_repo
  on side 'echo A >images/a'
  git checkout -q main
  cairn move images pictures
  commit renamed
  git merge -q --no-edit side
  assert_absent images images.cairn
  assert_content pictures/a A
  assert_content pictures/b b
  cairn status --exit-code
}

many_heads() {
  tracked_repo
  on one 'echo 1 >table.csv'
  on two 'echo 2 >images/a'
  git checkout -q main
  git merge -q --no-edit one two
  assert_content table.csv 1
  assert_content images/a 2
  on three 'echo 3 >images/b'
  on four 'echo 4 >images/c'
  git checkout -q main
  cairn checkout
  # Git merges more than two heads without drivers, and gives up where one file differs.
  run git merge -q --no-edit three four
  [ "$STATUS" != 0 ] || fail "merged without the driver"
  git reset -q --hard
  git merge -q --no-edit three
  git merge -q --no-edit four
  assert_same $'a 2\nb 3\nc 4\nsub/d sub/d\nsub/e sub/e' "$(listing)"
}

line_ends_of_windows() {
  tracked_repo
  git config core.autocrlf true
  sed -i 's/ text eol=lf//' .gitattributes
  commit attributes
  git branch base
  on main 'sed -i "s/$/\r/" images.cairn; echo A >images/a'
  git checkout -q -b side base
  echo B >images/b
  cairn commit
  git config core.autocrlf false
  sed -i 's/$/\r/' images.cairn
  commit side
  git checkout -q main
  git merge -q --no-edit side
  cairn checkout
  assert_same $'a A\nb B\nc c\nsub/d sub/d\nsub/e sub/e' "$(listing)"
}

content_that_is_not_here() {
  tracked_repo
  cairn remote add storage "$PWD/../storage"
  commit remote
  on side 'git merge -q main; echo A >images/a; echo theirs >images/c'
  on main 'echo B >images/b; echo ours >images/c'
  cairn push --all-branches
  git clone -q . ../clone
  cd ../clone
  git branch -q side origin/side
  cairn install
  must_fail 1 git merge side
  assert_err "not in the local store; try: cairn fetch"
  assert_contains images.cairn "cairn fetch"
  cairn fetch
  must_fail 3 cairn resolve
  assert_out "conflict  images/c"
  assert_lacks "$T/out" images/a
  cairn resolve --theirs
  git commit -q --no-edit
  cairn fetch
  cairn checkout
  assert_same $'a A\nb B\nc theirs\nsub/d sub/d\nsub/e sub/e' "$(listing)"
}

cairn_is_missing() {
  tracked_repo
  on side 'echo A >images/a'
  on main 'echo B >images/b'
  program=$(git config cairn.program)
  git config cairn.program /nowhere/cairn
  must_fail 1 git merge side
  assert_same 1 "$(grep -c "cairn: program not found" "$T/err")"
  assert_contains "$T/err" "images.cairn"
  assert_same images.cairn "$(unmerged)"
  assert_contains images.cairn "<<<<<<< ours"
  git config cairn.program "$program"
  cairn status
  assert_out "can be merged now: images.cairn"
  cairn resolve
  assert_same "" "$(unmerged)"
  git commit -q --no-edit
  cairn checkout
  assert_same $'a A\nb B\nc c\nsub/d sub/d\nsub/e sub/e' "$(listing)"
}

# The driver dies at the N-th of its calls that change something, for each N.
killed_anywhere() {
  tracked_repo
  on side 'echo A >images/a; echo theirs >images/c'
  on main 'echo B >images/b; echo ours >images/c'
  program=$(git config cairn.program)
  before=$(git rev-parse HEAD)
  calls=openat,write,pwrite64,fsync,rename,renameat2,ftruncate
  cat >../killed.sh <<SCRIPT
#!/bin/sh
[ "\$1" = git-merge ] || exec "$program" "\$@"
strace -qq -o /dev/null -f -e trace=$calls -e inject=$calls:signal=KILL:when=\$(cat "$T/when") "$program" "\$@"
status=\$?
[ \$status != 137 ] || echo killed >>"$T/killed"
exit \$status
SCRIPT
  chmod +x ../killed.sh
  for when in 1 5 10 20 30 40 50 60 70 80 90 100 110 120 140 160; do
    git config cairn.program "$PWD/../killed.sh"
    echo "$when" >"$T/when"
    run git merge side
    [ "$STATUS" != 0 ] || fail "merged what is in conflict"
    git config cairn.program "$program"
    git merge --abort
    assert_same "$before" "$(git rev-parse HEAD)"
    assert_same "" "$(git status --porcelain --untracked-files=no)"
    cairn status --exit-code
    git clean -qfd
  done
  [ "$(wc -l <"$T/killed")" -ge 8 ] || fail "the driver was hardly ever killed"
  must_fail 1 git merge side
  cairn resolve --ours
  git commit -q --no-edit
  cairn checkout
  assert_same $'a A\nb B\nc ours\nsub/d sub/d\nsub/e sub/e' "$(listing)"
  cairn fsck
}

ten_thousand_files() {
  new_repo
  cairn install
  mkdir big
  for i in $(seq 100); do
    mkdir "big/$i"
    for j in $(seq 100); do
      echo "$i $j" >"big/$i/$j"
    done
  done
  cairn add big
  commit first
  # Each side changes one file in every folder, and they share one.
  on side 'for i in $(seq 100); do echo theirs >big/$i/1; done; echo theirs >big/7/50'
  on main 'for i in $(seq 100); do echo ours >big/$i/2; done; echo ours >big/7/50; rm big/9/9'
  must_fail 1 git merge side
  assert_same 1 "$(grep -c 'cairn: conflict in' "$T/err")"
  assert_err "cairn: conflict in big/7/50"
  cairn resolve --theirs big/7/50
  git commit -q --no-edit
  cairn checkout
  assert_same 100 "$(cat big/*/1 | grep -c theirs)"
  assert_same 100 "$(cat big/*/2 | grep -c ours)"
  assert_content big/7/50 theirs
  assert_absent big/9/9
  assert_same 9999 "$(find big -type f | wc -l)"
}

both_add_data_in_one_folder() {
  tracked_repo
  mkdir deep
  on side 'echo s >new-s.csv; echo s >deep/s; cairn add -q new-s.csv deep/s'
  on main 'mkdir -p deep; echo m >new-m.csv; echo m >deep/m; cairn add -q new-m.csv deep/m'
  git merge -q side
  assert_same "" "$(git status --porcelain)" "git status"
  assert_same "1 1" "$(grep -c '>>> cairn' .gitignore) $(grep -c '>>> cairn' deep/.gitignore)" "one block each"
  for path in new-s.csv new-m.csv deep/s deep/m images table.csv; do
    git check-ignore -q "$path" || fail "$path is not ignored"
  done
  cairn status --exit-code
}

a_folder_and_a_path_inside_it() {
  tracked_repo
  on side 'mkdir raw; echo s1 >raw/one.csv; echo s2 >raw/two.csv; cairn add -q raw'
  on main 'mkdir -p raw; echo m1 >raw/one.csv; cairn add -q raw/one.csv'
  git merge -q side
  local pointer
  pointer=$(cat raw.cairn)
  echo more >>raw/one.csv
  must_fail 3 cairn commit
  assert_err "inside 'raw', is tracked by Git"
  must_fail 3 cairn commit raw
  assert_same "$pointer" "$(cat raw.cairn)" "the pointer of the folder"
  git rm -q --force raw/one.csv.cairn
  git rm -q --force --ignore-unmatch raw/.gitignore
  cairn checkout --force
  cairn status --exit-code
}

install_completes_an_old_project() {
  new_repo
  printf '*.cairn text eol=lf\ncairn.lock text eol=lf\n' >.gitattributes
  cairn install --json
  assert_value '[d["attributes_changed"], d["drivers_changed"], d["attributes_left"]]' '[true, false, []]'
  assert_contains .gitattributes "*.cairn text eol=lf merge=cairn diff=cairn"
  cairn install --json
  assert_value '[d["attributes_changed"], d["drivers_changed"], d["changed"]]' '[false, false, []]'
  echo '*.cairn -text' >.gitattributes
  cairn install
  assert_out "left this line of .gitattributes alone: *.cairn -text"
  cairn uninstall --json
  assert_value 'd["drivers_changed"]' true
  run git config --get-regexp '^(merge|diff)\.cairn'
  assert_same "" "$(cat "$T/out")"
}

test_case "both sides add data in one folder" both_add_data_in_one_folder
test_case "a folder on one side, a path inside it on the other" a_folder_and_a_path_inside_it
test_case "folders merge file by file" folders_merge_file_by_file
test_case "a file changed on both sides" a_file_changed_on_both_sides
test_case "a pointer removed on one side" a_pointer_removed_on_one_side
test_case "keys of the user are merged" keys_of_the_user_are_merged
test_case "rebase swaps the sides" rebase_swaps_the_sides
test_case "cherry-pick, revert and stash" cherry_pick_revert_and_stash
test_case "criss-cross" criss_cross
test_case "criss-cross with other ends" criss_cross_with_other_ends
test_case "a pointer renamed on one side" a_pointer_renamed_on_one_side
test_case "many heads" many_heads
test_case "line ends of Windows" line_ends_of_windows
test_case "content that is not here" content_that_is_not_here
test_case "cairn is missing" cairn_is_missing
test_case "killed anywhere" killed_anywhere
test_case "ten thousand files" ten_thousand_files
test_case "install completes an old project" install_completes_an_old_project
finish
