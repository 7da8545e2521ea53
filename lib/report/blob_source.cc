// SPDX-License-Identifier: Apache-2.0
#include "report/blob_source.h"

namespace cairn::report {

Result<BlobSource> BlobSource::open(store::Reader& reader, const store::Id& id) {
  CAIRN_TRY_ASSIGN(auto pieces, reader.read_pieces(store::Family::blob, id));
  return BlobSource(reader, id, std::move(pieces));
}

std::uint64_t BlobSource::size() const {
  std::uint64_t size = 0;
  for (const store::Piece& piece : pieces_) {
    size += piece.size;
  }
  return size;
}

void BlobSource::skip_to(std::size_t piece) {
  at_ = piece;
  whole_ = piece == 0;
}

Result<Bytes> BlobSource::next() {
  if (at_ < pieces_.size()) {
    const store::Piece& piece = pieces_[at_++];
    CAIRN_TRY_ASSIGN(chunk_, reader_->read_entry({store::EntryKind::data, piece.id}));
    if (chunk_.size() != piece.size) {
      return Error(Code::corrupt, "damaged recipe: " + id_.text() + " names a chunk with another length",
                   "cairn fsck");
    }
    hasher_.update(chunk_);
    return Bytes(chunk_);
  }
  // A recipe is a claim: only the whole content shows that these are the blob's chunks.
  if (whole_ && hasher_.finish() != id_) {
    return Error(Code::corrupt,
                 "stored data is damaged: " + id_.text() + " does not have the content of its name",
                 "cairn fsck");
  }
  return Bytes();
}

}  // namespace cairn::report
