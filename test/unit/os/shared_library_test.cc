// SPDX-License-Identifier: Apache-2.0
#include "os/shared_library.h"

#include <gtest/gtest.h>

namespace cairn::os {
namespace {

using Cosine = double(double);

TEST(SharedLibrary, FindsFunctions) {
  SharedLibrary library("libm.so.6");
  Cosine* cosine = nullptr;
  library.find(cosine, "cos");
  EXPECT_TRUE(library.whole());
  ASSERT_NE(cosine, nullptr);
  EXPECT_EQ(cosine(0), 1);
}

TEST(SharedLibrary, IsNotWholeWithoutAFunction) {
  SharedLibrary library("libm.so.6");
  Cosine* function = nullptr;
  library.find(function, "no_such_function");
  EXPECT_EQ(function, nullptr);
  library.find(function, "cos");
  EXPECT_FALSE(library.whole());
}

TEST(SharedLibrary, IsNotWholeWhereItIsMissing) {
  SharedLibrary library("libcairn-no-such.so.1");
  Cosine* function = nullptr;
  library.find(function, "cos");  // which the program itself may have
  EXPECT_EQ(function, nullptr);
  EXPECT_FALSE(library.whole());
}

}  // namespace
}  // namespace cairn::os
