// SPDX-License-Identifier: Apache-2.0
#include "base/context.h"

#include "support/matchers.h"

namespace cairn {
namespace {

using test::FailsWith;

class NoLog : public Log {
 public:
  void warn(std::string_view) override {}
  void info(std::string_view) override {}
  void debug(std::string_view) override {}
};

TEST(Progress, ANewPhaseSetsAllCountersBack) {
  Progress progress;
  progress.start("adding", 100, 10);
  progress.bytes_done += 40;
  progress.items_done += 4;
  EXPECT_EQ(progress.phase(), "adding");
  EXPECT_EQ(progress.bytes_total, 100u);
  EXPECT_EQ(progress.items_total, 10u);

  progress.start("pushing", 7, 0);
  EXPECT_EQ(progress.phase(), "pushing");
  EXPECT_EQ(progress.bytes_done, 0u);
  EXPECT_EQ(progress.items_done, 0u);
  EXPECT_EQ(progress.bytes_total, 7u);
  EXPECT_EQ(progress.items_total, 0u);
}

TEST(Context, StopsOnceTheFlagIsSet) {
  NoLog log;
  Progress progress;
  std::atomic<bool> stop{false};
  Context context{log, progress, stop, 1};
  EXPECT_OK(context.check_stop());
  stop = true;
  EXPECT_THAT(context.check_stop(), FailsWith(Code::interrupted, "interrupted"));
}

}  // namespace
}  // namespace cairn
