# SPDX-License-Identifier: Apache-2.0
"""The repository of one history of t85: its work trees, the commands that are run in them, and what has to be true after each."""
import collections
import json
import os
import random
import shutil
import subprocess
import sys

from history_oracle import (CONFLICT, contents_of, expect, files_at, is_as, parse_lock, parse_pointer, pointer_text, present,
                            read_file, tracked)

# Where data may be. The first two are inputs of the pipeline and stay; any other may be a file or a folder.
INPUTS = ["base.csv", "set"]
NAMES = ["a.csv", "mix", "raw/b.bin", "raw/imgs", "deep/er/c.txt", "pics"]
OUTS = ["work/parts", "work/prep.txt", "work/score.txt"]
ROOTS = INPUTS + NAMES + OUTS

PIPELINE = """stages:
  prep:
    cmd: sh code/prep.sh
    deps: [base.csv, set]
    outs: [work/prep.txt]
  split:
    cmd: sh code/split.sh
    deps: [work/prep.txt]
    outs: [work/parts]
  score:
    cmd: sh code/score.sh
    deps: [work/parts]
    params: [scale]
    outs: [work/score.txt]
"""
CODE = {"prep": "{ echo %s; cat base.csv; find set -type f | LC_ALL=C sort | xargs -r cat; } >work/prep.txt",
        "split": "mkdir -p work/parts; cp work/prep.txt work/parts/all; echo %s >work/parts/tag",
        "score": "{ echo %s; cat params.yaml work/parts/all work/parts/tag; } >work/score.txt"}

Done = collections.namedtuple("Done", "status out err")


class Tree:
    """A work tree. touched: tracked paths that the user edited since cairn was last seen to have recorded or written them; kept: path ->
    content of what no command of this step may take away; own: paths where data without a pointer is nothing that cairn left behind."""

    def __init__(self, top):
        self.top = top
        self.touched = set()
        self.kept = {}
        self.own = set()
        self.complete = True  # the store has all that pointers here name

    def path(self, *names):
        return os.path.join(self.top, *names)

    def git_folder(self):
        if os.path.isdir(self.path(".git")):
            return self.path(".git")
        return read_file(self.path(".git")).decode().removeprefix("gitdir: ").strip()

    def exists(self, name):
        return os.path.lexists(self.path(name))


class World:
    def __init__(self, cairn):
        self.program = cairn
        self.home = os.getcwd()
        self.log, self.clock = [], 0
        self.stored = set()  # contents that cairn said it had stored
        self.trees = [Tree(os.path.join(self.home, "repo"))]
        self.main = self.trees[0]

    # --- Running programs ---

    def run(self, tree, command, variables, given=""):
        self.clock += 1
        date = f"{1700000000 + self.clock} +0000"
        environment = {**os.environ, "GIT_EDITOR": "true", "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, **variables}
        done = subprocess.run(command, cwd=tree.top, env=environment, input=given, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace")
        return Done(done.returncode, done.stdout, done.stderr)

    def command(self, tree, program, arguments, allowed, variables):
        done = self.run(tree, [program, *arguments], variables)
        name = os.path.basename(program)
        words = [f"{k}={v}" for k, v in variables.items()] + [name, *arguments]
        self.log.append(f"{os.path.basename(tree.top)}$ {' '.join(words)}  -> {done.status}")
        crashed = done.status < 0 or done.status == 70 or done.status >= 130
        expect(not crashed and (allowed is None or done.status in allowed),
               f"status {done.status} of: {' '.join(words)}\n{done.out}{done.err}")
        return done

    def git(self, tree, *arguments, allowed=(0,), **variables):
        return self.command(tree, "git", arguments, allowed, variables)

    def try_git(self, tree, *arguments, **variables):
        """A command of Git that may refuse."""
        return self.git(tree, *arguments, allowed=None, **variables)

    def cairn(self, tree, *arguments, allowed=(0,)):
        return self.command(tree, self.program, arguments, allowed, {})

    def ask(self, tree, *arguments):
        """What git prints, as lines; not part of the history."""
        done = self.run(tree, ["git", *arguments], {})
        expect(done.status == 0, f"git {' '.join(arguments)}: {done.err}")
        return done.out.splitlines()

    def note(self, words):
        self.log.append(f"  {words}")

    # --- Making the repository ---

    def begin(self):
        subprocess.run(["git", "init", "-q", "repo"], check=True)
        tree = self.main
        self.cairn(tree, "init", "-q")
        self.cairn(tree, "install", "-q")
        self.cairn(tree, "remote", "add", "storage", os.path.join(self.home, "storage"))
        for folder in "set", "code", "work":
            os.mkdir(tree.path(folder))
        self.write(tree, "base.csv", b"base\n")
        self.write(tree, "set/f0", b"zero\n")
        self.write(tree, "set/f1", b"one\n")
        for name, text in CODE.items():
            self.write(tree, f"code/{name}.sh", ("mkdir -p work\n" + text % "v0" + "\n").encode())
        self.write(tree, "params.yaml", b"scale: 0\n")
        self.write(tree, "cairn.yaml", PIPELINE.encode())
        self.cairn(tree, "add", *INPUTS)
        self.git(tree, "add", "-A")
        self.cairn(tree, "repro")
        self.git(tree, "add", "-A")
        self.git(tree, "commit", "-q", "-m", "begin")
        self.check()

    def write(self, tree, name, data):
        path = tree.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)

    # --- What has to be true ---

    def unsaved(self, tree):
        """Files whose content only the workspace has."""
        return {path: content for path, content in files_at(tree.top, ROOTS).items() if content not in self.stored}

    def expect_kept(self, tree):
        """What only the workspace has now must be there at the end of the step."""
        tree.kept = self.unsaved(tree)

    def check_kept(self, tree):
        now = files_at(tree.top, ROOTS)
        for path, content in tree.kept.items():
            expect(now.get(path) == content or content in self.stored, f"unsaved work is lost: {path} in {tree.top}")

    def check(self):
        for tree in self.trees:
            self.check_tree(tree)

    def check_tree(self, tree):
        """Each path is as its pointer says, or status names it. Returns the paths that differ."""
        data, conflicts = tracked(tree.top)
        done = self.run(tree, [self.program, "status", "--json"], {})
        expect(done.status == 0, f"status in {tree.top}: {done.status}\n{done.out}{done.err}")
        told = json.loads(done.out)
        states = {one["path"]: one["state"] for one in told["data"]}
        expect(set(states) == set(data), f"status names other paths than pointers and lock in {tree.top}:", set(states) ^ set(data))
        in_conflict = {one["path"] for one in told.get("conflicts", [])}
        expect(conflicts <= in_conflict, f"status does not name conflicts in {tree.top}:", conflicts - in_conflict)
        differing = {path for path, named in data.items() if not self.check_path(tree, path, named, states[path])}
        expect(not (told["clean"] and (differing or conflicts)), f"status is clean in {tree.top} in spite of", differing | conflicts)
        if not conflicts:
            self.check_orphans(tree, data, {one["path"] for one in told["orphaned"]})
        return differing

    def check_orphans(self, tree, data, told):
        """Data without a pointer: what cairn put there is named; nothing is that has a pointer, or is not there. What the user
        edited is the user's, also where the same content is known from elsewhere."""
        here = {name for name in ROOTS if name not in data and tree.exists(name)}
        expect(told <= here, f"status names data without a pointer in {tree.top}:", told - here)
        found = {name: contents_of(tree.top, name) for name in here - told - tree.own - tree.touched}
        silent = {name for name, contents in found.items() if contents and contents <= self.stored}  # nothing but empty folders: the user's
        expect(not silent, f"status does not name data without a pointer in {tree.top}:", silent)

    def check_index(self, tree):
        in_git = [path for path in self.ask(tree, "ls-files") if any(path == r or path.startswith(r + "/") for r in ROOTS)]
        expect(not in_git, f"data is in Git's index in {tree.top}:", in_git)

    def check_path(self, tree, path, named, state):
        found = present(tree.path(path))
        if is_as(named, found):
            expect(state == "clean", f"'{path}' equals its pointer, but is '{state}' in {tree.top}")
            self.stored |= contents_of(tree.top, path)
            return True
        where = f"'{path}' in {tree.top}: {named} wanted, {found} found"
        expect(state != "clean", f"differs, but status says clean: {where}")
        expect(not tree.complete or state not in ("not_stored", "unreadable"), f"{state}: {where}")
        if found is None:
            expect(state in ("missing", "not_stored"), f"nothing is there, but status says {state}: {where}")
        elif path not in tree.touched:
            expect(state in ("behind", "not_stored"), f"nobody edited it, but status says {state}: {where}")
        elif contents_of(tree.top, path) - self.stored:
            expect(state in ("modified", "not_stored"), f"unsaved work, but status says {state}: {where}")
        return False

    def recorded(self, tree):
        """After a command of cairn that records or writes data: what is as its pointer says counts as unedited."""
        data, _ = tracked(tree.top)
        same = {path for path, named in data.items() if is_as(named, present(tree.path(path)))}
        tree.touched -= same
        tree.own -= same
        for path in same:
            self.stored |= contents_of(tree.top, path)

    # --- The data of all commits ---

    def heads(self):
        """All that is reachable is so from these."""
        return [*(head for tree in self.trees for head in self.ask(tree, "rev-parse", "HEAD")),
                *self.ask(self.main, "stash", "list", "--format=%H"), "--all"]

    def commits(self):
        return self.ask(self.main, "rev-list", *self.heads())

    def needs(self):
        """All that pointers and locks of reachable commits name."""
        objects = [line.split(" ", 1) for line in self.ask(self.main, "rev-list", "--objects", *self.heads())]
        texts = {one[0] for one in objects if len(one) == 2 and one[1].endswith((".cairn", "cairn.lock"))} - {""}
        done = self.run(self.main, ["git", "cat-file", "--batch=>>%(objecttype)"], {}, "".join(f"{one}\n" for one in sorted(texts)))
        needed = set()
        for text in done.out.split(">>blob\n")[1:]:
            parsed = parse_lock(text) if "stages:" in text else parse_pointer(text)
            if parsed != CONFLICT:
                needed |= set(parsed.values()) if isinstance(parsed, dict) else {parsed}
        return sorted(needed)

    def check_history(self):
        """All data of all reachable commits comes back in a work tree of its own, made from nothing but their pointers."""
        needed = self.needs()
        scratch = Tree(os.path.join(self.home, "scratch"))
        self.git(self.main, "worktree", "add", "-q", "--detach", "--no-checkout", scratch.top, "HEAD", CAIRN_NO_HOOKS="1")
        self.git(scratch, "checkout", "-q", "HEAD", "--", ".cairn", CAIRN_NO_HOOKS="1")
        for at, named in enumerate(needed):
            self.write(scratch, f"p{at}.cairn", pointer_text(named).encode())
        done = self.run(scratch, [self.program, "checkout"], {})
        for at, named in enumerate(needed):
            expect(is_as(named, present(scratch.path(f"p{at}"))), f"data of a commit is lost: {named}\n{done.out}{done.err}")
        self.git(self.main, "worktree", "remove", "--force", scratch.top)
        return len(needed)

    def check_commit(self, commit):
        """A new work tree of a commit has its data at once, by the hook alone."""
        scratch = Tree(os.path.join(self.home, "fresh"))
        self.git(self.main, "worktree", "add", "-q", "--detach", scratch.top, commit)
        expect(not self.check_tree(scratch), f"a new work tree of {commit} is not as its pointers say")
        self.git(self.main, "worktree", "remove", "--force", scratch.top)

    def check_results(self, tree):
        """After repro: what the code makes of the inputs that are here."""
        fresh = os.path.join(self.home, "again")
        shutil.rmtree(fresh, ignore_errors=True)
        os.mkdir(fresh)
        for name in INPUTS + ["code", "params.yaml"]:
            copy = shutil.copytree if os.path.isdir(tree.path(name)) else shutil.copy2
            copy(tree.path(name), os.path.join(fresh, name), **({"symlinks": True} if copy is shutil.copytree else {}))
        for name in CODE:
            subprocess.run(["sh", f"code/{name}.sh"], cwd=fresh, check=True)
        for out in OUTS:
            expect(present(tree.path(out)) == present(os.path.join(fresh, out)), f"repro left a wrong {out} in {tree.top}")


# One history a process.
CAIRN, SEED = sys.argv[1], int(sys.argv[2])
rng = random.Random(SEED)
numbers = iter(range(1, 10**6))
world = World(CAIRN)
