// SPDX-License-Identifier: Apache-2.0
#include "transport/metered.h"

#include "transport/forwarding.h"

namespace cairn::transport {
namespace {

class Metered : public ForwardingTransport {
 public:
  Metered(std::unique_ptr<Transport> inner, ReadMeter& meter)
      : ForwardingTransport(std::move(inner)), meter_(meter) {}

  Status get(const std::string& name, std::optional<Range> range, const Sink& sink) override {
    return ForwardingTransport::get(name, range, [&](Bytes piece) {
      meter_ += piece.size();
      return sink(piece);
    });
  }

 private:
  ReadMeter& meter_;
};

}  // namespace

std::unique_ptr<Transport> metered(std::unique_ptr<Transport> transport, ReadMeter& meter) {
  return std::make_unique<Metered>(std::move(transport), meter);
}

}  // namespace cairn::transport
