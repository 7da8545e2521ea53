// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/stage.h"
#include "pipeline/stage_path.h"
#include "pipeline/value_reader.h"
#include "project/ignore_files.h"
#include "project/pointer.h"
#include "text/diagnostics.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Diagnostics;
using text::Entry;
using text::Kind;
using text::Position;
using text::Value;

/// Names of files that say what cairn and Git do with others; as data they would do so wherever they go.
bool steers(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kNames = {
      kPipelineFile, kLockFile, project::kIgnoreFile, ".gitignore", ".gitattributes", ".gitmodules"};
  return project::is_pointer_path(name) || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// Reads one stage. A new key is a row in kKeys and a member that reads it.
class StageReader : private ValueReader {
 public:
  StageReader(const Entry& entry, std::string_view file, Diagnostics& problems)
      : ValueReader(problems), entry_(entry) {
    stage_.name = entry.key;
    stage_.file = file;
    stage_.at = entry.key_begin;
  }

  Stage read() {
    if (Status status = check_stage_name(entry_.key); !status.ok()) {
      problem(entry_.key_begin, status.error().message());
    }
    if (!entry_.value.is(Kind::map)) {
      problem(entry_.value.begin(),
              fmt::format("stage {} must be a map, not {}", quoted(entry_.key), entry_.value.type_name()));
      return std::move(stage_);
    }
    stage_.wdir = stage_.folder();
    // wdir first: other paths are relative to it.
    if (const Value* wdir = entry_.value.find("wdir"); wdir != nullptr) {
      read_wdir(*wdir);
    }
    for (const Entry& key : entry_.value.entries()) {
      read_key(key);
    }
    if (entry_.value.find("cmd") == nullptr) {
      problem(entry_.key_begin, fmt::format("stage {} has no 'cmd'", quoted(entry_.key)));
    }
    return std::move(stage_);
  }

 private:
  using Read = void (StageReader::*)(const Value&);
  struct Key {
    std::string_view name;
    Read read;
  };

  void read_key(const Entry& key) {
    static constexpr std::array<Key, 11> kKeys{{{"always_changed", &StageReader::read_always_changed},
                                                {"cmd", &StageReader::read_cmd},
                                                {"code", &StageReader::read_code},
                                                {"deps", &StageReader::read_deps},
                                                {"desc", &StageReader::read_desc},
                                                {"frozen", &StageReader::read_frozen},
                                                {"metrics", &StageReader::read_metrics},
                                                {"outs", &StageReader::read_outs},
                                                {"params", &StageReader::read_params},
                                                {"shell", &StageReader::read_shell},
                                                {"wdir", nullptr}}};  // was read before all others
    std::vector<std::string_view> names;
    for (const Key& known : kKeys) {
      if (known.name == key.key) {
        if (known.read != nullptr) {
          (this->*known.read)(key.value);
        }
        return;
      }
      names.push_back(known.name);
    }
    problem(key.key_begin, fmt::format("unknown key {} in stage {}: a stage may have {}", quoted(key.key),
                                       quoted(stage_.name), fmt::join(names, ", ")));
  }

  void read_wdir(const Value& value) {
    std::optional<std::string> written = string("wdir", value);
    if (!written) {
      return;
    }
    Result<std::string> resolved = resolve_path(*written, stage_.folder());
    if (resolved.ok()) {
      stage_.wdir = std::move(resolved).value();
    } else {
      problem(value.begin(), resolved.error().message());
    }
  }

  void read_cmd(const Value& value) {
    if (value.is(Kind::list)) {
      bool first = true;
      for (const Value& item : value.items()) {
        stage_.cmd += first ? "" : "\n";
        stage_.cmd += string("cmd", item).value_or("-");
        first = false;
      }
    } else if (value.is(Kind::string)) {
      stage_.cmd = string("cmd", value).value_or("-");
    } else {
      wrong_type("cmd", "a string or a list of strings", value);
      return;
    }
    if (stage_.cmd.find_first_not_of(" \t\r\n") == std::string::npos) {
      problem(value.begin(), "'cmd' is empty");
    }
  }

  void read_shell(const Value& value) {
    stage_.shell = string("shell", value).value_or(stage_.shell);
    if (stage_.shell.find_first_not_of(" \t\r\n") == std::string::npos) {
      problem(value.begin(), "'shell' is empty");
    }
  }

  void read_deps(const Value& value) {
    for (const Value& item : list("deps", value)) {
      std::optional<std::string> written = string("deps", item);
      std::optional<std::string> resolved =
          written ? path(*written, item.begin(), stage_.wdir) : std::nullopt;
      const auto same = [&resolved](const Dep& dep) { return dep.path == *resolved; };
      if (resolved && std::none_of(stage_.deps.begin(), stage_.deps.end(), same)) {
        stage_.deps.push_back({std::move(*resolved), item.begin()});
      }
    }
  }

  void read_outs(const Value& value) { read_out_list("outs", value, false); }
  void read_metrics(const Value& value) { read_out_list("metrics", value, true); }

  void read_out_list(std::string_view key, const Value& value, bool metric) {
    for (const Value& item : list(key, value)) {
      if (item.is(Kind::string)) {
        add_out(item.string_value(), item.begin(), metric);
      } else if (item.is(Kind::map) && !item.entries().empty()) {
        for (const Entry& out : item.entries()) {
          read_out_flags(out, metric);
        }
      } else {
        wrong_type(key, "a list of paths or of {path: {cache: false}}", item);
      }
    }
  }

  Out& add_out(std::string_view written, const Position& at, bool metric) {
    Out out;
    out.path = path(written, at, stage_.wdir).value_or("-");
    if (steers(os::name_of(out.path))) {
      problem(at, fmt::format("out {} steers cairn or Git: a stage must not write it", quoted(written)));
    }
    out.kind = metric ? OutKind::metric : OutKind::data;
    out.at = at;
    return stage_.outs.emplace_back(std::move(out));
  }

  void read_out_flags(const Entry& entry, bool metric) {
    Out& out = add_out(entry.key, entry.key_begin, metric);
    if (!entry.value.is(Kind::map)) {
      wrong_type(entry.key, "a map such as {cache: false}", entry.value);
      return;
    }
    for (const Entry& flag : entry.value.entries()) {
      if (flag.key == "cache") {
        out.cached = boolean("cache", flag.value).value_or(true);
      } else if (flag.key == "desc") {
        out.desc = string("desc", flag.value).value_or("");
      } else {
        problem(flag.key_begin, fmt::format("unknown key {} for out {}: an out may have cache, desc",
                                            quoted(flag.key), quoted(entry.key)));
      }
    }
  }

  void read_params(const Value& value) {
    for (const Value& item : list("params", value)) {
      if (item.is(Kind::string)) {
        if (ParamFile* file = params_of(kDefaultParams, item.begin()); file != nullptr) {
          add_param(*file, item);
        }
      } else if (item.is(Kind::map) && !item.entries().empty()) {
        for (const Entry& file : item.entries()) {
          read_params_of(file);
        }
      } else {
        wrong_type("params", "a list of keys or of {file: [keys]}", item);
      }
    }
  }

  void read_params_of(const Entry& entry) {
    ParamFile* file = params_of(entry.key, entry.key_begin);
    if (file == nullptr) {
      return;
    }
    if (entry.value.is(Kind::null)) {
      file->whole = true;
      file->keys.clear();
      return;
    }
    for (const Value& key : list(entry.key, entry.value)) {
      add_param(*file, key);
    }
  }

  /// The stage's entry for a params file, made when it is new.
  ParamFile* params_of(std::string_view written, const Position& at) {
    std::optional<std::string> resolved = path(written, at, stage_.wdir);
    if (!resolved) {
      return nullptr;
    }
    for (ParamFile& file : stage_.params) {
      if (file.file == *resolved) {
        return &file;
      }
    }
    ParamFile file;
    file.file = std::move(*resolved);
    file.at = at;
    return &stage_.params.emplace_back(std::move(file));
  }

  void add_param(ParamFile& file, const Value& value) {
    std::optional<std::string> key = string("params", value);
    if (!key || file.whole) {
      return;
    }
    if (key->empty()) {
      problem(value.begin(), "a parameter's key is empty");
      return;
    }
    const auto same = [&key](const ParamKey& other) { return other.key == *key; };
    if (std::none_of(file.keys.begin(), file.keys.end(), same)) {
      file.keys.push_back({std::move(*key), value.begin()});
    }
  }

  void read_code(const Value& value) {
    if (value.is(Kind::boolean) && !value.bool_value()) {
      stage_.code.words = false;
      return;
    }
    if (!value.is(Kind::list)) {
      wrong_type("code", "a list of globs, or false", value);
      return;
    }
    for (const Value& item : value.items()) {
      std::optional<std::string> written = string("code", item);
      std::optional<std::string> glob =
          written ? path(*written, item.begin(), escaped_glob(stage_.wdir)) : std::nullopt;
      if (glob) {
        stage_.code.globs.push_back(std::move(*glob));
      }
    }
  }

  /// `path` as a glob that matches only itself.
  static std::string escaped_glob(std::string_view path) {
    std::string glob;
    for (char c : path) {
      if (std::string_view("*?[\\").find(c) != std::string_view::npos) {
        glob += '\\';
      }
      glob += c;
    }
    return glob;
  }

  void read_frozen(const Value& value) { stage_.frozen = boolean("frozen", value).value_or(false); }
  void read_always_changed(const Value& value) {
    stage_.always_changed = boolean("always_changed", value).value_or(false);
  }
  void read_desc(const Value& value) { stage_.desc = string("desc", value).value_or(""); }

  const Entry& entry_;
  Stage stage_;
};

void read_stages(const Value& value, PipelineFile& file, Diagnostics& problems) {
  file.stages.reserve(value.entries().size());
  for (const Entry& entry : ValueReader(problems).map("stages", value)) {
    file.stages.push_back(StageReader(entry, file.path, problems).read());
  }
}

}  // namespace

Result<PipelineFile> parse_pipeline(std::string_view text, std::string_view path,
                                    Surroundings& surroundings) {
  (void)surroundings;
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, path));
  Diagnostics problems(path, text);
  PipelineFile file;
  file.path = path;
  if (!document.is(Kind::map)) {
    problems.add(document.begin(),
                 fmt::format("a pipeline file must be a map, not {}", document.type_name()));
  }
  for (const Entry& entry : document.entries()) {
    if (entry.key == "stages") {
      read_stages(entry.value, file, problems);
    } else {
      problems.add(entry.key_begin,
                   fmt::format("unknown key {}: a pipeline file may have stages", quoted(entry.key)));
    }
  }
  CAIRN_TRY(problems.status());
  return file;
}

}  // namespace cairn::pipeline
