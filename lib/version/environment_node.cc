// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"
#include "os/path.h"
#include "text/json.h"
#include "version/environment_kinds.h"
#include "version/packages.h"
#include "version/programs.h"
#include "version/project_file.h"

namespace cairn::version {
namespace {

using text::Kind;
using text::Value;

constexpr std::string_view kFolder = "node_modules/";

std::string version_of(const Value& package) {
  const Value* version = package.find("version");
  if (version == nullptr) {
    version = package.find("resolved");  // a link to a folder
  }
  return version != nullptr ? version->raw() : "";
}

/// lockfileVersion 2 and 3: paths below the project. "node_modules/a/node_modules/b" is written "a/b".
void add_paths(Packages& out, const Value& packages) {
  for (const text::Entry& entry : packages.entries()) {
    if (entry.key.empty()) {
      continue;  // the project itself
    }
    std::string name = entry.key;
    for (std::size_t at = name.find(kFolder); at != std::string::npos; at = name.find(kFolder)) {
      name.erase(at, kFolder.size());
    }
    out.add(std::move(name), version_of(entry.value));
  }
}

/// lockfileVersion 1: dependencies inside each other. The parser bounds the depth.
void add_dependencies(Packages& out, const Value& dependencies, const std::string& above) {
  for (const text::Entry& entry : dependencies.entries()) {
    std::string name = above + entry.key;
    out.add(name, version_of(entry.value));
    if (const Value* inner = entry.value.find("dependencies")) {
      add_dependencies(out, *inner, name + "/");
    }
  }
}

/// "6.0" of a pnpm-lock.yaml's first lines; "" where there is none.
std::string pnpm_version(std::string_view content) {
  constexpr std::string_view kKey = "lockfileVersion:";
  if (!content.starts_with(kKey)) {
    return "";
  }
  std::string_view line = content.substr(kKey.size(), content.find('\n') - kKey.size());
  std::size_t begin = line.find_first_not_of(" '\"");
  return begin == std::string_view::npos
             ? ""
             : std::string(line.substr(begin, line.find_first_of(" '\"\r", begin) - begin));
}

Status describe_lock(Value& file, const std::string& path, const std::string& content) {
  if (!path.ends_with(".json")) {
    if (std::string version = pnpm_version(content); !version.empty()) {
      file.set("lockfile", Value::string(version));
    }
    return {};
  }
  CAIRN_TRY_ASSIGN(Value document, text::parse_json(content, path));
  if (const Value* version = document.find("lockfileVersion"); version != nullptr && version->is_scalar()) {
    file.set("lockfile", Value::string(version->raw()));
  }
  Packages pins;
  if (const Value* packages = document.find("packages")) {
    add_paths(pins, *packages);
  } else if (const Value* dependencies = document.find("dependencies")) {
    add_dependencies(pins, *dependencies, "");
  }
  if (!pins.empty()) {
    file.set("pins", pins.to_value());
  }
  return {};
}

/// "20.1.0" of "v20.1.0\n".
std::string without_v(std::string text) {
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  return text.starts_with('v') ? text.substr(1) : text;
}

}  // namespace

Result<Value> capture_node(const std::string& lock, const CaptureContext& context) {
  Value out = Value::map();
  auto program = find_program("node", context.root);
  if (!program) {
    out.set("missing", Value::boolean(true));
  } else if (program->in_repository && context.executing == Executing::no) {
    context.unchecked.emplace_back("node: " + std::string(os::name_of(program->path)));
    return Value::null();
  } else {
    CAIRN_TRY_ASSIGN(os::Captured answer, ask({program->path, "--version"}, context));
    if (!answer.exit.ok() || answer.out.empty() || !is_utf8(answer.out)) {
      return Error(Code::unsupported, quoted(program->path) + " does not tell its version", "node --version");
    }
    out.set("version", Value::string(without_v(answer.out)));
  }
  CAIRN_TRY_ASSIGN(auto content, find_project_file(lock, context));
  Value file = describe_file(lock, content);
  if (content) {
    CAIRN_TRY(describe_lock(file, lock, *content));
  }
  out.set("file", std::move(file));
  return out;
}

}  // namespace cairn::version
