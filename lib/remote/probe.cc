// SPDX-License-Identifier: Apache-2.0
#include "remote/probe.h"

#include <algorithm>
#include <functional>

#include "base/escape.h"
#include "os/file.h"
#include "remote/layout.h"
#include "remote/remote.h"

namespace cairn::remote {
namespace {

constexpr std::size_t kSize = 4096;

/// Bytes that no cache and no earlier probe can know.
Buffer fresh_bytes() {
  std::string text;
  while (text.size() < kSize) {
    text += os::random_name();
  }
  text.resize(kSize);
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

class Prober {
 public:
  Prober(transport::Transport& transport, const std::string& remote, const store::StorePaths& store,
         const Context& context)
      : transport_(transport),
        remote_(remote),
        store_(store),
        context_(context),
        can_(transport.capabilities()) {}

  Result<ProbeReport> run() {
    report_.writable = can_.write;
    const bool reached = step("reach", [this] { return reach(); });
    const bool listed = reached && (!can_.list || step("list", [this] { return list(); }));
    if (listed && can_.write && step("write", [this] { return write(); })) {
      step("read", [this] { return read(); });
      step("remove", [this] { return remove(); });
    }
    CAIRN_TRY(context_.check_stop());
    return std::move(report_);
  }

 private:
  /// Tries one thing; true when it went well.
  bool step(std::string name, const std::function<Status()>& work) {
    const auto start = std::chrono::steady_clock::now();
    const Status done = work();
    const auto took = std::chrono::steady_clock::now() - start;
    report_.steps.push_back({std::move(name), std::chrono::duration_cast<std::chrono::microseconds>(took),
                             done.ok() ? std::optional<Error>() : done.error()});
    return done.ok();
  }

  Status reach() {
    CAIRN_TRY_ASSIGN(report_.used, is_used(transport_, remote_, store_));
    return report_.used || !can_.write ? Status() : transport_.prepare();
  }

  Status list() {
    CAIRN_TRY(transport_.list(std::string(kIndexesPrefix)));
    return {};
  }

  Status write() {
    transport::BytesSource source(bytes_);
    return transport_.put_if_absent(name_, source);
  }

  Status read() {
    CAIRN_TRY_ASSIGN(const auto whole, transport::find_object(transport_, name_, kSize));
    if (!whole) {
      return Error(Code::remote, "what was written to " + transport_.describe() + " is not there");
    }
    Buffer part(kSize / 4);
    CAIRN_TRY(transport::read_range(transport_, name_, kSize / 2, part));
    if (*whole != bytes_ || !std::equal(part.begin(), part.end(), bytes_.begin() + kSize / 2)) {
      return Error(Code::remote, transport_.describe() + " gave other bytes than were written");
    }
    return {};
  }

  Status remove() {
    CAIRN_TRY(transport_.remove(name_));
    CAIRN_TRY_ASSIGN(const auto left, transport_.stat(name_));
    if (left) {
      return Error(Code::remote, quoted(name_) + " was removed, and is still in " + transport_.describe());
    }
    return {};
  }

  transport::Transport& transport_;
  const std::string& remote_;
  const store::StorePaths& store_;
  const Context& context_;
  transport::Capabilities can_;
  std::string name_ = std::string(kProbesPrefix) + os::random_name();
  Buffer bytes_ = fresh_bytes();
  ProbeReport report_;
};

}  // namespace

const ProbeStep* ProbeReport::failed() const {
  const auto it = std::ranges::find_if(steps, [](const ProbeStep& step) { return step.error.has_value(); });
  return it == steps.end() ? nullptr : &*it;
}

Result<ProbeReport> probe(transport::Transport& transport, const std::string& remote,
                          const store::StorePaths& store, const Context& context) {
  return Prober(transport, remote, store, context).run();
}

}  // namespace cairn::remote
