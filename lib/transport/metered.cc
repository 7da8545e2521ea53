// SPDX-License-Identifier: Apache-2.0
#include "transport/metered.h"

namespace cairn::transport {
namespace {

class Metered : public Transport {
 public:
  Metered(std::unique_ptr<Transport> transport, ReadMeter& meter)
      : transport_(std::move(transport)), meter_(meter) {}

  [[nodiscard]] std::string describe() const override { return transport_->describe(); }
  [[nodiscard]] Capabilities capabilities() const override { return transport_->capabilities(); }
  Status prepare() override { return transport_->prepare(); }
  Status get(const std::string& name, std::optional<Range> range, const Sink& sink) override {
    return transport_->get(name, range, [&](Bytes piece) {
      meter_ += piece.size();
      return sink(piece);
    });
  }
  Status put_if_absent(const std::string& name, Source& source) override {
    return transport_->put_if_absent(name, source);
  }
  Status put_replace(const std::string& name, Bytes bytes) override {
    return transport_->put_replace(name, bytes);
  }
  Result<std::vector<ObjectInfo>> list(const std::string& prefix) override {
    return transport_->list(prefix);
  }
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override {
    return transport_->stat(name);
  }
  Result<std::optional<ObjectState>> find_state(const std::string& name) override {
    return transport_->find_state(name);
  }
  Status remove(const std::string& name) override { return transport_->remove(name); }

 private:
  std::unique_ptr<Transport> transport_;
  ReadMeter& meter_;
};

}  // namespace

std::unique_ptr<Transport> metered(std::unique_ptr<Transport> transport, ReadMeter& meter) {
  return std::make_unique<Metered>(std::move(transport), meter);
}

}  // namespace cairn::transport
