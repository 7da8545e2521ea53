// SPDX-License-Identifier: Apache-2.0
#include "project/stored_merge.h"

namespace cairn::project {

Status StoredMerge::open() {
  if (!reader_) {
    CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
    CAIRN_TRY_ASSIGN(store::Writer writer, workspace_.open_writer(context_));
    reader_.emplace(*store);
    writer_.emplace(std::move(writer));
  }
  return {};
}

Result<MergedPointer> StoredMerge::merge(const PointerSides& sides, const Decide& decide) {
  const TreeLookup lookup = [this](const store::Id& id) -> Result<store::Tree> {
    CAIRN_TRY(open());
    return reader_->read_tree(id);
  };
  const TreeSink sink = [this](const store::Tree& tree) -> Result<store::Id> {
    CAIRN_TRY(open());
    return writer_->put_tree(tree);
  };
  Result<MergedPointer> merged = merge_pointers(sides, lookup, sink, decide);
  if (!merged.ok() && merged.error().code() == Code::not_found) {
    return Error(Code::not_found, "what is needed to merge it is not in the local store",
                 "cairn fetch, then cairn resolve");
  }
  return merged;
}

Status StoredMerge::commit() {
  return writer_ ? writer_->commit() : Status();
}

}  // namespace cairn::project
