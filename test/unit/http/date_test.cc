// SPDX-License-Identifier: Apache-2.0
#include "http/date.h"

#include "http/curl.h"
#include "support/matchers.h"

namespace cairn::http {
namespace {

TEST(HttpDate, ReadsDates) {
  ASSERT_OK(load_curl());
  const auto date = parse_date("Sun, 06 Nov 1994 08:49:37 GMT");
  ASSERT_TRUE(date.has_value());
  EXPECT_EQ(date->time_since_epoch().count(), 784111777);
  EXPECT_FALSE(parse_date("").has_value());
  EXPECT_FALSE(parse_date("yesterday").has_value());
}

}  // namespace
}  // namespace cairn::http
