// SPDX-License-Identifier: Apache-2.0
#include "report/record_parts.h"

#include <string>
#include <utility>

#include "base/escape.h"

namespace cairn::report {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// The byte behind the last line feed in text[begin, end); kNone where there is none.
std::size_t behind_last_line(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t at = text.substr(begin, end - begin).rfind('\n');
  return at == kNone ? kNone : begin + at + 1;
}

/// The byte behind the quote that closes a cell whose quote opened before `at`; kNone where none does.
std::size_t behind_quoted(std::string_view text, std::size_t at) {
  while (true) {
    at = text.find('"', at);
    if (at == kNone) {
      return kNone;
    }
    if (at + 1 == text.size() || text[at + 1] != '"') {
      return at + 1;
    }
    at += 2;
  }
}

}  // namespace

std::optional<RecordFormat> record_format(std::string_view path) {
  if (path.ends_with(".csv")) {
    return RecordFormat::csv;
  }
  if (path.ends_with(".tsv")) {
    return RecordFormat::tsv;
  }
  bool lines = path.ends_with(".jsonl") || path.ends_with(".ndjson");
  return lines ? std::optional(RecordFormat::json_lines) : std::nullopt;
}

/// Where the last whole record ends in a text that begins with a record; 0 where none does. A quote counts
/// only at the start of a cell, as RecordReader has it.
std::size_t RecordParts::end_of_records(std::string_view text) const {
  const char separator = format_ == RecordFormat::tsv ? '\t' : ',';
  std::size_t last = 0;
  std::size_t at = 0;  // not inside of a quoted cell
  while (at < text.size()) {
    std::size_t quote = format_ == RecordFormat::json_lines ? kNone : text.find('"', at);
    const std::size_t lines = behind_last_line(text, at, quote == kNone ? text.size() : quote);
    last = lines == kNone ? last : lines;
    if (quote == kNone) {
      break;
    }
    const bool opens = quote == 0 || text[quote - 1] == separator || text[quote - 1] == '\n';
    at = opens ? behind_quoted(text, quote + 1) : quote + 1;
  }
  return last;
}

Status RecordParts::fill(Buffer& out, std::size_t size) {
  while (!ended_ && out.size() < size) {
    CAIRN_TRY_ASSIGN(const Bytes bytes, cursor_.peek());
    const std::size_t part = std::min(bytes.size(), size - out.size());
    append(out, bytes.first(part));
    cursor_.take(part);
    ended_ = bytes.empty();
  }
  return {};
}

Result<bool> RecordParts::next(Buffer& out) {
  out.swap(rest_);
  rest_.clear();
  for (std::size_t size = kPartSize; size <= kLongestRecord; size *= 2) {
    CAIRN_TRY(fill(out, size));
    const std::size_t end = ended_ ? out.size() : end_of_records(as_text(out));
    if (end > 0 || ended_) {
      rest_.assign(out.begin() + static_cast<std::ptrdiff_t>(end), out.end());
      out.resize(end);
      offset_ += end;
      return end > 0;
    }
  }
  return Error(Code::malformed, quoted(path_) + ": the record at byte " + std::to_string(offset_) +
                                    " is longer than " + std::to_string(kLongestRecord >> 20) +
                                    " MiB: is a quote not closed?");
}

}  // namespace cairn::report
