// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webdav/site.h"

namespace cairn::webdav {

/// A remote that a web server gives to read: nothing can be listed or written.
class HttpTransport : public transport::Transport {
 public:
  /// Errors: `usage` for a URL that names no place.
  static Result<std::unique_ptr<HttpTransport>> open(const transport::Place& place);
  HttpTransport(const transport::Place& place, http::Url url) : site_(place, std::move(url)) {}

  [[nodiscard]] std::string describe() const override { return "web folder " + site_.shown(); }
  std::string login_source() override { return site_.login_source(); }
  [[nodiscard]] transport::Capabilities capabilities() const override { return {false, false}; }
  Status prepare() override { return read_only(); }
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override {
    return site_.get(name, range, sink);
  }
  Status put_if_absent(const std::string& /*name*/, transport::Source& /*source*/) override {
    return read_only();
  }
  Status put_replace(const std::string& /*name*/, Bytes /*bytes*/) override { return read_only(); }
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override { return site_.stat(name); }
  Result<std::optional<transport::ObjectState>> find_state(const std::string& name) override {
    return site_.find_state(name);
  }
  Status remove(const std::string& /*name*/) override { return read_only(); }

 private:
  [[nodiscard]] Error read_only() const;

  Site site_;
};

}  // namespace cairn::webdav
