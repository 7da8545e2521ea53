// SPDX-License-Identifier: Apache-2.0
#include "remote/run_segments.h"

#include <algorithm>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::remote {
namespace {

/// Listing races with a push that merges segments; a fresh listing settles it.
constexpr int kLoadTries = 5;
constexpr std::uint64_t kSegmentLimit = std::uint64_t{1} << 30;

std::string cached_path(const Remote& remote, const Id& segment) {
  return os::join(remote.cache(), segment.hex() + std::string(kRunsSuffix));
}

bool is_named(Bytes bytes, const Id& segment) {
  return codec::hash(bytes, codec::Domain::table) == segment;
}

Result<std::vector<Id>> list(const Remote& remote) {
  std::vector<Id> ids;
  if (!remote.transport().capabilities().list) {
    return ids;
  }
  CAIRN_TRY_ASSIGN(const auto objects, remote.transport().list(std::string(kRunsPrefix)));
  for (const transport::ObjectInfo& object : objects) {
    if (const auto id = runs_of(object.name)) {
      ids.push_back(*id);
    }
  }
  return ids;
}

/// `not_found` when it vanished, `corrupt` when it is not what its name says.
Result<Buffer> read_segment(const Remote& remote, const Id& segment) {
  const std::string path = cached_path(remote, segment);
  auto cached = os::find_file(path, kSegmentLimit);
  if (cached.ok() && cached->has_value() && is_named(**cached, segment)) {
    return std::move(**cached);
  }
  CAIRN_TRY_ASSIGN(auto bytes, transport::find_object(remote.transport(), runs_name(segment), kSegmentLimit));
  if (!bytes) {
    return Error(Code::not_found, quoted(runs_name(segment)) + " is gone");
  }
  if (!is_named(*bytes, segment)) {
    return Error(Code::corrupt,
                 quoted(runs_name(segment)) + " is damaged: its content does not match its name");
  }
  os::WriteOptions options;
  options.durable = os::Durable::no;
  CAIRN_TRY(os::write_atomic(path, *bytes, options));
  return std::move(*bytes);
}

/// Drops cached segments that the remote no longer has.
void trim_cache(const Remote& remote, const std::vector<Id>& listed) {
  const auto names = os::list_folder(remote.cache());
  if (!names.ok()) {
    return;  // only tidiness
  }
  for (const os::DirEntry& entry : *names) {
    const std::string_view name = entry.name;
    const auto id = name.ends_with(kRunsSuffix)
                        ? Id::from_hex(name.substr(0, name.size() - kRunsSuffix.size()))
                        : std::nullopt;
    if (id && std::find(listed.begin(), listed.end(), *id) == listed.end()) {
      (void)os::remove_file(os::join(remote.cache(), entry.name));
    }
  }
}

}  // namespace

Result<std::vector<RunSegment>> load_run_segments(const Remote& remote, const Context& context) {
  for (int attempt = 0; attempt < kLoadTries; ++attempt) {
    CAIRN_TRY_ASSIGN(const std::vector<Id> ids, list(remote));
    trim_cache(remote, ids);
    std::vector<RunSegment> segments;
    bool changed = false;
    for (const Id& id : ids) {
      CAIRN_TRY(context.check_stop());
      auto bytes = read_segment(remote, id);
      if (bytes.ok()) {
        segments.push_back({id, std::move(*bytes)});
      } else if (bytes.error().code() == Code::corrupt) {
        context.log.warn(remote.describe() + ": " + bytes.error().message());
      } else if (bytes.error().code() == Code::not_found) {
        changed = true;
      } else {
        return bytes.error();
      }
    }
    if (!changed) {
      return segments;
    }
  }
  return Error(Code::remote, remote.describe() + ": its runs keep changing", "run the command again");
}

Status write_run_segment(const Remote& remote, Bytes bytes, std::span<const Id> replaced) {
  const Id id = codec::hash(bytes, codec::Domain::table);
  transport::BytesSource source(bytes);
  CAIRN_TRY(remote.transport().put_if_absent(runs_name(id), source));
  for (const Id& old : replaced) {
    if (old != id) {
      CAIRN_TRY(remote.transport().remove(runs_name(old)));
    }
  }
  return {};
}

}  // namespace cairn::remote
