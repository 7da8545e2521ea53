// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/value.h"

/// Stages as people write them in cairn.yaml (docs/format/cairn-yaml.md). Pure: text in, values out.
/// All paths are relative to the project root, normalised and checked with os::check_relative, unless said
/// otherwise;
/// "" is the project root itself.
namespace cairn::pipeline {

inline constexpr std::string_view kPipelineFile = "cairn.yaml";
inline constexpr std::string_view kLockFile = "cairn.lock";
inline constexpr std::string_view kDefaultShell = "bash -eo pipefail";
inline constexpr std::string_view kDefaultParams = "params.yaml";

/// A path that a stage reads, and where cairn.yaml names it.
struct Dep {
  std::string path;
  text::Position at;
};

/// A path that a stage writes. An out that is not cached is hashed but not stored; Git may track it.
struct Out {
  std::string path;
  bool cached = true;
  bool metric = false;
  std::string desc;
  text::Position at;
};

/// One parameter: a dotted path into the params file.
struct ParamKey {
  std::string key;
  text::Position at;
};

/// What a stage reads of one params file.
struct ParamFile {
  std::string file;
  bool whole = false;          ///< every top-level key counts; `keys` is then empty
  std::vector<ParamKey> keys;  ///< in the order of cairn.yaml, none twice
  text::Position at;
};

/// Which Git-tracked files count as the stage's code (pipeline/code.h).
struct CodeRule {
  bool words = true;               ///< false after `code: false`: no word of `cmd` counts
  std::vector<std::string> globs;  ///< relative to the project root, stage's wdir applied
};

/// One stage. Deps, outs and params keep the order of cairn.yaml; a dep stands once.
struct Stage {
  std::string name;
  std::string file;  ///< the cairn.yaml that defines it
  text::Position at;
  std::string cmd;   ///< one script: a list's items joined by line breaks, a string exactly as written
  std::string wdir;  ///< "" is the project root
  std::string shell = std::string(kDefaultShell);
  std::vector<Dep> deps;
  std::vector<Out> outs;  ///< with those of `metrics`
  std::vector<ParamFile> params;
  CodeRule code;
  bool frozen = false;
  bool always_changed = false;
  std::string desc;

  /// "name" for the root's cairn.yaml, "dir/cairn.yaml:name" for any other.
  [[nodiscard]] std::string address() const;
  /// Folder of `file`, "" for the root.
  [[nodiscard]] std::string folder() const;
  /// always_changed, or a stage with neither deps nor params nor outs: runs every time.
  [[nodiscard]] bool runs_always() const;
  /// Its result may come from the run cache: it has outs, each cached or a metric, and does not run always.
  [[nodiscard]] bool restorable() const;
};

/// One cairn.yaml. Stages keep the order of the file.
struct PipelineFile {
  std::string path;
  std::vector<Stage> stages;
};

/// Parses a cairn.yaml that stands at `path`. An empty text has no stages. Errors: `malformed`, one line
/// PATH:LINE:COLUMN for every problem of the file: unknown key, wrong type, null for a list, a path that is
/// absolute, a URL or outside the project, a bad stage name.
Result<PipelineFile> parse_pipeline(std::string_view text, std::string_view path);

/// How `address()` writes a stage of that file.
std::string stage_address(std::string_view file, std::string_view name);

/// A stage name is not empty, is UTF-8 without control characters and holds none of / \ : @ # $ { }. Error
/// `malformed`.
Status check_stage_name(std::string_view name);

}  // namespace cairn::pipeline
