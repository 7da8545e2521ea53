// SPDX-License-Identifier: Apache-2.0
#include "runner/name_watch.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::runner {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

TEST(NameWatch, SeesWhatAppearsAlsoIfItIsGone) {
  const test::TempDir folder;
  test::write_text(folder / "before", "");
  ASSERT_OK_AND_ASSIGN(NameWatch watch, NameWatch::begin({folder.path(), folder / "missing"}));
  test::write_text(folder / "made", "");
  fs::remove(folder / "made");
  fs::create_directory(folder / "sub");
  test::write_text(folder / "sub/deep", "");
  fs::rename(folder / "before", folder / "renamed");
  EXPECT_THAT(watch.finish(), ElementsAre("made", "renamed", "sub"));
}

}  // namespace
}  // namespace cairn::runner
