#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks docs/reference against the program: every command has a page, listed in the index, which names the options that
--help shows and no others, and has the sections that every page has, with an example. The page of exit statuses has those
of cmd/exit_status.h.

usage: check_commands.py SOURCE_DIR CAIRN
"""
import pathlib
import re
import subprocess
import sys

SECTIONS = ("Options", "Exit status", "JSON", "Example")
# Pages in the folder that are about no single command.
OTHER_PAGES = {"README", "exit-status", "json"}
COMMAND = re.compile(r"^  ([a-z][a-z-]*(?: [a-z][a-z-]*)?)  +\S")
OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")


def commands_of(overview):
    """Names of all commands in the text of `cairn --help`."""
    return [match[1] for line in overview.split("\n") if (match := COMMAND.match(line))]


def options_of_help(text):
    """All options in the text of `cairn COMMAND --help`: they begin their lines."""
    heads = [re.match(r"  (-\S*)", line) for line in text.split("\n")]
    return {name for head in heads if head for name in OPTION.findall(head[1])}


def section(page, title):
    """Text of a section of a page, "" when there is none."""
    match = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return match[1] if match else ""


def options_of_page(page):
    """All options that stand in code in the first column of the table of options."""
    cells = [line.split("|")[1] for line in section(page, "Options").split("\n") if line.startswith("| `")]
    return {name for cell in cells for code in re.findall(r"`([^`]*)`", cell) for name in OPTION.findall(code)}


def check_page(name, page, help_text):
    """Problems of one command's page."""
    problems = []
    if not page.startswith(f"# cairn {name}\n"):
        problems.append(f"does not begin with '# cairn {name}'")
    problems += [f"lacks a section '{title}'" for title in SECTIONS if not section(page, title).strip()]
    if f"$ cairn {name}" not in section(page, "Example"):
        problems.append(f"lacks an example of 'cairn {name}'")
    shown, written = options_of_help(help_text), options_of_page(page)
    problems += [f"does not name the option {option}" for option in sorted(shown - written)]
    problems += [f"names {option}, which --help does not show" for option in sorted(written - shown)]
    return problems


def check_statuses(page, header):
    """Problems of the table of exit statuses; `header` is the text of cmd/exit_status.h."""
    known = set(re.findall(r"^inline constexpr int kExit\w+ = (\d+);", header, re.MULTILINE))
    written = set(re.findall(r"^\| (\d+) \|", page, re.MULTILINE))
    problems = [] if known else ["cmd/exit_status.h has no statuses"]
    problems += [f"lacks the status {status}" for status in sorted(known - written, key=int)]
    problems += [f"has the status {status}, which no command gives" for status in sorted(written - known, key=int)]
    return [f"exit-status.md: {problem}" for problem in problems]


def check(folder, overview, help_of):
    """All problems of the pages in `folder`; `help_of` gives the --help text of a command."""
    names = commands_of(overview)
    index = (folder / "README.md").read_text()
    problems = [] if names else ["'cairn --help' names no command"]
    pages = {name: name.replace(" ", "-") + ".md" for name in names}
    for name, file in pages.items():
        if f"[{name}]({file})" not in index:
            problems.append(f"README.md: lacks [{name}]({file})")
        if (folder / file).is_file():
            problems += [f"{file}: {problem}" for problem in check_page(name, (folder / file).read_text(), help_of(name))]
        else:
            problems.append(f"{file}: there is no page for 'cairn {name}'")
    known = {pathlib.PurePath(file).stem for file in pages.values()} | OTHER_PAGES
    problems += [f"{path.name}: there is no such command" for path in sorted(folder.glob("*.md")) if path.stem not in known]
    return problems


def main():
    source, program = sys.argv[1:]

    def output(*words):
        return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout

    source = pathlib.Path(source)
    folder = source / "docs/reference"
    problems = check(folder, output("--help"), lambda name: output(*name.split(), "--help"))
    problems += check_statuses((folder / "exit-status.md").read_text(), (source / "cmd/exit_status.h").read_text())
    print("\n".join(f"docs/reference/{problem}" for problem in problems) or "commands: ok")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
