// SPDX-License-Identifier: Apache-2.0
#include "text/source.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::text {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0u) != 0x80u;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

}  // namespace

Character decode_utf8(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) {
    return {};
  }
  std::uint32_t code_point = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (starts_character(text[i])) {
      return {};
    }
    code_point = code_point << 6u | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < kSmallest[length] || code_point > 0x10ffff || surrogate) {
    return {};
  }
  return {code_point, length};
}

Source::Source(std::string_view text) : text_(text) {
  bom_ = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  is_ascii_ = std::none_of(text.begin() + static_cast<std::ptrdiff_t>(bom_), text.end(),
                           [](char c) { return (static_cast<unsigned char>(c) & 0x80u) != 0; });
  Block before{0, 0, static_cast<std::uint32_t>(bom_)};
  blocks_.reserve(text.size() / kBlock + 1);
  for (std::size_t start = 0; start <= text.size(); start += kBlock) {
    blocks_.push_back(before);
    const std::size_t end = std::min(start + kBlock, text.size());
    for (std::size_t i = start; i < end; ++i) {
      before.characters += i >= bom_ && starts_character(text[i]) ? 1u : 0u;
      if (text[i] == '\n') {
        ++before.lines;
        before.line_start = static_cast<std::uint32_t>(i + 1);
      }
    }
  }
}

std::size_t Source::characters_before(std::size_t offset) const {
  if (is_ascii_) {
    return offset - bom_;
  }
  const std::size_t block = offset / kBlock;
  const std::size_t start = std::max(block * kBlock, bom_);
  return blocks_[block].characters +
         (offset > start ? count_characters(text_.substr(start, offset - start)) : 0);
}

Position Source::at(std::size_t offset) const {
  offset = std::clamp(offset, bom_, text_.size());
  const Block& block = blocks_[offset / kBlock];
  std::size_t lines = block.lines;
  std::size_t line_start = block.line_start;
  for (std::size_t i = offset / kBlock * kBlock; i < offset; ++i) {
    if (text_[i] == '\n') {
      ++lines;
      line_start = i + 1;
    }
  }
  const std::size_t column = characters_before(offset) - characters_before(line_start);
  return {static_cast<unsigned>(lines + 1), static_cast<unsigned>(column + 1), offset};
}

std::size_t Source::offset_of_character(std::size_t index) const {
  if (is_ascii_) {
    return std::min(bom_ + index, text_.size());
  }
  auto after = std::upper_bound(blocks_.begin(), blocks_.end(), index,
                                [](std::size_t i, const Block& block) { return i < block.characters; });
  const auto block = static_cast<std::size_t>(after - blocks_.begin()) - 1;
  std::size_t offset = std::max(block * kBlock, bom_);
  for (std::size_t left = index - blocks_[block].characters + 1; offset < text_.size(); ++offset) {
    if (starts_character(text_[offset]) && --left == 0) {
      return offset;
    }
  }
  return text_.size();
}

std::size_t Source::offset_of(unsigned line, unsigned column) const {
  const unsigned wanted = line == 0 ? 0 : line - 1;
  auto after = std::lower_bound(blocks_.begin(), blocks_.end(), wanted,
                                [](const Block& block, unsigned lines) { return block.lines < lines; });
  std::size_t lines = 0;
  std::size_t offset = bom_;
  if (after != blocks_.begin() && wanted > 0) {
    const auto block = static_cast<std::size_t>(after - blocks_.begin()) - 1;
    lines = blocks_[block].lines;
    for (offset = block * kBlock; offset < text_.size() && lines < wanted; ++offset) {
      lines += text_[offset] == '\n' ? 1u : 0u;
    }
  }
  return offset_of_character(characters_before(offset) + (column == 0 ? 0 : column - 1));
}

void check_text(std::string_view text, const Limits& limits, Diagnostics& problems) {
  constexpr std::size_t kMost = std::size_t{1} << 31u;
  if (text.size() > std::min(limits.bytes, kMost)) {
    problems.add({1, 1, 0},
                 fmt::format("file has {} bytes, more than the limit of {}", text.size(), limits.bytes));
    return;
  }
  for (std::size_t i = 0; i < text.size();) {
    const Character c = decode_utf8(text.substr(i, 4));
    if (c.length == 0) {
      problems.add(Source(text).at(i),
                   fmt::format("byte {:#04x} is not UTF-8", static_cast<unsigned char>(text[i])));
      return;
    }
    i += c.length;
  }
}

}  // namespace cairn::text
