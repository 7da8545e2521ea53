// SPDX-License-Identifier: Apache-2.0
#include "pipeline/word_diff.h"

#include <algorithm>

namespace cairn::pipeline {
namespace {

using text::DiffOp;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Words, and the white space between them; a line break is a token of its own.
std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> tokens;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = begin + 1;
    if (text[begin] != '\n') {
      const bool space = is_space(text[begin]);
      while (end < text.size() && text[end] != '\n' && is_space(text[end]) == space) {
        ++end;
      }
    }
    tokens.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return tokens;
}

/// What goes and what comes in its place.
struct Replacement {
  std::string removed;
  std::string added;

  [[nodiscard]] bool has_both() const { return !removed.empty() && !added.empty(); }
  void flush(std::vector<DiffPiece>& pieces) {
    if (!removed.empty()) {
      pieces.push_back({DiffOp::removed, std::move(removed)});
    }
    if (!added.empty()) {
      pieces.push_back({DiffOp::added, std::move(added)});
    }
    removed.clear();
    added.clear();
  }
};

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_space(c) && c != '\n'; });
}

}  // namespace

std::vector<DiffPiece> word_diff(std::string_view before, std::string_view after) {
  const std::vector<std::string_view> old_words = tokens_of(before);
  const std::vector<std::string_view> new_words = tokens_of(after);
  const std::vector<text::TokenRun> runs = text::diff_tokens(old_words, new_words);
  std::vector<DiffPiece> pieces;
  Replacement change;
  std::size_t old_at = 0;
  std::size_t new_at = 0;
  for (const text::TokenRun& run : runs) {
    std::string text;
    for (std::size_t i = 0; i < run.count; ++i) {
      text += run.op == DiffOp::added ? new_words[new_at] : old_words[old_at];
      old_at += run.op == DiffOp::added ? 0U : 1U;
      new_at += run.op == DiffOp::removed ? 0U : 1U;
    }
    const bool last = &run == &runs.back();
    if (run.op == DiffOp::removed) {
      change.removed += text;
    } else if (run.op == DiffOp::added) {
      change.added += text;
    } else if (is_blank(text) && change.has_both() && !last) {
      change.removed += text;
      change.added += text;
    } else {
      change.flush(pieces);
      pieces.push_back({DiffOp::same, std::move(text)});
    }
  }
  change.flush(pieces);
  return pieces;
}

std::string_view diff_op_name(DiffOp op) {
  return op == DiffOp::same ? "same" : op == DiffOp::removed ? "removed" : "added";
}

}  // namespace cairn::pipeline
