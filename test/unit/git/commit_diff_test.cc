// SPDX-License-Identifier: Apache-2.0
#include "git/commit_diff.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using test::FailsWith;
using test::GitFixture;
using testing::ElementsAre;

class CommitDiff : public testing::Test {
 protected:
  CommitDiff() : top_(fixture_.init("repo")) {
    fixture_.commit(top_, "same/x", "x");
    fixture_.commit(top_, "a b\t\"ä\".txt", "1\n2\n3\n");
    fixture_.commit(top_, "bin", std::string("a\0b", 3));
    fixture_.commit(top_, "d/cairn.lock", "1\n");
    from_ = fixture_.commit(top_, "gone", "x\ny");
    fixture_.git(top_, {"rm", "-q", "gone"});
    fixture_.commit(top_, "a b\t\"ä\".txt", "1\nzwei\n3\n4\n");
    fixture_.commit(top_, "bin", std::string("a\0c", 3));
    fixture_.commit(top_, "d/cairn.lock", "2\n");
    to_ = fixture_.commit(top_, "d/new", "n\n");
  }

  [[nodiscard]] Oid from() const { return *Oid::parse(from_); }
  [[nodiscard]] Oid to() const { return *Oid::parse(to_); }
  Layout layout() {
    const auto found = find_layout(top_);
    EXPECT_OK(found);
    return **found;
  }

  GitFixture fixture_;
  std::string top_;
  std::string from_;
  std::string to_;
};

TEST_F(CommitDiff, counts_lines) {
  ASSERT_OK_AND_ASSIGN(const auto lines, changed_lines(layout(), from(), to(), {"**/cairn.lock"}));
  std::vector<std::string> told;
  for (const auto& [path, counts] : lines) {
    told.push_back(
        fmt::format("{} +{} -{}{}", path, counts.added, counts.removed, counts.binary ? " binary" : ""));
  }
  EXPECT_THAT(told, ElementsAre("a b\t\"ä\".txt +2 -1", "bin +0 -0 binary", "d/new +1 -0", "gone +0 -2"));
}

TEST_F(CommitDiff, fails_for_a_commit_that_is_not_there) {
  const Oid unknown = *Oid::parse(std::string(40, '1'));
  EXPECT_THAT(changed_lines(layout(), from(), unknown, {}), FailsWith(Code::io, "diff-tree"));
}

}  // namespace
}  // namespace cairn::git
