// SPDX-License-Identifier: Apache-2.0
#include "codec/id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::codec {
namespace {

const std::string kDigits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";

Id counting_id() {
  Id id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(i);
  }
  id.bytes.back() = 0xff;
  return id;
}

TEST(Id, IsWrittenAsLowerCaseDigits) {
  EXPECT_EQ(counting_id().hex(), kDigits);
  EXPECT_EQ(counting_id().text(), "b3:" + kDigits);
}

TEST(Id, IsReadBackFromBothForms) {
  EXPECT_EQ(Id::from_hex(kDigits), counting_id());
  EXPECT_EQ(Id::from_text("b3:" + kDigits), counting_id());
}

TEST(Id, RefusesEveryOtherSpellingOfDigits) {
  std::string upper = kDigits;
  upper[63] = 'F';
  for (const std::string& bad :
       {std::string(), kDigits.substr(1), kDigits.substr(2), kDigits + "0", kDigits + "00", upper,
        " " + kDigits.substr(1), "g" + kDigits.substr(1), "b3:" + kDigits}) {
    EXPECT_EQ(Id::from_hex(bad), std::nullopt) << bad;
  }
}

TEST(Id, RefusesTextWithoutTheExactPrefix) {
  for (const std::string& bad :
       {std::string(), std::string("b3:"), kDigits, "B3:" + kDigits, "b3" + kDigits, "b3: " + kDigits,
        " b3:" + kDigits, "b3:" + kDigits + "\n", "md5:" + kDigits}) {
    EXPECT_EQ(Id::from_text(bad), std::nullopt) << bad;
  }
}

TEST(Id, IsOrderedByBytesAndSoIsItsPrefix) {
  Id low;
  low.bytes[7] = 0xff;
  Id high;
  high.bytes[0] = 0x01;
  EXPECT_LT(low, high);
  EXPECT_LT(low.prefix(), high.prefix());
  EXPECT_EQ(low.prefix(), 0xffU);
  EXPECT_EQ(counting_id().prefix(), 0x0001020304050607U);

  Id last = low;
  last.bytes[31] = 1;
  EXPECT_LT(low, last);
  EXPECT_EQ(low.prefix(), last.prefix());
}

}  // namespace
}  // namespace cairn::codec
