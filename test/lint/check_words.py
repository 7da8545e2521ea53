#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the text of every source and page: no left-over notes, no paths of one machine, no silent skips.

usage: check_words.py SOURCE_DIR
"""
import pathlib
import re
import sys

FOLDERS = ("cmd", "lib", "test", "third_party", "docs", ".ci")
SUFFIXES = {".cc", ".h", ".c", ".S", ".py", ".sh", ".cmake", ".txt", ".md", ".json", ".yaml", ".yml"}
CODE = {".cc", ".h", ".py", ".sh"}
# This folder's own patterns and their tests would be found too.
SKIPPED = pathlib.PurePath("test/lint")
RULES = [
    (r"\b(TODO|FIXME|XXX|HACK)\b", "left-over note: do it or drop it"),
    (r"(?<![\w.}/-])/(work|root)/\w", "path of one machine"),
    (r"/tmp/build", "path of one machine"),
    (r"\bGTEST_SKIP\(\)\s*;", "a skipped test says why: GTEST_SKIP() << \"…\""),
    (r"\bDISABLED_\w", "a disabled test is no test"),
    (r"^(<{7}|>{7}) ", "left-over of a merge"),
    (r"[ \t]+$", "white space at the end of the line"),
]


def check_file(root, path):
    name = path.relative_to(root)
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return [f"{name}: is not UTF-8"]
    problems = []
    lines = text.split("\n")
    if path.suffix in CODE and not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:2]):
        problems.append(f"{name}: lacks the line SPDX-License-Identifier: Apache-2.0")
    if lines[-1] != "":
        problems.append(f"{name}: lacks a new line at its end")
    for number, line in enumerate(lines, 1):
        problems += [f"{name}:{number}: {why}" for pattern, why in RULES if re.search(pattern, line)]
    return problems


def files(root):
    yield from sorted(path for path in root.iterdir() if path.is_file() and path.suffix in SUFFIXES)
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            if path.is_file() and SKIPPED not in inside.parents and not skip(inside):
                yield path


def skip(inside):
    """Golden files and other data are not text of ours; programs without a suffix are."""
    if "golden" in inside.parts or "__pycache__" in inside.parts:
        return True
    return inside.suffix not in SUFFIXES and inside.suffix != ""


def check(root):
    """All problems of the tree at `root`, one line each."""
    return [problem for path in files(root) for problem in check_file(root, path)]


def main():
    problems = check(pathlib.Path(sys.argv[1]))
    print("\n".join(problems) or "words: ok")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
