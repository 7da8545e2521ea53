#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves on made-up trees that check_layers finds what it should, and nothing else."""
import pathlib
import tempfile
import unittest

import check_layers

ORDER = "# order\nadd_subdirectory(base)\nadd_subdirectory(git)\nadd_subdirectory(ops)\n"


class CheckLayers(unittest.TestCase):
    def problems(self, files, edges="git>base\nops>git\n"):
        """What the lint says about a tree with the order base, git, ops and these files."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name in ("base", "git", "ops"):
                (root / "lib" / name).mkdir(parents=True)
                (root / "lib" / name / "CMakeLists.txt").touch()
            (root / "lib" / "CMakeLists.txt").write_text(ORDER)
            (root / "edges.txt").write_text(edges)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return check_layers.check(root, root / "edges.txt")

    def assert_one(self, problems, *words):
        self.assertEqual(len(problems), 1, problems)
        for word in words:
            self.assertIn(word, problems[0])

    def test_accepts_upward_includes_direct_and_through_a_link(self):
        files = {
            "lib/git/a.cc": '#include "base/error.h"\n#include <git2.h>\n#include <vector>\n',
            "lib/ops/b.cc": '#include "base/error.h"\n#include "git/a.h"\n#include "ops/b.h"\n',
            "cmd/main.cc": '#include "cmd/table.h"\n#include "ops/b.h"\n#include <CLI/CLI.hpp>\n',
        }
        self.assertEqual(self.problems(files), [])

    def test_refuses_an_include_that_points_downward(self):
        problems = self.problems({"lib/base/a.cc": '\n#include "git/repository.h"\n'})
        self.assert_one(problems, "lib/base/a.cc:2", "git is not above base")

    def test_refuses_an_include_without_a_link(self):
        problems = self.problems({"lib/git/a.cc": '#include "base/error.h"\n'}, edges="ops>git\n")
        self.assert_one(problems, "lib/git/a.cc:1", "does not link base")

    def test_refuses_a_link_that_points_downward(self):
        self.assert_one(self.problems({}, edges="git>base\nbase>ops\n"), "base may not link ops")

    def test_refuses_a_link_to_itself(self):
        self.assert_one(self.problems({}, edges="git>git\n"), "git may not link git")

    def test_refuses_a_link_to_a_folder_without_place(self):
        self.assert_one(self.problems({}, edges="git>magic\n"), "magic has no place")

    def test_refuses_a_folder_that_the_order_does_not_name(self):
        self.assert_one(self.problems({"lib/new/CMakeLists.txt": ""}), "lib/new", "not named")

    def test_refuses_cmd_and_bare_names_in_lib(self):
        self.assert_one(self.problems({"lib/ops/a.cc": '#include "cmd/table.h"\n'}), "cmd/table.h")
        self.assert_one(self.problems({"lib/ops/a.cc": '#include "helper.h"\n'}), "folder/name.h")

    def test_refuses_a_wrapped_library_outside_its_folder(self):
        for header in ("git2.h", "git2/sys/odb.h", "zstd.h", "blake3.h", "xxhash.h", "yaml.h", "nlohmann/json.hpp",
                       "toml++/toml.h", "CLI/CLI.hpp", "gtest/gtest.h"):
            with self.subTest(header):
                self.assert_one(self.problems({"lib/base/a.h": f"#include <{header}>\n"}), header)
        self.assert_one(self.problems({"cmd/a.cc": "#include <git2.h>\n"}), "libgit2")

    def test_refuses_throwing_ending_and_printing_in_lib(self):
        for code in ("  throw 1;", "  std::exit(1);", "  std::cerr << 1;", '  fprintf(f, "x");'):
            with self.subTest(code):
                self.assert_one(self.problems({"lib/git/a.cc": code + "\n"}), code.strip().split("(")[0])

    def test_ignores_words_in_comments_and_strings(self):
        text = '  // throw, exit(1)\n  auto text = "throw abort()";\n  on_exit(1);\n  x.exit(1);\n  snprintf(b, 1, "");\n'
        self.assertEqual(self.problems({"lib/git/a.cc": text}), [])

    def test_refuses_a_file_that_is_too_long(self):
        self.assert_one(self.problems({"lib/git/a.h": "\n" * 401}), "401 lines")


if __name__ == "__main__":
    unittest.main()
