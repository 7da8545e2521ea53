// SPDX-License-Identifier: Apache-2.0
#include "runner/prefixed_output.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

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

/// Takes whole lines out of `pending`.
void hand_on(std::string& pending, const std::function<void(std::string_view)>& line) {
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = pending.find('\n', begin)) != std::string::npos; begin = end + 1) {
    line(std::string_view(pending).substr(begin, end - begin));
  }
  pending.erase(0, begin);
}

/// Reads until the pipe ends, or until `stop` says so and nothing more is waiting.
void read_lines(int source, int stop, const std::function<void(std::string_view)>& line) {
  std::string pending;
  std::array<char, 1 << 14> buffer{};
  while (true) {
    std::array<pollfd, 2> waits = {pollfd{source, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
    if (poll(waits.data(), waits.size(), -1) < 0) {
      if (errno == EINTR) {
        continue;
      }
      break;
    }
    if (waits[0].revents == 0) {
      break;  // told to stop, and the pipe is empty
    }
    ssize_t got = read(source, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    pending.append(buffer.data(), static_cast<std::size_t>(got));
    hand_on(pending, line);
  }
  if (!pending.empty()) {
    line(pending);
  }
}

}  // namespace

Result<PrefixedOutput> PrefixedOutput::open(std::function<void(std::string_view line)> line) {
  CAIRN_TRY_ASSIGN(Pipe output, make_pipe());
  CAIRN_TRY_ASSIGN(Pipe stop, make_pipe());
  std::thread reader([source = std::move(output.read_end), stop_end = std::move(stop.read_end),
                      line = std::move(line)] { read_lines(source.get(), stop_end.get(), line); });
  return PrefixedOutput(std::move(output.write_end), std::move(stop.write_end), std::move(reader));
}

void PrefixedOutput::close() {
  if (!reader_.joinable()) {
    return;
  }
  write_end_ = os::Fd();
  stop_write_end_ = os::Fd();
  reader_.join();
}

PrefixedOutput::~PrefixedOutput() {
  close();
}

}  // namespace cairn::runner
