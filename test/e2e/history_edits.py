# SPDX-License-Identifier: Apache-2.0
"""What users of t85 do to data and code, without cairn or Git."""
import os
import shutil

from history_world import CODE, INPUTS, NAMES, OUTS, numbers, rng, world


def content():
    kind = rng.random()
    if kind < 0.2:
        return rng.choice([b"", b"same\n", b"again\n"])  # met again, also on other branches
    if kind < 0.24:
        return rng.randbytes(rng.randint(70000, 200000))  # several chunks
    return f"content {next(numbers)}\n".encode() * rng.randint(1, 4)


def put(tree, name):
    path = tree.path(name)
    if os.path.islink(path) or rng.random() < 0.3 and os.path.lexists(path):
        os.remove(path)  # else in place
    world.write(tree, name, content())


def put_folder(tree, name):
    os.makedirs(tree.path(name), exist_ok=True)
    for leaf in rng.sample(["f0", "f1", "f2", "sub/g0", "sub/g1"], rng.randint(0, 3)):
        put(tree, f"{name}/{leaf}")


def remove_any(path):
    shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)


def empty_folders(top):
    return [folder for folder, folders, names in os.walk(top) if not folders and not names]


def edit_folder(tree, name):
    leaf = f"{name}/" + rng.choice(["f0", "f1", "f2", "f3", "sub/g0", "sub/g1", "sub", "ln", "empty"])
    path = tree.path(leaf)
    if os.path.lexists(path) and rng.random() < 0.35:
        remove_any(path)
    elif os.path.isdir(path) or leaf.endswith("empty"):
        os.makedirs(path, exist_ok=True)
    elif leaf.endswith("ln"):
        if os.path.lexists(path):
            os.remove(path)
        os.symlink(rng.choice(["f0", "f1", "sub/g0"]), path)
    else:
        parent = os.path.dirname(path)
        if os.path.lexists(parent) and not os.path.isdir(parent):
            os.remove(parent)
        put(tree, leaf)
    return leaf


def edit_one(tree, name):
    tree.touched.add(name)
    path = tree.path(name)
    kind = rng.random()
    if os.path.isdir(path):
        if kind < 0.06 and name not in INPUTS:
            shutil.rmtree(path)
            return f"removes {name}"
        return f"changes {edit_folder(tree, name)}"
    if kind < 0.08 and name not in INPUTS:
        os.remove(path)
        return f"removes {name}"
    if kind < 0.16:
        os.chmod(path, os.stat(path).st_mode ^ 0o100)
        return f"chmod {name}"
    put(tree, name)
    return f"changes {name}"


def here(tree, names):
    return [name for name in names if tree.exists(name)]


def edit(tree):
    for _ in range(rng.randint(1, 3)):
        names = here(tree, INPUTS + NAMES) if rng.random() < 0.92 else here(tree, OUTS)
        if names:
            world.note(edit_one(tree, rng.choice(names)))
    world.expect_kept(tree)


def edit_code(tree):
    if rng.random() < 0.3:
        world.write(tree, "params.yaml", f"scale: {rng.randint(1, 4)}\n".encode())
        return
    name = rng.choice(sorted(CODE))
    world.write(tree, f"code/{name}.sh", ("mkdir -p work\n" + CODE[name] % f"v{rng.randint(1, 4)}" + "\n").encode())
    world.note(f"changes code/{name}.sh")
