// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/environment_spec.h"
#include "pipeline/resources.h"
#include "pipeline/surroundings.h"
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
  std::string path;  ///< of a glob: the pattern as git::PathGlob, from the project root
  text::Position at;
  bool glob = false;  ///< stands for every path that matches when the stage is looked at
};

/// What an out is for. Measured values are small and text; all three are made, hashed and restored alike.
enum class OutKind : std::uint8_t { data, metric, plot };

/// A path that a stage writes. An out that is not cached is hashed but not stored; Git may track it.
struct Out {
  std::string path;   ///< of a glob: the pattern, as in Dep
  bool glob = false;  ///< stands for every path that matches after the command ran
  OutKind kind = OutKind::data;
  bool cached = true;
  bool persist = false;   ///< the command finds its previous content
  bool push = true;       ///< false: `push` leaves it out
  bool optional = false;  ///< the command need not make it
  std::string remote;     ///< the only remote it goes to and comes from; "" is the default one
  std::string desc;
  std::string type;
  std::vector<std::string> labels;
  text::Value meta;     ///< null when absent
  text::Value plot;     ///< of a plot: its properties (template, x, y, …), a map or a list of maps
  text::Value compare;  ///< how two results are compared (docs/format/cairn-yaml.md); null is exact
  text::Position at;

  /// Its content is kept in the store: cached, or small enough to be kept for the run cache.
  [[nodiscard]] bool stored() const { return cached || kind != OutKind::data; }
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

/// A seed, and the variables that hand it to the command beside CAIRN_SEED.
struct Seed {
  std::int64_t value = 0;
  std::vector<std::string> variables;
  bool operator==(const Seed&) const = default;
};

/// One stage. Deps, outs and params keep the order of cairn.yaml; a dep stands once.
struct Stage {
  std::string name;   ///< "train", "train@a" when made by foreach or matrix
  std::string group;  ///< "train" of "train@a", else ""
  std::string file;   ///< the cairn.yaml that defines it
  text::Position at;
  std::string cmd;   ///< one script: a list's items joined by line breaks, a string exactly as written
  std::string wdir;  ///< "" is the project root
  std::string shell = std::string(kDefaultShell);
  std::vector<Dep> deps;
  std::vector<Out> outs;  ///< with those of `metrics` and `plots`
  std::vector<ParamFile> params;
  CodeRule code;
  std::map<std::string, std::string> env;  ///< variables set for the command
  std::vector<std::string> track_env;  ///< variables whose value counts, with those of `${env:NAME}`; sorted
  std::optional<EnvironmentSpec> environment;
  std::optional<Seed> seed;
  Resources resources;
  Retries retries;
  std::chrono::milliseconds timeout{0};  ///< of one try; 0 is none
  bool deterministic = true;
  bool frozen = false;
  bool always_changed = false;
  std::string desc;
  text::Value meta;  ///< null when absent

  /// "name" for the root's cairn.yaml, "dir/cairn.yaml:name" for any other.
  [[nodiscard]] std::string address() const;
  /// Folder of `file`, "" for the root.
  [[nodiscard]] std::string folder() const;
  /// always_changed, or a stage with neither deps nor params nor outs: runs every time.
  [[nodiscard]] bool runs_always() const;
  /// Its result may come from the run cache: it has outs, all of them stored() and none persistent, and does
  /// not run always.
  [[nodiscard]] bool restorable() const;
};

/// A file with a place in the report: an entry of the top-level `params` or `metrics`.
struct ListedFile {
  std::string path;
  text::Position at;
};

/// An entry of the top-level `plots` or `artifacts`: its id and its properties as written, templates
/// resolved.
struct NamedEntry {
  std::string name;
  text::Value value;
  text::Position at;
};

/// One cairn.yaml, with templates resolved and foreach and matrix expanded. Stages keep the order of the
/// file.
struct PipelineFile {
  std::string path;
  std::vector<Stage> stages;
  std::vector<ListedFile> params;
  std::vector<ListedFile> metrics;
  std::vector<NamedEntry> plots;
  std::vector<NamedEntry> artifacts;
  std::vector<std::string> read;  ///< files that its templates took values from, sorted
};

/// Parses a cairn.yaml that stands at `path`. An empty text has no stages. Errors: `malformed`, one line
/// PATH:LINE:COLUMN for every problem of the file: unknown key, wrong type, null for a list, a path that is
/// absolute, a URL or outside the project, a bad stage name, a reference to nothing. `surroundings` gives
/// what templates refer to.
Result<PipelineFile> parse_pipeline(std::string_view text, std::string_view path, Surroundings& surroundings);

/// How `address()` writes a stage of that file.
std::string stage_address(std::string_view file, std::string_view name);

/// A stage name is not empty, is UTF-8 without control characters and holds none of / \ : @ # $ { }. Error
/// `malformed`.
Status check_stage_name(std::string_view name);

/// What follows the '@' in the name of a stage that a loop made holds anything but control characters and
/// "cairn.yaml:" (which would make addresses ambiguous), is UTF-8, not empty and at most 1000 bytes long.
/// Error `malformed`.
Status check_stage_suffix(std::string_view suffix);

}  // namespace cairn::pipeline
