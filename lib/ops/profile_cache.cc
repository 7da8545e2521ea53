// SPDX-License-Identifier: Apache-2.0
#include "ops/profile_cache.h"

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

/// One format reads the same bytes in another way.
std::string_view suffix_of(report::RecordFormat format) {
  switch (format) {
    case report::RecordFormat::csv:
      return ".csv";
    case report::RecordFormat::tsv:
      return ".tsv";
    case report::RecordFormat::json_lines:
      return ".jsonl";
  }
  return "";
}

std::optional<report::Profile> read_cached(const std::string& path, const store::Id& id) {
  auto bytes = os::find_file(path, std::uint64_t{256} << 20);
  if (!bytes.ok() || !*bytes) {
    return std::nullopt;
  }
  auto profile = report::parse_profile(**bytes);
  return profile.ok() && profile->id == id ? std::optional(std::move(*profile)) : std::nullopt;
}

Status write_cached(const std::string& path, const report::Profile& profile) {
  CAIRN_TRY(os::make_folders(std::string(os::parent_of(path)), os::Durable::no));
  return os::write_atomic(path, report::write_profile(profile), {0666, false, os::Durable::no});
}

}  // namespace

Result<report::RecordFormat> table_format(const std::string& path) {
  const std::optional<report::RecordFormat> format = report::record_format(path);
  return format ? Result<report::RecordFormat>(*format)
                : Error(Code::unsupported, quoted(path) + " is no table that cairn can read",
                        "tables are .csv, .tsv, .jsonl and .ndjson files");
}

Result<report::Profile> find_profile(project::Workspace& workspace, const ChosenRevision& revision,
                                     const FileContent& file, const Context& context) {
  CAIRN_TRY_ASSIGN(const report::RecordFormat format, table_format(file.path));
  std::string cached;
  if (file.id) {
    CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
    cached = store->paths().profiles() + "/" + file.id->hex() + std::string(suffix_of(format));
    if (auto known = read_cached(cached, *file.id)) {
      return std::move(*known);
    }
  }
  CAIRN_TRY_ASSIGN(auto source, open_content(workspace, revision, file));
  CAIRN_TRY_ASSIGN(report::Profile profile, report::build_profile(*source, format, file.path, context));
  if (file.id && profile.id == *file.id) {
    if (Status written = write_cached(cached, profile); !written.ok()) {
      context.log.debug(written.error().message());
    }
  }
  return profile;
}

}  // namespace cairn::ops
