// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/context.h"
#include "store/store.h"
#include "transport/transport.h"

namespace cairn::remote {

/// What a remote is opened for. Only `write` may start a remote that was never used.
enum class Purpose { read, write };

/// A remote whose `format` was read: it is there, and it is one of ours. What is known of it on this machine
/// lies in the store's folder `remotes/`: its id (a random number made by the first push) by its place, so
/// that a remote that is gone (a disk that is not mounted) is never taken for a new one; and a cache of its
/// indexes by its id.
class Remote {
 public:
  /// `name` is what the user calls it. `remote` when it cannot be reached, is gone, was never pushed to
  /// (Purpose::read) or is not a cairn remote; `unsupported` when it was made by a newer cairn.
  static Result<Remote> open(std::unique_ptr<transport::Transport> transport, std::string name,
                             const store::StorePaths& store, Purpose purpose, Log& log);

  [[nodiscard]] transport::Transport& transport() const { return *transport_; }
  /// "remote 'origin' (folder '/mnt/data')".
  [[nodiscard]] std::string describe() const;
  [[nodiscard]] const std::string& id() const { return id_; }
  /// Folder of cached indexes; it exists.
  [[nodiscard]] const std::string& cache() const { return cache_; }

 private:
  Remote(std::unique_ptr<transport::Transport> transport, std::string name)
      : transport_(std::move(transport)), name_(std::move(name)) {}
  Status read_or_make_format(const std::string& known_path, Purpose purpose, Log& log);
  Status start(Purpose purpose);
  Status adopt(const Buffer& format);

  std::unique_ptr<transport::Transport> transport_;
  std::string name_;
  std::string id_;
  std::string cache_;
};

/// Whether a push was made there before; nothing is written. `remote` when it cannot be reached, is gone or
/// holds something else, `unsupported` when it was made by a newer cairn.
Result<bool> is_used(transport::Transport& transport, const std::string& name,
                     const store::StorePaths& store);

/// Forgets that the remote at this place was ever used: the next push may start it anew. For `cairn remote
/// remove`.
Status forget_remote(const transport::Transport& transport, const store::StorePaths& store);

}  // namespace cairn::remote
