// SPDX-License-Identifier: Apache-2.0
#include "version/conditions.h"

#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::version {
namespace {

using test::ScopedEnv;

TEST(Conditions, TakeTheCommandsOwnVariablesFirst) {
  const ScopedEnv all("LC_ALL", std::nullopt);
  const ScopedEnv type("LC_CTYPE", std::nullopt);
  const ScopedEnv lang("LANG", "de_DE.UTF-8");
  const ScopedEnv zone("TZ", "Asia/Tokyo");
  const ScopedEnv threads("OMP_NUM_THREADS", "3");
  const Conditions ours = current_conditions({}, "/p");
  EXPECT_EQ(ours.locale, "de_DE.UTF-8");
  EXPECT_EQ(ours.time_zone, "Asia/Tokyo");
  EXPECT_EQ(ours.variables.at("OMP_NUM_THREADS"), "3");
  EXPECT_GE(ours.cpus, 1U);
  EXPECT_EQ(ours.folder, "/p");
  const Conditions own = current_conditions({{"LC_ALL", "C"}, {"TZ", "UTC"}, {"OMP_NUM_THREADS", "1"}}, "/p");
  EXPECT_EQ(own.locale, "C");
  EXPECT_EQ(own.time_zone, "UTC");
  EXPECT_EQ(own.variables.at("OMP_NUM_THREADS"), "1");
}

TEST(Conditions, AreCWhereNoLocaleIsSet) {
  const ScopedEnv all("LC_ALL", "");
  const ScopedEnv type("LC_CTYPE", std::nullopt);
  const ScopedEnv lang("LANG", std::nullopt);
  EXPECT_EQ(current_conditions({}, "").locale, "C");
}

TEST(Conditions, KeepTheirFolderToThemselves) {
  const Conditions conditions{"C", "UTC", 4, {{"PYTHONHASHSEED", "0"}}, "/home/secret"};
  const text::Value value = to_value(conditions);
  EXPECT_EQ(value.find("folder"), nullptr);
  Conditions back = conditions_from(value);
  back.folder = conditions.folder;
  EXPECT_EQ(back, conditions);
  EXPECT_TRUE(to_value({}).entries().empty());
}

}  // namespace
}  // namespace cairn::version
