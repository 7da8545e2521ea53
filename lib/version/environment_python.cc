// SPDX-License-Identifier: Apache-2.0
#include <sys/utsname.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "text/json.h"
#include "text/toml.h"
#include "version/environment_kinds.h"
#include "version/packages.h"
#include "version/programs.h"
#include "version/project_file.h"

namespace cairn::version {
namespace {

using text::Kind;
using text::Value;

/// Asks an interpreter what it is and where its packages are, without loading any of them.
constexpr const char* kQuestion =
    "import sys, site, sysconfig\n"
    "print('%d.%d.%d' % sys.version_info[:3])\n"
    "print(sys.implementation.name)\n"
    "print(sysconfig.get_platform())\n"
    "print('\\n'.join([site.getusersitepackages()] + site.getsitepackages()))\n";

/// What is known of an interpreter.
struct Interpreter {
  std::string version;
  std::string implementation = "cpython";
  std::string platform;
  Packages packages;
};

void describe(Value& out, const Interpreter& interpreter) {
  out.set("implementation", Value::string(interpreter.implementation));
  out.set("version", Value::string(interpreter.version));
  out.set("platform", Value::string(interpreter.platform));
  out.set("packages", interpreter.packages.to_value());
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    lines.emplace_back(line.substr(0, line.ends_with('\r') ? end - 1 : end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The keys of pyvenv.cfg, "key = value" on each line.
std::map<std::string, std::string> parse_pyvenv(std::string_view text) {
  std::map<std::string, std::string> out;
  for (const std::string& line : lines_of(text)) {
    std::size_t equals = line.find('=');
    if (equals != std::string::npos && is_utf8(line)) {
      std::string key = line.substr(0, equals);
      std::string value = line.substr(equals + 1);
      key.erase(std::remove(key.begin(), key.end(), ' '), key.end());
      value.erase(0, std::min(value.find_first_not_of(' '), value.size()));
      out[key] = value;
    }
  }
  return out;
}

/// The first three numbers of "3.11.7.final.0".
std::string three_numbers(const std::string& version) {
  std::size_t end = 0;
  for (int dots = 0; end < version.size(); ++end) {
    if (version[end] == '.' && ++dots == 3) {
      break;
    }
  }
  return version.substr(0, end);
}

/// As sysconfig.get_platform() writes this machine.
std::string platform_here() {
  struct utsname name {};
  ::uname(&name);
  std::string system = name.sysname;
  std::transform(system.begin(), system.end(), system.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return system + "-" + static_cast<const char*>(name.machine);
}

/// A virtual environment by its files; nothing when there is none.
Result<std::optional<Interpreter>> read_venv(const std::string& folder) {
  CAIRN_TRY_ASSIGN(auto content, os::find_file(os::join(folder, "pyvenv.cfg")));
  if (!content) {
    return std::optional<Interpreter>();
  }
  std::map<std::string, std::string> settings = parse_pyvenv(as_text(*content));
  Interpreter out;
  out.version = three_numbers(settings[settings.contains("version") ? "version" : "version_info"]);
  if (settings.contains("implementation")) {
    out.implementation = normalized_name(settings["implementation"]);
  }
  out.platform = platform_here();
  CAIRN_TRY_ASSIGN(out.packages, distributions_below(folder));
  if (settings["include-system-site-packages"] == "true" && settings["home"].starts_with('/')) {
    std::string base(os::parent_of(os::normalized(settings["home"])));
    CAIRN_TRY_ASSIGN(Packages of_base, distributions_below(base));
    out.packages.add_missing(std::move(of_base));
    CAIRN_TRY_ASSIGN(Packages of_system, distributions_in(os::join(base, "lib/python3/dist-packages")));
    out.packages.add_missing(std::move(of_system));
  }
  return std::optional(std::move(out));
}

/// python, python3.12, pypy3: names that a repository may choose without choosing what is executed.
bool is_python_name(std::string_view name) {
  for (std::string_view known : {"python", "pypy"}) {
    if (name.starts_with(known) &&
        name.find_first_not_of("0123456789.", known.size()) == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

Result<Interpreter> ask_interpreter(const Program& program, const CaptureContext& context) {
  CAIRN_TRY_ASSIGN(os::Captured answer, ask({program.path, "-I", "-S", "-c", kQuestion}, context));
  std::vector<std::string> lines = lines_of(answer.out);
  if (!answer.exit.ok() || lines.size() < 4) {
    return Error(Code::unsupported,
                 "the interpreter " + quoted(program.path) +
                     " does not tell its version: " + escaped(answer.err.substr(0, answer.err.find('\n'))),
                 "name a Python of version 3 under 'environment: python:'");
  }
  Interpreter out{lines[0], lines[1], lines[2], {}};
  for (std::size_t i = std::getenv("PYTHONNOUSERSITE") != nullptr ? 4 : 3; i < lines.size(); ++i) {
    CAIRN_TRY_ASSIGN(Packages found, distributions_in(lines[i]));
    out.packages.add_missing(std::move(found));
  }
  return out;
}

/// The virtual environment that the spec names, or whose interpreter is first in PATH: known by its files.
Result<std::optional<Interpreter>> find_venv(const pipeline::PythonSpec& spec,
                                             const std::optional<Program>& program,
                                             const CaptureContext& context) {
  if (spec.is_venv) {
    return read_venv(os::join(context.root, spec.interpreter));
  }
  return program ? read_venv(std::string(os::parent_of(os::parent_of(program->path))))
                 : std::optional<Interpreter>();
}

/// Pins of a lock file by its name; a file of another kind is read as requirements.
Result<Requirements> read_pins(const std::string& path, const std::string& content) {
  std::string_view name = os::name_of(path);
  Requirements out;
  if (name == "poetry.lock" || name == "uv.lock" || name == "pdm.lock" ||
      (name.starts_with("pylock.") && name.ends_with(".toml"))) {
    CAIRN_TRY_ASSIGN(Value document, text::parse_toml(content, path));
    out.pins = locked_packages(document);
  } else if (name == "Pipfile.lock") {
    CAIRN_TRY_ASSIGN(Value document, text::parse_json(content, path));
    for (std::string_view group : {"default", "develop"}) {
      const Value* packages = document.find(group);
      for (const text::Entry& entry :
           packages != nullptr ? packages->entries() : std::span<const text::Entry>()) {
        const Value* version = entry.value.find("version");
        std::string text = version != nullptr ? version->raw() : "";
        out.pins.add(entry.key, text.starts_with("==") ? text.substr(2) : text);
      }
    }
  } else if (!name.ends_with(".toml") && !name.ends_with(".py")) {
    out = parse_requirements(content);
  }
  return out;
}

/// Every file with what it includes, each once, sorted by path.
Result<Value> describe_files(const std::vector<std::string>& files, const CaptureContext& context) {
  std::vector<std::string> todo = files;
  std::map<std::string, Value> done;
  while (!todo.empty()) {
    std::string path = std::move(todo.back());
    todo.pop_back();
    if (done.contains(path)) {
      continue;
    }
    CAIRN_TRY_ASSIGN(auto content, find_project_file(path, context));
    Value file = describe_file(path, content);
    if (content) {
      CAIRN_TRY_ASSIGN(Requirements found, read_pins(path, *content));
      if (!found.pins.empty()) {
        file.set("pins", found.pins.to_value());
      }
      for (const std::string& include : found.includes) {
        std::string inside = os::normalized(os::join(os::parent_of(path), include));
        if (os::check_relative(inside).ok()) {
          todo.push_back(std::move(inside));
        }
      }
    }
    done.emplace(std::move(path), std::move(file));
  }
  Value out = Value::list();
  for (auto& [path, file] : done) {
    out.append(std::move(file));
  }
  return out;
}

}  // namespace

Result<Value> capture_python(const pipeline::PythonSpec& spec, const CaptureContext& context) {
  Value out = Value::map();
  if (!spec.interpreter.empty()) {
    auto program = spec.is_venv ? std::nullopt : find_program(spec.interpreter, context.root);
    CAIRN_TRY_ASSIGN(std::optional<Interpreter> found, find_venv(spec, program, context));
    bool chosen_here = program && (program->in_repository || !is_python_name(spec.interpreter));
    if (!found && chosen_here && context.executing == Executing::no) {
      context.unchecked.push_back("python: " + spec.interpreter);
      return Value::null();
    }
    if (!found && program) {
      CAIRN_TRY_ASSIGN(found, ask_interpreter(*program, context));
    }
    out.set("interpreter", Value::string(spec.interpreter));
    if (found) {
      describe(out, *found);
    } else {
      out.set("missing", Value::boolean(true));
    }
  }
  if (!spec.files.empty()) {
    CAIRN_TRY_ASSIGN(Value files, describe_files(spec.files, context));
    out.set("files", std::move(files));
  }
  return out;
}

}  // namespace cairn::version
