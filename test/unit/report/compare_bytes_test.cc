// SPDX-License-Identifier: Apache-2.0
#include "report/compare_bytes.h"

#include <sys/stat.h>

#include <fstream>

#include "compare_fixture.h"

namespace cairn::report {
namespace {

using namespace std::string_literals;
using CompareBytes = CompareFixture;

TEST_F(CompareBytes, NamesLineColumnAndWord) {
  EXPECT_EQ(words("a b\nloss 1\nacc 0.81\nx\n", "a b\nloss 1\nacc 0.79\nx\n"),
            "line 3, column 5: '0.81' became '0.79'");
  EXPECT_EQ(words("a", "b"), "line 1, column 1: 'a' became 'b'");
}

TEST_F(CompareBytes, TheOffsetIsThatOfTheFirstByte) {
  const auto out = compare(file("acc,0.81\n"), file("acc,0.79\n"));
  ASSERT_OK(out);
  EXPECT_EQ(out->first->offset, 6U);
  EXPECT_EQ(out->first->line, 1U);
  EXPECT_EQ(out->first->column, "5");
  EXPECT_EQ(out->first->before, "0.81");
  EXPECT_EQ(out->first->after, "0.79");
}

TEST_F(CompareBytes, ColumnsCountCharacters) {
  EXPECT_EQ(words("größe é\n", "größe è\n"), "line 1, column 7: 'é' became 'è'");
}

TEST_F(CompareBytes, AnEmptyFileHasNoWords) {
  EXPECT_EQ(words("", "x\n"), "line 1, column 1: 'x\\n' was added");
  EXPECT_EQ(words("x", ""), "line 1, column 1: 'x' is missing");
}

TEST_F(CompareBytes, WhatWasAddedAtTheEnd) {
  EXPECT_EQ(words("a\nb\n", "a\nb\nc d\n"), "line 3, column 1: 'c d\\n' was added");
  EXPECT_EQ(words("a\nb\nc\n", "a\nb\n"), "line 3, column 1: 'c\\n' is missing");
}

TEST_F(CompareBytes, LineEndsAreTold) {
  EXPECT_EQ(words("a\nlast\n", "a\nlast"), "line 2, column 1: 'last\\n' became 'last'");
  EXPECT_EQ(words("one two\nx", "one two\r\nx"), "line 1, column 5: 'two\\n' became 'two\\r\\n'");
  EXPECT_EQ(words("a\n\nb\n", "a\nb\n"), "line 2, column 1: '\\n' became 'b\\n'");
}

TEST_F(CompareBytes, LongWordsAreCut) {
  const std::string word(200, 'x');
  const auto out = compare(file("a " + word + "1" + word), file("a " + word + "2" + word));
  ASSERT_OK(out);
  EXPECT_EQ(out->first->offset, 202U);
  EXPECT_EQ(out->first->column, "173");
  EXPECT_EQ(out->first->before, std::string(30, 'x') + "1" + std::string(29, 'x') + "…");
}

TEST_F(CompareBytes, ExcerptsArePrintable) {
  const auto out = compare(file("a \xff\x1b[1m\n"), file("a \xfe\n"));
  ASSERT_OK(out);
  EXPECT_EQ(out->first->before, "\\xff\\x1b");
  EXPECT_EQ(out->first->after, "\\xfe");
}

TEST_F(CompareBytes, BinaryFilesAreToldByBytes) {
  EXPECT_EQ(words("ab\0\1cd"s, "ab\0\2cd"s), "byte 3 of 6: 01 63 64 became 02 63 64");
  EXPECT_EQ(words("ab\0"s, "ab\0cd"s), "byte 3 of 3: it ended here, now 2 bytes follow");
  EXPECT_EQ(words("ab\0cd"s, "ab\0"s), "byte 3 of 5: it ends here, 2 bytes followed");
  const auto out = compare(file("\0\1"s), file("\0\2"s));
  EXPECT_EQ(out->first->before, "01");
  EXPECT_FALSE(out->first->line);
}

TEST_F(CompareBytes, ATextThatBecameBinaryIsToldByBytes) {
  EXPECT_EQ(words("a\n", "a\0"s), "byte 1 of 2: 0a became 00");
}

TEST_F(CompareBytes, LargeFilesAreReadChunkByChunk) {
  Buffer bytes = test::text_bytes(1 << 20, 7);
  std::string before(as_text(bytes));
  const std::size_t at = before.find(' ', 900'000) + 1;
  std::string after = before;
  after[at] = '#';
  const auto out = compare(file(before), file(after));
  ASSERT_OK(out);
  EXPECT_EQ(out->first->offset, at);
  EXPECT_EQ(out->first->line,
            static_cast<std::uint64_t>(std::ranges::count(std::string_view(before).substr(0, at), '\n')) + 1);
  EXPECT_EQ(out->first->column, std::to_string(at - before.rfind('\n', at)));
  EXPECT_THAT(out->extent, testing::EndsWith(" of 1.00 MiB"));
  EXPECT_THAT(out->extent, testing::HasSubstr("KiB"));
}

/// Changes a byte of a file of the store.
void damage(const std::string& path, std::streamoff offset) {
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  std::fstream stored(path, std::ios::in | std::ios::out | std::ios::binary);
  stored.seekg(offset);
  const int byte = stored.get();
  stored.seekp(offset);
  stored.put(static_cast<char>(byte ^ 0x5a));
}

TEST_F(CompareBytes, EqualChunksOfBinariesAreNotRead) {
  const std::string common(as_text(test::random_bytes(1 << 20, 3)));
  const auto before = file(common);
  damage(packs_of(*store_).front(), 500'000);
  EXPECT_EQ(words(before, file(common + "more")),
            "byte 1048576 of 1048576: it ended here, now 4 bytes follow");
}

TEST_F(CompareBytes, DamagedContentIsAnErrorAndNoVerdict) {
  const std::string content(as_text(test::random_bytes(1 << 20, 3)));
  std::string other = content;
  other[500'000] = static_cast<char>(other[500'000] + 1);
  const auto before = file(content);
  damage(packs_of(*store_).front(), 500'000);
  EXPECT_THAT(compare(before, file(other)), test::FailsWith(Code::corrupt, ""));
}

}  // namespace
}  // namespace cairn::report
