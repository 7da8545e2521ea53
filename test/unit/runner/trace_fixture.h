// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "runner/trace.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::runner {

struct Traced {
  os::ExitStatus exit;
  TraceReport report;
};

/// Runs commands under observation in a folder of its own; skips where the system refuses.
class TraceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto trace = Trace::begin({"/"});
    if (!trace.ok()) {
      ASSERT_EQ(trace.error().code(), Code::unsupported);
      GTEST_SKIP() << trace.error().message();
    }
    root_ = std::filesystem::canonical(folder_.path()).string() + "/project";
    std::filesystem::create_directory(root_);
    options_.root = root_;
  }

  void put(const std::string& name, const std::string& content = "content\n") const {
    test::write_text(root_ + "/" + name, content);
  }

  Result<Traced> run_program(std::vector<std::string> argv) {
    os::ProcessOptions process;
    process.argv = std::move(argv);
    process.folder = root_;
    process.stdout_fd = process.stderr_fd = output_.get();
    CAIRN_TRY_ASSIGN(Trace trace, Trace::begin(options_));
    trace.observe(process);
    CAIRN_TRY_ASSIGN(os::Process started, os::Process::start(process));
    Traced out;
    CAIRN_TRY_ASSIGN(out.exit, started.wait());
    out.report = trace.finish();
    return out;
  }

  Traced run(const std::string& script) {
    auto traced = run_program({"sh", "-c", script});
    EXPECT_OK(traced);
    return traced.ok() ? *traced : Traced();
  }

  /// Runs our own code in the observed process, instead of a program.
  TraceReport run_in_child(const std::function<int()>& body) {
    auto trace = Trace::begin(options_);
    EXPECT_OK(trace);
    os::ProcessOptions process;
    process.argv = {"true"};
    process.folder = root_;
    trace->observe(process);
    Inner inner{process.before_exec, process.before_exec_data, &body};
    process.before_exec_data = &inner;
    process.before_exec = [](void* data) {
      const auto* self = static_cast<Inner*>(data);
      const int error = self->observe(self->data);
      return error != 0 ? error : (*self->body)();
    };
    auto started = os::Process::start(process);
    EXPECT_OK(started);
    auto exit = started->wait();
    EXPECT_TRUE(exit.ok() && exit->ok());
    return trace->finish();
  }

  test::TempDir folder_;
  std::string root_;
  TraceOptions options_;
  os::Fd output_ = os::Fd(::open("/dev/null", O_WRONLY | O_CLOEXEC));

 private:
  struct Inner {
    int (*observe)(void*);
    void* data;
    const std::function<int()>* body;
  };
};

/// Opens a file and reads a byte of it; 0 or an errno.
inline int read_file_at(int folder, const char* name) {
  const int fd = openat(folder, name, O_RDONLY);
  char byte = 0;
  const bool got = fd >= 0 && read(fd, &byte, 1) == 1;
  close(fd);
  return got ? 0 : EIO;
}

}  // namespace cairn::runner
