// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "os/file.h"
#include "os/lock.h"
#include "remote/walk.h"

namespace cairn::ops {

/// A remote beside the local store, for questions of who has what: its index is read once, and folders that
/// the store here lacks are fetched as they are needed. Not thread-safe.
class RemoteSession {
 public:
  /// The store and the context must outlive it. What it fetches is among the store's temporary files, so it
  /// holds the store's lock as writers do.
  static Result<std::unique_ptr<RemoteSession>> open(remote::Remote remote, store::Store& store,
                                                     const Context& context);

  [[nodiscard]] const remote::Remote& remote() const { return remote_; }
  [[nodiscard]] const remote::RemoteIndex& index() const { return index_; }
  /// The index alone, for when the session is over.
  [[nodiscard]] remote::RemoteIndex take_index() && { return std::move(index_); }
  /// What both hold, for remote::ObjectReader.
  [[nodiscard]] remote::Entries& entries() { return entries_; }
  /// Who has what of these. Recipes of files are read only where packs that were pushed are gone.
  Result<remote::Difference> compare(std::span<const store::Object> objects,
                                     const remote::TreeVisitor& visit = {});

 private:
  RemoteSession(remote::Remote remote, store::Store& store, os::FileLock lock, os::TempFolder folder,
                remote::RemoteIndex index, const Context& context);

  remote::Remote remote_;
  os::FileLock lock_;
  os::TempFolder folder_;
  remote::RemoteIndex index_;
  const Context& context_;
  remote::Stage stage_;
  remote::Entries entries_;
};

}  // namespace cairn::ops
