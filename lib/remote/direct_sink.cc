// SPDX-License-Identifier: Apache-2.0
#include "remote/direct_sink.h"

#include "os/file.h"
#include "remote/layout.h"
#include "remote/pack_check.h"

namespace cairn::remote {
namespace {

bool is_recipe(const store::Key& key) {
  return key.kind == store::EntryKind::recipe || key.kind == store::EntryKind::tree_recipe;
}

/// Progress counts what is read, not what is sent.
Status send(transport::Transport& transport, const std::string& path, const store::Id& id,
            const Context& context) {
  Progress uncounted;
  const Context silent{context.log, uncounted, context.stop, context.jobs, context.kill};
  CAIRN_TRY_ASSIGN(PackSource source, PackSource::open(path, silent));
  return transport.put_if_absent(pack_name(id), source);
}

}  // namespace

DirectSink::DirectSink(const Remote& remote, const RemoteIndex& index, const Context& context)
    : remote_(remote), index_(index), context_(context), lacks_packs_(index.lacks_packs()) {}

bool DirectSink::has(const store::Key& key) const {
  return !(lacks_packs_ && is_recipe(key)) && index_.contains(key);
}

Status DirectSink::take(store::Store::FinishedPack pack) {
  const Status sent = send(remote_.transport(), pack.path, pack.table.id, context_);
  CAIRN_TRY(os::remove_file(pack.path));
  CAIRN_TRY(sent);
  const std::lock_guard lock(mutex_);
  named_.add(pack.table);
  return {};
}

Status DirectSink::commit() {
  if (!named_.empty()) {
    CAIRN_TRY(named_.publish(remote_.transport(), named_.merge_many(index_)));
  }
  return {};
}

}  // namespace cairn::remote
