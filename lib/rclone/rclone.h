// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "http/client.h"
#include "rclone/address.h"
#include "rclone/daemon.h"
#include "transport/place.h"
#include "transport/transport.h"

namespace cairn::rclone {

/// A remote on anything that rclone can reach, through one `rclone rcd` that is started at the first call
/// and, should it end, again: twice at most for a call. Where the remote can rename files an object is sent
/// to `tmp/` and renamed; elsewhere (object stores, which show an upload once it is whole) to its name at
/// once. rclone has no conditional write: of two writers of one name at the same moment the last one wins.
class RcloneTransport : public transport::Transport {
 public:
  /// `rclone:REMOTE:PATH`; nothing is started yet. `usage` when it names no remote. REQUIRES:
  /// http::load_curl().
  static Result<std::unique_ptr<RcloneTransport>> open(const transport::Place& place);
  /// `program` is rclone, and options in front of ours; `stop` as in Place.
  RcloneTransport(Address address, const std::atomic<bool>* stop,
                  std::vector<std::string> program = {"rclone"});

  [[nodiscard]] std::string describe() const override { return address_.describe(); }
  [[nodiscard]] transport::Capabilities capabilities() const override { return {}; }
  Status prepare() override;
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override;
  Status put_if_absent(const std::string& name, transport::Source& source) override;
  Status put_replace(const std::string& name, Bytes bytes) override;
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override;
  /// Size and time: to tell the time some clouds need a request more.
  Result<std::optional<transport::ObjectState>> find_state(const std::string& name) override;
  Status remove(const std::string& name) override;

 private:
  using Query = std::vector<std::pair<std::string, std::string>>;
  using Exchange = std::function<Result<http::Response>(const Daemon& daemon)>;

  Result<std::shared_ptr<Daemon>> daemon();
  /// exchange(daemon), again while it fails in a way that may pass. Once `own` holds an error (of the source
  /// or sink, null when there is none) that is final.
  Result<http::Response> repeat(const Exchange& exchange, const Status* own = nullptr);
  /// A command of rclone's, with its parameters.
  Result<http::Response> command(const std::string& name, const Query& parameters);
  /// operations/stat with these options of operations/list.
  Result<std::optional<transport::ObjectState>> ask(const std::string& name, std::string_view options);
  Result<bool> can_move();
  Status put(const std::string& name, transport::Source& source);
  Status upload(const std::string& name, transport::Source& source);
  Status move(const std::string& from, const std::string& name, std::uint64_t size);
  /// Files in or below a folder; nothing when there is no such folder.
  Result<std::optional<std::vector<transport::ObjectInfo>>> list_folder(const std::string& folder,
                                                                        bool recurse);

  [[nodiscard]] Error failure(const Error& error, const std::string& name) const;
  [[nodiscard]] Error refusal(const http::Response& response, const std::string& name) const;

  const Address address_;
  const std::atomic<bool>* const stop_;
  const std::vector<std::string> program_;
  http::Client client_;
  std::mutex mutex_;
  std::shared_ptr<Daemon> daemon_;
  std::optional<bool> can_move_;
};

}  // namespace cairn::rclone
