// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <gmock/gmock.h>

namespace cairn {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Bytes, TextAndBytesAreViewsOfTheSameMemory) {
  std::string_view text("a\0\xff", 3);
  Bytes bytes = as_bytes(text);
  EXPECT_THAT(bytes, ElementsAre('a', 0, 0xff));
  EXPECT_EQ(static_cast<const void*>(bytes.data()), text.data());
  EXPECT_EQ(as_text(bytes), text);
}

TEST(Bytes, IntegersAreLittleEndianAtAnyAddress) {
  Buffer buffer(9, 0xee);
  store_le<std::uint32_t>(buffer.data() + 1, 0x01020304);
  EXPECT_THAT(buffer, ElementsAre(0xee, 4, 3, 2, 1, 0xee, 0xee, 0xee, 0xee));
  EXPECT_EQ(load_le<std::uint32_t>(buffer.data() + 1), 0x01020304u);
  EXPECT_EQ(load_le<std::uint16_t>(buffer.data() + 3), 0x0102u);
}

TEST(Bytes, AppendingGrowsTheBuffer) {
  Buffer buffer{7};
  append_le<std::uint16_t>(buffer, 0xabcd);
  append(buffer, as_bytes("hi"));
  append(buffer, {});
  EXPECT_THAT(buffer, ElementsAre(7, 0xcd, 0xab, 'h', 'i'));
}

TEST(ByteReader, ReadsFieldsInOrder) {
  const Buffer buffer{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  ByteReader reader(buffer);
  EXPECT_EQ(reader.le<std::uint8_t>(), 1);
  EXPECT_EQ(reader.le<std::uint16_t>(), 0x0302);
  EXPECT_THAT(reader.take(2), ElementsAre(4, 5));
  EXPECT_FALSE(reader.at_end());
  EXPECT_EQ(reader.le<std::uint32_t>(), 0x09080706u);
  EXPECT_THAT(reader.rest(), ElementsAre(10, 11));
  EXPECT_THAT(reader.take(2), ElementsAre(10, 11));
  EXPECT_TRUE(reader.at_end());
  EXPECT_TRUE(reader.ok());
}

TEST(ByteReader, TakingNothingIsNoError) {
  ByteReader reader{Bytes()};
  EXPECT_THAT(reader.take(0), IsEmpty());
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.at_end());
}

TEST(ByteReader, AfterAShortReadEverythingIsZeroOrEmpty) {
  const Buffer buffer{1, 2, 3};
  ByteReader reader(buffer);
  EXPECT_EQ(reader.le<std::uint32_t>(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.le<std::uint8_t>(), 0);
  EXPECT_THAT(reader.take(1), IsEmpty());
  EXPECT_THAT(reader.rest(), IsEmpty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, AHugeLengthIsAShortReadAndDoesNotWrap) {
  const Buffer buffer{1, 2, 3};
  ByteReader reader(buffer);
  EXPECT_EQ(reader.le<std::uint8_t>(), 1);
  EXPECT_THAT(reader.take(SIZE_MAX), IsEmpty());
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace cairn
