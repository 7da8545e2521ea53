// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "os/piped_child.h"
#include "sftp/packet.h"

namespace cairn::sftp {

/// How to reach a server.
struct SessionOptions {
  /// Program that connects its stdin and stdout to the server: ssh.
  std::vector<std::string> argv;
  /// The program may ask on the terminal; it has all the time it wants to connect then.
  bool ask = false;
  /// The connection is given up when nothing moves for so long.
  std::chrono::milliseconds stall_limit{120'000};
  /// Once set, a connection on which nothing moves is given up after two seconds. Null: nothing stops it.
  const std::atomic<bool>* stop = nullptr;
  /// Makes an error of what the program printed when it did not connect.
  std::function<Error(std::string_view complaint)> explain;
};

/// The server's answer to a request; what is not asked for is dropped when it comes.
using Answer = std::future<Result<Reply>>;

/// One connection to an SFTP server. Any number of requests may be under way: each is sent at once and its
/// answer is taken when it is needed. A thread of its own starts the program, and reads all answers. Errors:
/// `remote` for everything about the connection, `interrupted` after a stop. Threads: all functions may be
/// called at once.
class Session {
 public:
  /// Connects and greets.
  static Result<std::shared_ptr<Session>> open(const SessionOptions& options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Sends a request whose last field is `tail`; blocks while the server takes nothing. REQUIRES: the whole
  /// packet has at most kMaxPacket bytes.
  Answer send(const Request& request, Bytes tail = {});

  /// True when the server has this extension ("fsync@openssh.com").
  [[nodiscard]] bool offers(const std::string& extension) const {
    return greeting_.extensions.contains(extension);
  }
  /// True once the connection broke in the middle: another one may do better.
  [[nodiscard]] bool lost() const { return lost_.load(std::memory_order_relaxed); }
  /// Bytes that one read or write may carry.
  [[nodiscard]] std::uint32_t read_size() const { return read_size_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint32_t write_size() const { return write_size_.load(std::memory_order_relaxed); }

 private:
  using Clock = std::chrono::steady_clock;

  explicit Session(SessionOptions options) : options_(std::move(options)) {}
  // Of the reading thread.
  void run();
  Status connect();
  Status read_answers();
  Result<Reply> read_packet(bool has_id, std::uint32_t& id);
  Status read_exactly(std::span<std::uint8_t> out);
  Status check_patience();
  void ask_limits();
  void adopt_limits(const Reply& reply);
  Error end_child(const Error& error);
  void fail(const Error& error);

  Status transmit(const Request& request, std::uint32_t id, Bytes tail);
  void note_activity() { last_activity_.store(Clock::now().time_since_epoch().count()); }

  const SessionOptions options_;
  std::unique_ptr<os::PipedChild> child_;  // made by the thread before connected_ is set
  Greeting greeting_;                      // the same
  std::atomic<std::uint32_t> read_size_{32u << 10};
  std::atomic<std::uint32_t> write_size_{32u << 10};
  std::atomic<Clock::rep> last_activity_{0};
  std::atomic<bool> lost_{false};
  std::atomic<bool> closing_{false};

  std::mutex sending_;  // whoever sends a packet
  std::mutex mutex_;    // the rest
  std::condition_variable changed_;
  bool connected_ = false;
  std::optional<Error> error_;
  std::uint32_t next_id_ = 1;
  std::unordered_map<std::uint32_t, std::promise<Result<Reply>>> waiting_;
  std::thread thread_;
};

}  // namespace cairn::sftp
