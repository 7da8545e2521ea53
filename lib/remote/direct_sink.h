// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "remote/index_writer.h"
#include "store/pack_sink.h"

namespace cairn::remote {

/// Sends the packs of a store::Writer to a remote as they are finished, and keeps nothing here. Until
/// commit() nothing there refers to them; killed before, it leaves packs without a name in an index.
class DirectSink : public store::PackSink {
 public:
  /// The arguments must outlive it; `index` is of that remote.
  DirectSink(const Remote& remote, const RemoteIndex& index, const Context& context);

  /// Recipes are taken for missing where packs that an index names are gone: then one says nothing about its
  /// chunks.
  [[nodiscard]] bool has(const store::Key& key) const override;
  /// Every byte sent is checked against the pack's checksums.
  Status take(store::Store::FinishedPack pack) override;
  Status commit() override;

 private:
  const Remote& remote_;
  const RemoteIndex& index_;
  const Context& context_;
  const bool lacks_packs_;
  std::mutex mutex_;
  IndexWriter named_;
};

}  // namespace cairn::remote
