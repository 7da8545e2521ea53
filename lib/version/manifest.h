// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/lock.h"
#include "store/key.h"
#include "text/value.h"
#include "version/conditions.h"

/// What a named version is made of: docs/format/version.md.
namespace cairn::version {

/// A cairn.lock of the commit.
struct ManifestLock {
  std::string path;
  store::Id hash;  ///< of its bytes as committed
};

/// Data that a pointer of the commit names.
struct ManifestData {
  std::string path;
  pipeline::PathState state;
};

/// One stage of the pipeline; the rest of its block is in the commit's lock.
struct ManifestStage {
  std::string stage;  ///< address
  store::Id key;
  std::optional<std::int64_t> seed;
  std::optional<store::Object> environment;  ///< the stored record
  std::int64_t start_ms = 0;                 ///< of the run that made its outs; 0: not known here
  Conditions conditions;                     ///< of that run; empty where it is not known here
};

struct Manifest {
  std::string name;
  std::string message;                                                ///< what the user wrote; may be empty
  std::string commit;                                                 ///< as Git writes it
  std::string cairn;                                                  ///< version of cairn that saved it
  std::vector<ManifestLock> locks;                                    ///< sorted by path
  std::vector<ManifestStage> stages;                                  ///< sorted by address
  std::map<std::string, std::map<std::string, text::Value>> params;   ///< that stages read: file, key
  std::map<std::string, std::map<std::string, text::Value>> metrics;  ///< file, key
  /// Environment records by digest ("b3:…"), cut to what people ask for: versions, number of packages.
  std::map<std::string, text::Value> environments;
  text::Value system;              ///< the machine that saved it
  std::vector<ManifestData> data;  ///< sorted by path
};

/// True for a text that a cairn of any version wrote as a manifest, by its first lines.
bool is_manifest(std::string_view text);
/// Canonical text: the message of the tag object.
std::string write_manifest(const Manifest& manifest);
/// `malformed` naming the line; `unsupported` for a newer version, naming it. `named`: for messages.
Result<Manifest> parse_manifest(std::string_view text, std::string_view named);

}  // namespace cairn::version
