// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::text {

/// Something wrong at an offset of the text that is being read.
struct PythonProblem {
  std::size_t offset = 0;
  std::string message;
};

/// How a string literal starts. Internal to this module.
struct PythonStringHead {
  bool is_raw = false;
  bool is_bytes = false;
  bool is_formatted = false;  ///< f"" and t"": braces hold expressions
  std::string_view quotes;    ///< one or three
  std::size_t content = 0;    ///< offset of what stands between the quotes
};

/// The head of the string literal at `at`; nothing if none starts there: a name with a quote after it is one
/// only if Python has that prefix. `name_length` is the length of the name at `at`, 0 without one.
std::optional<PythonStringHead> python_string_head(std::string_view text, std::size_t at,
                                                   std::size_t name_length);

/// Offset after the literal with that head; nothing if it has no end. Expressions in f-strings may hold
/// strings with the same quotes, as since Python 3.12. Cost: linear in the literal.
std::optional<std::size_t> python_string_end(std::string_view text, const PythonStringHead& head);

/// Appends the value of the literal from `begin` to `end` to `out`; or tells why UTF-8 text cannot hold it.
/// Line breaks become "\n". REQUIRES: a string literal that is neither bytes nor formatted, in UTF-8.
std::optional<PythonProblem> append_python_string(std::string_view text, std::size_t begin, std::size_t end,
                                                  std::string& out);

}  // namespace cairn::text
