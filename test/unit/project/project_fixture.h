// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "project/tracked.h"
#include "project/workspace.h"
#include "support/temp_dir.h"

namespace cairn::test {

/// Keeps what was warned of.
class KeptLog : public Log {
 public:
  void warn(std::string_view message) override { warnings.emplace_back(message); }
  void info(std::string_view /*message*/) override {}
  void debug(std::string_view /*message*/) override {}
  std::vector<std::string> warnings;
};

/// A Git repository with a cairn project at its top, in a folder of its own.
class ProjectFixture : public ::testing::Test {
 protected:
  void SetUp() override;

  [[nodiscard]] const std::string& outer() const {
    return outer_;
  }  ///< the folder around it, without symlinks
  [[nodiscard]] const std::string& root() const { return root_; }
  project::Workspace& workspace() { return *workspace_; }
  /// Opens the workspace anew, as the next command would.
  void reopen();
  /// Writes a file of the workspace with its folders.
  void write(const std::string& path, std::string_view content) const;
  /// Stores a path and writes its pointer and record, as `cairn add` would; the object's id.
  store::Object track(const std::string& path);
  /// What is tracked now, without locks.
  std::vector<project::Tracked> tracked();
  /// Runs "git COMMAND" with a shell in the repository; fails the test when it fails.
  void git(const std::string& command) const;
  [[nodiscard]] Context context() { return {log, progress, stop, 2}; }

  KeptLog log;
  Progress progress;
  std::atomic<bool> stop{false};

 private:
  void store_and_write(const std::string& path, project::Pointer& pointer);

  TempDir folder_;
  std::string outer_;
  std::string root_;
  std::unique_ptr<project::Workspace> workspace_;
};

}  // namespace cairn::test
