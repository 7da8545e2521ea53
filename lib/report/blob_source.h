// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "codec/hash.h"
#include "report/byte_source.h"
#include "store/reader.h"

namespace cairn::report {

/// A blob of a store, chunk by chunk. Every chunk is checked against its id, and at the end the blob against
/// its own unless something was skipped: `corrupt`. Memory: one chunk, and 40 bytes for each of the blob's.
class BlobSource : public ByteSource {
 public:
  /// `reader` must outlive it. Errors: as Reader::read_pieces.
  static Result<BlobSource> open(store::Reader& reader, const store::Id& id);

  Result<Bytes> next() override;
  [[nodiscard]] const std::vector<store::Piece>& pieces() const { return pieces_; }
  [[nodiscard]] std::uint64_t size() const;
  /// Goes on with this piece. REQUIRES: next() was not called yet.
  void skip_to(std::size_t piece);

 private:
  BlobSource(store::Reader& reader, const store::Id& id, std::vector<store::Piece> pieces)
      : reader_(&reader), id_(id), pieces_(std::move(pieces)) {}

  store::Reader* reader_;
  store::Id id_;
  std::vector<store::Piece> pieces_;
  std::size_t at_ = 0;
  bool whole_ = true;
  codec::Hasher hasher_;
  Buffer chunk_;
};

}  // namespace cairn::report
