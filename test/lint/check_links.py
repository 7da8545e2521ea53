#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every relative link in the README and below docs/ leads to a file, and its #part to a heading.

usage: check_links.py SOURCE_DIR
"""
import pathlib
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
FENCE = re.compile(r"^ *```")


def lines_of(page):
    """The lines of a page outside of code blocks, with their numbers."""
    code = False
    for number, line in enumerate(page.read_text().split("\n"), 1):
        if FENCE.match(line):
            code = not code
        elif not code:
            yield number, re.sub(r"`[^`]*`", lambda match: re.sub(r"[\[\]()]", " ", match[0]), line)


def anchors(page):
    """The names under which headings of a page can be linked to."""
    names = {}
    for line in (line for _, line in lines_of(page) if line.startswith("#")):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("#")).strip().lower()
        name = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        names[name] = names.get(name, 0) + 1
    return {name + (f"-{i}" if i else "") for name, count in names.items() for i in range(count)}


def check_link(page, target):
    """What is wrong with a link, "" for nothing."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return ""
    path, _, part = target.partition("#")
    found = page.parent / path if path else page
    if path.startswith("/") or not found.exists():
        return f"leads nowhere: {target}"
    if part and (found.suffix != ".md" or part not in anchors(found)):
        return f"there is no such heading: {target}"
    return ""


def check(root):
    """All problems of the pages at `root`, one line each."""
    pages = sorted(root.glob("*.md")) + sorted((root / "docs").rglob("*.md"))
    return [f"{page.relative_to(root)}:{number}: {problem}"
            for page in pages for number, line in lines_of(page) for target in LINK.findall(line)
            if (problem := check_link(page, target))]


def main():
    problems = check(pathlib.Path(sys.argv[1]))
    print("\n".join(problems) or "links: ok")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
