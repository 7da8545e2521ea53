// SPDX-License-Identifier: Apache-2.0
#include "os/cpu_quota.h"

#include <gmock/gmock.h>

#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::write_text;
using testing::Eq;
using testing::Optional;

class CpuQuotaTest : public testing::Test {
 protected:
  test::TempDir mount_;
};

TEST_F(CpuQuotaTest, RoundsAPartOfAProcessorUp) {
  write_text(mount_ / "job/cpu.max", "250000 100000\n");
  EXPECT_THAT(cpu_quota("0::/job\n", mount_.path()), Optional(3u));
  write_text(mount_ / "job/cpu.max", "1000 100000\n");
  EXPECT_THAT(cpu_quota("0::/job\n", mount_.path()), Optional(1u));
  write_text(mount_ / "job/cpu.max", "200000 100000\n");
  EXPECT_THAT(cpu_quota("0::/job\n", mount_.path()), Optional(2u));
}

TEST_F(CpuQuotaTest, TheTightestGroupOnTheWayUpCounts) {
  write_text(mount_ / "a/cpu.max", "200000 100000\n");
  write_text(mount_ / "a/b/cpu.max", "800000 100000\n");
  write_text(mount_ / "a/b/c/cpu.max", "max 100000\n");
  EXPECT_THAT(cpu_quota("0::/a/b/c\n", mount_.path()), Optional(2u));
  EXPECT_THAT(cpu_quota("0::/a/other\n", mount_.path()), Optional(2u));
}

TEST_F(CpuQuotaTest, AContainerFindsItsOwnGroupAtTheTop) {
  write_text(mount_ / "cpu.max", "400000 100000\n");
  EXPECT_THAT(cpu_quota("0::/docker/not/visible\n", mount_.path()), Optional(4u));
}

TEST_F(CpuQuotaTest, ReadsVersionOne) {
  write_text(mount_ / "cpu/job/cpu.cfs_quota_us", "150000\n");
  write_text(mount_ / "cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_THAT(cpu_quota("5:cpuset:/x\n4:cpu,cpuacct:/job\n1:name=systemd:/y\n", mount_.path()), Optional(2u));
  write_text(mount_ / "cpu/job/cpu.cfs_quota_us", "-1\n");
  EXPECT_THAT(cpu_quota("4:cpu,cpuacct:/job\n", mount_.path()), Eq(std::nullopt));
}

TEST_F(CpuQuotaTest, NoLimitAndNonsenseAreNoQuota) {
  EXPECT_THAT(cpu_quota("0::/gone\n", mount_.path()), Eq(std::nullopt));
  for (const char* text : {"max 100000\n", "", "100000", "0 100000", "100000 0", "x y", "-5 100000"}) {
    write_text(mount_ / "cpu.max", text);
    EXPECT_THAT(cpu_quota("0::/\n", mount_.path()), Eq(std::nullopt)) << text;
  }
  write_text(mount_ / "cpu.max", "100000 100000\n");
  for (const char* membership : {"", "\n", "0", "0:", "3:memory:/\n", "3:cpuset:/\n"}) {
    EXPECT_THAT(cpu_quota(membership, mount_.path()), Eq(std::nullopt)) << membership;
  }
}

}  // namespace
}  // namespace cairn::os
