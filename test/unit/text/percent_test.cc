// SPDX-License-Identifier: Apache-2.0
#include "text/percent.h"

#include <gtest/gtest.h>

namespace cairn::text {
namespace {

TEST(Percent, EncodesAllButUnreservedBytes) {
  EXPECT_EQ(percent_encoded("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(percent_encoded("a b+c/d%\xc3\xa9"), "a%20b%2Bc%2Fd%25%C3%A9");
  EXPECT_EQ(percent_encoded("a/b c", "/"), "a/b%20c");
}

TEST(Percent, DecodesWhatItEncodes) {
  std::string all;
  for (int c = 0; c < 256; ++c) {
    all.push_back(static_cast<char>(c));
  }
  EXPECT_EQ(percent_decoded(percent_encoded(all)), all);
  EXPECT_EQ(percent_decoded("%c3%A9+"), "\xc3\xa9+");
}

TEST(Percent, RefusesBadEscapes) {
  EXPECT_EQ(percent_decoded("%2"), std::nullopt);
  EXPECT_EQ(percent_decoded("%zz"), std::nullopt);
  EXPECT_EQ(percent_decoded("x%"), std::nullopt);
}

}  // namespace
}  // namespace cairn::text
