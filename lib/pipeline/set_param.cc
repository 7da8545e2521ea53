// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/override.h"
#include "text/params.h"
#include "text/splice.h"

namespace cairn::pipeline {
namespace {

using text::Kind;
using text::Value;

enum class Form : std::uint8_t { yaml, json, toml, python };

Form form_of(std::string_view path) {
  return path.ends_with(".json")   ? Form::json
         : path.ends_with(".toml") ? Form::toml
         : path.ends_with(".py")   ? Form::python
                                   : Form::yaml;
}

text::KeyPath parts_of(std::string_view key) {
  text::KeyPath parts;
  while (true) {
    std::size_t dot = key.find('.');
    parts.emplace_back(key.substr(0, dot));
    if (dot == std::string_view::npos) {
      return parts;
    }
    key.remove_prefix(dot + 1);
  }
}

/// A value, and whether the way to it leads through lists.
struct Found {
  const Value* value = nullptr;
  bool in_list = false;
};

Found find(const Value& document, const text::KeyPath& parts) {
  Found found{&document, false};
  for (const std::string& part : parts) {
    if (found.value->is(Kind::list)) {
      std::size_t index = 0;
      auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
      bool valid = error == std::errc() && end == part.data() + part.size();
      found = {valid && index < found.value->items().size() ? &found.value->items()[index] : nullptr, true};
    } else {
      found.value = found.value->find(part);
    }
    if (found.value == nullptr) {
      return found;
    }
  }
  return found;
}

/// A string as JSON, TOML and Python write it alike.
std::string quoted_string(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string number_text(double number, Form form) {
  if (std::isfinite(number)) {
    return text::canonical(Value::floating(number));
  }
  std::string sign = number < 0 ? "-" : "";
  return form == Form::toml ? (std::isnan(number) ? "nan" : sign + "inf")
                            : (std::isnan(number) ? "NaN" : sign + "Infinity");
}

std::string rendered(const Value& value, Form form) {
  switch (value.kind()) {
    case Kind::null:
      return form == Form::python ? "None" : "null";
    case Kind::boolean:
      return form == Form::python ? (value.bool_value() ? "True" : "False")
                                  : (value.bool_value() ? "true" : "false");
    case Kind::integer:
      return std::to_string(value.int_value());
    case Kind::floating:
      return number_text(value.float_value(), form);
    case Kind::string:
      return quoted_string(value.string_value());
    case Kind::list:
    case Kind::map:
      break;
  }
  std::string out;
  for (const Value& item : value.items()) {
    out += (out.empty() ? "" : ", ") + rendered(item, form);
  }
  for (const text::Entry& entry : value.entries()) {
    out += (out.empty() ? "" : ", ") + quoted_string(entry.key) + (form == Form::toml ? " = " : ": ") +
           rendered(entry.value, form);
  }
  return value.is(Kind::list) ? "[" + out + "]" : "{" + out + "}";
}

Error cannot_set(std::string_view path, const Override& change) {
  return {Code::malformed,
          "cannot set " + quoted(change.key) + " in " + quoted(path) + " without rewriting more of the file",
          "write its value on one line there, in brackets if it is a list"};
}

Error no_key(std::string_view path, const Override& change) {
  return {Code::not_found, quoted(path) + " has no key " + quoted(change.key),
          "to add it: -S '" + escaped(change.file) + ":+" + escaped(change.key) + "=…'"};
}

/// Puts another value in the place of the old one.
std::string replaced(std::string_view text, const Value& old, const Value& value, Form form) {
  std::string out(text.substr(0, old.begin().offset));
  out += form == Form::yaml ? text::canonical(value) : rendered(value, form);
  out += text.substr(old.end().offset);
  return out;
}

Result<std::string> edited(std::string_view text, std::string_view path, const Override& change,
                           const Found& found, const text::KeyPath& parts) {
  Form form = form_of(path);
  bool by_splice = form == Form::yaml && !found.in_list && change.value.is_scalar() &&
                   (found.value == nullptr || found.value->is_scalar());
  if (by_splice) {
    return text::set_scalar({text, path}, parts, change.value);
  }
  if (found.value == nullptr) {
    if (form == Form::yaml && !found.in_list) {
      text::KeyPath map(parts.begin(), parts.end() - 1);
      return text::add_key({text, path}, map, parts.back(), change.value);
    }
    return Error(Code::unsupported, "cannot add " + quoted(change.key) + " to " + quoted(path),
                 "add it to the file first");
  }
  bool block = found.value->style() == text::Style::block || found.value->end().offset == 0;
  if (block) {
    return cannot_set(path, change);
  }
  return replaced(text, *found.value, change.value, form);
}

}  // namespace

Result<std::string> set_param(std::string_view text, std::string_view path, const Override& change) {
  CAIRN_TRY_ASSIGN(Value document, text::parse_params(text, path));
  text::KeyPath parts = parts_of(change.key);
  Found found = find(document, parts);
  if (found.value == nullptr && !change.add) {
    return no_key(path, change);
  }
  if (found.value != nullptr && *found.value == change.value) {
    return std::string(text);
  }
  CAIRN_TRY_ASSIGN(std::string out, edited(text, path, change, found, parts));
  auto again = text::parse_params(out, path);
  const Value* now = again.ok() ? find(*again, parts).value : nullptr;
  if (now == nullptr || !(*now == change.value)) {
    return cannot_set(path, change);
  }
  return out;
}

}  // namespace cairn::pipeline
