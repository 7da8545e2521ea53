// SPDX-License-Identifier: Apache-2.0
#include "project/pointer.h"

#include "support/matchers.h"

namespace cairn::project {
namespace {

using test::FailsWith;

const std::string kDigits = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

Pointer file_pointer() {
  Pointer pointer;
  pointer.object = {store::Family::blob, *store::Id::from_hex(kDigits), 12345};
  return pointer;
}

Pointer tree_pointer() {
  Pointer pointer = file_pointer();
  pointer.object.family = store::Family::tree;
  pointer.files = 7;
  return pointer;
}

/// A pointer with every key that a file can have.
Pointer full_pointer() {
  Pointer pointer = file_pointer();
  pointer.executable = true;
  pointer.user.set("meta", text::Value::map({{"owner", text::Value::string("ann"), {}, {}}}));
  pointer.user.set("push", text::Value::boolean(false));
  pointer.user.set("remote", text::Value::string("backup"));
  pointer.user.set("desc", text::Value::string("raw: data # 1"));
  return pointer;
}

const std::string kCommit(40, 'c');

Pointer repository_import() {
  Pointer pointer = tree_pointer();
  pointer.source = RepositorySource{"../prices", "data/images", "v1.0", kCommit};
  pointer.user.set("desc", text::Value::string("pictures"));
  return pointer;
}

Pointer url_import() {
  Pointer pointer = file_pointer();
  pointer.source =
      UrlSource{"https://example.org/a.csv", "\"5f-6\"", "v: 1", "Wed, 21 Oct 2015 07:28:00 GMT", ""};
  return pointer;
}

std::vector<Pointer> all_pointers() {
  return {file_pointer(), tree_pointer(), full_pointer(), repository_import(), url_import()};
}

std::string file_text() {
  return "cairn: 1\ntype: file\nhash: b3:" + kDigits + "\nsize: 12345\n";
}

TEST(Pointer, OfAFileHasTheBytesOfItsFormatPage) {
  EXPECT_EQ(write_pointer(file_pointer()), file_text());
}

TEST(Pointer, OfATreeHasTheBytesOfItsFormatPage) {
  EXPECT_EQ(write_pointer(tree_pointer()),
            "cairn: 1\ntype: tree\nhash: b3:" + kDigits + "\nsize: 12345\nfiles: 7\n");
}

TEST(Pointer, KeepsTheUsersKeysInTheirOrder) {
  EXPECT_EQ(write_pointer(full_pointer()),
            file_text() +
                "exec: true\ndesc: \"raw: data # 1\"\nremote: backup\npush: false\nmeta:\n  owner: ann\n");
}

TEST(Pointer, OfAnImportHasTheBytesOfItsFormatPage) {
  EXPECT_EQ(
      write_pointer(repository_import()),
      "cairn: 1\ntype: tree\nhash: b3:" + kDigits +
          "\nsize: 12345\nfiles: 7\nsource:\n  kind: repository\n  url: ../prices\n  path: data/images\n"
          "  rev: v1.0\n  commit: " +
          kCommit + "\ndesc: pictures\n");
  EXPECT_EQ(write_pointer(url_import()),
            file_text() +
                "source:\n  kind: url\n  url: https://example.org/a.csv\n  etag: \"\\\"5f-6\\\"\"\n"
                "  version: \"v: 1\"\n  modified: Wed, 21 Oct 2015 07:28:00 GMT\n");
}

TEST(Pointer, LosesItsSourceWithItsContent) {
  Pointer pointer = url_import();
  pointer.set_object(pointer.object);
  EXPECT_TRUE(pointer.source.has_value());
  store::Object other = pointer.object;
  other.id.bytes[0] ^= 1;
  pointer.set_object(other);
  EXPECT_FALSE(pointer.source.has_value());
  EXPECT_EQ(pointer.object, other);
}

TEST(Pointer, ReadsBackWhatItWrote) {
  for (const Pointer& pointer : all_pointers()) {
    const std::string text = write_pointer(pointer);
    ASSERT_OK_AND_ASSIGN(const Pointer again, parse_pointer(text, "x.cairn"));
    EXPECT_EQ(again, pointer);
    EXPECT_EQ(write_pointer(again), text);
  }
}

TEST(Pointer, AcceptsLineEndsOfOtherSystemsAndComments) {
  const std::string text = "# ours\r\ncairn: 1\r\ntype: file\r\nhash: b3:" + kDigits + "\r\nsize: 12345\r\n";
  ASSERT_OK_AND_ASSIGN(const Pointer pointer, parse_pointer(text, "x.cairn"));
  EXPECT_EQ(pointer, file_pointer());
}

TEST(Pointer, RefusesWhatIsNotItsFormat) {
  struct Case {
    std::string text;
    std::string_view message;
  };
  const std::string hash = "hash: b3:" + kDigits + "\n";
  const std::vector<Case> cases = {
      {"", "was cut"},
      {"- 1\n", "x.cairn:1:1: expected the keys of a pointer"},
      {"type: file\n" + hash + "size: 1\n", "'cairn' is missing"},
      {"cairn: 1\n" + hash + "size: 1\n", "'type' is missing"},
      {"cairn: 1\ntype: file\nsize: 1\n", "'hash' is missing"},
      {"cairn: 1\ntype: file\n" + hash, "'size' is missing"},
      {"cairn: 1\ntype: tree\n" + hash + "size: 1\n", "'files' is missing"},
      {"cairn: 1\ntype: dir\n" + hash + "size: 1\n", "x.cairn:2:7: 'type' is 'dir'"},
      {file_text() + "colour: red\n", "x.cairn:5:1: unknown key 'colour'"},
      {file_text() + "files: 1\n", "'files' stands only in the pointer of a tree"},
      {file_text() + "exec: false\n", "only as true"},
      {file_text() + "exec: 1\n", "x.cairn:5:7"},
      {file_text() + "push: 1\n", "x.cairn:5:7"},
      {file_text() + "desc: [1]\n", "x.cairn:5:7"},
      {file_text() + "size: 12345\n", "size"},
      {"cairn: 1\ntype: file\n" + hash + "size: -1\n", "plain number"},
      {"cairn: 1\ntype: file\n" + hash + "size: 0x10\n", "plain number"},
      {"cairn: 1\ntype: file\n" + hash + "size: 010\n", "plain number"},
      {"cairn: 1\ntype: file\n" + hash + "size: 1.5\n", "x.cairn:4:7"},
      {"cairn: 1\ntype: file\n" + hash + "size: 99999999999999999999\n", "x.cairn:4"},
      {"cairn: 1\ntype: file\nhash: " + kDigits + "\nsize: 1\n", "'hash' is not"},
      {"cairn: 1\ntype: file\nhash: b3:" + kDigits.substr(1) + "\nsize: 1\n", "'hash' is not"},
      {file_text() + "source: x\n", "x.cairn:5:9"},
      {file_text() + "source:\n  url: x\n", "'kind' of 'source' is missing"},
      {file_text() + "source:\n  kind: url\n", "'url' of 'source' is missing"},
      {file_text() + "source:\n  kind: url\n  url: \"\"\n", "'url' of 'source' is empty"},
      {file_text() + "source:\n  kind: url\n  url: x\n  etag: 1\n", "x.cairn:8:9"},
      {file_text() + "source:\n  kind: url\n  url: x\n  commit: " + kCommit + "\n", "unknown key 'commit'"},
      {file_text() + "source:\n  kind: repository\n  url: x\n  path: a\n", "'commit' of 'source' is missing"},
      {file_text() + "source:\n  kind: repository\n  url: x\n  path: a\n  commit: abc\n", "no commit of Git"},
      {file_text() + "source:\n  kind: repository\n  url: x\n  path: ../a\n  commit: " + kCommit + "\n",
       "'path' of 'source'"},
      {"cairn: 0\ntype: file\n" + hash + "size: 1\n", "no format version 0"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(parse_pointer(c.text, "x.cairn"), FailsWith(Code::malformed, c.message)) << c.text;
  }
}

TEST(Pointer, OfANewerVersionOrAnotherKindOfImportIsUnsupported) {
  EXPECT_THAT(parse_pointer("cairn: 2\nshape: round\n", "x.cairn"),
              FailsWith(Code::unsupported, "version 2"));
  EXPECT_THAT(parse_pointer(file_text() + "source:\n  kind: table\n  query: x\n", "x.cairn"),
              FailsWith(Code::unsupported, "imports of the kind 'table'"));
}

TEST(Pointer, InAMergeConflictNamesTheCommandThatSettlesIt) {
  const auto result = parse_pointer("cairn: 1\n<<<<<<< HEAD\ntype: file\n=======\n", "x.cairn");
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().hint(), ::testing::HasSubstr("cairn resolve"));
}

TEST(Pointer, CutAnywhereIsRefusedOrAnotherWholePointer) {
  for (const Pointer& pointer : all_pointers()) {
    const std::string text = write_pointer(pointer);
    for (std::size_t size = 0; size < text.size(); ++size) {
      const auto result = parse_pointer(text.substr(0, size), "x.cairn");
      if (result.ok()) {
        // Only at the end of a line that may be the last one.
        EXPECT_EQ(write_pointer(*result), text.substr(0, size));
        EXPECT_EQ(result->object, pointer.object);
      }
    }
  }
}

TEST(Pointer, WithAFlippedBitIsRefusedOrSeenAsAnother) {
  for (const Pointer& pointer : all_pointers()) {
    const std::string text = write_pointer(pointer);
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
      std::string damaged = text;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      const auto result = parse_pointer(damaged, "x.cairn");
      EXPECT_TRUE(!result.ok() || *result != pointer) << damaged;
    }
  }
}

TEST(Pointer, PathsBelongToTheDataBesideThem) {
  EXPECT_TRUE(is_pointer_path("a/data.csv.cairn"));
  EXPECT_FALSE(is_pointer_path("a/.cairn"));
  EXPECT_FALSE(is_pointer_path("a.cairn/b"));
  EXPECT_EQ(data_path("a/data.csv.cairn"), "a/data.csv");
  EXPECT_EQ(pointer_path("a/data.csv"), "a/data.csv.cairn");
}

}  // namespace
}  // namespace cairn::project
