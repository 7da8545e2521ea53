// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace cairn::remote
