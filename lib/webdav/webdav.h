// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <set>

#include "webdav/folder_list.h"

namespace cairn::webdav {

/// A remote on a WebDAV server (RFC 4918). An object is sent to `tmp/`, and moved to its name without
/// replacing another: servers ignore conditions of PUT, but not of MOVE.
class WebdavTransport : public transport::Transport {
 public:
  /// `webdav://` or `webdavs://` (TLS). Errors: `usage` for a URL that names no place.
  static Result<std::unique_ptr<WebdavTransport>> open(const transport::Place& place);
  WebdavTransport(const transport::Place& place, http::Url url) : site_(place, std::move(url)) {}

  [[nodiscard]] std::string describe() const override { return "WebDAV folder " + site_.shown(); }
  std::string login_source() override { return site_.login_source(); }
  [[nodiscard]] transport::Capabilities capabilities() const override { return {}; }
  Status prepare() override { return site_.make_place(); }
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override {
    return site_.get(name, range, sink);
  }
  Status put_if_absent(const std::string& name, transport::Source& source) override;
  Status put_replace(const std::string& name, Bytes bytes) override;
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override { return site_.stat(name); }
  Result<std::optional<transport::ObjectState>> find_state(const std::string& name) override {
    return site_.find_state(name);
  }
  Status remove(const std::string& name) override;

 private:
  enum class Taken : std::uint8_t { keep, replace };  // what happens to an object that has the name already
  /// False when the name is taken.
  Result<bool> put(const std::string& name, transport::Source& source, Taken taken);
  Result<bool> move_to(const std::string& name, const std::string& from, std::uint64_t size, Taken taken);
  Status make_parents(const std::string& name);
  Status make_folder(const std::string& folder);
  Status add_members(const std::string& folder, const FolderList& list,
                     std::vector<transport::ObjectInfo>& out);

  Site site_;
  std::mutex mutex_;
  std::set<std::string> folders_;  ///< that are known to be there
  std::once_flag cleared_;         ///< what killed pushes left behind, once
};

}  // namespace cairn::webdav
