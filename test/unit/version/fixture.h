// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "support/matchers.h"
#include "support/temp_dir.h"
#include "version/environment.h"

namespace cairn::version {

/// A project folder, and a folder of programs that alone is in PATH beside the system's.
class EnvironmentFixture : public ::testing::Test {
 protected:
  EnvironmentFixture() {
    std::filesystem::create_directory(programs_ / "bin");
    set_variable("PATH", programs_ / "bin" + ":/usr/bin:/bin");
    set_variable("HOME", programs_.path());
    for (const char* name : {"CONDA_EXE", "CONDA_ENVS_PATH", "CONDA_ENVS_DIRS", "MAMBA_ROOT_PREFIX"}) {
      set_variable(name, nullptr);
    }
  }
  ~EnvironmentFixture() override {
    for (const auto& [name, value] : before_) {
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }
  }

  void set_variable(const std::string& name, const char* value) {
    const char* known = std::getenv(name.c_str());
    before_.try_emplace(name, known != nullptr ? std::optional<std::string>(known) : std::nullopt);
    value != nullptr ? ::setenv(name.c_str(), value, 1) : ::unsetenv(name.c_str());
  }
  void set_variable(const std::string& name, const std::string& value) { set_variable(name, value.c_str()); }

  void write(const std::string& path, std::string_view content) { test::write_text(root_ / path, content); }
  void write_script(const std::string& path, const std::string& body) {
    test::write_text(path, "#!/bin/sh\n" + body + "\n");
    std::filesystem::permissions(path, std::filesystem::perms(0755));
  }
  /// A program in PATH, outside the project.
  void program(const std::string& name, const std::string& body) {
    write_script(programs_ / ("bin/" + name), body);
  }

  Result<CapturedEnvironment> capture(const pipeline::EnvironmentSpec& spec,
                                      Executing executing = Executing::yes) {
    EnvironmentCapture capture(root_.path(), executing, stop_);
    CAIRN_TRY_ASSIGN(auto found, capture.capture(spec));
    return *found;
  }
  std::string text_of(const pipeline::EnvironmentSpec& spec) {
    auto captured = capture(spec);
    EXPECT_OK(captured);
    return captured.ok() ? captured->text : "";
  }

  test::TempDir root_;
  test::TempDir programs_;
  std::atomic<bool> stop_{false};

 private:
  std::map<std::string, std::optional<std::string>> before_;
};

}  // namespace cairn::version
