// SPDX-License-Identifier: Apache-2.0
#include "project/add_tree.h"

#include "project/apply_listing.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::project {
namespace {

class TreeEdit : public test::ProjectFixture {
 protected:
  void SetUp() override {
    ProjectFixture::SetUp();
    write("data/a/x", "x");
    write("data/a-b", "ab");
    write("data/z", "z");
    tree_ = track("data").id;
  }

  /// Paths of the edited folder.
  std::vector<std::string> edited(const TreeEdits& edits) {
    Result<store::Store*> store = workspace().store();
    EXPECT_OK(store);
    const Context with = context();
    Result<store::Writer> writer = store::Writer::open(**store, {}, with);
    EXPECT_OK(writer);
    std::vector<std::string> paths;
    {
      store::Reader reader(**store);
      Result<store::TreeEntry> folder = edit_tree(reader, tree_, edits, &*writer);
      EXPECT_OK(folder);
      EXPECT_OK(writer->commit());
      folder_ = *folder;
    }
    store::Reader reader(**store);
    Result<Listing> listing = list_object(reader, {{store::Family::tree, folder_.id, 0}, false});
    EXPECT_OK(listing);
    for (const Node& node : *listing) {
      paths.push_back(node.path);
    }
    return paths;
  }

  static store::TreeEntry file(std::string_view content) {
    store::TreeEntry entry;
    entry.id = codec::hash(as_bytes(content));
    entry.size = content.size();
    return entry;
  }

  store::Id tree_;
  store::TreeEntry folder_;
};

TEST_F(TreeEdit, PutsReplacesAndTakesOut) {
  EXPECT_THAT(edited({{"a/x", file("longer")}, {"new/deep/f", file("f")}, {"z", std::nullopt}}),
              ::testing::ElementsAre("", "a", "a-b", "a/x", "new", "new/deep", "new/deep/f"));
  EXPECT_EQ(folder_.files, 3U);
  EXPECT_EQ(folder_.size, 9U);
}

TEST_F(TreeEdit, MakesAFolderOutOfAFile) {
  EXPECT_THAT(edited({{"z/y", file("y")}}), ::testing::ElementsAre("", "a", "a-b", "a/x", "z", "z/y"));
}

TEST_F(TreeEdit, FindsEntriesByPath) {
  ASSERT_OK_AND_ASSIGN(store::Store* const store, workspace().store());
  store::Reader reader(*store);
  ASSERT_OK_AND_ASSIGN(const auto found, find_in_tree(reader, tree_, "a/x"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, codec::hash(as_bytes("x")));
  ASSERT_OK_AND_ASSIGN(const auto missing, find_in_tree(reader, tree_, "a/y"));
  EXPECT_FALSE(missing.has_value());
  ASSERT_OK_AND_ASSIGN(const auto below_file, find_in_tree(reader, tree_, "z/y"));
  EXPECT_FALSE(below_file.has_value());
}

TEST_F(TreeEdit, RefusesToTakeOutWhatIsNotThere) {
  ASSERT_OK_AND_ASSIGN(store::Store* const store, workspace().store());
  store::Reader reader(*store);
  EXPECT_THAT(edit_tree(reader, tree_, {{"a/y", std::nullopt}}, nullptr),
              test::FailsWith(Code::not_found, "y"));
}

}  // namespace
}  // namespace cairn::project
