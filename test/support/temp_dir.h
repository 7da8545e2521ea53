// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cairn::test {

/// A new folder for one test, removed with all that is in it.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();
  [[nodiscard]] const std::string& path() const { return path_; }
  /// path()/name
  [[nodiscard]] std::string operator/(std::string_view name) const;

 private:
  std::string path_;
};

/// Whole content of a file; fails the test if it cannot be read.
std::string read_text(const std::string& path);
/// Writes a file with its missing parent folders; fails the test on error.
void write_text(const std::string& path, std::string_view content);

}  // namespace cairn::test
