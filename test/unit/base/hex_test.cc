// SPDX-License-Identifier: Apache-2.0
#include "base/hex.h"

#include <gmock/gmock.h>

#include <numeric>

namespace cairn {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(Hex, IsLowerCaseAndTwoDigitsAByte) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(to_hex(Buffer{0x00, 0x0f, 0xa0, 0xff}), "000fa0ff");
}

TEST(Hex, EveryByteComesBack) {
  Buffer all(256);
  std::iota(all.begin(), all.end(), std::uint8_t{0});
  EXPECT_THAT(from_hex(to_hex(all)), Optional(all));
  EXPECT_THAT(from_hex("09af"), Optional(ElementsAre(0x09, 0xaf)));
  EXPECT_THAT(from_hex(""), Optional(ElementsAre()));
}

TEST(Hex, RefusesEverySpellingButOne) {
  for (std::string_view text : {"a", "abc", "AB", "aB", "g0", "0g", "0x", " 0", "/0", ":0", "`0", "-1"}) {
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace cairn
