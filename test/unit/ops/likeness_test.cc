// SPDX-License-Identifier: Apache-2.0
#include "ops/likeness.h"

#include "support/store_fixture.h"

namespace cairn::ops {
namespace {

class LikenessTest : public test::StoreFixture {
 protected:
  void SetUp() override { store_ = open(); }

  store::Object text(std::string_view text) {
    return {store::Family::blob, put(*store_, as_bytes(text)), text.size()};
  }
  store::Object folder(const std::string& name, const store::Object& file) {
    store::Tree tree;
    tree.entries.push_back({name, store::TreeKind::file, file.id, file.size, 0, ""});
    return {store::Family::tree, put(*store_, tree), file.size};
  }
  std::unique_ptr<store::Store> store_;
};

TEST_F(LikenessTest, LinesInAnotherOrder) {
  EXPECT_TRUE(have_same_lines(*store_, text("a\nb\nc\n"), text("c\na\nb\n")));
  EXPECT_FALSE(have_same_lines(*store_, text("a\nb\n"), text("a\nb\nb\n")));
  EXPECT_FALSE(have_same_lines(*store_, text("a\nb\n"), text("a\nc\n")));
  EXPECT_FALSE(have_same_lines(*store_, text("a\n"), text("a\n")));
}

TEST_F(LikenessTest, FoldersByTheirFiles) {
  EXPECT_TRUE(have_same_lines(*store_, folder("f", text("a\nb\n")), folder("f", text("b\na\n"))));
  EXPECT_FALSE(have_same_lines(*store_, folder("f", text("a\nb\n")), folder("g", text("b\na\n"))));
  EXPECT_FALSE(have_same_lines(*store_, folder("f", text("a\nb\n")), text("b\na\n")));
}

TEST_F(LikenessTest, NamesThatDiffer) {
  const std::set<std::string> names = {"tmp_one1", "tmp_two2", "x"};
  EXPECT_TRUE(differ_only_in(*store_, text("in /tmp/tmp_one1\n"), text("in /tmp/tmp_two2\n"), names));
  EXPECT_FALSE(differ_only_in(*store_, text("in /tmp/tmp_one1 1\n"), text("in /tmp/tmp_two2 2\n"), names));
  EXPECT_FALSE(differ_only_in(*store_, text("x\n"), text("\n"), names)) << "too short to tell anything";
}

TEST_F(LikenessTest, WhatIsNotThereIsAlikeInNothing) {
  const store::Object missing{store::Family::blob, codec::hash(as_bytes("nowhere")), 7};
  EXPECT_FALSE(have_same_lines(*store_, text("a\n"), missing));
}

}  // namespace
}  // namespace cairn::ops
