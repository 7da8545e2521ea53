// SPDX-License-Identifier: Apache-2.0
#include "store/closure.h"

#include <algorithm>
#include <set>

#include "store/lane.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::random_bytes;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ClosureTest : public test::StoreFixture {
 protected:
  Closure closure_of(Store& store, std::vector<Object> roots) {
    auto closure = collect_closure(store, roots, context());
    EXPECT_OK(closure);
    return closure.ok() ? *closure : Closure{};
  }
  static std::size_t count(const std::vector<Key>& keys, EntryKind kind) {
    return static_cast<std::size_t>(
        std::count_if(keys.begin(), keys.end(), [&](const Key& key) { return key.kind == kind; }));
  }
};

TEST_F(ClosureTest, OfASmallBlobIsTheBlob) {
  auto store = open();
  Id id = put(*store, as_bytes("x"));
  Closure closure = closure_of(*store, {{Family::blob, id, 1}});
  EXPECT_THAT(closure.present, UnorderedElementsAre(Key{EntryKind::data, id}));
  EXPECT_THAT(closure.missing, IsEmpty());
}

TEST_F(ClosureTest, OfALargeBlobIsItsRecipeAndItsChunks) {
  auto store = open();
  Id id = put(*store, random_bytes(3u << 20, 1));
  put(*store, random_bytes(3u << 20, 2));
  Closure closure = closure_of(*store, {{Family::blob, id, 3u << 20}});
  EXPECT_EQ(count(closure.present, EntryKind::recipe), 1u);
  Reader reader(*store);
  EXPECT_EQ(count(closure.present, EntryKind::data), reader.read_pieces(Family::blob, id)->size());
  EXPECT_THAT(closure.missing, IsEmpty());
}

TEST_F(ClosureTest, OfAFolderIsAllBelowItEachOnce) {
  auto store = open();
  Id a = put(*store, as_bytes("a"));
  Id b = put(*store, as_bytes("b"));
  Id inner = put(*store, Tree{{{"a", TreeKind::file, a, 1, 0, ""}, {"l", TreeKind::symlink, {}, 0, 0, "a"}}});
  Id outer = put(*store, Tree{{{"a", TreeKind::executable, a, 1, 0, ""},
                               {"b", TreeKind::file, b, 1, 0, ""},
                               {"c", TreeKind::folder, inner, 1, 2, ""},
                               {"d", TreeKind::folder, inner, 1, 2, ""}}});
  Closure closure =
      closure_of(*store, {{Family::tree, outer, 0}, {Family::tree, inner, 0}, {Family::blob, a, 1}});
  EXPECT_THAT(closure.present, UnorderedElementsAre(Key{EntryKind::tree, outer}, Key{EntryKind::tree, inner},
                                                    Key{EntryKind::data, a}, Key{EntryKind::data, b}));
}

TEST_F(ClosureTest, NamesWhatIsMissing) {
  auto store = open();
  Id gone = codec::hash(as_bytes("gone"));
  Id gone_folder = codec::hash(as_bytes("gone too"));
  Id tree = put(
      *store, Tree{{{"a", TreeKind::file, gone, 1, 0, ""}, {"b", TreeKind::folder, gone_folder, 1, 1, ""}}});
  Closure closure = closure_of(*store, {{Family::tree, tree, 0}});
  EXPECT_THAT(closure.present, UnorderedElementsAre(Key{EntryKind::tree, tree}));
  EXPECT_THAT(closure.missing,
              UnorderedElementsAre(Key{EntryKind::data, gone}, Key{EntryKind::tree, gone_folder}));
}

TEST_F(ClosureTest, NamesMissingChunksAndNodes) {
  auto store = open();
  std::vector<Piece> pieces;
  for (int i = 0; i < 2000; ++i) {
    pieces.push_back({codec::hash(as_bytes(std::to_string(i))), 16384});
  }
  Id id = codec::hash(as_bytes("synthetic"));
  Session session{*store, store->index(), test::raw_codec(), PackWriter(store->paths().temporary()), {}};
  Lane lane(session);
  ASSERT_OK(lane.put_recipe(Family::blob, id, pieces));
  ASSERT_OK(lane.flush());
  ASSERT_OK_AND_ASSIGN(auto packs, session.packs.finish());
  ASSERT_OK(store->publish(std::move(packs)));
  Closure closure = closure_of(*store, {{Family::blob, id, 2000 * 16384}});
  EXPECT_EQ(count(closure.present, EntryKind::recipe), 1u);
  EXPECT_GT(count(closure.present, EntryKind::node), 3u);
  EXPECT_EQ(count(closure.missing, EntryKind::data), 2000u);
}

TEST_F(ClosureTest, OfALongFolderHasItsChunksAndItsFiles) {
  auto store = open();
  Context with = context();
  ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, test::raw_codec(), with));
  Tree tree;
  std::set<Id> files;
  for (int i = 0; i < 5000; ++i) {
    ASSERT_OK_AND_ASSIGN(Id id, writer.put_blob(as_bytes(std::to_string(i % 100))));
    files.insert(id);
    tree.entries.push_back({"f" + std::to_string(10000 + i), TreeKind::file, id, 1, 0, ""});
  }
  ASSERT_OK_AND_ASSIGN(Id id, writer.put_tree(tree));
  ASSERT_OK(writer.commit());
  Closure closure = closure_of(*store, {{Family::tree, id, 0}});
  EXPECT_EQ(count(closure.present, EntryKind::tree_recipe), 1u);
  EXPECT_GT(count(closure.present, EntryKind::tree), 1u);
  EXPECT_EQ(count(closure.present, EntryKind::data), files.size());
  EXPECT_THAT(closure.missing, IsEmpty());
}

TEST_F(ClosureTest, OfNothingIsEmpty) {
  EXPECT_THAT(closure_of(*open(), {}).present, IsEmpty());
}

TEST_F(ClosureTest, StopsWhenAsked) {
  auto store = open();
  stop_ = true;
  EXPECT_THAT(collect_closure(*store, std::vector<Object>{{Family::blob, {}, 0}}, context()),
              FailsWith(Code::interrupted, ""));
}

}  // namespace
}  // namespace cairn::store
