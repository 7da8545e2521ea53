// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cairn::test {

/// Absolute path of a file of the source tree, such as "test/golden/codec/chunker.txt".
std::string source_path(std::string_view path);

}  // namespace cairn::test
