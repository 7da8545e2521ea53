// SPDX-License-Identifier: Apache-2.0
#include "ops/version_number.h"

#include "support/matchers.h"

namespace cairn::ops {
namespace {

using ::testing::ElementsAre;

TEST(VersionNumber, ReadsItsOwnForms) {
  EXPECT_EQ(VersionNumber::parse("v1.0"), (VersionNumber{1, 0, 0}));
  EXPECT_EQ(VersionNumber::parse("v1.2.3"), (VersionNumber{1, 2, 3}));
  EXPECT_EQ(VersionNumber::parse("v10.20.0"), (VersionNumber{10, 20, 0}));
  for (const char* other : {"1.0", "v1", "v1.", "v1.x", "v1.2.3.4", "v01.0", "v1.02", "v1.0-rc", "v-1.0",
                            "v99999999999999999999.0"}) {
    EXPECT_FALSE(VersionNumber::parse(other).has_value()) << other;
  }
}

TEST(VersionNumber, OrdersByNumber) {
  EXPECT_LT(*VersionNumber::parse("v1.9"), *VersionNumber::parse("v1.10"));
  EXPECT_LT(*VersionNumber::parse("v1.9.9"), *VersionNumber::parse("v2.0"));
}

TEST(VersionNumber, StepsBySize) {
  EXPECT_EQ(next_number({1, 0, 0}, VersionStep::minor).text(), "v1.1");
  EXPECT_EQ(next_number({1, 0, 4}, VersionStep::minor).text(), "v1.1");
  EXPECT_EQ(next_number({1, 0, 0}, VersionStep::patch).text(), "v1.0.1");
}

TEST(VersionNumber, JudgesWhatChanged) {
  const std::set<std::string> params = {"params.yaml"};
  EXPECT_EQ(judge_changes({}, params).step, VersionStep::none);
  EXPECT_EQ(judge_changes({".gitignore", ".cairn/config", "sub/.gitattributes"}, params).step,
            VersionStep::none);
  const VersionReason data =
      judge_changes({".gitignore", "cairn.lock", "data.csv.cairn", "params.yaml"}, params);
  EXPECT_EQ(data.step, VersionStep::patch);
  EXPECT_THAT(data.paths, ElementsAre("cairn.lock", "data.csv.cairn", "params.yaml"));
  const VersionReason code = judge_changes({"cairn.lock", "params.yaml", "train.py"}, params);
  EXPECT_EQ(code.step, VersionStep::minor);
  EXPECT_THAT(code.paths, ElementsAre("train.py"));
  EXPECT_EQ(judge_changes({"cairn.yaml"}, params).step, VersionStep::minor);
  EXPECT_EQ(judge_changes({"requirements.txt"}, params).step, VersionStep::minor);
}

}  // namespace
}  // namespace cairn::ops
