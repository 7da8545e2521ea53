// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/key.h"

/// Names in a remote and the small texts there: docs/format/remote.md. All names are made here and nowhere
/// else.
namespace cairn::remote {

using store::Id;

inline constexpr std::string_view kFormatName = "format";
inline constexpr std::string_view kIndexListName = "index-list";
inline constexpr std::string_view kPacksPrefix = "packs/";
inline constexpr std::string_view kIndexesPrefix = "indexes/";
inline constexpr std::string_view kRunsPrefix = "runs/";
inline constexpr std::string_view kRunsSuffix = ".runs";
inline constexpr std::string_view kProbesPrefix = "probes/";
inline constexpr std::string_view kRootsPrefix = "roots/";
inline constexpr std::string_view kLocksPrefix = "locks/";
inline constexpr std::string_view kDoomedName = "locks/doomed";

std::string pack_name(const Id& pack);
std::string index_name(const Id& index);
std::string runs_name(const Id& segment);
/// The id in a name that the function above made; nothing for any other name.
std::optional<Id> pack_of(std::string_view name);
std::optional<Id> index_of(std::string_view name);
std::optional<Id> runs_of(std::string_view name);
/// Folder with the roots of one project's commits, ending in "/", and the name of one commit's.
std::string roots_prefix(std::string_view project);
std::string roots_name(std::string_view project, std::string_view commit);
/// A new name for the lock of a collection, and whether a name is one.
std::string new_gc_lock_name();
bool is_gc_lock(std::string_view name);

/// The text of `format`. `id` is 32 lower-case hex digits.
std::string encode_format(std::string_view id);
/// The remote's id. `unsupported` for a newer version, `remote` for anything else that is not such a text.
Result<std::string> decode_format(std::string_view text);

/// Canonical text of the objects that a commit needs: sorted, each once.
std::string encode_roots(std::span<const store::Object> objects);
/// `remote` unless canonical; `unsupported` for a newer version.
Result<std::vector<store::Object>> decode_roots(std::string_view text);

/// The text of `index-list`: ids of indexes, sorted, one a line.
std::string encode_index_list(std::vector<Id> indexes);
Result<std::vector<Id>> decode_index_list(std::string_view text);

/// Whole seconds since 1970 by the clock of whoever wrote them.
using Time = std::chrono::sys_seconds;

/// The text of a collection's lock.
std::string encode_gc_lock(Time time);
Result<Time> decode_gc_lock(std::string_view text);

/// What a collection may remove once the grace period is over, and since when that is known.
struct Doomed {
  std::map<Id, Time> packs;
  std::map<std::string, Time> roots;  ///< by name ("roots/PROJECT/COMMIT")

  [[nodiscard]] bool empty() const { return packs.empty() && roots.empty(); }
  bool operator==(const Doomed&) const = default;
};
std::string encode_doomed(const Doomed& doomed);
Result<Doomed> decode_doomed(std::string_view text);

}  // namespace cairn::remote
