# SPDX-License-Identifier: Apache-2.0
"""What t85 knows about data without asking cairn: ids by b3sum, pointers and locks by their format pages, folders by walking them."""
import collections
import functools
import os
import re
import stat
import struct
import subprocess

# What a pointer or an out of a lock names. kind: "file" or "tree"; id: 64 digits; exec: of a file; size and files as written.
Named = collections.namedtuple("Named", "kind id exec size files")


class Wrong(Exception):
    pass


def expect(truth, *what):
    if not truth:
        raise Wrong(" ".join(str(w) for w in what))


@functools.lru_cache(maxsize=None)
def digest(data, domain=None):
    command = ["b3sum", "--no-names"] + (["--derive-key", domain] if domain else [])
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode().strip()


# --- The workspace ---

def read_file(path):
    with open(path, "rb") as f:
        return f.read()


def is_executable(path):
    return bool(os.lstat(path).st_mode & stat.S_IXUSR)


def tree_of(folder):
    """Id, size and number of files of a folder: docs/format/tree.md."""
    encoded, size, files = b"cairntree\x01", 0, 0
    for name in sorted(os.listdir(os.fsencode(folder))):
        path = os.path.join(os.fsencode(folder), name)
        head = bytes([len(name)]) + name
        if os.path.islink(path):
            target = os.readlink(path)
            encoded += b"\x03" + head + struct.pack("<H", len(target)) + target
            files += 1
        elif os.path.isdir(path):
            one, bytes_in, files_in = tree_of(path)
            encoded += b"\x04" + head + bytes.fromhex(one) + struct.pack("<QQ", bytes_in, files_in)
            size, files = size + bytes_in, files + files_in
        else:
            data = read_file(path)
            kind = b"\x02" if is_executable(path) else b"\x01"
            encoded += kind + head + bytes.fromhex(digest(data)) + struct.pack("<Q", len(data))
            size, files = size + len(data), files + 1
    return digest(encoded, "cairn v1 tree"), size, files


def present(path):
    """What stands at a path, as a pointer would name it; None if nothing does."""
    if not os.path.lexists(path):
        return None
    if os.path.isdir(path) and not os.path.islink(path):
        return Named("tree", tree_of(path)[0], False, *tree_of(path)[1:])
    if os.path.islink(path):
        return Named("link", os.readlink(path), False, 0, 0)
    data = read_file(path)
    return Named("file", digest(data), is_executable(path), len(data), 0)


def is_as(named, found):
    return found is not None and named[:3] == found[:3]


def files_at(top, roots):
    """Files and symlinks at and below these paths: path -> their content by its id."""
    found = {}
    for root in roots:
        path = os.path.join(top, root)
        if os.path.isdir(path) and not os.path.islink(path):
            found.update(files_at(top, [os.path.join(root, name) for name in sorted(os.listdir(path))]))
        elif os.path.islink(path):
            found[root] = "link " + os.readlink(path)
        elif os.path.exists(path):
            found[root] = digest(read_file(path))
    return found


def contents_of(top, root):
    return set(files_at(top, [root]).values())


# --- Pointers and locks ---

CONFLICT = "conflict"


def named_by(keys):
    return Named(keys["type"], keys["hash"].removeprefix("b3:"), keys.get("exec") == "true", int(keys["size"]),
                 int(keys.get("files", 0)))


def parse_pointer(text):
    if "<<<<<<<" in text:
        return CONFLICT
    return named_by(dict(re.findall(r"^([a-z]+): (.*)$", text, re.M)))


def parse_lock(text):
    """Path -> Named of the outs; CONFLICT where Git's markers are."""
    if "<<<<<<<" in text:
        return CONFLICT
    outs, section, keys = {}, "", None
    for line in text.splitlines():
        if line.startswith("    ") and line[4] not in " -":
            section = line.strip()
        elif section == "outs:" and (match := re.match(r"    [- ] ([a-z]+): (.*)$", line)):
            if match[1] == "path":
                keys = outs.setdefault(match[2], {})
            keys[match[1]] = match[2]
    return {path: named_by(keys) for path, keys in outs.items() if keys.get("made") != "false"}


def tracked(top):
    """Path -> Named of all that pointers and the lock name, and the names of pointers and locks in conflict."""
    data, conflicts = {}, set()
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(f for f in folders if f not in (".git", ".cairn"))
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), top)
            if name.endswith(".cairn"):
                parsed = parse_pointer(read_file(os.path.join(top, path)).decode())
                one = {path.removesuffix(".cairn"): parsed}
            elif path == "cairn.lock":
                one = parsed = parse_lock(read_file(os.path.join(top, path)).decode())
            else:
                continue
            if parsed == CONFLICT:
                conflicts.add(path)
            else:
                data.update(one)
    return data, conflicts


def pointer_text(named):
    lines = ["cairn: 1", f"type: {named.kind}", f"hash: b3:{named.id}", f"size: {named.size}"]
    lines += ["exec: true"] if named.exec else []
    lines += [f"files: {named.files}"] if named.kind == "tree" else []
    return "".join(line + "\n" for line in lines)
