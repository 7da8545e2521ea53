// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/value.h"

namespace cairn::text {

/// Collects the problems of one file, so that the user sees all of them at once.
///
///     Diagnostics problems("cairn.yaml", text);
///     problems.add(entry.key_begin, "unknown key " + quoted(entry.key));
///     CAIRN_TRY(problems.status());
class Diagnostics {
 public:
  /// `text`, if given, is where to_error() takes the offending lines from; both must outlive this object.
  explicit Diagnostics(std::string_view path, std::string_view text = {}) : path_(path), text_(text) {}

  /// A problem at a place. `message` follows the rules for errors: lower case, no full stop, subject quoted.
  void add(const Position& at, std::string message);

  [[nodiscard]] bool empty() const { return count_ == 0; }

  /// One `malformed` error with a line "PATH:LINE:COLUMN: MESSAGE" for each problem, in the order of the
  /// file, each followed by its source line and a caret. Names the first 20 and counts the others. REQUIRES:
  /// !empty().
  [[nodiscard]] Error to_error() const;
  /// to_error(), or success if there are no problems.
  [[nodiscard]] Status status() const;

 private:
  struct Problem {
    Position at;
    std::string message;
  };

  std::string_view path_;
  std::string_view text_;
  std::vector<Problem> problems_;
  std::size_t count_ = 0;
};

}  // namespace cairn::text
