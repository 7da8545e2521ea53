// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

TEST(IsUtf8, TakesEveryLengthUpToTheLastCodePoint) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain"));
  EXPECT_TRUE(is_utf8("\xc2\x80 \xdf\xbf"));
  EXPECT_TRUE(is_utf8("\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf"));
  EXPECT_TRUE(is_utf8("\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"));
}

TEST(IsUtf8, RefusesWhatIsNotWellFormed) {
  EXPECT_FALSE(is_utf8("\x80")) << "continuation alone";
  EXPECT_FALSE(is_utf8("a\xc3")) << "cut";
  EXPECT_FALSE(is_utf8("\xe2\x82")) << "cut";
  EXPECT_FALSE(is_utf8("\xf0\x9f\x98")) << "cut";
  EXPECT_FALSE(is_utf8("\xc3(")) << "no continuation";
  EXPECT_FALSE(is_utf8("\xc0\xaf")) << "overlong";
  EXPECT_FALSE(is_utf8("\xc1\xbf")) << "overlong";
  EXPECT_FALSE(is_utf8("\xe0\x9f\xbf")) << "overlong";
  EXPECT_FALSE(is_utf8("\xf0\x8f\xbf\xbf")) << "overlong";
  EXPECT_FALSE(is_utf8("\xed\xa0\x80")) << "surrogate";
  EXPECT_FALSE(is_utf8("\xed\xbf\xbf")) << "surrogate";
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80")) << "above U+10FFFF";
  EXPECT_FALSE(is_utf8("\xf5\x80\x80\x80")) << "above U+10FFFF";
  EXPECT_FALSE(is_utf8("\xff"));
}

TEST(Escaped, LeavesHarmlessTextAlone) {
  EXPECT_EQ(escaped(""), "");
  EXPECT_EQ(escaped("data/naïve 数据.csv"), "data/naïve 数据.csv");
  EXPECT_EQ(escaped("C:\\dir"), "C:\\dir");
}

TEST(Escaped, ControlCharactersBecomeVisible) {
  EXPECT_EQ(escaped("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(escaped("\x1b[31m\x7f"), "\\x1b[31m\\x7f");
  EXPECT_EQ(escaped(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(escaped("\xc2\x9b"), "\\u{9b}");
}

TEST(Escaped, BytesThatAreNotUtf8BecomeHexOneByOne) {
  EXPECT_EQ(escaped("a\xff\xc3(b"), "a\\xff\\xc3(b");
}

TEST(Escaped, TextThatReordersTheLineBecomesVisible) {
  EXPECT_EQ(escaped("a\u202eb"), "a\\u{202e}b");
  EXPECT_EQ(escaped("\u2066\u2069\u200e\u200f\u2028\u2029"),
            "\\u{2066}\\u{2069}\\u{200e}\\u{200f}\\u{2028}\\u{2029}");
}

TEST(Escaped, ABackslashIsDoubledOnlyBesideAnotherEscape) {
  EXPECT_EQ(escaped("a\\n"), "a\\n");
  EXPECT_EQ(escaped("a\\n\n"), "a\\\\n\\n");
}

TEST(Quoted, StandsBetweenSingleQuotes) {
  EXPECT_EQ(quoted(std::string_view("a b")), "'a b'");
  EXPECT_EQ(quoted(std::string("\n")), "'\\n'");
}

}  // namespace
}  // namespace cairn
