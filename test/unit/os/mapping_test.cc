// SPDX-License-Identifier: Apache-2.0
#include "os/mapping.h"

#include <sys/stat.h>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using test::write_text;

TEST(Mapping, ShowsTheBytesOfTheFile) {
  test::TempDir dir;
  std::string content(10'000, 'x');
  content[9'999] = 'y';
  write_text(dir / "f", content);
  ASSERT_OK_AND_ASSIGN(Mapping mapping, Mapping::open(dir / "f"));
  EXPECT_EQ(as_text(mapping.bytes()), content);
}

TEST(Mapping, AnEmptyFileHasNoBytes) {
  test::TempDir dir;
  write_text(dir / "f", "");
  ASSERT_OK_AND_ASSIGN(Mapping mapping, Mapping::open(dir / "f"));
  EXPECT_TRUE(mapping.bytes().empty());
}

TEST(Mapping, OutlivesTheNameOfItsFile) {
  test::TempDir dir;
  write_text(dir / "f", "content");
  ASSERT_OK_AND_ASSIGN(Mapping mapping, Mapping::open(dir / "f"));
  ASSERT_EQ(::remove((dir / "f").c_str()), 0);
  EXPECT_EQ(as_text(mapping.bytes()), "content");
}

TEST(Mapping, MovesWithItsBytes) {
  test::TempDir dir;
  write_text(dir / "a", "first");
  write_text(dir / "b", "second");
  ASSERT_OK_AND_ASSIGN(Mapping a, Mapping::open(dir / "a"));
  ASSERT_OK_AND_ASSIGN(Mapping b, Mapping::open(dir / "b"));
  Mapping moved = std::move(a);
  EXPECT_EQ(as_text(moved.bytes()), "first");
  EXPECT_TRUE(a.bytes().empty());  // NOLINT(bugprone-use-after-move): what a moved Mapping is, is the point
  moved = std::move(b);
  EXPECT_EQ(as_text(moved.bytes()), "second");
}

TEST(Mapping, NothingAndWhatIsNoFileAreErrors) {
  test::TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(Mapping::open(dir / "gone"), FailsWith(Code::not_found, "gone'"));
  EXPECT_THAT(Mapping::open(dir.path()), FailsWith(Code::io, "it is not a file"));
  EXPECT_THAT(Mapping::open(dir / "pipe"), FailsWith(Code::io, "it is not a file"));
}

}  // namespace
}  // namespace cairn::os
