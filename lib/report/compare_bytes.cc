// SPDX-License-Identifier: Apache-2.0
#include "report/compare_bytes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "report/blob_source.h"
#include "report/text_place.h"

namespace cairn::report {
namespace {

/// Looked at before and after the first byte that differs.
constexpr std::size_t kBack = 30;
constexpr std::size_t kAhead = 64;
constexpr std::size_t kShownBytes = 8;

/// Around the first byte that differs.
struct Split {
  std::uint64_t offset = 0;
  std::string common;  ///< up to kBack bytes before it
  std::string before;  ///< up to kAhead bytes from it on; empty where this side ends
  std::string after;
};

std::size_t common_length(Bytes a, Bytes b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

void keep_last(std::string& kept, Bytes bytes) {
  kept += as_text(bytes.last(std::min(bytes.size(), kBack)));
  kept.erase(0, kept.size() - std::min(kept.size(), kBack));
}

Result<Split> find_split(BlobSource& before, BlobSource& after) {
  const auto& a = before.pieces();
  const auto& b = after.pieces();
  const auto same =
      static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  // One equal chunk is read all the same, for what stands before the difference.
  const std::size_t skipped = same == 0 ? 0 : same - 1;
  Split split;
  for (std::size_t i = 0; i < skipped; ++i) {
    split.offset += a[i].size;
  }
  before.skip_to(skipped);
  after.skip_to(skipped);
  ByteCursor left(before);
  ByteCursor right(after);
  while (true) {
    CAIRN_TRY_ASSIGN(const Bytes x, left.peek());
    CAIRN_TRY_ASSIGN(const Bytes y, right.peek());
    const std::size_t common = common_length(x, y);
    keep_last(split.common, x.first(common));
    split.offset += common;
    left.take(common);
    right.take(common);
    if (common == 0) {
      break;
    }
  }
  CAIRN_TRY_ASSIGN(const Buffer x, left.read(kAhead));
  CAIRN_TRY_ASSIGN(const Buffer y, right.read(kAhead));
  split.before = as_text(x);
  split.after = as_text(y);
  return split;
}

bool ends_word(char c) {
  return std::string_view(" \t\r\n,;\"'()[]{}<>=|").find(c) != std::string_view::npos;
}

std::string_view up_to_word_end(std::string_view text) {
  return text.substr(
      0, static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ends_word) - text.begin()));
}

std::string_view through_line_end(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

/// What stands of the word before the byte that differs.
std::string_view word_start(std::string_view common) {
  const auto end = std::find_if(common.rbegin(), common.rend(), ends_word).base();
  std::string_view start = common.substr(static_cast<std::size_t>(end - common.begin()));
  while (!start.empty() && is_continuation(start.front())) {  // cut within a character
    start.remove_prefix(1);
  }
  return start;
}

/// The place of a byte in the text.
Result<TextPlace> place_of(store::Reader& reader, const store::Id& blob, std::uint64_t offset) {
  CAIRN_TRY_ASSIGN(BlobSource source, BlobSource::open(reader, blob));
  TextPlace place;
  while (offset > 0) {
    CAIRN_TRY_ASSIGN(const Bytes bytes, source.next());
    const std::size_t part = std::min<std::uint64_t>(bytes.size(), offset);
    place.pass(as_text(bytes.first(part)));
    offset -= part;
  }
  return place;
}

Result<version::Difference> text_difference(store::Reader& reader, const store::Id& blob,
                                            const Split& split) {
  const std::string start(word_start(split.common));
  std::string before = start + std::string(up_to_word_end(split.before));
  std::string after = start + std::string(up_to_word_end(split.after));
  if (before == after || before.empty() || after.empty()) {  // what ends the word differs
    before = start + std::string(through_line_end(split.before));
    after = start + std::string(through_line_end(split.after));
  }
  CAIRN_TRY_ASSIGN(const TextPlace place, place_of(reader, blob, split.offset - start.size()));
  version::Difference difference;
  difference.offset = split.offset;
  difference.line = place.line();
  difference.column = std::to_string(place.column());
  difference.before = excerpt(before);
  difference.after = excerpt(after);
  difference.text = difference_words(difference);
  return difference;
}

std::string hex_bytes(std::string_view bytes) {
  std::string out;
  for (const std::uint8_t byte : as_bytes(bytes.substr(0, kShownBytes))) {
    out += fmt::format("{}{:02x}", out.empty() ? "" : " ", byte);
  }
  return out;
}

version::Difference binary_difference(const Split& split, std::uint64_t size_before,
                                      std::uint64_t size_after) {
  version::Difference difference;
  difference.offset = split.offset;
  difference.before = hex_bytes(split.before);
  difference.after = hex_bytes(split.after);
  std::string what = fmt::format("{} became {}", difference.before, difference.after);
  if (split.before.empty()) {
    what = fmt::format("it ended here, now {} bytes follow", size_after - split.offset);
  } else if (split.after.empty()) {
    what = fmt::format("it ends here, {} bytes followed", size_before - split.offset);
  }
  difference.text = fmt::format("byte {} of {}: {}", split.offset, size_before, what);
  return difference;
}

}  // namespace

bool looks_like_text(Bytes start) {
  return std::none_of(start.begin(), start.end(), [](std::uint8_t byte) {
    return byte < 0x08 || (byte > 0x0d && byte < 0x20 && byte != 0x1b) || byte == 0x7f;
  });
}

Result<bool> is_text(store::Reader& reader, const store::Id& blob) {
  CAIRN_TRY_ASSIGN(BlobSource source, BlobSource::open(reader, blob));
  CAIRN_TRY_ASSIGN(const Bytes start, source.next());
  return looks_like_text(start);
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) {
    return escaped(text);
  }
  std::size_t end = kMost;
  while (end > 0 && is_continuation(text[end])) {
    --end;
  }
  return escaped(text.substr(0, end)) + "…";
}

std::string difference_words(const version::Difference& difference) {
  const std::string place = fmt::format("line {}, column {}", *difference.line, difference.column);
  if (difference.before.empty()) {
    return fmt::format("{}: '{}' was added", place, difference.after);
  }
  if (difference.after.empty()) {
    return fmt::format("{}: '{}' is missing", place, difference.before);
  }
  return fmt::format("{}: '{}' became '{}'", place, difference.before, difference.after);
}

Result<version::Difference> compare_bytes(store::Reader& reader, const store::Id& before,
                                          const store::Id& after) {
  CAIRN_TRY_ASSIGN(BlobSource left, BlobSource::open(reader, before));
  CAIRN_TRY_ASSIGN(BlobSource right, BlobSource::open(reader, after));
  CAIRN_TRY_ASSIGN(const Split split, find_split(left, right));
  if (split.before.empty() && split.after.empty()) {
    return Error(
        Code::corrupt,
        "stored data is damaged: " + before.text() + " and " + after.text() + " have the same content",
        "cairn fsck");
  }
  CAIRN_TRY_ASSIGN(const bool text_before, is_text(reader, before));
  CAIRN_TRY_ASSIGN(const bool text_after, is_text(reader, after));
  if (text_before && text_after && looks_like_text(as_bytes(split.before)) &&
      looks_like_text(as_bytes(split.after))) {
    return text_difference(reader, before, split);
  }
  return binary_difference(split, left.size(), right.size());
}

}  // namespace cairn::report
