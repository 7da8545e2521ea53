// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "os/piped_child.h"

namespace cairn::rclone {

/// A running `rclone rcd`: rclone's remote control over HTTP on a port of 127.0.0.1 that it chose itself,
/// for whoever knows a random password. The program gets that by its environment. Threads: any; the program
/// is started and watched by a thread of its own, so it does not end with the thread that asked for it.
class Daemon {
 public:
  /// The name under which the program knows the place: one without anything that its URLs cannot have.
  static constexpr const char* kFs = "cairnplace:";

  /// Returns once it serves. `place` is in rclone's words, `program` is rclone and options in front of ours.
  /// Errors: `remote` when there is no rclone, or it ends or says nothing for 30 s; `interrupted` once `stop`
  /// (may be null) is set.
  static Result<std::shared_ptr<Daemon>> start(std::vector<std::string> program, const std::string& place,
                                               const std::atomic<bool>* stop);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  /// Ends the program: SIGTERM, and SIGKILL after 5 s.
  ~Daemon();

  /// "http://127.0.0.1:PORT/".
  [[nodiscard]] const std::string& url() const { return *url_; }
  /// The value of the header `Authorization` that it wants.
  [[nodiscard]] const std::string& authorization() const { return authorization_; }
  /// Why the program has ended by itself; nothing while it runs. Waits up to `patience` for its end.
  [[nodiscard]] std::optional<Error> end(std::chrono::milliseconds patience = {}) const;

 private:
  Daemon() = default;
  void watch(const os::ProcessOptions& options);
  Status wait_until_it_serves(const std::atomic<bool>* stop);

  std::string authorization_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::optional<std::string> url_;  ///< set once
  std::optional<Error> end_;        ///< why it does not serve, or no more
  std::atomic<bool> finish_{false};
  std::thread thread_;
};

}  // namespace cairn::rclone
