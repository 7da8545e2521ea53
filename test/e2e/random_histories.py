# SPDX-License-Identifier: Apache-2.0
"""Random histories for t85: steps of a user with Git and cairn, each followed by the checks of history_world.py.

random_histories.py CAIRN SEED   (in an empty folder, under a home of its own) prints one line, or all steps with what was wrong and
status 1. The same seed makes the same steps.
"""
import json
import os
import re
import shutil
import sys

from history_conflicts import settle, start, unmerged
from history_edits import edit, edit_code, empty_folders, here, put, put_folder, remove_any
from history_oracle import Wrong, expect, files_at, is_as, present, tracked
from history_world import CAIRN, INPUTS, NAMES, OUTS, ROOTS, SEED, Tree, numbers, rng, world

# What commits of the user take in: never data.
OWN_FILES = [":(glob)**/*.cairn", ":(glob)**/.gitignore", ".gitattributes", ".cairn", "cairn.yaml", "cairn.lock", "code", "params.yaml"]


# --- cairn ---

REFUSED = "the pointer of '(.*)' changed, the data here (is still the old one|was edited from an older one)"


def record(tree, *names):
    """cairn add NAMES, or cairn commit. Data that nobody edited is no reason to change its pointer; what was edited while the
    pointer moved is recorded by force only."""
    before, conflicts = tracked(tree.top)
    old = {p: n for p, n in before.items() if p not in tree.touched and not is_as(n, present(tree.path(p)))}
    done = world.cairn(tree, *(["add", *names] if names else ["commit"]), allowed=(0, 3, 9) if conflicts else (0, 3))
    edited = []
    for error in re.findall("^error: (.*)", done.err, re.M):
        refused = re.match(REFUSED, error)
        expect(conflicts or refused, f"commit or add: {error}")
        if refused and refused[2].startswith("was edited"):
            expect(refused[1] in tree.touched, f"'{refused[1]}' was not edited")
            edited.append(refused[1])
    if edited and rng.random() < 0.7:
        world.cairn(tree, "add", "--force", *edited)
    now, _ = tracked(tree.top)
    for path, named in old.items():
        expect(now.get(path) == named, f"'{path}' was older than its pointer, and was recorded over it")
    if done.status == 0:
        for name in names or [p for p in now if p not in OUTS]:
            expect(present(tree.path(name)) is None or is_as(now[name], present(tree.path(name))), f"'{name}' was not recorded")
    world.recorded(tree)


def record_some(tree):
    names = [name for name in tracked(tree.top)[0] if name not in OUTS and tree.exists(name)]
    record(tree, *([rng.choice(names)] if names and rng.random() < 0.4 else []))


def track(tree):
    free = [name for name in NAMES if not tree.exists(name) and not tree.exists(name + ".cairn")]
    lost = [name for name in here(tree, NAMES) if not tree.exists(name + ".cairn")]
    if not free and not lost:
        return
    name = rng.choice(lost or free)
    if name in free:
        (put_folder if rng.random() < 0.5 else put)(tree, name)
    tree.touched.add(name)
    tree.own.add(name)
    world.expect_kept(tree)
    if rng.random() < 0.8:
        record(tree, name)
    if rng.random() < 0.5:
        commit(tree)


def pointers(tree):
    return [name for name in tracked(tree.top)[0] if name in NAMES]


def untrack(tree):
    if not pointers(tree):
        return
    name = rng.choice(pointers(tree))
    done = world.cairn(tree, "remove", *(["--outs"] if rng.random() < 0.7 else []), name, allowed=(0, 3))
    expect(done.status == 0 or name in tree.touched or not tree.exists(name), f"remove of unchanged data: {done.out}{done.err}")
    if done.status == 0:
        tree.own.add(name)
    if done.status == 0 and rng.random() < 0.2:
        world.cairn(tree, "undo")
        went_back(tree)


def move(tree):
    free = [name for name in NAMES if not tree.exists(name) and not tree.exists(name + ".cairn")]
    if not free or not pointers(tree):
        return
    before, after = rng.choice(pointers(tree)), rng.choice(free)
    held = files_at(tree.top, [before])
    world.cairn(tree, "move", before, after)
    moved = files_at(tree.top, [after])
    tree.kept = {path: content for path, content in tree.kept.items() if path not in held}
    expect(moved == {after + path.removeprefix(before): c for path, c in held.items()}, "move changed data")
    if before in tree.touched:
        tree.touched = tree.touched - {before} | {after}
    if rng.random() < 0.5:
        commit(tree)


def may_be_left(tree):
    """Paths of which checkout may leave data as it is."""
    return tree.touched | {name for name in here(tree, NAMES) if set(files_at(tree.top, [name])) & set(world.unsaved(tree))}


def bring(tree):
    left = may_be_left(tree)
    done = world.cairn(tree, "checkout", allowed=(0, 3) if left else (0,))
    for path, named in tracked(tree.top)[0].items():
        found = present(tree.path(path))
        expect(is_as(named, found) or path in left, f"checkout left '{path}': {found}\n{done.out}{done.err}")
    world.recorded(tree)


def checkout_by_force(tree):
    """Tracked path -> files in it that cairn does not know, and kept."""
    told = json.loads(world.cairn(tree, "checkout", "--force", "--json").out)
    return {one["path"]: one["kept"] for one in told["paths"] if one["kept"]}


def force(tree):
    before = files_at(tree.top, ROOTS)
    tree.kept = {}
    kept = checkout_by_force(tree)
    left = files_at(tree.top, ROOTS)
    world.stored |= {content for path, content in before.items() if left.get(path) != content}  # it stores what it replaces
    for path, named in tracked(tree.top)[0].items():
        unknown = path in kept or empty_folders(tree.path(path))
        expect(unknown or is_as(named, present(tree.path(path))), f"checkout --force left '{path}'")
    if rng.random() < 0.6 and files_at(tree.top, ROOTS) != before:
        world.cairn(tree, "undo")
        now = files_at(tree.top, ROOTS)
        expect(now == before, "undo is not as before:", sorted(set(now.items()) ^ set(before.items())))
        went_back(tree)
    else:
        world.recorded(tree)


def went_back(tree):
    """After an undo anything may be as it was before cairn last wrote."""
    tree.touched |= set(ROOTS)
    tree.own |= set(ROOTS)


def undo(tree):
    before = files_at(tree.top, ROOTS)
    done = world.cairn(tree, "undo", allowed=(0, 3, 9))
    if done.status == 0:
        for old, new in re.findall("^moved +(.*) to (.*)$", done.out, re.M):  # with what was edited in it
            tree.kept = {new + path[len(old):] if f"{path}/".startswith(f"{old}/") else path: content
                         for path, content in tree.kept.items()}
        went_back(tree)
    else:
        expect(files_at(tree.top, ROOTS) == before, "undo failed, but did something")


def repro(tree):
    tree.kept = {path: content for path, content in tree.kept.items() if not path.startswith("work/")}  # made anew
    missing = [name for name in INPUTS if not tree.exists(name)]
    done = world.cairn(tree, "repro", allowed=None if missing else (0,))
    if done.status == 0:
        world.check_results(tree)
        world.recorded(tree)
        expect("up to date" in world.run(tree, [CAIRN, "repro"], {}).out, "a second repro had something to do")


# --- Git: commits ---

def commit(tree, *options):
    if rng.random() < 0.8:
        record(tree)
    clean = all(is_as(n, present(tree.path(p))) for p, n in tracked(tree.top)[0].items()) and not left_behind(tree)
    world.git(tree, "add", "-A", *([] if clean else ["--", *OWN_FILES]))
    world.check_index(tree)
    world.try_git(tree, "commit", "-q", *(options or ["-m", f"commit {next(numbers)}"]))


def left_behind(tree):
    """Data without a pointer."""
    data, _ = tracked(tree.top)
    return [name for name in here(tree, ROOTS) if name not in data]


def work(tree):
    """What users do most: change something, bring the pipeline up to date, commit."""
    edit(tree)
    if rng.random() < 0.4:
        edit_code(tree)
    if rng.random() < 0.3 and not unmerged(tree):
        record(tree)
        repro(tree)
    commit(tree)


def amend(tree):
    commit(tree, "--amend", "--no-edit")


def branches(tree):
    return world.ask(tree, "for-each-ref", "--format=%(refname:short)", "refs/heads")


def revisions(tree):
    """Commits to do something with, the same ones for the same seed."""
    return world.ask(tree, "rev-list", "--date-order", "--branches", "--tags", "--max-count=30", "HEAD")


def others(tree):
    """Branches with something to merge, or else all."""
    return world.ask(tree, "branch", "--no-merged", "HEAD", "--format=%(refname:short)") or branches(tree)


def switch(tree):
    kind = rng.random()
    variables = {"CAIRN_NO_HOOKS": "1"} if rng.random() < 0.12 else {}
    if kind < 0.35 or len(branches(tree)) == 1:
        world.try_git(tree, "checkout", "-q", "-b", f"b{next(numbers)}", rng.choice(revisions(tree)[:8] + ["HEAD"]), **variables)
    elif kind < 0.9:
        world.try_git(tree, "checkout", "-q", rng.choice(branches(tree)), **variables)
    else:
        world.try_git(tree, "checkout", "-q", "--detach", rng.choice(revisions(tree)), **variables)


def delete_branch(tree):
    world.try_git(tree, "branch", "-q", "-D", rng.choice(branches(tree)))


def tag(tree):
    world.git(tree, "tag", f"t{next(numbers)}", rng.choice(revisions(tree)))


# --- Git: what can end in conflict ---

def merge(tree):
    options = rng.choice([[], [], ["--no-ff"], ["--squash"]])
    start(tree, "merge", "--no-edit", *options, rng.choice(others(tree)))
    if unmerged(tree):  # of a squash
        settle(tree)


def rebase(tree):
    start(tree, "rebase", "-q", rng.choice(others(tree)))


def cherry_pick(tree):
    start(tree, "cherry-pick",
          rng.choice(world.ask(tree, "rev-list", "--no-merges", "--branches", "--tags", "^HEAD") or ["HEAD"]))


def revert(tree):
    start(tree, "revert", "--no-edit", rng.choice(revisions(tree)[:-1] or ["HEAD"]))


def stash(tree):
    if rng.random() < 0.5:
        edit(tree)
        record(tree)
    world.try_git(tree, "stash", "push", "-q")


def unstash(tree):
    if not world.ask(tree, "stash", "list"):
        return
    world.try_git(tree, "stash", rng.choice(["pop", "pop", "apply"]), "-q", *rng.choice([[], ["--index"]]))
    if unmerged(tree):
        world.check_tree(tree)
        settle(tree)


# --- Git: going back ---

def reset(tree):
    world.git(tree, "reset", "-q", rng.choice(["--hard", "--hard", "--mixed", "--soft"]),
              rng.choice(["HEAD", "HEAD", "HEAD"] + revisions(tree)[:6]))


def restore(tree):
    revision = rng.choice([[], ["HEAD"], [rng.choice(revisions(tree))]])
    names = world.ask(tree, "ls-tree", "-r", "--name-only", (revision or ["HEAD"])[0])
    path = rng.choice([name for name in names if name.endswith((".cairn", ".lock"))] + ["."])
    world.try_git(tree, "checkout", "-q", *revision, "--", path)


# --- Other work trees, clones, the store ---

def add_tree(tree):
    if len(world.trees) > 2:
        return
    number = next(numbers)
    new = Tree(os.path.join(world.home, f"tree{number}"))
    what = [rng.choice(branches(tree))] if rng.random() < 0.4 else ["-b", f"b{number}", rng.choice(revisions(tree))]
    if world.try_git(tree, "worktree", "add", "-q", new.top, *what).status == 0:
        world.trees.append(new)
        expect(not world.check_tree(new), "a new work tree is not as its pointers say")


def remove_tree(_):
    if len(world.trees) == 1:
        return
    tree = rng.choice(world.trees[1:])
    for name in left_behind(tree):
        if name in NAMES:
            record(tree, name)
    record(tree)
    commit(tree)
    world.git(world.main, "worktree", "remove", "--force", tree.top)
    world.trees.remove(tree)


def clone(tree):
    world.cairn(tree, "push", "--all-branches", "--all-tags")
    heads = world.ask(tree, "for-each-ref", "--format=%(refname:short)", "refs/heads")
    if rng.random() < 0.5 and heads:
        world.git(tree, "init", "-q", "--bare", "--initial-branch", heads[0], "../bare")  # main may be deleted
        world.git(tree, "push", "-q", "--all", "--force", "../bare")
    there = Tree(os.path.join(world.home, "clone"))
    world.git(tree, "clone", "-q", "../bare" if os.path.exists(tree.path("../bare")) else "../repo", "../clone")
    world.cairn(there, "install", "-q")
    there.complete = False
    world.check_tree(there)
    for branch in world.ask(there, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin"):
        if branch == "HEAD" or rng.random() < 0.4:
            continue
        world.git(there, "checkout", "-q", branch)
        world.check_tree(there)
        world.cairn(there, "pull")
        expect(not world.check_tree(there), f"{branch} is not as its pointers say after a pull into a clone")
    shutil.rmtree(there.top)
    shutil.rmtree(tree.path("../bare"), ignore_errors=True)


def collect(tree):
    world.git(tree, "gc", "-q", "--prune=now")
    world.check_history()


STEPS = {work: 22, edit: 8, record_some: 4, commit: 3, edit_code: 2, repro: 5, track: 8, untrack: 3, move: 4, switch: 14, merge: 10,
         rebase: 5, cherry_pick: 5, revert: 4, stash: 4, unstash: 5, reset: 6, restore: 4, amend: 2, tag: 1, bring: 8, force: 2, undo: 2,
         add_tree: 3, remove_tree: 2, clone: 1, delete_branch: 1, collect: 1}


def step(number):
    action = rng.choices(list(STEPS), list(STEPS.values()))[0]
    tree = rng.choice(world.trees + [world.main])
    world.log.append(f"-- step {number}: {action.__name__} in {os.path.basename(tree.top)}")
    for one in world.trees:
        world.expect_kept(one)
    action(tree)
    for one in world.trees:
        world.check_kept(one)
    if tree in world.trees:
        world.check_tree(tree)


def finish():
    world.log.append("-- the end")
    world.check()
    for tree in world.trees:
        for kept in checkout_by_force(tree).values():
            for one in kept:
                remove_any(tree.path(one["path"]))
        for folder in [one for root in ROOTS for one in empty_folders(tree.path(root))]:
            os.removedirs(folder)
        checkout_by_force(tree)  # empty folders that it does know
        world.recorded(tree)
        expect(not world.check_tree(tree), "checkout --force does not make the work tree as its pointers say")
    needed = world.check_history()
    commits = world.commits()
    for commit_id in rng.sample(commits, min(2, len(commits))):
        world.check_commit(commit_id)
    world.cairn(world.main, "fsck")
    world.git(world.main, "fsck", "--connectivity-only")
    return len(commits), needed


def main():
    world.begin()
    begin = world.ask(world.main, "rev-parse", "HEAD")[0]
    work(world.main)
    world.git(world.main, "checkout", "-q", "-b", "side", begin)
    work(world.main)
    steps = rng.randint(15, 25)
    for number in range(1, steps + 1):
        step(number)
    commits, needed = finish()
    print(f"history {SEED}: {steps} steps, {len(world.log)} lines, {commits} commits, {needed} objects")


try:
    main()
except Exception as wrong:
    print("\n".join(world.log))
    if not isinstance(wrong, Wrong):
        raise  # a fault of these files
    print(f"history {SEED} ({world.home}): {wrong}")
    sys.exit(1)
