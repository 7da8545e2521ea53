// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::pipeline {

/// What stands between `${` and `}`.
struct Reference {
  enum class Kind : std::uint8_t {
    variable,     ///< ${a.b[0]}
    quoted,       ///< ${quote:a.b}: for the shell
    environment,  ///< ${env:NAME}
  };

  Kind kind = Kind::variable;
  std::string name;                     ///< as written, without prefix and default
  std::vector<std::string> path;        ///< of a variable: its parts
  std::optional<std::string> fallback;  ///< the text after `:-`
  std::size_t number = 0;               ///< of this `${` among all of the text, escaped ones too
};

/// Literal text, then a reference; the last part has none.
struct TemplatePart {
  std::string literal;
  std::optional<Reference> reference;
};

/// A text with its references found and its `\${` turned into `${`.
struct TemplateText {
  struct Problem {
    std::size_t number = 0;  ///< as Reference::number
    std::string message;
  };

  std::vector<TemplatePart> parts;
  std::vector<Problem> problems;

  /// The whole text is one reference: its value keeps its type.
  [[nodiscard]] bool is_exact() const;
};

/// False where lex_template() would only give the text back.
bool has_template(std::string_view text);

/// Finds the references of a text. Internal to this module.
TemplateText lex_template(std::string_view text);

}  // namespace cairn::pipeline
