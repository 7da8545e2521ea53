// SPDX-License-Identifier: Apache-2.0
#include "store/recipe.h"

#include <numeric>
#include <set>

#include "store/lane.h"
#include "support/random.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;

std::vector<Piece> make_pieces(std::size_t count, std::uint64_t seed = 1) {
  test::SplitMix64 random(seed);
  std::vector<Piece> pieces(count);
  for (Piece& piece : pieces) {
    for (std::size_t i = 0; i < 32; i += 8) {
      store_le(piece.id.bytes.data() + i, random.next());
    }
    piece.size = 1 + random.below(kMaxBlockSize);
  }
  return pieces;
}

std::uint64_t total(const std::vector<Piece>& pieces) {
  return std::accumulate(pieces.begin(), pieces.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Piece& piece) { return sum + piece.size; });
}

RecipeRoot make_root(std::size_t count, std::uint8_t level = 0) {
  auto pieces = make_pieces(count);
  return {codec::kChunkSizes, total(pieces), level, pieces};
}

TEST(Recipe, ReadsBackWhatWasWritten) {
  for (std::uint8_t level = 0; level <= kMaxRecipeLevel; ++level) {
    RecipeRoot root = make_root(100, level);
    Buffer bytes = encode_recipe(root);
    EXPECT_EQ(bytes.size(), 24 + 100 * (level == 0 ? 36u : 40u));
    ASSERT_OK_AND_ASSIGN(RecipeRoot back, decode_recipe(bytes));
    EXPECT_EQ(back.level, level);
    EXPECT_EQ(back.size, root.size);
    EXPECT_EQ(back.sizes, root.sizes);
    EXPECT_EQ(back.pieces, root.pieces);
    EXPECT_EQ(encode_recipe(back), bytes);
  }
}

TEST(Recipe, HoldsSizesOfMoreThan32Bits) {
  RecipeRoot root{codec::kChunkSizes, std::uint64_t{1} << 50, 1, {{{}, std::uint64_t{1} << 50}}};
  ASSERT_OK_AND_ASSIGN(RecipeRoot back, decode_recipe(encode_recipe(root)));
  EXPECT_EQ(back.pieces, root.pieces);
}

TEST(Recipe, RefusesEveryPrefix) {
  Buffer bytes = encode_recipe(make_root(5));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(decode_recipe(Bytes(bytes).first(i)).ok()) << i;
  }
}

TEST(Recipe, RefusesWhatItWouldNotWrite) {
  const Buffer good = encode_recipe(make_root(5));
  auto change = [&](std::size_t at, std::uint8_t value) {
    Buffer bytes = good;
    bytes[at] = value;
    return decode_recipe(bytes);
  };
  EXPECT_THAT(change(0, 0), FailsWith(Code::corrupt, "header"));
  EXPECT_THAT(change(0, 2), FailsWith(Code::unsupported, "newer format"));
  EXPECT_THAT(change(1, kMaxRecipeLevel + 1), FailsWith(Code::corrupt, "header"));
  EXPECT_THAT(change(2, 1), FailsWith(Code::corrupt, "header"));
  EXPECT_THAT(change(3, 1), FailsWith(Code::corrupt, "header"));
  EXPECT_THAT(change(16, static_cast<std::uint8_t>(good[16] + 1)), FailsWith(Code::corrupt, "add up"));
  EXPECT_THAT(change(16, static_cast<std::uint8_t>(good[16] - 1)), FailsWith(Code::corrupt, "longer"));
}

TEST(Recipe, RefusesPiecesThatNoChunkCouldBe) {
  RecipeRoot root = make_root(3);
  root.pieces[1].size = 0;
  root.size = total(root.pieces);
  EXPECT_THAT(decode_recipe(encode_recipe(root)), FailsWith(Code::corrupt, "impossible size"));
  root.pieces[1].size = (8u << 20) + 1;
  root.size = total(root.pieces);
  EXPECT_THAT(decode_recipe(encode_recipe(root)), FailsWith(Code::corrupt, "impossible size"));
}

TEST(Recipe, RefusesSizesThatOverflow) {
  RecipeRoot root{codec::kChunkSizes, 9, 1, {{{}, UINT64_MAX}, {{}, 10}}};
  EXPECT_THAT(decode_recipe(encode_recipe(root)), FailsWith(Code::corrupt, "longer than its size"));
}

TEST(Recipe, RefusesAnEmptyList) {
  EXPECT_THAT(decode_recipe(encode_recipe({codec::kChunkSizes, 0, 0, {}})),
              FailsWith(Code::corrupt, "add up"));
}

TEST(Node, ReadsBackWhatWasWritten) {
  for (std::uint8_t level : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{5}}) {
    auto pieces = make_pieces(40);
    Buffer bytes = encode_node(level, pieces);
    ASSERT_OK_AND_ASSIGN(Node node, decode_node(bytes));
    EXPECT_EQ(node.level, level);
    EXPECT_EQ(node.pieces, pieces);
  }
}

TEST(Node, RefusesAnImpossibleLevelOrHalfAnEntry) {
  EXPECT_THAT(decode_node({}), FailsWith(Code::corrupt, "level"));
  EXPECT_THAT(decode_node(encode_node(kMaxRecipeLevel, {})), FailsWith(Code::corrupt, "level"));
  Buffer bytes = encode_node(0, make_pieces(3));
  EXPECT_THAT(decode_node(Bytes(bytes).first(bytes.size() - 1)), FailsWith(Code::corrupt, "middle"));
}

TEST(CutNodes, CutsEveryPieceIntoRunsWithinTheLimits) {
  for (std::size_t count : {0u, 1u, 31u, 32u, 513u, 100000u}) {
    auto runs = cut_nodes(make_pieces(count));
    EXPECT_EQ(std::accumulate(runs.begin(), runs.end(), std::size_t{0}), count);
    for (std::size_t i = 0; i + 1 < runs.size(); ++i) {
      EXPECT_GE(runs[i], 32u);
      EXPECT_LE(runs[i], 512u);
    }
  }
}

TEST(CutNodes, MakesRunsOfAbout160Pieces) {
  auto runs = cut_nodes(make_pieces(400000));
  double mean = 400000.0 / static_cast<double>(runs.size());
  EXPECT_GT(mean, 120);
  EXPECT_LT(mean, 180);
}

TEST(CutNodes, CutsEqualPiecesAtTheLimit) {
  std::vector<Piece> same(1500, Piece{codec::hash(as_bytes("zeros")), 5});
  EXPECT_EQ(cut_nodes(same), (std::vector<std::size_t>{512, 512, 476}));
}

/// Contents of the nodes of a list.
std::set<Buffer> nodes_of(const std::vector<Piece>& pieces) {
  std::set<Buffer> nodes;
  std::size_t begin = 0;
  for (std::size_t length : cut_nodes(pieces)) {
    auto from = pieces.begin() + static_cast<std::ptrdiff_t>(begin);
    nodes.insert(encode_node(0, {from, from + static_cast<std::ptrdiff_t>(length)}));
    begin += length;
  }
  return nodes;
}

TEST(CutNodes, KeepsNearlyAllNodesAfterAnEdit) {
  auto pieces = make_pieces(100000);
  auto before = nodes_of(pieces);
  test::SplitMix64 random(7);
  std::size_t changed_most = 0;
  for (int edit = 0; edit < 20; ++edit) {
    auto edited = pieces;
    auto at = edited.begin() + static_cast<std::ptrdiff_t>(random.below(90000));
    auto fresh = make_pieces(3, 100 + static_cast<std::uint64_t>(edit));
    switch (edit % 3) {
      case 0:
        edited.insert(at, fresh.begin(), fresh.end());
        break;
      case 1:
        edited.erase(at, at + 5);
        break;
      default:
        std::copy(fresh.begin(), fresh.end(), at);
    }
    std::size_t changed = 0;
    for (const Buffer& node : nodes_of(edited)) {
      changed += before.contains(node) ? 0u : 1u;
    }
    EXPECT_GE(changed, 1u);
    changed_most = std::max(changed_most, changed);
  }
  EXPECT_LE(changed_most, 20u) << "of about 640";
}

class RecipeLevelTest : public test::StoreFixture {
 protected:
  /// Stores a recipe for synthetic chunks and gives back its root.
  RecipeRoot store_recipe(Store& store, const Id& id, const std::vector<Piece>& pieces) {
    Session session{store, store.index(), test::raw_codec(), PackWriter(store.paths().temporary()), {}};
    Lane lane(session);
    EXPECT_OK(lane.put_recipe(Family::blob, id, pieces));
    EXPECT_OK(lane.flush());
    stored_ = session.packs.stored_bytes();
    auto packs = session.packs.finish();
    EXPECT_OK(packs);
    EXPECT_OK(store.publish(std::move(*packs)));
    auto bytes = Reader(store).read_entry({EntryKind::recipe, id});
    EXPECT_OK(bytes);
    auto root = decode_recipe(*bytes);
    EXPECT_OK(root);
    return *root;
  }
  std::uint64_t stored_ = 0;
};

TEST_F(RecipeLevelTest, GrowsByTheNumberOfPieces) {
  auto store = open();
  struct Case {
    std::size_t pieces;
    int level;
  };
  for (const Case& want : {Case{2, 0}, Case{512, 0}, Case{513, 1}, Case{600, 1}, Case{400000, 2}}) {
    Id id = codec::hash(as_bytes(std::to_string(want.pieces)));
    auto pieces = make_pieces(want.pieces, want.pieces);
    RecipeRoot root = store_recipe(*store, id, pieces);
    EXPECT_EQ(root.level, want.level) << want.pieces;
    EXPECT_LE(root.pieces.size(), kMaxRootPieces);
    EXPECT_EQ(root.size, total(pieces));
    EXPECT_EQ(root.sizes, codec::kChunkSizes);
    Reader reader(*store);
    ASSERT_OK_AND_ASSIGN(auto back, reader.read_pieces(Family::blob, id));
    EXPECT_TRUE(back == pieces) << want.pieces;
  }
}

TEST_F(RecipeLevelTest, SharesNodesBetweenVersionsOfAList) {
  auto store = open();
  auto pieces = make_pieces(400000, 3);
  store_recipe(*store, codec::hash(as_bytes("one")), pieces);
  EXPECT_GT(stored_, 400000u * 36);
  pieces.insert(pieces.begin() + 200000, make_pieces(1, 9)[0]);
  store_recipe(*store, codec::hash(as_bytes("two")), pieces);
  EXPECT_LT(stored_, 150000u) << "the nodes on the way to the edit, and the root";
}

}  // namespace
}  // namespace cairn::store
