// SPDX-License-Identifier: Apache-2.0
#include "version/run_log.h"

#include <gtest/gtest.h>

namespace cairn::version {
namespace {

TEST(RunOutput, KeepsAllUpToItsLimitByteForByte) {
  RunOutput output(10);
  output.add("ab\n");
  output.add(std::string_view("\0\xff", 2));
  output.add("56789");
  EXPECT_EQ(output.text(), std::string("ab\n\0\xff"
                                       "56789",
                                       10));
  EXPECT_EQ(output.bytes(), 10U);
}

TEST(RunOutput, CutsTheMiddleOutAndSaysSo) {
  RunOutput output(10);
  for (int i = 0; i < 100; ++i) {
    output.add("0123456789");
  }
  EXPECT_EQ(output.text(), "01234\n[cairn: 990 bytes of output were left out here]\n56789");
  EXPECT_EQ(output.bytes(), 1000U);
}

TEST(RunOutput, PiecesOfAnySizeGiveTheSame) {
  const std::string all = "the quick brown fox\njumps over the lazy dog\n";
  RunOutput whole(16);
  whole.add(all);
  for (std::size_t piece = 1; piece < all.size(); ++piece) {
    RunOutput output(16);
    for (std::size_t at = 0; at < all.size(); at += piece) {
      output.add(std::string_view(all).substr(at, piece));
    }
    EXPECT_EQ(output.text(), whole.text()) << piece;
  }
}

TEST(RunOutput, HasNoLineBreakTooManyBeforeTheCut) {
  RunOutput output(4);
  output.add("a\nbcdef");
  EXPECT_EQ(output.text(), "a\n[cairn: 3 bytes of output were left out here]\nef");
}

}  // namespace
}  // namespace cairn::version
