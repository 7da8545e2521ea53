// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "os/root.h"
#include "transport/transport.h"

namespace cairn::transport {

/// A remote in a folder, local or mounted. An object is written to `tmp/`, synced, renamed to its name
/// without replacing another, and its folder is synced: on return it is durable.
class DirTransport : public Transport {
 public:
  /// `path` is absolute; nothing is opened or made yet.
  explicit DirTransport(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] Capabilities capabilities() const override { return {}; }
  Status prepare() override;
  Status get(const std::string& name, std::optional<Range> range, const Sink& sink) override;
  Status put_if_absent(const std::string& name, Source& source) override;
  Status put_replace(const std::string& name, Bytes bytes) override;
  Result<std::vector<ObjectInfo>> list(const std::string& prefix) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override;
  Result<std::optional<ObjectState>> find_state(const std::string& name) override;
  Status remove(const std::string& name) override;

 private:
  [[nodiscard]] Result<std::optional<os::FileStat>> find_file(const std::string& name) const;
  [[nodiscard]] Error failure(const Error& error) const;
  [[nodiscard]] Result<os::Root> open_root() const;
  enum class Taken : std::uint8_t { keep, replace };  // what happens to an object that has the name already
  Status put(const std::string& name, Source& source, Taken taken);
  Status put_watched(const std::string& name, Source& source, Taken taken);
  Status clear_leftovers(const os::Root& root);

  std::string path_;
  std::once_flag cleared_;
};

}  // namespace cairn::transport
