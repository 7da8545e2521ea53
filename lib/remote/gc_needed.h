// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "remote/remote_index.h"
#include "store/store.h"

/// What the roots of a remote need: for its collection.
namespace cairn::remote {

/// An object with the name of a root that names it.
struct NeededObject {
  store::Object object;
  std::string root;
};

/// What all these roots name, each object once. Any root that cannot be read, or is gone, is an error that
/// names it. Cost: one request a root.
Result<std::vector<NeededObject>> read_roots(transport::Transport& transport,
                                             std::span<const transport::ObjectInfo> roots,
                                             const Context& context);

using NeededKeys = std::unordered_set<store::Key, store::KeyHash>;

/// Objects that are kept where they are whole, given what roots need.
using KeptToo = std::function<Result<std::vector<store::Object>>(const NeededKeys& needed)>;

/// All entries below these objects, as the remote holds them. What the local store has is read there, and so
/// is never downloaded. `remote` when an entry is not on the remote: names the root. What of `kept_too` is
/// there is added; it need not be whole. Memory: about 130 bytes an entry.
Result<NeededKeys> find_needed(store::Store& store, const Remote& remote, const RemoteIndex& index,
                               const std::vector<NeededObject>& objects, const KeptToo& kept_too,
                               const Context& context);

}  // namespace cairn::remote
