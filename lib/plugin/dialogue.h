// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "os/piped_child.h"

namespace cairn::plugin {

/// How a plug-in is run.
struct DialogueOptions {
  std::vector<std::string> argv;
  std::string folder;
  /// The plug-in is ended when it takes and says nothing for so long.
  std::chrono::milliseconds stall_limit{120'000};
  /// Once set, one that takes and says nothing is ended after two seconds. Null: nothing stops it.
  const std::atomic<bool>* stop = nullptr;
};

/// A running plug-in, and lines and bytes to and from it (docs/format/exec-remote.md). Errors: `remote`, also
/// for an answer ERROR; `interrupted` after a stop. After an error, and when an answer was not heard to its
/// end, the dialogue is of no use any more. Threads: one at a time; the program does not depend on who
/// started it.
class Dialogue {
 public:
  /// Starts the program and greets it.
  static Result<std::unique_ptr<Dialogue>> start(const DialogueOptions& options);
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  /// Closes its stdin, and ends it should it not end by itself soon.
  ~Dialogue();

  /// Sends a line; `line` is without its end.
  Status say(const std::string& line);
  Status send(Bytes bytes);
  /// The words of the next line; at least one. An ERROR is one.
  Result<std::vector<std::string>> hear();
  /// Gives the next `size` bytes to `sink`; its error is returned as it is.
  Status take(std::uint64_t size, const std::function<Status(Bytes piece)>& sink);

 private:
  explicit Dialogue(DialogueOptions options) : options_(std::move(options)) {}
  Status receive();
  Result<std::size_t> wait_for(const std::function<Result<std::size_t>()>& step);
  Error ended();

  DialogueOptions options_;
  std::unique_ptr<os::PipedChild> child_;
  Buffer heard_;          // what came and was not used yet
  std::size_t used_ = 0;  // of it
};

/// A number of bytes as the protocol writes it; nothing for any other word.
std::optional<std::uint64_t> to_size(std::string_view word);

}  // namespace cairn::plugin
