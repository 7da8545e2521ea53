// SPDX-License-Identifier: Apache-2.0
// What is on disk stays readable for ever: files made from fixed inputs, byte for byte, their ids, and the
// examples in docs/format.
#include "support/golden.h"

#include <cstdlib>
#include <sstream>

#include "base/hex.h"
#include "support/store_fixture.h"
#include "unit/store/golden_inputs.h"

namespace cairn::store {
namespace {

Buffer golden(const std::string& name) {
  return test::read_bytes(test::source_path("test/golden/store/" + name));
}

/// Bytes of the block fenced by ```hex in a page. A line is `OFFSET: HEX DIGITS  # what it is`; offsets are
/// decimal and must be right.
Buffer example_of(const std::string& page) {
  std::istringstream lines(test::read_text(std::string(CAIRN_FORMAT_PAGES) + "/" + page));
  Buffer out;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = line == "```hex";
      continue;
    }
    if (!inside) {
      continue;
    }
    std::size_t colon = line.find(':');
    EXPECT_NE(colon, std::string::npos) << page << ": " << line;
    EXPECT_EQ(std::strtoull(line.c_str(), nullptr, 10), out.size()) << page << ": " << line;
    std::string digits;
    for (char c : line.substr(colon + 1, line.find('#') - colon - 1)) {
      if (c != ' ') {
        digits += c;
      }
    }
    auto bytes = from_hex(digits);
    EXPECT_TRUE(bytes.has_value()) << page << ": " << line;
    append(out, bytes.value_or(Buffer()));
  }
  return out;
}

class GoldenTest : public test::StoreFixture {
 protected:
  test::GoldenPack make_pack() {
    auto pack = test::golden_pack(dir_ / "store");
    EXPECT_OK(pack);
    return pack.ok() ? *pack : test::GoldenPack();
  }
};

TEST_F(GoldenTest, IdsNeverChange) {
  EXPECT_EQ(codec::hash(as_bytes(test::kHello)).text(),
            "b3:8e4c7c1b99dbfd50e7a95185fead5ee1448fa904a2fdd778eaf5f2dbfd629a99");
  EXPECT_EQ(codec::hash({}).text(), "b3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  EXPECT_EQ(tree_id(encode_tree({})).text(),
            "b3:b79aca71afb9811d2d67ddd815aba94e360ea9bf954682c95374fc5431455e7f");
  EXPECT_EQ(tree_id(encode_tree(test::golden_tree())).text(),
            "b3:7ff1636e4e156a143c5d80687e213046d814184c467a60d0e3a51e7cb1721704");
  EXPECT_EQ(codec::hash(encode_node(1, test::golden_node()), codec::Domain::node).text(),
            "b3:48ffa2bca5e1b2c53bbc9d4bd276f35971514d5e7bfdbe68262bd448b6a52ddb");
  EXPECT_EQ(make_pack().table.id.text(),
            "b3:853e18af4e9ad5c8a01e65cc35c77dd68efdbd7d842e6f9956b675611dde5381");
  EXPECT_EQ(segment_name(test::golden_segment(make_pack().table)), "d3992bd5eded51db9faa1ed3d23d4bf3.idx");
}

TEST_F(GoldenTest, WritesTheSameBytesForEver) {
  test::GoldenPack pack = make_pack();
  test::expect_golden("store/example.pack", as_text(pack.bytes));
  test::expect_golden("store/example.idx", as_text(test::golden_segment(pack.table)));
  test::expect_golden("store/example.tree", as_text(encode_tree(test::golden_tree())));
  test::expect_golden("store/example.recipe", as_text(encode_recipe(test::golden_recipe())));
  test::expect_golden("store/example.node", as_text(encode_node(1, test::golden_node())));
}

TEST_F(GoldenTest, ReadsTheTree) {
  ASSERT_OK_AND_ASSIGN(Tree tree, decode_tree(golden("example.tree")));
  EXPECT_EQ(tree.entries, test::golden_tree().entries);
}

TEST_F(GoldenTest, ReadsTheRecipeAndTheNode) {
  ASSERT_OK_AND_ASSIGN(RecipeRoot root, decode_recipe(golden("example.recipe")));
  EXPECT_EQ(root.pieces, test::golden_recipe().pieces);
  EXPECT_EQ(root.size, test::golden_recipe().size);
  EXPECT_EQ(root.level, 0);
  EXPECT_EQ(root.sizes, (codec::ChunkSizes{16384, 65536, 262144}));
  ASSERT_OK_AND_ASSIGN(Node node, decode_node(golden("example.node")));
  EXPECT_EQ(node.level, 1);
  EXPECT_EQ(node.pieces, test::golden_node());
}

TEST_F(GoldenTest, ReadsThePackThroughTheSegment) {
  auto store = open();
  ASSERT_OK_AND_ASSIGN(PackTable table, read_pack_table(test::source_path("test/golden/store/example.pack")));
  test::write_bytes(store->paths().pack(table.id), golden("example.pack"));
  Buffer segment = golden("example.idx");
  test::write_bytes(store->paths().index() + "/" + segment_name(segment), segment);
  store = open();
  ASSERT_EQ(segments_of(*store).size(), 1u);
  EXPECT_EQ(as_text(*get(*store, codec::hash(as_bytes(test::kHello)))), test::kHello);
  EXPECT_EQ(as_text(*get(*store, codec::hash(as_bytes(test::kWorld)))), test::kWorld);
  Reader reader(*store);
  ASSERT_OK_AND_ASSIGN(Tree tree, reader.read_tree(tree_id(golden("example.tree"))));
  EXPECT_EQ(tree.entries, test::golden_tree().entries);
}

TEST_F(GoldenTest, EqualsTheExamplesInThePages) {
  EXPECT_EQ(to_hex(example_of("pack.md")), to_hex(golden("example.pack")));
  EXPECT_EQ(to_hex(example_of("index.md")), to_hex(golden("example.idx")));
  EXPECT_EQ(to_hex(example_of("tree.md")), to_hex(golden("example.tree")));
  Buffer recipe_and_node = golden("example.recipe");
  append(recipe_and_node, golden("example.node"));
  EXPECT_EQ(to_hex(example_of("recipe.md")), to_hex(recipe_and_node));
  auto store = open();
  EXPECT_EQ(as_text(example_of("store.md")), test::read_text(store->paths().format()));
}

}  // namespace
}  // namespace cairn::store
