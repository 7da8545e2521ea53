// SPDX-License-Identifier: Apache-2.0
#include "pipeline/environment_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "pipeline/key_table.h"

namespace cairn::pipeline {
namespace {

using text::Kind;
using text::Value;

/// A part of the specification while it is read; `base` is what its paths are relative to.
template <class Spec>
struct Draft {
  Spec spec;
  std::string_view base;
};

std::vector<std::string> read_paths(std::string_view key, const Value& value, std::string_view base,
                                    ValueReader& reader) {
  std::vector<std::string> paths;
  for (const Value& item : reader.list(key, value)) {
    if (std::optional<std::string> path = reader.path(key, item, base)) {
      paths.push_back(std::move(*path));
    }
  }
  return paths;
}

/// A name with a slash, or one that begins with a dot, is a folder; any other a program.
bool names_folder(std::string_view text) {
  return text.starts_with('.') || text.find('/') != std::string_view::npos;
}

using PythonDraft = Draft<PythonSpec>;

void read_interpreter(const Value& value, PythonDraft& draft, ValueReader& reader) {
  std::optional<std::string> written = reader.filled("interpreter", value);
  draft.spec.is_venv = written && names_folder(*written);
  if (draft.spec.is_venv) {
    written = reader.path(*written, value.begin(), draft.base);
  } else if (written && (written->front() == '-' || written->find_first_of(" \t\r\n") != std::string::npos)) {
    reader.problem(value.begin(), fmt::format("bad interpreter {}", quoted(*written)));
  }
  draft.spec.interpreter = written.value_or("");
}

constexpr std::array<KeyReader<PythonDraft>, 2> kPythonKeys{{
    {"interpreter", read_interpreter},
    {"files", [](const Value& v, PythonDraft& d,
                 ValueReader& r) { d.spec.files = read_paths("files", v, d.base, r); }},
}};

using CondaDraft = Draft<CondaSpec>;

constexpr std::array<KeyReader<CondaDraft>, 3> kCondaKeys{{
    {"file", [](const Value& v, CondaDraft& d,
                ValueReader& r) { d.spec.file = r.path("file", v, d.base).value_or(""); }},
    {"name",
     [](const Value& v, CondaDraft& d, ValueReader& r) { d.spec.name = r.filled("name", v).value_or(""); }},
    {"prefix", [](const Value& v, CondaDraft& d,
                  ValueReader& r) { d.spec.prefix = r.path("prefix", v, d.base).value_or(""); }},
}};

bool names_conda_file(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kSuffixes = {".yml", ".yaml", ".lock", ".txt"};
  return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                     [text](std::string_view suffix) { return text.ends_with(suffix); });
}

/// What follows "@sha256:" is a whole digest, and the reference cannot be taken for an option.
bool is_image(std::string_view reference) {
  constexpr std::string_view kDigest = "@sha256:";
  constexpr std::size_t kDigits = 64;
  const std::size_t at = reference.find('@');
  const bool plain = reference.find_first_of(" \t\r\n") == std::string_view::npos && reference.front() != '-';
  if (at == std::string_view::npos || !plain) {
    return plain;
  }
  const std::string_view digest = reference.substr(at);
  return at > 0 && digest.starts_with(kDigest) && digest.size() == kDigest.size() + kDigits &&
         digest.find_first_not_of("0123456789abcdef", kDigest.size()) == std::string_view::npos;
}

void read_reference(const Value& value, ImageSpec& image, ValueReader& reader) {
  image.reference = reader.filled("image", value).value_or("");
  if (!image.reference.empty() && !is_image(image.reference)) {
    reader.problem(value.begin(),
                   fmt::format("bad image {}: it is NAME[:TAG][@sha256:DIGEST]", quoted(image.reference)));
  }
}

constexpr std::array<KeyReader<ImageSpec>, 2> kImageKeys{{
    {"reference", read_reference},
    {"engine",
     [](const Value& v, ImageSpec& image, ValueReader& r) {
       static constexpr std::array<std::string_view, 2> kEngines = {"docker", "podman"};
       image.engine = r.one_of("engine", v, kEngines).value_or("");
     }},
}};

using SpecDraft = Draft<EnvironmentSpec>;

void read_python(const Value& value, SpecDraft& draft, ValueReader& reader) {
  PythonDraft python{{}, draft.base};
  if (value.is(Kind::map)) {
    python.spec.interpreter = "python3";
    read_keys<PythonDraft>(value.entries(), kPythonKeys, "in 'python'", python, reader);
  } else {
    read_interpreter(value, python, reader);
  }
  draft.spec.python = std::move(python.spec);
}

void read_conda(const Value& value, SpecDraft& draft, ValueReader& reader) {
  CondaDraft conda{{}, draft.base};
  if (value.is(Kind::map)) {
    read_keys<CondaDraft>(value.entries(), kCondaKeys, "in 'conda'", conda, reader);
    if (value.entries().empty()) {
      reader.problem(value.begin(), "'conda' names neither file, name nor prefix");
    } else if (value.find("name") != nullptr && value.find("prefix") != nullptr) {
      reader.problem(value.begin(), "'conda' takes either a name or a prefix");
    }
  } else if (const std::optional<std::string> text = reader.filled("conda", value)) {
    if (names_conda_file(*text)) {
      conda.spec.file = reader.path(*text, value.begin(), draft.base).value_or("");
    } else {
      conda.spec.name = *text;
    }
  }
  draft.spec.conda = std::move(conda.spec);
}

void read_image(const Value& value, SpecDraft& draft, ValueReader& reader) {
  ImageSpec image;
  if (!value.is(Kind::map)) {
    read_reference(value, image, reader);
  } else {
    read_keys<ImageSpec>(value.entries(), kImageKeys, "in 'image'", image, reader);
    if (value.find("reference") == nullptr) {
      reader.problem(value.begin(), "'image' has no 'reference'");
    }
  }
  draft.spec.image = std::move(image);
}

constexpr std::array<KeyReader<SpecDraft>, 8> kKeys{{
    {"python", read_python},
    {"conda", read_conda},
    {"uv", [](const Value& v, SpecDraft& d, ValueReader& r) { d.spec.uv = r.folder("uv", v, d.base); }},
    {"node", [](const Value& v, SpecDraft& d, ValueReader& r) { d.spec.node = r.path("node", v, d.base); }},
    {"image", read_image},
    {"tools", [](const Value& v, SpecDraft& d, ValueReader& r) { d.spec.tools = r.strings("tools", v); }},
    {"files",
     [](const Value& v, SpecDraft& d, ValueReader& r) { d.spec.files = read_paths("files", v, d.base, r); }},
    {"system", [](const Value& v, SpecDraft& d,
                  ValueReader& r) { d.spec.system = r.boolean("system", v).value_or(false); }},
}};

}  // namespace

std::optional<EnvironmentSpec> read_environment(const Value& value, std::string_view base,
                                                ValueReader& reader) {
  SpecDraft draft{{}, base};
  draft.spec.at = value.begin();
  read_keys<SpecDraft>(reader.map("environment", value), kKeys, "in 'environment'", draft, reader);
  if (value.entries().empty()) {
    return std::nullopt;
  }
  return std::move(draft.spec);
}

}  // namespace cairn::pipeline
