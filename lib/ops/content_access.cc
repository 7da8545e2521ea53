// SPDX-License-Identifier: Apache-2.0
#include "ops/content_access.h"

#include "base/escape.h"
#include "ops/remote_way.h"
#include "os/path.h"
#include "store/closure.h"
#include "store/reader.h"

namespace cairn::ops {

Status ContentAccess::open_remote_session() {
  if (session_ != nullptr) {
    return {};
  }
  CAIRN_TRY_ASSIGN(remote::Remote remote, open_remote(workspace_, remote_, remote::Purpose::read, context_));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  CAIRN_TRY_ASSIGN(session_, RemoteSession::open(std::move(remote), *store, context_));
  return {};
}

Result<store::Tree> ContentAccess::read_tree(const store::Id& id) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  auto local = store::Reader(*store).read_tree(id);
  if (local.ok() || local.error().code() != Code::not_found) {
    return local;
  }
  CAIRN_TRY(open_remote_session());
  return remote::ObjectReader(session_->entries(), context_).read_tree(id);
}

Result<std::optional<store::TreeEntry>> ContentAccess::find(const project::Tracked& tracked,
                                                            const std::string& inner) {
  std::optional<store::TreeEntry> found = store::TreeEntry();
  const bool is_tree = tracked.object.family == store::Family::tree;
  found->kind = is_tree              ? store::TreeKind::folder
                : tracked.executable ? store::TreeKind::executable
                                     : store::TreeKind::file;
  found->id = tracked.object.id;
  found->size = tracked.object.size;
  for (const std::string_view part : inner.empty() ? std::vector<std::string_view>() : os::parts_of(inner)) {
    if (found->kind != store::TreeKind::folder) {
      return std::optional<store::TreeEntry>();
    }
    CAIRN_TRY_ASSIGN(const store::Tree tree, read_tree(found->id));
    const store::TreeEntry* const entry = tree.find(part);
    if (entry == nullptr) {
      return std::optional<store::TreeEntry>();
    }
    found = *entry;
  }
  return found;
}

Status ContentAccess::read_blob(const store::Id& id, std::optional<transport::Range> range,
                                const transport::Sink& sink) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  const store::Object object{store::Family::blob, id, 0};
  CAIRN_TRY_ASSIGN(const store::Closure closure,
                   store::collect_closure(*store, std::span(&object, 1), context_));
  if (closure.missing.empty()) {
    remote::StoreEntries entries(*store);
    return remote::ObjectReader(entries, context_).read_blob(id, range, sink);
  }
  CAIRN_TRY(open_remote_session());
  return remote::ObjectReader(session_->entries(), context_).read_blob(id, range, sink);
}

}  // namespace cairn::ops
