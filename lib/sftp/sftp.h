// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <mutex>

#include "sftp/address.h"
#include "sftp/listing.h"
#include "sftp/session.h"
#include "sftp/upload.h"
#include "transport/transport.h"

namespace cairn::sftp {

/// What a test may want otherwise.
struct Connecting {
  std::vector<std::string> program = {"ssh"};  ///< ssh, and options in front of ours
  std::chrono::milliseconds stall_limit{120'000};
};

/// A remote in a folder of a server, by one `ssh … sftp` that is started at the first call. An object is
/// written to `tmp/`, synced, renamed to its name without replacing another, and its folder is synced: on
/// return it is durable, on a server of OpenSSH. (SFTP's own rename is refused when the name is taken;
/// servers that replace instead let the last of two writers at once win.) A call whose connection breaks
/// connects again and goes on, twice at most. Host and user are checked by parse_address.
class SftpTransport : public transport::Transport {
 public:
  /// `stop` ends calls soon once it is set; it outlives the transport. Null: nothing does.
  SftpTransport(Address address, const std::atomic<bool>* stop, Connecting connecting = {})
      : address_(std::move(address)), stop_(stop), connecting_(std::move(connecting)) {}

  [[nodiscard]] std::string describe() const override { return address_.describe(); }
  [[nodiscard]] transport::Capabilities capabilities() const override { return {}; }
  Status prepare() override;
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override;
  Status put_if_absent(const std::string& name, transport::Source& source) override;
  Status put_replace(const std::string& name, Bytes bytes) override;
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override;
  Result<std::optional<transport::ObjectState>> find_state(const std::string& name) override;
  Status remove(const std::string& name) override;
  Result<std::vector<transport::ObjectInfo>> list_all(const std::vector<std::string>& prefixes) override;

 private:
  Result<std::shared_ptr<Session>> session();
  /// call(session), again with a new connection while the one it used breaks.
  template <class Call>
  auto attempt(Call call) -> decltype(call(std::declval<Session&>()));
  [[nodiscard]] Status pause(int attempt) const;

  Status put(const std::string& name, transport::Source& source, Taken taken);
  Result<std::vector<ListedFile>> list_below(Session& session, const std::vector<std::string>& prefixes);
  Result<std::optional<Attributes>> find_file(const std::string& name);
  [[nodiscard]] Error failure(const Error& error) const;

  const Address address_;
  const std::atomic<bool>* stop_;
  const Connecting connecting_;
  std::mutex mutex_;
  std::shared_ptr<Session> session_;
  std::atomic<bool> cleared_{false};
};

}  // namespace cairn::sftp
