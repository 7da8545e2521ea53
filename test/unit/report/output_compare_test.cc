// SPDX-License-Identifier: Apache-2.0
#include "report/output_compare.h"

#include "compare_fixture.h"
#include "text/yaml.h"

namespace cairn::report {
namespace {

using store::TreeKind;
using Folders = CompareFixture;

CompareRule rule_of(std::string_view yaml) {
  return compare_rule(text::parse_yaml(yaml, "cairn.yaml").value());
}

TEST(CompareRule, IsReadFromCairnYaml) {
  EXPECT_EQ(rule_words(compare_rule(text::Value())), "exact");
  EXPECT_EQ(rule_words(rule_of("{rtol: 1e-6, atol: 1}")), "rtol 1e-06, atol 1");
  EXPECT_EQ(rule_words(rule_of("{rows: [id, day]}")), "rows by id, day");
  EXPECT_EQ(rule_words(rule_of("{ignore: [a.b, 'c.*']}")), "ignoring a.b, c.*");
}

TEST_F(Folders, EqualStatesAreIdentical) {
  const auto state = folder({entry("a", "1"), entry("b", "2")});
  EXPECT_EQ(words(state, state), "identical");
  EXPECT_EQ(words("x", "x"), "identical");
  EXPECT_EQ(words("", ""), "identical");
}

TEST_F(Folders, TheFirstFileThatDiffersIsNamed) {
  const auto before = folder({entry("a", "same\n"), entry("b", "one two\n"), entry("c", "3\n")});
  const auto after = folder({entry("a", "same\n"), entry("b", "one 2\n"), entry("c", "4\n")});
  const auto out = compare(before, after);
  ASSERT_OK(out);
  EXPECT_EQ(out->first->text, "b: line 1, column 5: 'two' became '2'");
  EXPECT_EQ(out->first->file, "b");
  EXPECT_EQ(out->extent, "2 of 3 files");
  EXPECT_FALSE(out->equal);
  EXPECT_FALSE(out->identical);
}

TEST_F(Folders, AddedAndMissingFilesAreTold) {
  const auto small = folder({entry("a", "1")});
  const auto large = folder({entry("a", "1"), subfolder("sub", {entry("b", "2"), entry("c", "3")})});
  EXPECT_EQ(words(small, large), "sub/b: it was not there");
  EXPECT_EQ(words(large, small), "sub/b: it is missing");
  EXPECT_EQ(compare(large, small)->extent, "2 of 3 files");
  EXPECT_EQ(compare(small, large)->extent, "2 of 3 files");
}

TEST_F(Folders, AnEmptyFolderCounts) {
  EXPECT_EQ(words(folder({}), folder({subfolder("sub", {})})), "sub: it was not there");
}

TEST_F(Folders, TheExecutableBitCounts) {
  EXPECT_EQ(words(file("x", false), file("x", true)), "it became executable");
  EXPECT_EQ(words(file("x", true), file("x", false)), "it is not executable any more");
  EXPECT_EQ(words(file("x", true), file("y", false)), "line 1, column 1: 'x' became 'y'");
  EXPECT_EQ(words(folder({entry("run", "x", TreeKind::executable)}), folder({entry("run", "x")})),
            "run: it is not executable any more");
}

TEST_F(Folders, SymlinksAreComparedByTheirTargets) {
  const auto a = folder({entry("link", "a", TreeKind::symlink)});
  const auto b = folder({entry("link", "b", TreeKind::symlink)});
  EXPECT_EQ(words(a, b), "link: the link to 'a' leads to 'b'");
  EXPECT_EQ(words(a, folder({entry("link", "a")})), "link: a symlink became a file");
}

TEST_F(Folders, KindsCount) {
  EXPECT_EQ(words(file("x"), folder({entry("a", "x")})), "a file became a folder");
  EXPECT_EQ(words(folder({entry("a", "x")}), folder({subfolder("a", {entry("b", "x")})})),
            "a: a file became a folder");
}

TEST_F(Folders, NamesAreShownEscaped) {
  const auto before = folder({entry("a\x1b[1m", "1")});
  const auto after = folder({entry("a\x1b[1m", "2")});
  const auto out = compare(before, after);
  ASSERT_OK(out);
  EXPECT_EQ(out->first->text, "a\\x1b[1m: line 1, column 1: '1' became '2'");
  EXPECT_EQ(out->first->file, "a\x1b[1m");
}

TEST_F(Folders, WhatIsNotInTheStoreIsAnError) {
  auto other = file("here");
  other.object.id = codec::hash(as_bytes("elsewhere"));
  EXPECT_THAT(compare(file("here"), other), test::FailsWith(Code::not_found, ""));
  auto tree = folder({entry("a", "1")});
  tree.object.id = codec::hash(as_bytes("elsewhere"), codec::Domain::tree);
  EXPECT_THAT(compare(folder({}), tree), test::FailsWith(Code::not_found, ""));
}

}  // namespace
}  // namespace cairn::report
