// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/reader.h"
#include "version/verdict.h"

namespace cairn::report {

/// The first difference of two blobs as bytes. Of texts `line` and `column` are where the word that differs
/// begins, and `before` and `after` are that word. `offset` is the first byte that differs. Chunks that both
/// have at their start are only decoded to count their lines. Memory: bounded, apart from 40 bytes a chunk.
/// Internal to this module. REQUIRES: the ids differ. Errors: as BlobSource.
Result<version::Difference> compare_bytes(store::Reader& reader, const store::Id& before,
                                          const store::Id& after);

/// True for bytes that can be the beginning of a text: no control characters but white space and escape.
bool looks_like_text(Bytes start);
/// The same of a blob's first chunk.
Result<bool> is_text(store::Reader& reader, const store::Id& blob);

/// How a difference's excerpts and words are made: printable and, where it was cut, with "…" at its end.
std::string excerpt(std::string_view text);
/// "line 3, column 5: '0.81' became '0.79'", of a difference whose other fields are set.
std::string difference_words(const version::Difference& difference);

}  // namespace cairn::report
