// SPDX-License-Identifier: Apache-2.0
// Every prefix and every flipped bit of every kind of file: an error or the same bytes, never others.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "os/file.h"
#include "store/pack_writer.h"
#include "store/verify.h"
#include "support/store_fixture.h"
#include "unit/store/golden_inputs.h"

namespace cairn::store {
namespace {

/// Calls `check` with every prefix of `bytes` and every version with one bit flipped; returns how many.
std::size_t for_each_damage(const Buffer& bytes,
                            const std::function<void(const Buffer&, const std::string&)>& check) {
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    check(Buffer(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)),
          "first " + std::to_string(length));
  }
  Buffer damaged = bytes;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto mask = static_cast<std::uint8_t>(1u << bit % 8);
    damaged[bit / 8] ^= mask;
    check(damaged, "bit " + std::to_string(bit));
    damaged[bit / 8] ^= mask;
  }
  return bytes.size() * 9;
}

/// Changes a file in place: a new file would cost a flush (ext4), and an open descriptor would miss it.
void overwrite(const std::string& path, Bytes bytes) {
  auto fd = os::open_file(path, O_WRONLY | O_CREAT);
  ASSERT_OK(fd);
  ASSERT_OK(os::write_at(fd->get(), bytes, 0, path));
  ASSERT_EQ(ftruncate(fd->get(), static_cast<off_t>(bytes.size())), 0);
}

class DamageTest : public test::StoreFixture {
 protected:
  /// Puts a damaged file in the place of a pack, in every way, and reads all objects.
  void check_pack(Store& store, const std::map<Id, Buffer>& blobs, const std::map<Id, Buffer>& trees) {
    ASSERT_EQ(packs_of(store).size(), 1u);
    std::string path = packs_of(store).front();
    Buffer good = test::read_bytes(path);
    ASSERT_OK_AND_ASSIGN(PackTable table, read_pack_table(path));
    ASSERT_OK(os::remove_file(path));  // it is read-only
    std::size_t served = 0;
    std::size_t tried = for_each_damage(good, [&](const Buffer& damaged, const std::string& what) {
      overwrite(path, damaged);
      Reader reader(store);
      served +=
          check_objects(reader, Family::blob, blobs, what) + check_objects(reader, Family::tree, trees, what);
      auto decoded = read_pack_table(path);
      EXPECT_TRUE(!decoded.ok() || decoded->id == table.id) << what;
      auto report = verify_store(store, VerifyDepth::data, context());
      EXPECT_OK(report);
      EXPECT_FALSE(report->damage.empty()) << what << " was not reported";
    });
    EXPECT_GT(served, 0u) << "damage elsewhere in a pack does not keep the rest from being read";
    RecordProperty("tried", std::to_string(tried));
    overwrite(path, good);
    ASSERT_OK_AND_ASSIGN(VerifyReport report, verify_store(store, VerifyDepth::data, context()));
    EXPECT_TRUE(report.damage.empty()) << "the check itself is sound";
  }

  static std::size_t check_objects(Reader& reader, Family family, const std::map<Id, Buffer>& objects,
                                   const std::string& what) {
    std::size_t served = 0;
    for (const auto& [id, bytes] : objects) {
      auto got = reader.read_object(family, id);
      served += got.ok() ? 1u : 0u;
      EXPECT_TRUE(!got.ok() || *got == bytes) << what << " gave wrong bytes";
    }
    return served;
  }
};

TEST_F(DamageTest, OfARawPackIsFound) {
  auto store = open();
  Buffer tree = encode_tree(test::golden_tree());
  Context with = context();
  std::map<Id, Buffer> blobs;
  std::map<Id, Buffer> trees{{tree_id(tree), tree}};
  {
    ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, test::raw_codec(), with));
    for (const Buffer& bytes : {test::random_bytes(20, 1), test::random_bytes(30, 2)}) {
      ASSERT_OK_AND_ASSIGN(Id id, writer.put_blob(bytes));
      blobs[id] = bytes;
    }
    ASSERT_OK(writer.put_tree(test::golden_tree()));
    ASSERT_OK(writer.commit());
  }
  check_pack(*store, blobs, trees);
}

TEST_F(DamageTest, OfACompressedPackIsFound) {
  for (const char* compression : {"fast", "3"}) {
    auto store = open(std::string("store") + compression);
    Buffer bytes = test::text_bytes(800, 1);
    Id id = put(*store, bytes, *codec::parse_compression(compression));
    check_pack(*store, {{id, bytes}}, {});
  }
}

/// A pack of the chunks of a blob, its node and its recipe; all are far smaller than a writer makes them.
TEST_F(DamageTest, OfARecipeAndItsNodeIsFound) {
  auto store = open();
  Buffer whole;
  std::vector<Piece> pieces;
  PackWriter packs(store->paths().temporary());
  auto add = [&](EntryKind kind, const Id& id, Bytes bytes) {
    auto size = static_cast<std::uint32_t>(bytes.size());
    PackEntry entry{{kind, id}, {0, size, size, 0, size, codec::Codec::raw}, codec::checksum(bytes)};
    ASSERT_OK(packs.append(bytes, {entry}));
  };
  for (std::uint64_t i = 0; i < 3; ++i) {
    Buffer chunk = test::random_bytes(10 + i, i);
    pieces.push_back({codec::hash(chunk), chunk.size()});
    add(EntryKind::data, pieces.back().id, chunk);
    append(whole, chunk);
  }
  Buffer node = encode_node(0, pieces);
  Id node_id = codec::hash(node, codec::Domain::node);
  add(EntryKind::node, node_id, node);
  Id id = codec::hash(whole);
  add(EntryKind::recipe, id, encode_recipe({codec::kChunkSizes, whole.size(), 1, {{node_id, whole.size()}}}));
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  ASSERT_OK(store->publish(std::move(finished)));
  check_pack(*store, {{id, whole}}, {});
}

TEST_F(DamageTest, OfASegmentIsFound) {
  ASSERT_OK_AND_ASSIGN(test::GoldenPack pack, test::golden_pack(dir_ / "store"));
  Buffer good = test::golden_segment(pack.table);
  std::string path = dir_ / segment_name(good);
  overwrite(path, good);
  ASSERT_OK(Segment::open(path));
  for_each_damage(good, [&](const Buffer& damaged, const std::string& what) {
    overwrite(path, damaged);
    auto opened = Segment::open(path);
    ASSERT_FALSE(opened.ok()) << what;
    EXPECT_EQ(opened.error().code(), Code::corrupt) << what;
  });
}

TEST_F(DamageTest, OfASegmentIsMendedWhenTheStoreIsOpened) {
  Buffer bytes = test::random_bytes(50, 1);
  Id id = put(*open(), bytes);
  std::string path = segments_of(*open()).front();
  Buffer good = test::read_bytes(path);
  for (std::size_t bit = 0; bit < good.size() * 8; bit += 37) {  // each costs several fsyncs
    Buffer damaged = good;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    overwrite(path, damaged);
    auto store = open();
    ASSERT_NE(store, nullptr) << bit;
    ASSERT_OK_AND_ASSIGN(Buffer back, get(*store, id));
    EXPECT_EQ(back, bytes) << bit;
    EXPECT_EQ(segments_of(*store), std::vector<std::string>{path}) << bit;
    EXPECT_EQ(test::read_bytes(path), good) << bit;
  }
}

TEST_F(DamageTest, OfAnObjectNeverKeepsItsId) {
  Buffer tree = encode_tree(test::golden_tree());
  for_each_damage(tree, [&](const Buffer& damaged, const std::string& what) {
    auto decoded = decode_tree(damaged);
    EXPECT_TRUE(!decoded.ok() || encode_tree(*decoded) == damaged) << what;
    EXPECT_NE(tree_id(damaged), tree_id(tree)) << what;
  });
  Buffer node = encode_node(1, test::golden_node());
  for_each_damage(node, [&](const Buffer& damaged, const std::string& what) {
    auto decoded = decode_node(damaged);
    EXPECT_TRUE(!decoded.ok() || encode_node(decoded->level, decoded->pieces) == damaged) << what;
  });
}

TEST_F(DamageTest, OfARecipeIsRefusedOrReadAsWritten) {
  Buffer recipe = encode_recipe(test::golden_recipe());
  for_each_damage(recipe, [&](const Buffer& damaged, const std::string& what) {
    auto decoded = decode_recipe(damaged);
    EXPECT_TRUE(!decoded.ok() || encode_recipe(*decoded) == damaged) << what;
  });
}

}  // namespace
}  // namespace cairn::store
