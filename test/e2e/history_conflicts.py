# SPDX-License-Identifier: Apache-2.0
"""How users of t85 end a merge, cherry-pick, revert or rebase that stopped."""
import os

from history_oracle import expect, read_file, tracked
from history_world import rng, world

STATES = {"merge": "MERGE_HEAD", "cherry-pick": "CHERRY_PICK_HEAD", "revert": "REVERT_HEAD", "rebase": "rebase-merge"}


def running(tree, operation):
    return os.path.exists(os.path.join(tree.git_folder(), STATES[operation]))


def unmerged(tree):
    return sorted({line.split("\t")[1] for line in world.ask(tree, "ls-files", "--unmerged")})


def settle_other(tree, path):
    """A conflict in a file that is no pointer, as a user settles it."""
    full = tree.path(path)
    if os.path.basename(path) == ".gitignore" and os.path.exists(full):
        lines = read_file(full).decode().splitlines(keepends=True)
        world.write(tree, path, "".join(x for x in lines if not x.startswith(("<<<<<<<", "=======", ">>>>>>>"))).encode())
    elif world.try_git(tree, "checkout", rng.choice(["--ours", "--theirs"]), "--", path).status != 0:
        world.git(tree, "rm", "-q", "--cached", "--", path)
        return
    world.git(tree, "add", "--", path)


def settle(tree):
    """Settles all conflicts. Pointers and locks are settled by cairn alone."""
    in_conflict = tracked(tree.top)[1]
    first = rng.choice(["--ours", "--theirs", "--union"])
    if world.cairn(tree, "resolve", first, allowed=(0, 3)).status != 0:
        world.cairn(tree, "resolve", rng.choice(["--ours", "--theirs"]))
    left = [path for path in unmerged(tree) if path.endswith((".cairn", "cairn.lock"))]
    expect(not left, "resolve ended well, but Git has conflicts in", left)
    expect(not tracked(tree.top)[1], "resolve ended well, but files are in conflict:", in_conflict)
    for path in unmerged(tree):
        settle_other(tree, path)


def end(tree, operation):
    """Goes on to the end of an operation that stopped, or takes it back."""
    for _ in range(20):
        if not running(tree, operation):
            return
        world.check_tree(tree)
        if rng.random() < 0.2:
            world.git(tree, operation, "--abort")
            return
        settle(tree)
        world.check_tree(tree)
        if operation == "merge":
            world.git(tree, "commit", "-q", "--no-edit")
        elif world.try_git(tree, operation, "--continue").status != 0 and not unmerged(tree) and running(tree, operation):
            world.git(tree, operation, "--skip")
    expect(not running(tree, operation), f"{operation} does not end")


def start(tree, operation, *arguments):
    """Git may refuse it for uncommitted work; what it began has an end."""
    world.try_git(tree, operation, *arguments)
    end(tree, operation)
