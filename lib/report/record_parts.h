// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "report/byte_source.h"

namespace cairn::report {

/// Text files of records. CSV and TSV begin with a line of names and are quoted as in RFC 4180, JSON lines
/// have an object a line.
enum class RecordFormat : std::uint8_t { csv, tsv, json_lines };

/// By the suffix: .csv, .tsv, .jsonl, .ndjson; nothing for any other.
std::optional<RecordFormat> record_format(std::string_view path);

/// Cuts a source into parts of whole records. Where it cuts depends on the content alone: a part is as many
/// whole records as fit into kPartSize, or into the next power of two where the first one is longer. Cost: a
/// search for quotes and for the last line feed; a file without quotes is cut at memory speed.
class RecordParts {
 public:
  static constexpr std::size_t kPartSize = std::size_t{1} << 20;
  static constexpr std::size_t kLongestRecord = std::size_t{16} << 20;

  /// `source` must outlive it; `path` is for messages.
  RecordParts(ByteSource& source, RecordFormat format, std::string_view path)
      : cursor_(source), format_(format), path_(path) {}

  /// The next part replaces `out`; false at the end. The last one may lack its line feed. Errors: those of
  /// the source; `malformed` for a record of more than kLongestRecord.
  Result<bool> next(Buffer& out);

 private:
  Status fill(Buffer& out, std::size_t size);
  [[nodiscard]] std::size_t end_of_records(std::string_view text) const;

  ByteCursor cursor_;
  RecordFormat format_;
  std::string_view path_;
  Buffer rest_;  // of a record that did not fit
  std::uint64_t offset_ = 0;
  bool ended_ = false;
};

}  // namespace cairn::report
