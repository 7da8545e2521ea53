// SPDX-License-Identifier: Apache-2.0
#include "project/merge_pointers.h"

#include "codec/hash.h"
#include "support/matchers.h"

namespace cairn::project {
namespace {

using test::FailsWith;

std::optional<Choice> undecided(const std::string&) {
  return std::nullopt;
}

store::Id blob(const std::string& content) {
  return codec::hash(as_bytes(content));
}

Pointer file_pointer(const std::string& content) {
  Pointer pointer;
  pointer.object = {store::Family::blob, blob(content), content.size()};
  return pointer;
}

Pointer described(Pointer pointer, const std::string& desc, const std::string& owner) {
  pointer.user.set("desc", text::Value::string(desc));
  text::Value meta = text::Value::map();
  meta.set("owner", text::Value::string(owner));
  pointer.user.set("meta", std::move(meta));
  return pointer;
}

Result<MergedPointer> merge_files(const PointerSides& sides, const Decide& decide = undecided) {
  return merge_pointers(sides, nullptr, nullptr, decide);
}

TEST(MergePointers, OfOneFileKeepContentAndKeysOfEitherSide) {
  const Pointer base = described(file_pointer("1"), "numbers", "ann");
  const Pointer ours = described(file_pointer("2"), "numbers", "ann");
  Pointer theirs = described(file_pointer("1"), "new numbers", "bo");
  theirs.user.set("push", text::Value::boolean(false));
  ASSERT_OK_AND_ASSIGN(const MergedPointer merged, merge_files({base, ours, theirs}));
  EXPECT_TRUE(merged.clean());
  Pointer wanted = described(file_pointer("2"), "new numbers", "bo");
  wanted.user.set("push", text::Value::boolean(false));
  EXPECT_EQ(write_pointer(*merged.sides.ours), write_pointer(wanted));
}

TEST(MergePointers, OfOneFileThatBothChangedAreAConflict) {
  ASSERT_OK_AND_ASSIGN(const MergedPointer merged,
                       merge_files({file_pointer("1"), file_pointer("2"), file_pointer("3")}));
  ASSERT_EQ(merged.paths.size(), 1U);
  EXPECT_EQ(merged.paths.front().path, "");
}

TEST(MergePointers, NameTheKeyThatBothChanged) {
  const Pointer base = described(file_pointer("1"), "x", "ann");
  const Pointer ours = described(file_pointer("2"), "x", "bo");
  const Pointer theirs = described(file_pointer("1"), "y", "cy");
  ASSERT_OK_AND_ASSIGN(const MergedPointer merged, merge_files({base, ours, theirs}));
  EXPECT_TRUE(merged.paths.empty());
  EXPECT_EQ(merged.keys, std::vector<std::string>{"meta.owner"});
  ASSERT_OK_AND_ASSIGN(const MergedPointer settled, merge_files(merged.sides, [](const std::string&) {
                         return std::optional(Choice::theirs);
                       }));
  EXPECT_TRUE(settled.clean());
  EXPECT_EQ(*settled.sides.ours, described(file_pointer("2"), "y", "cy"));
}

TEST(MergePointers, RemovedHereAndChangedThereAreAConflictAsAWhole) {
  const PointerSides sides = {file_pointer("1"), std::nullopt, file_pointer("2")};
  ASSERT_OK_AND_ASSIGN(const MergedPointer merged, merge_files(sides));
  ASSERT_EQ(merged.paths.size(), 1U);
  EXPECT_EQ(describe(merged.paths.front()), "deleted here, changed there");
  for (const Choice choice : {Choice::ours, Choice::theirs, Choice::both}) {
    ASSERT_OK_AND_ASSIGN(const MergedPointer settled,
                         merge_files(sides, [&](const std::string&) { return std::optional(choice); }));
    EXPECT_TRUE(settled.clean());
    EXPECT_EQ(settled.sides.ours, choice == Choice::ours ? sides.ours : sides.theirs);
  }
}

TEST(MergePointers, InConflictAreReadBackFromTheirText) {
  const PointerSides sides = {file_pointer("1"), described(file_pointer("2"), "a\nb", "x"),
                              file_pointer("3")};
  ASSERT_OK_AND_ASSIGN(const MergedPointer merged, merge_files(sides));
  for (const unsigned size : {7U, 11U}) {
    std::string text = write_conflict(merged, "note", size);
    EXPECT_THAT(parse_pointer(text, "a.cairn"), FailsWith(Code::conflict, "'a.cairn' is in conflict"));
    for (const bool crlf : {false, true}) {
      if (crlf) {
        for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) {
          text.insert(at, "\r");
        }
      }
      const auto texts = text::split_conflict(text);
      ASSERT_TRUE(texts.has_value());
      ASSERT_OK_AND_ASSIGN(const PointerSides read, parse_sides(*texts, "a.cairn"));
      EXPECT_EQ(read, merged.sides);
    }
  }
}

TEST(MergePointers, TakeTheBaseOfABaseThatIsInConflictItself) {
  ASSERT_OK_AND_ASSIGN(const MergedPointer inner,
                       merge_files({file_pointer("1"), file_pointer("2"), file_pointer("3")}));
  ASSERT_OK_AND_ASSIGN(const PointerSides sides,
                       parse_sides({write_conflict(inner, "note", 9), write_pointer(file_pointer("2")),
                                    write_pointer(file_pointer("4"))},
                                   "a.cairn"));
  EXPECT_EQ(sides.base, file_pointer("1"));
}

TEST(MergePointers, WithoutABaseThatCanBeReadHaveNone) {
  const std::string text = write_pointer(file_pointer("2"));
  for (const char* base : {"", "# nothing\n", "cairn: 9\n", "<<<<<<< x\n"}) {
    ASSERT_OK_AND_ASSIGN(const PointerSides sides, parse_sides({base, text, text}, "a.cairn"));
    EXPECT_FALSE(sides.base.has_value());
  }
  EXPECT_THAT(parse_sides({"", text, "type: x\n"}, "a.cairn"), FailsWith(Code::malformed, "a.cairn"));
}

}  // namespace
}  // namespace cairn::project
