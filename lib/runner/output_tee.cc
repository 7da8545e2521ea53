// SPDX-License-Identifier: Apache-2.0
#include "runner/output_tee.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "os/retry.h"

namespace cairn::runner {
namespace {

struct Pipe {
  os::Fd read_end;
  os::Fd write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Error::from_errno(errno, "cannot make", "pipe");
  }
  return Pipe{os::Fd(ends[0]), os::Fd(ends[1])};
}

/// Carriage returns at the end: of a line break, or nothing was written over the line yet.
std::size_t trailing_returns(std::string_view line) {
  const std::size_t last = line.find_last_not_of('\r');
  return last == std::string_view::npos ? line.size() : line.size() - last - 1;
}

/// What a terminal would show of a line in which carriage returns went back to its start.
std::string_view last_state(std::string_view line) {
  line.remove_suffix(trailing_returns(line));
  const std::size_t back = line.rfind('\r');
  return back == std::string_view::npos ? line : line.substr(back + 1);
}

/// Cuts what comes in into lines.
class Lines {
 public:
  explicit Lines(OutputSink& sink) : sink_(sink) {}

  void add(std::string_view bytes) {
    sink_.raw(bytes);
    while (!bytes.empty()) {
      if (pending_.size() == OutputTee::kMaxLine && bytes.front() != '\n') {
        hand_on();
      }
      const std::size_t room = OutputTee::kMaxLine - pending_.size();
      const std::size_t part = std::min({bytes.find('\n'), room, bytes.size()});
      pending_.append(bytes.substr(0, part));
      bytes.remove_prefix(part);
      if (!bytes.empty() && bytes.front() == '\n') {
        hand_on();
        bytes.remove_prefix(1);
      }
    }
    pending_.erase(0, pending_.size() - last_state(pending_).size() - trailing_returns(pending_));
    if (!pending_.empty()) {
      sink_.unfinished(last_state(pending_));
    }
  }

  void end() {
    if (!pending_.empty()) {
      hand_on();
    }
  }

 private:
  void hand_on() {
    sink_.line(last_state(pending_));
    pending_.clear();
  }

  OutputSink& sink_;
  std::string pending_;
};

/// Reads until the pipe ends, or until `stop` says so and nothing more is waiting.
void read_output(int source, int stop, OutputSink& sink) {
  Lines lines(sink);
  std::array<char, 1 << 14> buffer{};
  while (true) {
    std::array<pollfd, 2> waits = {pollfd{source, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
    if (os::retry([&] { return poll(waits.data(), waits.size(), -1); }) < 0 || waits[0].revents == 0) {
      break;  // told to stop, and the pipe is empty
    }
    const ssize_t got = os::retry([&] { return read(source, buffer.data(), buffer.size()); });
    if (got <= 0) {
      break;
    }
    lines.add(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
  }
  lines.end();
}

}  // namespace

Result<OutputTee> OutputTee::open(OutputSink& sink) {
  CAIRN_TRY_ASSIGN(Pipe output, make_pipe());
  CAIRN_TRY_ASSIGN(Pipe stop, make_pipe());
  std::thread reader([source = std::move(output.read_end), stop_end = std::move(stop.read_end), &sink] {
    read_output(source.get(), stop_end.get(), sink);
  });
  return OutputTee(std::move(output.write_end), std::move(stop.write_end), std::move(reader));
}

void OutputTee::close() {
  if (!reader_.joinable()) {
    return;
  }
  write_end_ = os::Fd();
  stop_write_end_ = os::Fd();
  reader_.join();
}

OutputTee::~OutputTee() {
  close();
}

}  // namespace cairn::runner
