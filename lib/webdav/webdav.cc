// SPDX-License-Identifier: Apache-2.0
#include "webdav/webdav.h"

#include <algorithm>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "text/percent.h"
#include "webdav/propfind.h"

namespace cairn::webdav {
namespace {

using transport::ObjectInfo;
using transport::Source;

constexpr std::string_view kTemporary = "tmp";
/// A hostile server could go on for ever.
constexpr std::size_t kMostObjects = 10'000'000;

}  // namespace

Result<std::unique_ptr<WebdavTransport>> WebdavTransport::open(const transport::Place& place) {
  CAIRN_TRY_ASSIGN(http::Url url, http::parse_url(place.url));
  url.scheme = url.scheme == "webdavs" ? "https" : "http";
  return std::make_unique<WebdavTransport>(place, std::move(url));
}

Status WebdavTransport::make_folder(const std::string& folder) {
  {
    const std::lock_guard lock(mutex_);
    if (folders_.contains(folder)) {
      return {};
    }
  }
  CAIRN_TRY(site_.make_folder(folder));
  const std::lock_guard lock(mutex_);
  folders_.insert(folder);
  return {};
}

Status WebdavTransport::make_parents(const std::string& name) {
  const std::string folder(os::parent_of(name));
  if (folder.empty()) {
    return {};
  }
  CAIRN_TRY(make_parents(folder));
  return make_folder(folder);
}

Result<bool> WebdavTransport::move_to(const std::string& name, const std::string& from, std::uint64_t size,
                                      Taken taken) {
  CAIRN_TRY(make_parents(name));
  auto moved = site_.send(
      "MOVE", from, {{"Destination", site_.url_of(name)}, {"Overwrite", taken == Taken::keep ? "F" : "T"}});
  if (!moved.ok()) {
    return site_.failure(moved.error(), name);
  }
  if (moved->status == 412 && taken == Taken::keep) {
    return false;
  }
  if (moved->status == 404) {  // an earlier attempt, whose answer was lost, may have moved it
    CAIRN_TRY_ASSIGN(const auto there, stat(name));
    if (there == size) {
      return true;
    }
  }
  return moved->ok() ? Result(true) : site_.refusal(*moved, name);
}

Result<bool> WebdavTransport::put(const std::string& name, Source& source, Taken taken) {
  const std::string temporary = os::join(kTemporary, os::random_name());
  CAIRN_TRY(make_parents(temporary));
  auto sent = site_.send("PUT", temporary, {}, &source);
  if (!sent.ok()) {
    (void)site_.send("DELETE", temporary);
    return site_.failure(sent.error(), name);
  }
  if (!sent->ok()) {
    return site_.refusal(*sent, name);
  }
  auto moved = move_to(name, temporary, source.size(), taken);
  if (!moved.ok() || !*moved) {
    (void)site_.send("DELETE", temporary);
  }
  return moved;
}

Status WebdavTransport::check_same_size(const std::string& name, std::uint64_t there,
                                        std::uint64_t ours) const {
  return there == ours ? Status()
                       : Error(Code::exists, quoted(name) + " is on " + site_.shown() + " with " +
                                                 std::to_string(there) + " bytes where " +
                                                 std::to_string(ours) + " are expected");
}

Status WebdavTransport::put_if_absent(const std::string& name, Source& source) {
  CAIRN_TRY_ASSIGN(auto there, stat(name));
  if (!there) {
    CAIRN_TRY_ASSIGN(const bool stored, put(name, source, Taken::keep));
    if (stored) {
      return {};
    }
    CAIRN_TRY_ASSIGN(there, stat(name));
  }
  return check_same_size(name, there.value_or(0), source.size());
}

Status WebdavTransport::put_replace(const std::string& name, Bytes bytes) {
  transport::BytesSource source(bytes);
  auto stored = put(name, source, Taken::replace);
  return stored.ok() ? Status() : Status(stored.error());
}

Result<std::optional<http::Response>> WebdavTransport::list_folder(const std::string& folder) {
  transport::BytesSource body(as_bytes(kPropfindBody));
  auto listed = site_.send("PROPFIND", folder, {{"Depth", "1"}, {"Content-Type", "application/xml"}}, &body);
  if (!listed.ok()) {
    return site_.failure(listed.error(), folder);
  }
  if (listed->status == 404) {
    return std::optional<http::Response>();
  }
  return listed->status == 207 ? Result(std::optional(*std::move(listed))) : site_.refusal(*listed, folder);
}

Status WebdavTransport::list_below(const std::string& folder, std::vector<ObjectInfo>& out) {
  CAIRN_TRY_ASSIGN(const auto listed, list_folder(folder));
  if (!listed) {
    return {};  // removed since its parent was listed
  }
  const auto base = text::percent_decoded(site_.url().path);
  auto members = parse_members(listed->body, base.value_or("") + "/" + folder);
  if (!members.ok()) {
    return site_.failure(members.error(), folder);
  }
  for (const Member& member : *members) {
    const std::string path = folder + member.name;
    if (path == kTemporary) {
      continue;
    }
    if (member.is_folder) {
      CAIRN_TRY(os::check_relative(path));  // which bounds the depth
      CAIRN_TRY(list_below(path + "/", out));
    } else {
      out.push_back({path, member.size});
    }
    if (out.size() > kMostObjects) {
      return site_.failure(Error(Code::remote, "the list of objects has no end"), folder);
    }
  }
  return {};
}

Result<std::vector<ObjectInfo>> WebdavTransport::list(const std::string& prefix) {
  std::vector<ObjectInfo> objects;
  CAIRN_TRY_ASSIGN(const auto top, list_folder(prefix));
  if (!top) {
    CAIRN_TRY_ASSIGN(const auto base, list_folder(""));
    if (!base) {
      return site_.failure(
          Error(Code::remote, "there is no such folder", "check the address: cairn remote list"), "");
    }
    return objects;
  }
  CAIRN_TRY(list_below(prefix, objects));
  transport::sort_by_name(objects);
  return objects;
}

Status WebdavTransport::remove(const std::string& name) {
  auto removed = site_.send("DELETE", name);
  if (!removed.ok()) {
    return site_.failure(removed.error(), name);
  }
  return removed->ok() || removed->status == 404 ? Status() : site_.refusal(*removed, name);
}

}  // namespace cairn::webdav
