// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "transport/transport.h"

namespace cairn::transport {

/// Hands every call on to another transport. What changes one of them derives from it.
class ForwardingTransport : public Transport {
 public:
  explicit ForwardingTransport(std::unique_ptr<Transport> inner) : inner_(std::move(inner)) {}

  [[nodiscard]] std::string describe() const override { return inner_->describe(); }
  [[nodiscard]] Capabilities capabilities() const override { return inner_->capabilities(); }
  std::string login_source() override { return inner_->login_source(); }
  Status prepare() override { return inner_->prepare(); }
  Status get(const std::string& name, std::optional<Range> range, const Sink& sink) override {
    return inner_->get(name, range, sink);
  }
  Status put_if_absent(const std::string& name, Source& source) override {
    return inner_->put_if_absent(name, source);
  }
  Status put_replace(const std::string& name, Bytes bytes) override {
    return inner_->put_replace(name, bytes);
  }
  Result<std::vector<ObjectInfo>> list(const std::string& prefix) override { return inner_->list(prefix); }
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override { return inner_->stat(name); }
  Result<std::optional<ObjectState>> find_state(const std::string& name) override {
    return inner_->find_state(name);
  }
  Status remove(const std::string& name) override { return inner_->remove(name); }
  Result<std::vector<ObjectInfo>> list_all(const std::vector<std::string>& prefixes) override {
    return inner_->list_all(prefixes);
  }

 private:
  std::unique_ptr<Transport> inner_;
};

}  // namespace cairn::transport
