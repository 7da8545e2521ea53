// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "codec/compress.h"
#include "remote/remote_index.h"
#include "remote/stage.h"
#include "store/reader.h"

namespace cairn::remote {

/// Decodes entries out of blocks as they are stored, and checks each against its key. Holds the block last
/// decoded, so neighbours cost one read. Not thread-safe.
class EntryDecoder {
 public:
  explicit EntryDecoder(store::BlockSource& blocks) : blocks_(blocks) {}

  /// The entry's bytes, valid until the next call. `corrupt` when they are not what the key says, naming the
  /// pack.
  Result<Bytes> read(const store::Key& key, const store::Location& from);

 private:
  store::BlockSource& blocks_;
  codec::Decoder decoder_;
  store::Location block_of_;  // what `block_` holds
  Buffer block_;
};

/// Decodes every entry of a finished pack file and checks it against its key.
Status check_entries(const store::Store::FinishedPack& pack, const Context& context);

/// Which side an entry is on.
struct Presence {
  bool here = false;
  bool there = false;
};

/// Where entries are read from. Not thread-safe.
class EntrySource {
 public:
  virtual ~EntrySource() = default;
  [[nodiscard]] virtual Presence find(const store::Key& key) const = 0;
  /// Gets ready to read these, in as few requests as possible.
  virtual Status prefetch(const std::vector<store::Key>& keys) = 0;
  /// An entry's bytes, checked against its id (recipes: for their form).
  virtual Result<Buffer> read(const store::Key& key) = 0;
};

/// The entries of a store alone.
class StoreEntries : public EntrySource {
 public:
  /// The store must outlive it.
  explicit StoreEntries(store::Store& store) : index_(store.index()), reader_(store) {}
  [[nodiscard]] Presence find(const store::Key& key) const override { return {index_->contains(key), false}; }
  Status prefetch(const std::vector<store::Key>& /*keys*/) override { return {}; }
  Result<Buffer> read(const store::Key& key) override { return reader_.read_entry(key); }

 private:
  std::shared_ptr<const store::Index> index_;
  store::Reader reader_;
};

/// Entries of the local store and of a remote, seen as one. What comes from the remote passes through a
/// stage, so no block is fetched twice. Not thread-safe.
class Entries : public EntrySource {
 public:
  /// The arguments must outlive it.
  Entries(store::Store& store, const RemoteIndex& remote, Stage& stage);

  [[nodiscard]] Presence find(const store::Key& key) const override;
  /// Stages the entries of these that only the remote has.
  Status prefetch(const std::vector<store::Key>& keys) override;
  /// From the local store where it has it. `not_found` when neither side has it; `corrupt` names the side and
  /// the pack.
  Result<Buffer> read(const store::Key& key) override;

 private:
  std::shared_ptr<const store::Index> local_;
  store::Reader reader_;
  const RemoteIndex& remote_;
  Stage& stage_;
  EntryDecoder decoder_;
};

}  // namespace cairn::remote
