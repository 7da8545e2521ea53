// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/token_diff.h"

namespace cairn::pipeline {

/// A stretch of text with one fate.
struct DiffPiece {
  text::DiffOp op = text::DiffOp::same;
  std::string text;
  bool operator==(const DiffPiece&) const = default;
};

/// What makes `after` of `before`, word by word; white space between words counts as words of its own. The
/// pieces that are not added give `before`, those that are not removed `after`. Where only white space stands
/// between two changes they are one. Cost: bounded, see text::diff_tokens.
std::vector<DiffPiece> word_diff(std::string_view before, std::string_view after);

/// "same", "removed", "added": in JSON.
std::string_view diff_op_name(text::DiffOp op);

}  // namespace cairn::pipeline
