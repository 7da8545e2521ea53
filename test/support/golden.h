// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "support/source_tree.h"
#include "support/temp_dir.h"

namespace cairn::test {

/// Compares a text with test/golden/NAME; CAIRN_TEST_ACCEPT=1 writes it and fails, so that it is never
/// accepted unseen.
inline void expect_golden(const std::string& name, std::string_view text) {
  const std::string path = source_path("test/golden/" + name);
  const char* accept = std::getenv("CAIRN_TEST_ACCEPT");
  if (accept != nullptr && std::string_view(accept) == "1") {
    write_text(path, text);
    FAIL() << "golden file rewritten: " << path;
  }
  EXPECT_EQ(text, read_text(path)) << name;
}

}  // namespace cairn::test
