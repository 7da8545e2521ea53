// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "support/temp_dir.h"

namespace cairn::test {

/// A server that a script of test/servers started on a free port of 127.0.0.1. It ends with the object.
class TestServer {
 public:
  /// Runs `bash test/servers/SCRIPT FOLDER PORT`, with other ports while that fails; test/servers/lib.sh says
  /// what it does. Fails the test when there is no server at last.
  explicit TestServer(const std::string& script);
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer();

  /// One for all tests of this program, started when it is asked for first.
  static TestServer& shared(const std::string& script);

  /// Empty when it runs; else why it cannot run here: GTEST_SKIP() << server.missing().
  [[nodiscard]] const std::string& missing() const { return missing_; }
  [[nodiscard]] int port() const { return port_; }
  /// What the server keeps, and what the script tells about it.
  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Its processes; the first one is the server.
  [[nodiscard]] const std::vector<pid_t>& processes() const { return processes_; }

 private:
  bool start(const std::string& script);

  TempDir parent_;
  std::string folder_;
  std::string missing_;
  std::vector<pid_t> processes_;
  int port_ = 0;
};

/// A TCP port of 127.0.0.1 on which nobody listens now.
int free_port();
/// Waits until a process has ended, reaped or not; kills it after 10 s.
void wait_gone(pid_t process);

}  // namespace cairn::test
