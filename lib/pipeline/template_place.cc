// SPDX-License-Identifier: Apache-2.0
#include "pipeline/template_place.h"

#include <algorithm>

namespace cairn::pipeline {
namespace {

constexpr std::string_view kOpen = "${";

std::size_t count_references(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

text::Position TemplatePlaces::of(const text::Position& begin, const text::Position& end, text::Style style,
                                  std::string_view decoded, std::size_t number) {
  if (begin.line == 0 || end.offset < begin.offset || end.offset > text_.size()) {
    return begin;
  }
  std::string_view written = text_.substr(begin.offset, end.offset - begin.offset);
  std::size_t skipped = 0;
  if (style == text::Style::literal || style == text::Style::folded) {
    // A comment may follow the `|`.
    skipped = std::min(written.find('\n'), written.size());
  }
  // Nothing but an escape makes or hides a reference; then the counts differ.
  if (count_references(written.substr(skipped)) != count_references(decoded)) {
    return begin;
  }
  std::size_t at = written.find(kOpen, skipped);
  for (; number > 0 && at != std::string_view::npos; --number) {
    at = written.find(kOpen, at + 1);
  }
  if (at == std::string_view::npos) {
    return begin;
  }
  if (!source_) {
    source_.emplace(text_);
  }
  return source_->at(begin.offset + at);
}

}  // namespace cairn::pipeline
