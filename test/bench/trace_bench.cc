// SPDX-License-Identifier: Apache-2.0
// Runs a command with or without observation and prints wall and CPU microseconds and the number of files
// read: trace_bench plain|traced|report
// COMMAND…
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <string_view>

#include "runner/trace.h"

namespace {

using cairn::Error;
using cairn::Result;
namespace os = cairn::os;
namespace runner = cairn::runner;

struct Times {
  std::chrono::microseconds wall{0};
  std::int64_t cpu = 0;  ///< microseconds, of the command and of us
  runner::TraceReport report;
};

std::int64_t cpu_microseconds() {
  std::int64_t out = 0;
  for (int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const timeval& part : {usage.ru_utime, usage.ru_stime}) {
      out += std::int64_t{part.tv_sec} * 1'000'000 + part.tv_usec;
    }
  }
  return out;
}

Result<Times> run(const os::ProcessOptions& wanted, bool traced) {
  Times out;
  const auto start = std::chrono::steady_clock::now();
  if (traced) {
    CAIRN_TRY_ASSIGN(runner::Trace trace, runner::Trace::begin({std::filesystem::current_path().string()}));
    os::ProcessOptions options = wanted;
    trace.observe(options);
    CAIRN_TRY_ASSIGN(os::Process process, os::Process::start(options));
    CAIRN_TRY(process.wait());
    out.report = trace.finish();
  } else {
    CAIRN_TRY_ASSIGN(os::Process process, os::Process::start(wanted));
    CAIRN_TRY(process.wait());
  }
  out.wall = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  out.cpu = cpu_microseconds();
  return out;
}

void print(std::string_view what, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    fmt::print(stderr, "{} {}\n", what, path);
  }
}

void print(const runner::TraceReport& report) {
  print("read", report.reads);
  print("listed", report.listed);
  print("wrote", report.writes);
  print("made", report.made);
  print("removed", report.removed);
  print("ran", report.programs);
  for (const runner::TraceEndpoint& endpoint : report.network) {
    fmt::print(stderr, "network {}\n", endpoint.address);
  }
  fmt::print(stderr, "unseen: calls {}, paths {}, background {}, foreign {}, io_uring {}\n",
             report.unseen.calls, report.unseen.paths, report.unseen.background, report.unseen.foreign_binary,
             report.unseen.io_uring);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: trace_bench plain|traced|report COMMAND [ARGUMENT...]\n");
    return 2;
  }
  const std::string_view mode = argv[1];
  os::ProcessOptions options;
  options.argv.assign(argv + 2, argv + argc);
  Result<Times> times = run(options, mode != "plain");
  if (!times.ok()) {
    fmt::print(stderr, "trace_bench: {}\n", times.error().message());
    return 1;
  }
  if (mode == "report") {
    print(times->report);
  }
  fmt::print("{} {} {}\n", times->wall.count(), times->cpu, times->report.reads.size());
  return 0;
}
