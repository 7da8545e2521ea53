#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the architecture: order of the layers, who may include what, what lib/ never does.

usage: check_layers.py SOURCE_DIR EDGES_FILE

The order of lib/ is the order of the add_subdirectory lines in lib/CMakeLists.txt: a folder may use only
folders above it. EDGES_FILE holds what CMake links, one line "user>used" each.
"""
import pathlib
import re
import sys

# (header that is included, folders that wrap it, why)
WRAPPED = [
    (r"git2(\.h|/)", {"git"}, "libgit2 stays behind git/"),
    (r"(zstd|zdict|blake3|xxhash)\w*\.h", {"codec"}, "hashing and compression stay behind codec/"),
    (r"yaml\.h", {"text"}, "YAML stays behind text/"),
    (r"toml\+\+/", {"text"}, "TOML stays behind text/"),
    (r"nlohmann/", {"text", "cmd"}, "JSON stays behind text/ and the output of cmd/"),
    (r"curl/", {"http"}, "libcurl stays behind http/"),
    (r"openssl/", {"s3"}, "OpenSSL is for the hashes of s3/"),
    (r"expat\.h", {"text"}, "XML stays behind text/"),
    (r"CLI/", {"cmd"}, "command lines are parsed in cmd/"),
    (r"g(test|mock)/", set(), "GoogleTest is for test/"),
]
# (pattern of code, folders that may have it, why)
FORBIDDEN = [
    (r"\bthrow\b", set(), "lib/ returns Result"),
    (r"(?<![\w.>])(std::|::)?(exit|quick_exit|terminate)\(", {"cmd"}, "only main ends the program"),
    (r"\bstd::(cout|cerr|clog)\b|(?<![\w.>])(std::)?f?printf\(|(?<![\w.>])(std::)?f?puts\(|\bfmt::print\(",
     {"base", "cmd"}, "only cmd/ writes to the terminal, and CAIRN_CHECK"),
]
MAX_LINES = {".cc": 800, ".h": 400}


class Tree:
    """The source tree and the order of its layers."""

    def __init__(self, root, edges_file):
        self.root = root
        self.problems = []
        text = (root / "lib" / "CMakeLists.txt").read_text()
        self.order = re.findall(r"^\s*add_subdirectory\((\w+)\)", text, re.MULTILINE)
        self.edges = [tuple(line.split(">")) for line in edges_file.read_text().split()]

    def report(self, where, problem):
        self.problems.append(f"{where}: {problem}")

    def above(self, user, used):
        return self.order.index(used) < self.order.index(user)

    def linked(self, user):
        """Every folder that `user` links, itself included."""
        reached, todo = {user}, [user]
        while todo:
            current = todo.pop()
            for source, target in self.edges:
                if source == current and target not in reached:
                    reached.add(target)
                    todo.append(target)
        return reached


def check_edges(tree):
    folders = {path.parent.name for path in (tree.root / "lib").glob("*/CMakeLists.txt")}
    for name in sorted(folders - set(tree.order)):
        tree.report(f"lib/{name}", "is not named in lib/CMakeLists.txt")
    for user, used in tree.edges:
        for name in (user, used):
            if name not in tree.order:
                tree.report("lib/CMakeLists.txt", f"{user} links {used}, but {name} has no place in the order")
                break
        else:
            if not tree.above(user, used):
                tree.report(f"lib/{user}/CMakeLists.txt", f"{user} may not link {used}, which is not above it")


def check_include(tree, where, module, linked, header, quoted):
    for pattern, users, why in WRAPPED:
        if module not in users and re.match(pattern, header):
            tree.report(where, f"{module} may not include {header}: {why}")
    if module == "cmd" or not quoted:
        return
    used = header.split("/")[0]
    if "/" not in header or used not in tree.order:
        tree.report(where, f'"{header}" is not a header of lib/: write "folder/name.h"')
    elif used != module and not tree.above(module, used):
        tree.report(where, f"{module} may not include {header}: {used} is not above {module}")
    elif used not in linked:
        tree.report(where, f"{module} includes {header} but does not link {used} (DEPS in lib/{module}/CMakeLists.txt)")


def check_file(tree, path, module, linked):
    name = path.relative_to(tree.root)
    lines = path.read_text().splitlines()
    if len(lines) > MAX_LINES[path.suffix]:
        tree.report(name, f"has {len(lines)} lines, at most {MAX_LINES[path.suffix]}")
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        include = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if include:
            check_include(tree, where, module, linked, include[2], include[1] == '"')
            continue
        code = re.sub(r'"(\\.|[^"\\])*"', '""', line).split("//")[0]
        for pattern, users, why in FORBIDDEN:
            if module not in users and re.search(pattern, code) and not (module == "cmd" and not users):
                tree.report(where, f"{why}: {code.strip()}")


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in MAX_LINES)


def check(root, edges_file):
    """All problems of the tree at `root`, one line each."""
    tree = Tree(root, edges_file)
    check_edges(tree)
    for module in tree.order:
        linked = tree.linked(module)
        for path in sources(root / "lib" / module):
            check_file(tree, path, module, linked)
    for path in sources(root / "cmd"):
        check_file(tree, path, "cmd", set(tree.order))
    return tree.problems


def main():
    root = pathlib.Path(sys.argv[1])
    problems = check(root, pathlib.Path(sys.argv[2]))
    print("\n".join(problems) or "layers: ok")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
