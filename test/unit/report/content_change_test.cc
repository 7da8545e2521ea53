// SPDX-License-Identifier: Apache-2.0
#include "report/content_change.h"

#include "compare_fixture.h"

namespace cairn::report {
namespace {

class ContentChanges : public CompareFixture {
 protected:
  ContentChange change(const pipeline::PathState& before, const pipeline::PathState& after) {
    store::Reader reader(*store_);
    auto change = content_change(reader, before.object, after.object);
    EXPECT_OK(change);
    return change.ok() ? *change : ContentChange();
  }
  std::string large_ = std::string(as_text(test::random_bytes(4 << 20, 1)));
};

TEST_F(ContentChanges, EqualObjectsHaveNone) {
  EXPECT_EQ(change(file("a"), file("a")).changed, 0U);
  EXPECT_EQ(change(file(""), file("")).percent(), 0);
}

TEST_F(ContentChanges, AnEditCountsTheChunksAroundIt) {
  std::string after = large_;
  after.insert(2'000'000, "some more");
  const ContentChange found = change(file(large_), file(after));
  EXPECT_EQ(found.total, after.size());
  EXPECT_GT(found.changed, 9U);
  EXPECT_LE(found.changed, 3U * (256U << 10));
  EXPECT_LT(found.percent(), 19);
}

TEST_F(ContentChanges, WhatIsRemovedCountsNothing) {
  EXPECT_EQ(change(file("a"), file("")).changed, 0U);
  EXPECT_EQ(change(folder({entry("a", "1"), entry("b", "2")}), folder({entry("b", "2")})).changed, 0U);
}

TEST_F(ContentChanges, FoldersCountFilesThatDiffer) {
  const auto before = folder({entry("a", "one"), subfolder("sub", {entry("b", "two")}), entry("x", "same")});
  const auto after = folder({entry("a", "one"), entry("c", "12345"), subfolder("sub", {entry("b", "four")})});
  const ContentChange found = change(before, after);
  EXPECT_EQ(found.changed, 9U);
  EXPECT_EQ(found.total, 12U);
  EXPECT_EQ(report::words(found), "9 B of 12 B, 75.0 %");
}

TEST_F(ContentChanges, AFileThatMovedHasNone) {
  EXPECT_EQ(change(folder({entry("a", "content")}), folder({entry("b", "content")})).changed, 0U);
  EXPECT_EQ(change(file("content"), folder({entry("b", "content")})).changed, 0U);
}

TEST_F(ContentChanges, SymlinksHaveNoContent) {
  const auto before = folder({entry("link", "a", store::TreeKind::symlink)});
  EXPECT_EQ(change(before, folder({entry("link", "b", store::TreeKind::symlink)})).changed, 0U);
  EXPECT_EQ(change(before, folder({entry("link", "12")})).changed, 2U);
}

TEST_F(ContentChanges, MissingListsAreAnError) {
  store::Object gone = folder({}).object;
  gone.id = codec::hash(as_bytes("elsewhere"), codec::Domain::tree);
  store::Reader reader(*store_);
  EXPECT_THAT(content_change(reader, folder({entry("a", "1")}).object, gone),
              test::FailsWith(Code::not_found, ""));
  EXPECT_THAT(content_change(reader, gone, folder({entry("a", "1")}).object),
              test::FailsWith(Code::not_found, ""));
}

}  // namespace
}  // namespace cairn::report
