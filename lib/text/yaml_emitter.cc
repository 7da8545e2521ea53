// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_emitter.h"

#include <algorithm>

#include "text/yaml_scalar.h"

namespace cairn::text {
namespace {

/// A longer key needs the "? key" form (YAML's limit is 1024).
constexpr std::size_t kLongestSimpleKey = 1000;

bool is_block(const Value& value) {
  return !value.items().empty() || !value.entries().empty();
}

/// True for text that a literal block gives back exactly and that people can read there.
bool fits_literal(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\n');
  if (first == std::string_view::npos || text.find('\n') == std::string_view::npos || text[first] == ' ' ||
      text[first] == '\t') {
    return false;
  }
  while (!text.empty()) {
    std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with(' ') || line.ends_with('\t')) {
      return false;
    }
    std::replace(line.begin(), line.end(), '\t', ' ');
    if (!is_printable(line)) {
      return false;
    }
  }
  return true;
}

class Emitter {
 public:
  explicit Emitter(const YamlLayout& layout) : layout_(layout) {}

  std::string take() { return std::move(out_); }

  /// Lines of `value`; the cursor stands at `column`.
  void block(const Value& value, std::size_t column) {
    bool first = true;
    for (const Value& value_item : value.items()) {
      start_line(first, column);
      item(value_item, column);
      first = false;
    }
    for (const Entry& e : value.entries()) {
      start_line(first, column);
      entry(e.key, e.value, column);
      first = false;
    }
    if (first) {
      scalar(value, column);
    }
  }

  void entry(std::string_view key, const Value& value, std::size_t column) {
    const std::string name = inline_string(key, Context::block);
    const bool is_simple = name.size() <= kLongestSimpleKey;
    out_ += is_simple ? name + ":" : "? " + name + "\n" + std::string(column, ' ') + ":";
    if (!is_block(value)) {
      out_ += ' ';
      scalar(value, column + layout_.indent);
      return;
    }
    const std::size_t inner = column + (value.is(Kind::list) ? layout_.list_indent : layout_.indent);
    out_ += "\n" + std::string(inner, ' ');
    block(value, inner);
  }

  void item(const Value& value, std::size_t column) {
    out_ += "- ";
    block(value, column + 2);
  }

  void flow(const Value& value) {
    if (value.is(Kind::list) || value.is(Kind::map)) {
      const bool list = value.is(Kind::list);
      out_ += list ? '[' : '{';
      const char* separator = "";
      for (const Value& item : value.items()) {
        out_ += std::exchange(separator, ", ");
        flow(item);
      }
      for (const Entry& entry : value.entries()) {
        out_ += std::exchange(separator, ", ") + inline_string(entry.key, Context::flow) + ": ";
        flow(entry.value);
      }
      out_ += list ? ']' : '}';
      return;
    }
    out_ +=
        value.is(Kind::string) ? inline_string(value.string_value(), Context::flow) : non_string_text(value);
  }

 private:
  void start_line(bool first, std::size_t column) {
    if (!first) {
      out_.append(column, ' ');
    }
  }

  /// A scalar or an empty collection, with its line end. Lines of a literal block stand at `column`.
  void scalar(const Value& value, std::size_t column) {
    if (!value.is_scalar()) {
      out_ += value.is(Kind::list) ? "[]\n" : "{}\n";
    } else if (!value.is(Kind::string)) {
      out_ += non_string_text(value) + "\n";
    } else if (fits_literal(value.string_value())) {
      literal(value.string_value(), std::max<std::size_t>(column, layout_.indent));
    } else {
      out_ += inline_string(value.string_value(), Context::block) + "\n";
    }
  }

  void literal(std::string_view text, std::size_t column) {
    const bool ends = text.ends_with('\n');
    out_ += !ends ? "|-\n" : text.ends_with("\n\n") ? "|+\n" : "|\n";
    if (ends) {
      text.remove_suffix(1);
    }
    for (bool more = true; more;) {
      const std::string_view line = text.substr(0, text.find('\n'));
      out_ += line.empty() ? "" : std::string(column, ' ') + std::string(line);
      out_ += '\n';
      more = line.size() < text.size();
      text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
  }

  YamlLayout layout_;
  std::string out_;
};

}  // namespace

std::string yaml_block(const Value& value, std::size_t column, const YamlLayout& layout) {
  Emitter emitter(layout);
  emitter.block(value, column);
  return std::string(column, ' ') + emitter.take();
}

std::string yaml_entry(std::string_view key, const Value& value, std::size_t column,
                       const YamlLayout& layout) {
  Emitter emitter(layout);
  emitter.entry(key, value, column);
  return std::string(column, ' ') + emitter.take();
}

std::string yaml_item(const Value& item, std::size_t column, const YamlLayout& layout) {
  Emitter emitter(layout);
  emitter.item(item, column);
  return std::string(column, ' ') + emitter.take();
}

std::string yaml_flow(const Value& value) {
  Emitter emitter({});
  emitter.flow(value);
  return emitter.take();
}

}  // namespace cairn::text
