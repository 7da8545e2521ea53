// SPDX-License-Identifier: Apache-2.0
#include "store/reader.h"

#include "os/file.h"
#include "store/lane.h"
#include "store/repack.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::random_bytes;
using cairn::test::text_bytes;

class ReaderTest : public test::StoreFixture {
 protected:
  /// Publishes a pack that holds `blocks` with these rows; offsets count from the first block.
  static Status publish(Store& store, Bytes blocks, std::vector<PackEntry> entries) {
    PackWriter packs(store.paths().temporary());
    CAIRN_TRY(packs.append(blocks, std::move(entries)));
    CAIRN_TRY_ASSIGN(auto finished, packs.finish());
    return store.publish(std::move(finished));
  }
  static PackEntry raw_row(EntryKind kind, const Id& id, std::size_t size) {
    auto length = static_cast<std::uint32_t>(size);
    return {{kind, id}, {0, length, length, 0, length, codec::Codec::raw}, 0};
  }
};

TEST_F(ReaderTest, SaysWhatIsNotThere) {
  auto store = open();
  Reader reader(*store);
  Id id = codec::hash(as_bytes("nothing"));
  EXPECT_THAT(reader.read_entry({EntryKind::data, id}), FailsWith(Code::not_found, id.text()));
  EXPECT_THAT(reader.read_object(Family::blob, id), FailsWith(Code::not_found, id.text()));
  EXPECT_THAT(reader.read_pieces(Family::tree, id), FailsWith(Code::not_found, id.text()));
}

TEST_F(ReaderTest, ListsThePiecesOfABlob) {
  auto store = open();
  Buffer bytes = random_bytes(3u << 20, 1);
  Id id = put(*store, bytes);
  Reader reader(*store);
  ASSERT_OK_AND_ASSIGN(auto pieces, reader.read_pieces(Family::blob, id));
  EXPECT_GT(pieces.size(), 10u);
  std::size_t offset = 0;
  for (const Piece& piece : pieces) {
    EXPECT_EQ(codec::hash(Bytes(bytes).subspan(offset, piece.size)), piece.id);
    offset += piece.size;
  }
  EXPECT_EQ(offset, bytes.size());
  Id small = put(*store, random_bytes(10, 1));
  ASSERT_OK_AND_ASSIGN(auto one, reader.read_pieces(Family::blob, small));
  EXPECT_EQ(one, (std::vector<Piece>{{small, 10}}));
}

TEST_F(ReaderTest, RefusesABlobAboveTheLimit) {
  auto store = open();
  Id id = put(*store, random_bytes(100000, 1));
  Reader reader(*store);
  EXPECT_THAT(reader.read_object(Family::blob, id, 99999), FailsWith(Code::unsupported, "larger than 99999"));
  EXPECT_OK(reader.read_object(Family::blob, id, 100000));
}

TEST_F(ReaderTest, RefusesContentThatIsNotThatOfItsName) {
  auto store = open();
  Id claimed = codec::hash(as_bytes("the real content"));
  Buffer forged = random_bytes(16, 1);
  for (EntryKind kind : {EntryKind::data, EntryKind::node, EntryKind::tree}) {
    ASSERT_OK(publish(*store, forged, {raw_row(kind, claimed, forged.size())}));
    Reader reader(*store);
    EXPECT_THAT(reader.read_entry({kind, claimed}), FailsWith(Code::corrupt, claimed.text()));
  }
  EXPECT_THAT(get(*store, claimed), FailsWith(Code::corrupt, claimed.text()));
}

TEST_F(ReaderTest, RefusesAForgedRecipe) {
  auto store = open();
  Buffer other = random_bytes(100, 1);
  Id piece = put(*store, other);
  Id claimed = codec::hash(as_bytes("the real content"));
  RecipeRoot root{codec::kChunkSizes, 200, 0, {{piece, 100}, {piece, 100}}};
  Buffer recipe = encode_recipe(root);
  ASSERT_OK(publish(*store, recipe, {raw_row(EntryKind::recipe, claimed, recipe.size())}));
  EXPECT_THAT(get(*store, claimed), FailsWith(Code::corrupt, "does not have the content of its name"));
}

TEST_F(ReaderTest, RefusesPiecesOfAnotherLengthThanTheirRecipeSays) {
  auto store = open();
  Id piece = put(*store, random_bytes(100, 1));
  Id claimed = codec::hash(as_bytes("x"));
  Buffer recipe = encode_recipe({codec::kChunkSizes, 201, 0, {{piece, 100}, {piece, 101}}});
  ASSERT_OK(publish(*store, recipe, {raw_row(EntryKind::recipe, claimed, recipe.size())}));
  EXPECT_THAT(get(*store, claimed), FailsWith(Code::corrupt, piece.text()));
}

TEST_F(ReaderTest, RefusesANodeThatDoesNotFitItsParent) {
  auto store = open();
  Id piece = put(*store, random_bytes(100, 1));
  for (std::uint8_t level : {std::uint8_t{0}, std::uint8_t{1}}) {
    Buffer node = encode_node(level, {{piece, 100}});
    Id node_id = codec::hash(node, codec::Domain::node);
    ASSERT_OK(publish(*store, node, {raw_row(EntryKind::node, node_id, node.size())}));
    std::uint64_t wrong = level == 0 ? 99 : 100;
    Buffer recipe = encode_recipe({codec::kChunkSizes, wrong, 1, {{node_id, wrong}}});
    Id claimed = codec::hash(node);
    ASSERT_OK(publish(*store, recipe, {raw_row(EntryKind::recipe, claimed, recipe.size())}));
    EXPECT_THAT(get(*store, claimed), FailsWith(Code::corrupt, "does not fit its parent"));
  }
}

TEST_F(ReaderTest, TellsAReservedCodecFromDamage) {
  auto store = open();
  Buffer bytes = random_bytes(64, 1);
  for (codec::Codec codec : {codec::Codec::planes, codec::Codec::delta, codec::Codec::xor_planes}) {
    PackEntry whole = raw_row(EntryKind::data, codec::hash(as_bytes("whole")), 64);
    PackEntry shared = raw_row(EntryKind::data, codec::hash(as_bytes("part")), 64);
    whole.place.codec = shared.place.codec = codec;
    shared.place.size = 10;
    ASSERT_OK(publish(*store, bytes, {whole, shared}));
    Reader reader(*store);
    EXPECT_THAT(reader.read_entry(whole.key), FailsWith(Code::unsupported, "codec"));
    EXPECT_THAT(reader.read_entry(shared.key), FailsWith(Code::unsupported, "codec"));
    for (const std::string& path : packs_of(*store)) {
      ASSERT_OK(os::remove_file(path));
    }
    ASSERT_OK(store->reload());
  }
}

TEST_F(ReaderTest, FollowsARepackThatRemovedThePack) {
  auto store = open();
  Buffer bytes = random_bytes(50000, 1);
  Id id = put(*store, bytes);
  Reader reader(*store);
  {
    auto other = open();
    std::vector<CopyEntry> entries;
    for (const auto& segment : other->index()->segments()) {
      for (std::size_t i = 0; i < segment.size(); ++i) {
        entries.push_back({segment.at(i).key, *other->index()->find(segment.at(i).key)});
      }
    }
    Id more = put(*other, random_bytes(9, 9));
    entries.push_back({{EntryKind::data, more}, *other->index()->find({EntryKind::data, more})});
    auto old = packs_of(*other);
    StoreBlocks blocks(*other);
    ASSERT_OK_AND_ASSIGN(auto packs, copy_entries(entries, blocks, other->paths().temporary()));
    ASSERT_OK(other->publish(std::move(packs)));
    for (const std::string& path : old) {
      ASSERT_OK(os::remove_file(path));
    }
  }
  ASSERT_OK_AND_ASSIGN(Buffer back, reader.read_object(Family::blob, id));
  EXPECT_EQ(back, bytes);
}

TEST_F(ReaderTest, WalksAFolderParentsFirst) {
  auto store = open();
  Id file = put(*store, as_bytes("x"));
  Id inner =
      put(*store, Tree{{{"c", TreeKind::file, file, 1, 0, ""}, {"d", TreeKind::symlink, {}, 0, 0, "c"}}});
  Id outer = put(
      *store, Tree{{{"a", TreeKind::executable, file, 1, 0, ""}, {"b", TreeKind::folder, inner, 1, 2, ""}}});
  Reader reader(*store);
  std::vector<std::string> seen;
  ASSERT_OK(walk_tree(reader, outer, [&](const std::string& path, const TreeEntry&) -> Status {
    seen.push_back(path);
    return {};
  }));
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b", "b/c", "b/d"}));
  EXPECT_THAT(walk_tree(reader, outer,
                        [](const std::string&, const TreeEntry&) -> Status {
                          return Error(Code::conflict, "stop here");
                        }),
              FailsWith(Code::conflict, "stop here"));
}

TEST_F(ReaderTest, RefusesFoldersNestedTooDeep) {
  auto store = open();
  Context with = context();
  ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, test::raw_codec(), with));
  Id id = *writer.put_tree({});
  for (int i = 0; i < 300; ++i) {
    id = *writer.put_tree({{{"d", TreeKind::folder, id, 0, 0, ""}}});
  }
  ASSERT_OK(writer.commit());
  Reader reader(*store);
  auto walked = walk_tree(reader, id, [](const std::string&, const TreeEntry&) -> Status { return {}; });
  EXPECT_THAT(walked, FailsWith(Code::corrupt, "256 deep"));
}

TEST_F(ReaderTest, DecodesAPieceIntoTheCallersBytes) {
  auto store = open();
  Buffer bytes = text_bytes(5000, 1);
  Id id = put(*store, bytes, {});
  Reader reader(*store);
  Buffer out(5000);
  ASSERT_OK(reader.decode_piece(Family::blob, {id, 5000}, out));
  EXPECT_EQ(out, bytes);
  Buffer longer(5001);
  EXPECT_THAT(reader.decode_piece(Family::blob, {id, 5001}, longer), FailsWith(Code::corrupt, id.text()));
}

}  // namespace
}  // namespace cairn::store
