// SPDX-License-Identifier: Apache-2.0
#include "os/piped_child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include "base/escape.h"
#include "os/process_exec.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

constexpr std::size_t kComplaintLimit = 4096;
constexpr std::chrono::milliseconds kLook{50};

int to_poll(std::chrono::milliseconds limit) {
  return static_cast<int>(limit.count());
}

}  // namespace

Result<std::unique_ptr<PipedChild>> PipedChild::start(ProcessOptions options, bool ask) {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error::from_errno(errno, "cannot create a socket for", options.argv.front());
  }
  std::unique_ptr<PipedChild> child(new PipedChild);
  child->socket_ = Fd(ends[0]);
  Fd theirs(ends[1]);
  CAIRN_TRY_ASSIGN(Pipe errors, make_pipe());
  if (::fcntl(errors.read_end.get(), F_SETFL, O_NONBLOCK) != 0) {
    return Error::from_errno(errno, "cannot read the errors of", options.argv.front());
  }
  child->errors_ = std::move(errors.read_end);
  options.stdin_fd = theirs.get();
  options.stdout_fd = theirs.get();
  options.stderr_fd = errors.write_end.get();
  if (ask) {
    child->foreground_.emplace(options);
  }
  CAIRN_TRY_ASSIGN(Process process, Process::start(options));
  child->process_.emplace(std::move(process));
  return child;
}

PipedChild::~PipedChild() {
  if (process_) {
    (void)end(std::chrono::milliseconds(0));
  }
}

Status PipedChild::send(Bytes head, Bytes tail) {
  while (!head.empty() || !tail.empty()) {
    std::array<iovec, 2> parts{iovec{const_cast<std::uint8_t*>(head.data()), head.size()},
                               iovec{const_cast<std::uint8_t*>(tail.data()), tail.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = retry([&] { return ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL); });
    if (sent < 0) {
      return Error::from_errno(errno, "cannot write to", "the program");
    }
    const std::size_t of_head = std::min(head.size(), static_cast<std::size_t>(sent));
    head = head.subspan(of_head);
    tail = tail.subspan(static_cast<std::size_t>(sent) - of_head);
  }
  return {};
}

/// Waits for `event` on the socket, and keeps what comes on stderr meanwhile. False when the time is over.
Result<bool> PipedChild::wait_for(short event, std::chrono::milliseconds limit) {
  std::array<pollfd, 2> events{pollfd{socket_.get(), event, 0}, pollfd{errors_.get(), POLLIN, 0}};
  if (retry([&] { return ::poll(events.data(), events.size(), to_poll(limit)); }) < 0) {
    return Error::from_errno(errno, "cannot wait for", "the program");
  }
  if (events[1].revents != 0) {
    drain_errors();
  }
  return events[0].revents != 0;
}

Result<std::size_t> PipedChild::send_part(Bytes bytes, std::chrono::milliseconds limit) {
  CAIRN_TRY_ASSIGN(const bool ready, wait_for(POLLOUT, limit));
  const ssize_t sent = ready ? retry([&] {
    return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  })
                             : 0;
  if (sent < 0 && errno != EAGAIN) {
    return Error::from_errno(errno, "cannot write to", "the program");
  }
  return static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
}

Result<std::size_t> PipedChild::receive(std::span<std::uint8_t> out, std::chrono::milliseconds limit) {
  CAIRN_TRY_ASSIGN(const bool ready, wait_for(POLLIN, limit));
  if (!ready) {
    return std::size_t{0};
  }
  const ssize_t got = retry([&] { return ::recv(socket_.get(), out.data(), out.size(), 0); });
  if (got <= 0) {
    return Error(Code::not_found, "the program has ended");
  }
  return static_cast<std::size_t>(got);
}

void PipedChild::hang_up() {
  ::shutdown(socket_.get(), SHUT_RDWR);
}

std::string PipedChild::End::last_words() const {
  const std::string_view text =
      std::string_view(complaint).substr(0, complaint.find_last_not_of("\r\n \t") + 1);
  return escaped(text.substr(text.find_last_of('\n') + 1));
}

PipedChild::End PipedChild::end(std::chrono::milliseconds patience) {
  CAIRN_CHECK(process_.has_value());
  hang_up();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  // Its stderr closes when it ends, unless somebody else has it too.
  while (errors_.valid() && std::chrono::steady_clock::now() < deadline) {
    pollfd event{errors_.get(), POLLIN, 0};
    if (retry([&] { return ::poll(&event, 1, to_poll(kLook)); }) > 0) {
      drain_errors();
    }
  }
  const std::atomic<bool> stop{true};
  auto ended = process_->wait_group({.stop = stop});
  process_.reset();
  foreground_.reset();
  return {ended.ok() ? ended->exit : ExitStatus{}, std::move(complaint_)};
}

void PipedChild::drain_errors() {
  std::array<char, 4096> part{};
  ssize_t got = 0;
  while ((got = retry([&] { return ::read(errors_.get(), part.data(), part.size()); })) > 0) {
    complaint_.append(part.data(), static_cast<std::size_t>(got));
    complaint_.erase(0, complaint_.size() - std::min(complaint_.size(), kComplaintLimit));
  }
  if (got == 0 || errno != EAGAIN) {
    errors_ = Fd();
  }
}

}  // namespace cairn::os
