// SPDX-License-Identifier: Apache-2.0
#include "pipeline/word_diff.h"

#include <gtest/gtest.h>

#include <random>

namespace cairn::pipeline {
namespace {

using text::DiffOp;

std::string shown(std::string_view before, std::string_view after) {
  std::string out;
  for (const DiffPiece& piece : word_diff(before, after)) {
    out += piece.op == DiffOp::same      ? piece.text
           : piece.op == DiffOp::removed ? "[-" + piece.text + "-]"
                                         : "{+" + piece.text + "+}";
  }
  return out;
}

TEST(WordDiff, NamesTheWordsThatChanged) {
  EXPECT_EQ(shown("train --lr 0.1 --x", "train --lr 0.2 --x"), "train --lr [-0.1-]{+0.2+} --x");
  EXPECT_EQ(shown("a b", "a x b"), "a {+x +}b");
  EXPECT_EQ(shown("a x b", "a b"), "a [-x -]b");
  EXPECT_EQ(shown("same", "same"), "same");
  EXPECT_EQ(shown("", "new"), "{+new+}");
  EXPECT_EQ(shown("old", ""), "[-old-]");
}

TEST(WordDiff, CountsWhiteSpaceAndLines) {
  EXPECT_EQ(shown("a  b", "a b"), "a[-  -]{+ +}b");
  EXPECT_EQ(shown("a\nb\n", "a\nc\nb\n"), "a\n{+c\n+}b\n");
}

TEST(WordDiff, MakesOneChangeOfNeighbours) {
  EXPECT_EQ(shown("run a b c end", "run x y c end"), "run [-a b-]{+x y+} c end");
}

TEST(WordDiff, GivesBothTextsBack) {
  std::mt19937 random(7);
  const std::string_view words[] = {"a", "b", "c", " ", "  ", "\n", "\t"};
  for (int round = 0; round < 500; ++round) {
    std::string texts[2];
    for (std::string& text : texts) {
      for (auto i = random() % 12; i > 0; --i) {
        text += words[random() % 7];
      }
    }
    std::string before;
    std::string after;
    for (const DiffPiece& piece : word_diff(texts[0], texts[1])) {
      EXPECT_FALSE(piece.text.empty());
      before += piece.op == DiffOp::added ? "" : piece.text;
      after += piece.op == DiffOp::removed ? "" : piece.text;
    }
    ASSERT_EQ(before, texts[0]);
    ASSERT_EQ(after, texts[1]);
  }
}

TEST(WordDiff, StaysBoundedOnLongTexts) {
  std::string before;
  std::string after;
  for (int i = 0; i < 20000; ++i) {
    before += "a" + std::to_string(i) + " ";
    after += "b" + std::to_string(i) + " ";
  }
  const std::vector<DiffPiece> pieces = word_diff("x " + before + "y", "x " + after + "y");
  ASSERT_GE(pieces.size(), 3U);
  EXPECT_EQ(pieces.front().text, "x ");
  EXPECT_EQ(pieces.back().text, " y");
}

}  // namespace
}  // namespace cairn::pipeline
