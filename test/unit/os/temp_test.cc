// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <set>

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using test::write_text;

TEST(RandomName, HasSixteenHexDigitsAndDiffersEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    std::string name = random_name();
    EXPECT_EQ(name.size(), 16u);
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), std::string::npos) << name;
    EXPECT_TRUE(seen.insert(name).second) << name;
  }
}

TEST(TempFolder, IsPrivateAndGoesAwayWithItsContent) {
  test::TempDir dir;
  std::string path;
  {
    ASSERT_OK_AND_ASSIGN(TempFolder folder, TempFolder::make(dir.path(), "work-"));
    path = folder.path();
    EXPECT_TRUE(path.starts_with(dir / "work-")) << path;
    EXPECT_EQ(find_stat(path)->value().kind, Kind::folder);
    EXPECT_EQ(find_stat(path)->value().mode, 0700u);
    write_text(path + "/a/b", "x");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TempFolder, IsRemovedOnceWhenMoved) {
  test::TempDir dir;
  std::string path;
  {
    ASSERT_OK_AND_ASSIGN(TempFolder first, TempFolder::make(dir.path(), ""));
    path = first.path();
    {
      TempFolder second = std::move(first);
      EXPECT_EQ(second.path(), path);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
    std::filesystem::create_directory(path);
  }
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(TempFolder, AMissingParentIsAnError) {
  test::TempDir dir;
  EXPECT_THAT(TempFolder::make(dir / "gone", "x"), FailsWith(Code::not_found, "cannot create folder"));
}

}  // namespace
}  // namespace cairn::os
