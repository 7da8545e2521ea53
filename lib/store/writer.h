// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "codec/compress.h"
#include "os/root.h"
#include "store/store.h"
#include "store/tree.h"

namespace cairn::store {

/// A file to be stored, and what came of it.
struct FileTask {
  std::string path;  ///< relative to the Root given to put_files

  Id id;
  os::FileStat stat;  ///< the state that was stored (fstat before and after reading agree)
  /// Set when this file failed; the others are stored all the same. Codes: not_found, permission, io, and
  /// `conflict` when it kept changing while it was read (three tries).
  std::optional<Error> error;
};

/// Bytes to be stored as a blob, and what came of them.
struct StreamTask {
  /// Hands all bytes in order to `sink`, whose error it returns. Called once, from a worker thread.
  std::function<Status(const std::function<Status(Bytes piece)>& sink)> read;

  Id id;
  std::uint64_t size = 0;
  std::optional<Error> error;  ///< of read(); the others are stored all the same
};

/// Whether every block is decoded and compared with what it was made of before it is published: against
/// faulty memory. Costs the time of decoding.
enum class VerifyWrites : std::uint8_t { no, yes };

class PackSink;

/// One session of writing to a store: content goes through chunking, hashing, lookup and encoding to new
/// packs, and nothing of it is visible to others before commit(). Dropping the writer without commit leaves
/// nothing. Memory: about 6 MiB a worker plus 64 bytes a new chunk, whatever the size of the data.
class Writer {
 public:
  /// `store` and what `context` refers to must outlive the writer. `locked` when the store is being
  /// collected.
  static Result<Writer> open(Store& store, codec::Compression compression, const Context& context,
                             VerifyWrites verify = VerifyWrites::no);
  /// A writer whose packs all go to `sink`, which must outlive it, each as soon as it is full. The store gets
  /// nothing; it lends its folder for unfinished packs: at most one a worker, and one more.
  static Result<Writer> open_to(PackSink& sink, Store& store, codec::Compression compression,
                                const Context& context, VerifyWrites verify);
  Writer(Writer&&) noexcept;
  ~Writer();

  /// Stores files with context.jobs workers: one pass over the bytes of each, which are cut, hashed and
  /// encoded from one buffer. Progress counts their bytes. The returned error is the store's (disk full, I/O)
  /// or `interrupted`; a file's own trouble is in its task.
  Status put_files(const os::Root& root, std::span<FileTask> tasks);
  /// The same for what comes as it comes (from a network): each task is read and stored by one worker.
  Status put_streams(std::span<StreamTask> tasks);
  /// Stores bytes from memory as a blob.
  Result<Id> put_blob(Bytes bytes);
  /// Stores a folder object; its children must have been put before.
  Result<Id> put_tree(const Tree& tree);
  /// Makes everything durable and visible: fsync of the packs, then the index. The writer goes on with new
  /// packs.
  Status commit();

  /// True when the object's own entry, whole or recipe, was there before this session, where its packs go.
  [[nodiscard]] bool has(const Object& object) const;
  /// Bytes added to packs so far.
  [[nodiscard]] std::uint64_t stored_bytes() const;

 private:
  struct State;
  explicit Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cairn::store
