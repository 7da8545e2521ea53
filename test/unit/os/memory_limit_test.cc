// SPDX-License-Identifier: Apache-2.0
#include "os/memory_limit.h"

#include <gmock/gmock.h>

#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::write_text;
using testing::Eq;
using testing::Optional;

class MemoryLimitTest : public testing::Test {
 protected:
  test::TempDir mount_;
};

TEST_F(MemoryLimitTest, TheTightestGroupOnTheWayUpCounts) {
  write_text(mount_ / "a/memory.max", "2000\n");
  write_text(mount_ / "a/b/memory.max", "max\n");
  write_text(mount_ / "memory.max", "5000\n");
  EXPECT_THAT(memory_limit("0::/a/b\n", mount_.path()), Optional(2000u));
  EXPECT_THAT(memory_limit("0::/not/visible\n", mount_.path()), Optional(5000u));
}

TEST_F(MemoryLimitTest, FindsTheControllerOfVersion1) {
  write_text(mount_ / "memory/job/memory.limit_in_bytes", "3000\n");
  EXPECT_THAT(memory_limit("5:cpu:/job\n4:memory:/job\n", mount_.path()), Optional(3000u));
  EXPECT_THAT(memory_limit("5:cpu:/job\n", mount_.path()), Eq(std::nullopt));
}

TEST_F(MemoryLimitTest, NoLimitIsNothing) {
  EXPECT_THAT(memory_limit("0::/a\n", mount_.path()), Eq(std::nullopt));
  EXPECT_THAT(memory_limit("", mount_.path()), Eq(std::nullopt));
}

TEST(AvailableMemory, IsWhatAMachineCanHave) {
  EXPECT_GT(available_memory(), 1u << 20);
  EXPECT_LT(available_memory(), 1ull << 50);
}

}  // namespace
}  // namespace cairn::os
