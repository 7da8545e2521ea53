// SPDX-License-Identifier: Apache-2.0
#include "store/tree.h"

#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;

TreeEntry file(std::string name, std::uint64_t size = 1) {
  TreeEntry entry;
  entry.name = std::move(name);
  entry.id = codec::hash(as_bytes(entry.name));
  entry.size = size;
  return entry;
}

TreeEntry link(std::string name, std::string target) {
  TreeEntry entry;
  entry.name = std::move(name);
  entry.kind = TreeKind::symlink;
  entry.target = std::move(target);
  return entry;
}

TreeEntry folder(std::string name, std::uint64_t size, std::uint64_t files) {
  TreeEntry entry = file(std::move(name), size);
  entry.kind = TreeKind::folder;
  entry.files = files;
  return entry;
}

Result<Tree> round_trip(std::vector<TreeEntry> entries) {
  return decode_tree(encode_tree({std::move(entries)}));
}

TEST(Tree, ReadsBackEveryKind) {
  TreeEntry program = file("b", UINT64_MAX);
  program.kind = TreeKind::executable;
  std::vector<TreeEntry> entries{file("a", 0), program, link("c", "../x/y"), folder("d", 10, 3)};
  ASSERT_OK_AND_ASSIGN(Tree tree, round_trip(entries));
  EXPECT_EQ(tree.entries, entries);
}

TEST(Tree, OfAnEmptyFolderHasAnIdOfItsOwn) {
  Buffer bytes = encode_tree({});
  EXPECT_EQ(as_text(bytes), std::string_view("cairntree\x01"));
  ASSERT_OK_AND_ASSIGN(Tree tree, decode_tree(bytes));
  EXPECT_TRUE(tree.entries.empty());
  EXPECT_NE(tree_id(bytes), codec::hash(bytes)) << "no file can pass for a folder";
  EXPECT_NE(tree_id(bytes), codec::hash(bytes, codec::Domain::node));
}

TEST(Tree, AddsUpSizesAndFiles) {
  Tree tree{{file("a", 5), link("b", "a"), folder("c", 100, 7)}};
  EXPECT_EQ(tree.total_size(), 105u);
  EXPECT_EQ(tree.total_files(), 9u);
  EXPECT_EQ(Tree{}.total_files(), 0u);
}

TEST(Tree, FindsAnEntryByItsName) {
  Tree tree{{file("a"), file("b"), file("b.txt")}};
  EXPECT_EQ(tree.find("b")->name, "b");
  EXPECT_EQ(tree.find("b.tx"), nullptr);
  EXPECT_EQ(tree.find(""), nullptr);
  EXPECT_EQ(tree.find("z"), nullptr);
}

TEST(Tree, KeepsEveryOtherByteOfANameAndATarget) {
  std::vector<TreeEntry> entries;
  for (int byte = 1; byte < 256; ++byte) {
    if (byte != '/') {
      entries.push_back(
          link("n" + std::string(1, static_cast<char>(byte)), std::string(3, static_cast<char>(byte))));
    }
  }
  ASSERT_OK_AND_ASSIGN(Tree tree, round_trip(entries));
  EXPECT_EQ(tree.entries, entries);
}

TEST(Tree, OrdersNamesByUnsignedBytes) {
  EXPECT_OK(round_trip({file("B"), file("a"), file("a.b"), file("a\xc3\xa9"), file("b")}));
  EXPECT_OK(round_trip({file("a"), file("a-b"), file("a.b"), file("a0")}));
  EXPECT_THAT(round_trip({file("a\xc3\xa9"), file("ab")}), FailsWith(Code::corrupt, "'ab' is out of order"));
}

TEST(Tree, HoldsNamesAndTargetsUpToTheirLimits) {
  EXPECT_OK(round_trip({file(std::string(255, 'n'))}));
  EXPECT_OK(round_trip({link("l", std::string(4095, 't'))}));
  EXPECT_THAT(round_trip({link("l", std::string(4096, 't'))}), FailsWith(Code::corrupt, "target"));
}

TEST(Tree, RefusesNamesThatLeadOutsideOrIntoGit) {
  const std::string names[] = {"",
                               ".",
                               "..",
                               "a/b",
                               "/",
                               "/etc",
                               "../x",
                               ".git",
                               ".GIT",
                               ".Git",
                               ".gIt",
                               ".git.",
                               ".git ",
                               ".git. .",
                               "git~1",
                               "GIT~1",
                               "Git~1.",
                               ".git::$INDEX_ALLOCATION",
                               ".git:x",
                               ".g\u200cit",
                               "\u200d.git",
                               ".git\ufeff",
                               ".gi\u202et",
                               ".g\u206ait",
                               "a\\.git",
                               ".git\\hooks",
                               "..\\.GIT\\config",
                               std::string("a\0b", 3),
                               std::string(1, '\0')};
  for (const std::string& name : names) {
    EXPECT_FALSE(round_trip({file(name)}).ok()) << ::testing::PrintToString(name);
    EXPECT_FALSE(round_trip({link(name, "x")}).ok()) << ::testing::PrintToString(name);
    EXPECT_FALSE(round_trip({folder(name, 0, 0)}).ok()) << ::testing::PrintToString(name);
  }
  EXPECT_THAT(round_trip({file("..")}), FailsWith(Code::corrupt, "'..'"));
}

TEST(Tree, AllowsNamesThatOnlyResembleThose) {
  for (const char* name :
       {"...", ".gitignore", ".github", ".gitx", "git", "git~2", ".cairnignore", "..a", "-x"}) {
    EXPECT_TRUE(round_trip({file(name)}).ok()) << name;
  }
}

TEST(Tree, EscapesTheNameThatItRefuses) {
  auto refused = round_trip({file("a\x1b[31m/b")});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message().find('\x1b'), std::string::npos);
}

TEST(Tree, RefusesEntriesOutOfOrderOrTwice) {
  EXPECT_THAT(round_trip({file("b"), file("a")}), FailsWith(Code::corrupt, "'a' is out of order"));
  EXPECT_THAT(round_trip({file("a"), file("a", 2)}), FailsWith(Code::corrupt, "there twice"));
  EXPECT_THAT(round_trip({link("a", "x"), folder("a", 0, 0)}), FailsWith(Code::corrupt, "there twice"));
}

TEST(Tree, RefusesUnknownKinds) {
  for (int kind : {0, 5, 6, 127, 255}) {
    TreeEntry entry = file("a");
    entry.kind = static_cast<TreeKind>(kind);
    EXPECT_THAT(round_trip({entry}), FailsWith(Code::corrupt, "unknown kind")) << kind;
  }
}

TEST(Tree, RefusesTargetsThatNoSymlinkHas) {
  EXPECT_THAT(round_trip({link("l", "")}), FailsWith(Code::corrupt, "target"));
  EXPECT_THAT(round_trip({link("l", std::string("a\0b", 3))}), FailsWith(Code::corrupt, "target"));
}

TEST(Tree, RefusesANewerVersion) {
  Buffer bytes = encode_tree({{file("a")}});
  bytes[9] = 2;
  EXPECT_THAT(decode_tree(bytes), FailsWith(Code::unsupported, "newer format"));
  bytes[9] = 0;
  EXPECT_THAT(decode_tree(bytes), FailsWith(Code::corrupt, "header"));
  EXPECT_THAT(decode_tree(as_bytes("hello world")), FailsWith(Code::corrupt, "does not start"));
}

TEST(Tree, RefusesEveryPrefixThatEndsInsideAnEntry) {
  Buffer first = encode_tree({{file("a")}});
  Buffer second = encode_tree({{file("a"), link("b", "t")}});
  Buffer bytes = encode_tree({{file("a"), link("b", "t"), folder("c", 9, 9)}});
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bool at_an_end = i == 10 || i == first.size() || i == second.size();
    EXPECT_EQ(decode_tree(Bytes(bytes).first(i)).ok(), at_an_end) << i;
  }
}

TEST(Tree, EncodesWhatItDecodesToTheSameBytes) {
  // Canonical: every accepted encoding is the one that we write.
  Buffer bytes = encode_tree({{file("a"), link("b", "t"), folder("c", 9, 9)}});
  int accepted = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Buffer changed = bytes;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    auto tree = decode_tree(changed);
    if (tree.ok()) {
      ++accepted;
      EXPECT_EQ(encode_tree(*tree), changed) << bit;
    }
  }
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace cairn::store
