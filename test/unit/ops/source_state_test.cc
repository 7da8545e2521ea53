// SPDX-License-Identifier: Apache-2.0
#include "ops/source_state.h"

#include <gtest/gtest.h>

#include <vector>

#include "ops/source_place.h"
#include "ops/source_url.h"

namespace cairn::ops {
namespace {

constexpr std::uint64_t kSize = 10;

SourceFile file(const std::string& path, const std::string& etag, const std::string& modified = "",
                const std::string& version = "", std::uint64_t size = kSize) {
  return {path, {size, etag, version, modified}};
}

SourceChange compare(const SourceFile& before, const SourceFile& now) {
  const project::UrlSource recorded = record_state("x", {false, std::span(&before, 1)});
  return compare_states(recorded, before.state.size, {false, std::span(&now, 1)});
}

TEST(SourceState, OfAFileIsToldByVersionThenETagThenTimeAndSize) {
  EXPECT_EQ(compare(file("", "a", "t", "1"), file("", "b", "u", "1")), SourceChange::same);
  EXPECT_EQ(compare(file("", "a", "t", "1"), file("", "a", "t", "2")), SourceChange::moved);
  EXPECT_EQ(compare(file("", "a", "t"), file("", "a", "u")), SourceChange::same);
  EXPECT_EQ(compare(file("", "a", "t"), file("", "b", "t")), SourceChange::moved);
  EXPECT_EQ(compare(file("", "", "t"), file("", "", "t")), SourceChange::same);
  EXPECT_EQ(compare(file("", "", "t"), file("", "", "u")), SourceChange::moved);
  EXPECT_EQ(compare(file("", "", "t"), file("", "", "t", "", 11)), SourceChange::moved);
}

TEST(SourceState, ThatTellsTooLittleIsUnknown) {
  EXPECT_EQ(compare(file("", ""), file("", "")), SourceChange::unknown);
  EXPECT_EQ(compare(file("", "a"), file("", "", "t")), SourceChange::unknown);
  EXPECT_EQ(compare(file("", ""), file("", "", "", "", 11)), SourceChange::moved);
}

TEST(SourceState, OfAFolderIsThatOfAllItsFiles) {
  const std::vector<SourceFile> files = {file("a", "1"), file("b", "2")};
  const project::UrlSource recorded = record_state("x", {true, files});
  EXPECT_EQ(compare_states(recorded, 20, {true, files}), SourceChange::same);
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<SourceFile> other = files;
    switch (i) {
      case 0:
        other[1].state.etag = "3";
        break;
      case 1:
        other[1].path = "c";
        break;
      case 2:
        other.pop_back();
        break;
      default:
        other[0].state.size = 11;
    }
    EXPECT_EQ(compare_states(recorded, 20, {true, other}), SourceChange::moved) << i;
  }
  // Texts that are the same one after the other.
  const std::vector<SourceFile> ab = {file("a", "bc")};
  const std::vector<SourceFile> abc = {file("ab", "c")};
  EXPECT_NE(record_state("x", {true, ab}).listing, record_state("x", {true, abc}).listing);
}

TEST(SourceState, OfAFolderThatTellsOnlySizesIsUnknown) {
  const std::vector<SourceFile> files = {file("a", "1"), file("b", "")};
  EXPECT_EQ(compare_states(record_state("x", {true, files}), 20, {true, files}), SourceChange::unknown);
}

TEST(SourceState, OfAFileThatBecameAFolderMoved) {
  const SourceFile before = file("", "a");
  const std::vector<SourceFile> files = {file("a", "a")};
  const project::UrlSource recorded = record_state("x", {false, std::span(&before, 1)});
  EXPECT_EQ(compare_states(recorded, kSize, {true, files}), SourceChange::moved);
}

TEST(SourceUrl, WithASecretIsRefusedWithoutRepeatingIt) {
  for (const char* url : {"https://me:word@example.org/a", "http://word@example.org/a",
                          "ssh://me:word@example.org/a", "webdavs://word@example.org/a?x=/@y"}) {
    const Status checked = check_no_secret(url);
    ASSERT_FALSE(checked.ok()) << url;
    EXPECT_EQ(checked.error().code(), Code::usage);
    EXPECT_EQ((checked.error().message() + checked.error().hint()).find("word@"), std::string::npos);
  }
  for (const char* url : {"https://example.org/a@b:c", "ssh://me@example.org/a", "me@example.org:a", "/a@b:c",
                          "../a", "s3://bucket/a"}) {
    EXPECT_TRUE(check_no_secret(url).ok()) << url;
  }
}

TEST(SourceUrl, OfAFolderIsSeenFromTheProject) {
  EXPECT_EQ(placed_url("../prices", "/home/p/in", "/home/p"), "prices");
  EXPECT_EQ(placed_url("../../prices/", "/home/p/in", "/home/p"), "../prices");
  EXPECT_EQ(placed_url("/data/prices", "/home/p/in", "/home/p"), "/data/prices");
  EXPECT_EQ(placed_url("https://h/../x", "/home/p", "/home/p"), "https://h/../x");
}

TEST(SourceUrl, NamesWhatIsImported) {
  EXPECT_EQ(name_of_source("https://h/a/b%20c.csv"), "b c.csv");
  EXPECT_EQ(name_of_source("https://h/a/"), "a");
  EXPECT_EQ(name_of_source("https://h"), "");
  EXPECT_EQ(name_of_source("s3://bucket/a%20b"), "a%20b");
  EXPECT_EQ(name_of_source("remote://name/a"), "a");
  EXPECT_EQ(name_of_source("file:///a"), "a");
  EXPECT_EQ(name_of_source("a"), "a");
  EXPECT_EQ(name_of_source("/a"), "a");
}

}  // namespace
}  // namespace cairn::ops
