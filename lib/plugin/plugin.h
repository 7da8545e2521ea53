// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "plugin/dialogue.h"
#include "transport/place.h"
#include "transport/transport.h"

namespace cairn::plugin {

/// A remote that a program of the user's keeps, over the protocol of docs/format/exec-remote.md. The program
/// runs once for each call that is under way, and is kept for the next one.
class PluginTransport : public transport::Transport {
 public:
  /// From `exec:PROGRAM [ARGUMENT…]`; nothing is started yet. `usage` when it names no program. `stall_limit`
  /// is for tests.
  static Result<std::unique_ptr<PluginTransport>> open(
      const transport::Place& place, std::chrono::milliseconds stall_limit = std::chrono::minutes(2));

  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] transport::Capabilities capabilities() const override { return {}; }
  Status prepare() override;
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override;
  Status put_if_absent(const std::string& name, transport::Source& source) override;
  Status put_replace(const std::string& name, Bytes bytes) override;
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override;
  Status remove(const std::string& name) override;

 private:
  explicit PluginTransport(DialogueOptions options) : options_(std::move(options)) {}

  Result<std::unique_ptr<Dialogue>> take_idle();
  /// call(dialogue) with a plug-in that does nothing else; kept for later if all went well.
  template <class Call>
  auto talk(Call call) -> decltype(call(std::declval<Dialogue&>()));
  Status ask_for_ok(const std::string& request);
  Result<std::vector<std::string>> put(const std::string& request, transport::Source& source);
  [[nodiscard]] Error failure(const Error& error) const;

  const DialogueOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Dialogue>> idle_;
};

}  // namespace cairn::plugin
