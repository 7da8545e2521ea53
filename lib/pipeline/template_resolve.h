// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/surroundings.h"
#include "pipeline/template_place.h"
#include "pipeline/template_text.h"
#include "pipeline/value_reader.h"
#include "pipeline/variables.h"
#include "text/value.h"

namespace cairn::pipeline {

/// What a reference may give.
enum class Gives : std::uint8_t {
  scalars,
  options,  ///< maps too, as options of a command
  all,      ///< of a string that is one reference, any value
};

/// True if there is a reference or an escaped one in the value's strings and keys.
bool has_templates(const text::Value& value);

/// Puts values in the place of references, for one cairn.yaml. A scalar that stands for itself keeps its type
/// and has the style `none`. Internal to this module.
class TemplateResolver {
 public:
  /// `text` is the file's. All must outlive this object.
  TemplateResolver(std::string_view text, Surroundings& surroundings, ValueReader& reader)
      : places_(text), surroundings_(surroundings), reader_(reader) {}

  /// The value with all references resolved at any depth; problems are noted.
  text::Value resolve(const text::Value& value, Variables& variables, Gives gives);
  /// A stage's body, whose own keys are no templates: `cmd` may have options, `vars` is left out.
  text::Value resolve_stage(const text::Value& body, Variables& variables);

  /// Variables of the environment that were referred to since the last call.
  std::set<std::string> take_environment() { return std::exchange(environment_, {}); }

  /// All that was made is too much: nothing more is resolved, and a problem was noted.
  [[nodiscard]] bool exhausted() const { return made_ > kMostMade; }

 private:
  /// Bytes of text, and 128 for each value. A bound for loops over large bodies and large values.
  static constexpr std::uint64_t kMostMade = std::uint64_t{256} << 20U;

  /// Where a string stands.
  struct Place {
    const text::Position& begin;
    const text::Position& end;
    text::Style style;
    std::string_view decoded;
  };

  text::Value resolve_string(const text::Value& value, Variables& variables, Gives gives);
  text::Value resolve_map(const text::Value& value, Variables& variables, Gives gives);
  std::string text_of(const TemplateText& lexed, const Place& place, Variables& variables, Gives gives);
  /// The value of a reference that is the whole string; nothing where text_of() does as well.
  const text::Value* value_of(const Reference& reference, Variables& variables, Gives gives) const;
  std::string pasted(const Reference& reference, const Place& place, Variables& variables, Gives gives);
  std::string environment(const Reference& reference, const Place& place);
  void note(const Place& place, std::size_t number, std::string message);
  void charge(std::uint64_t bytes, const text::Position& at);

  TemplatePlaces places_;
  Surroundings& surroundings_;
  ValueReader& reader_;
  std::set<std::string> environment_;
  std::uint64_t made_ = 0;
};

}  // namespace cairn::pipeline
