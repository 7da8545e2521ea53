// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/result.h"

/// Fails the test, showing the error, when a Result or Status is not ok.
#define EXPECT_OK(expression)                                                                    \
  do {                                                                                           \
    const auto& cairn_expect = (expression);                                                     \
    EXPECT_TRUE(cairn_expect.ok()) << #expression << ": "                                        \
                                   << (cairn_expect.ok() ? "" : cairn_expect.error().message()); \
  } while (false)
#define ASSERT_OK(expression)                                                                    \
  do {                                                                                           \
    const auto& cairn_assert = (expression);                                                     \
    ASSERT_TRUE(cairn_assert.ok()) << #expression << ": "                                        \
                                   << (cairn_assert.ok() ? "" : cairn_assert.error().message()); \
  } while (false)
/// ASSERT_OK_AND_ASSIGN(auto x, f()): x is the value of f(); an error ends the test.
#define ASSERT_OK_AND_ASSIGN(lhs, expression) \
  ASSERT_OK_AND_ASSIGN_(CAIRN_CONCAT(cairn_test_, __LINE__), lhs, expression)
#define ASSERT_OK_AND_ASSIGN_(result, lhs, expression) \
  auto result = (expression);                          \
  ASSERT_OK(result);                                   \
  lhs = std::move(result).value()

namespace cairn::test {

/// A failed Result with this code, whose message contains `text`.
MATCHER_P2(FailsWith, code, text,
           "fails with that code and a message that contains '" + std::string(text) + "'") {
  if (arg.ok()) {
    *result_listener << "is ok";
    return false;
  }
  *result_listener << "message: " << arg.error().message();
  return arg.error().code() == code && arg.error().message().find(text) != std::string::npos;
}

}  // namespace cairn::test
