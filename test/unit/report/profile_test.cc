// SPDX-License-Identifier: Apache-2.0
#include "report/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"
#include "support/random.h"

namespace cairn::report {
namespace {

class QuietLog : public Log {
 public:
  void warn(std::string_view) override {}
  void info(std::string_view) override {}
  void debug(std::string_view) override {}
};

Result<Profile> profile_of(std::string_view text, RecordFormat format = RecordFormat::csv,
                           unsigned jobs = 1) {
  QuietLog log;
  Progress progress;
  const std::atomic<bool> stop{false};
  MemorySource source(text);
  return build_profile(source, format, "a.csv", {log, progress, stop, jobs});
}

/// A table of several parts with all that makes cutting it hard.
std::string large_table() {
  test::SplitMix64 random(5);
  std::string text = "id,note,price,city\n";
  while (text.size() < 5 * RecordParts::kPartSize) {
    text += std::to_string(random.next());
    text += random.below(3) == 0 ? ",\"a \"\"note\"\"\nof two lines\"," : ",plain,";
    text +=
        random.below(20) == 0 ? "," : std::to_string(static_cast<double>(random.below(100000)) / 100) + ",";
    text += "city" + std::to_string(random.below(500)) + "\n";
  }
  return text;
}

TEST(Profile, TellsTypesAndMissingCells) {
  ASSERT_OK_AND_ASSIGN(const Profile profile, profile_of("i,n,b,d,t,e,mixed\n"
                                                         "1,1,true,2026-11-29,x,,1\n"
                                                         "-2,2.5,False,2026-11-29T15:30:00+01:00,NA,NaN,x\n"
                                                         " 3 ,1e3,TRUE,15:30,y z,null,\n"
                                                         "99999999999999999999,,,,,\n"));
  EXPECT_EQ(profile.rows, 4U);
  std::string types;
  std::string filled;
  for (const ColumnProfile& column : profile.columns) {
    types += std::string(type_name(column.type())) + " ";
    filled += std::to_string(column.filled()) + " ";
  }
  EXPECT_EQ(types, "integer number boolean date text empty text ");
  EXPECT_EQ(filled, "4 3 3 3 2 0 2 ");
  EXPECT_DOUBLE_EQ(profile.missing_share(*profile.find("n")), 0.25);
  EXPECT_EQ(profile.find("n")->moments.low(), 1);
  EXPECT_EQ(profile.find("n")->moments.high(), 1000);
  EXPECT_EQ(profile.find("t")->distinct(), 2);
  EXPECT_EQ(profile.find("none"), nullptr);
}

TEST(Profile, OfJsonLinesTakesStringsForStrings) {
  ASSERT_OK_AND_ASSIGN(const Profile profile,
                       profile_of("{\"a\":1,\"b\":\"2\"}\n{\"a\":2.5,\"b\":\"x\",\"c\":false}\n"
                                  "{\"a\":null,\"c\":[1]}\n",
                                  RecordFormat::json_lines));
  EXPECT_EQ(profile.rows, 3U);
  EXPECT_EQ(profile.find("a")->type(), ValueType::number);
  EXPECT_EQ(profile.find("b")->type(), ValueType::text);
  EXPECT_EQ(profile.find("c")->type(), ValueType::text);
  EXPECT_DOUBLE_EQ(profile.missing_share(*profile.find("b")), 1 / 3.0);
}

TEST(Profile, OfNothingHasNothing) {
  ASSERT_OK_AND_ASSIGN(const Profile nothing, profile_of(""));
  EXPECT_EQ(nothing.rows, 0U);
  EXPECT_TRUE(nothing.columns.empty());
  ASSERT_OK_AND_ASSIGN(const Profile names, profile_of("\xEF\xBB\xBF"
                                                       "a,b"));
  EXPECT_EQ(names.rows, 0U);
  ASSERT_EQ(names.columns.size(), 2U);
  EXPECT_EQ(names.columns.front().name, "a");
  EXPECT_EQ(names.missing_share(names.columns.front()), 0);
}

TEST(Profile, IsTheSameWithAnyNumberOfThreads) {
  const std::string text = large_table();
  ASSERT_OK_AND_ASSIGN(const Profile one, profile_of(text));
  const Buffer bytes = write_profile(one);
  for (unsigned jobs : {2U, 3U, 8U}) {
    ASSERT_OK_AND_ASSIGN(const Profile other, profile_of(text, RecordFormat::csv, jobs));
    EXPECT_TRUE(write_profile(other) == bytes) << jobs;
  }
  EXPECT_EQ(one.id, codec::hash(as_bytes(text)));
  EXPECT_EQ(one.bytes, text.size());
  EXPECT_EQ(one.find("city")->filled(), one.rows);
  EXPECT_NEAR(one.find("city")->distinct(), 500, 50);
  EXPECT_NEAR(one.find("price")->quantiles.distribution().quantile(0.5), 500, 15);
  EXPECT_NEAR(one.missing_share(*one.find("price")), 0.05, 0.01);
}

TEST(Profile, NamesTheLineOfWhatIsWrong) {
  EXPECT_THAT(profile_of("a,b\n1,2\n\"x\ny\",3\n4,\"5\n"),
              test::FailsWith(Code::malformed, "a.csv:5: a quoted cell is not closed"));
  EXPECT_THAT(profile_of("a,\"b\n1,2\n"),
              test::FailsWith(Code::malformed, "a.csv:1: a quoted cell is not closed"));
  std::string lines;
  while (lines.size() < 2 * RecordParts::kPartSize) {
    lines += "{\"a\":1}\n";
  }
  const std::string line = std::to_string(lines.size() / 8 + 1);
  for (unsigned jobs : {1U, 4U}) {
    EXPECT_THAT(profile_of(lines + "{\"a\":}\n" + lines, RecordFormat::json_lines, jobs),
                test::FailsWith(Code::malformed, "a.csv:" + line + ": not a JSON object"));
  }
}

TEST(ProfileFormat, ComesBackAsItWas) {
  ASSERT_OK_AND_ASSIGN(const Profile profile, profile_of(large_table(), RecordFormat::csv, 2));
  const Buffer bytes = write_profile(profile);
  ASSERT_OK_AND_ASSIGN(const Profile back, parse_profile(bytes));
  EXPECT_TRUE(write_profile(back) == bytes);
  EXPECT_EQ(back.id, profile.id);
  EXPECT_EQ(back.find("price")->moments.mean(), profile.find("price")->moments.mean());
}

TEST(ProfileFormat, RefusesDamageAndOtherVersions) {
  ASSERT_OK_AND_ASSIGN(const Profile profile, profile_of("a,b\n1,x\n2,y\n2.5,\n"));
  const Buffer bytes = write_profile(profile);
  for (std::size_t i = 0; i < bytes.size(); i += i < 300 ? 1 : 61) {
    EXPECT_FALSE(parse_profile(Bytes(bytes).first(i)).ok()) << i;
    Buffer flipped = bytes;
    flipped[i] ^= 4;
    EXPECT_FALSE(parse_profile(flipped).ok()) << i;
  }
  Buffer newer = bytes;
  newer[8] = 2;
  EXPECT_THAT(parse_profile(newer), test::FailsWith(Code::unsupported, "version 2"));
}

/// The same bytes with a right checksum, as somebody who means harm would write them.
Buffer forged(Buffer bytes, std::size_t at) {
  bytes[at] ^= 0xff;
  bytes.resize(bytes.size() - 8);
  append_le(bytes, codec::checksum(bytes));
  return bytes;
}

TEST(ProfileFormat, RefusesForgedCounts) {
  ASSERT_OK_AND_ASSIGN(const Profile profile, profile_of("a\n1\n2\n"));
  const Buffer bytes = write_profile(profile);
  EXPECT_THAT(parse_profile(forged(bytes, 14)), test::FailsWith(Code::corrupt, "damaged"));  // columns
  EXPECT_THAT(parse_profile(forged(bytes, 66)),
              test::FailsWith(Code::corrupt, "damaged"));  // length of a name
  for (std::size_t i = 60; i < bytes.size() - 8; i += i < 300 ? 1 : 61) {
    auto parsed = parse_profile(forged(bytes, i));
    EXPECT_TRUE(!parsed.ok() || write_profile(*parsed) == forged(bytes, i)) << i;
  }
}

}  // namespace
}  // namespace cairn::report
