// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"
#include "support/temp_dir.h"

namespace cairn::test {

/// Sets, or with nullopt removes, a variable until the end of the scope.
class ScopedEnv {
 public:
  ScopedEnv(const char* name, std::optional<std::string> value);
  ScopedEnv(const ScopedEnv&) = delete;
  ScopedEnv& operator=(const ScopedEnv&) = delete;
  ~ScopedEnv();

 private:
  static void set(const char* name, const std::optional<std::string>& value);
  const char* name_;
  std::optional<std::string> before_;
};

struct Ran {
  int status = 0;
  std::string out;
  std::string err;
};

using Env = std::map<std::string, std::optional<std::string>>;

/// A new folder `path()` to make repositories in, and a `git` that sees no configuration but theirs.
class GitFixture {
 public:
  GitFixture();

  [[nodiscard]] const std::string& path() const { return dir_.path(); }
  [[nodiscard]] std::string operator/(std::string_view name) const { return dir_ / name; }

  /// Runs a program there; `input` goes to its standard input.
  [[nodiscard]] Ran run(const std::string& folder, std::vector<std::string> argv, const Env& env = {},
                        std::string_view input = {}) const;
  /// Runs git and fails the test if it fails; what it wrote, without the last newline.
  std::string git(const std::string& folder, std::vector<std::string> arguments, const Env& env = {},
                  std::string_view input = {}) const;
  /// `git init`, returns the folder.
  std::string init(std::string_view name, std::vector<std::string> options = {}) const;
  /// Writes the file (relative to `folder`), adds and commits it; the commit's name.
  std::string commit(const std::string& folder, const std::string& file, std::string_view content) const;

 private:
  TempDir dir_;
  std::vector<std::unique_ptr<ScopedEnv>> env_;
};

/// Opens the repository that `folder` lies in; fails the test when there is none.
Result<git::Repository> open_at(const std::string& folder);

}  // namespace cairn::test
