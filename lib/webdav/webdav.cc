// SPDX-License-Identifier: Apache-2.0
#include "webdav/webdav.h"

#include <algorithm>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "transport/answers.h"
#include "webdav/leftovers.h"

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
  std::call_once(cleared_, [&] { clear_leftovers(site_, std::string(kTemporary)); });
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

Status WebdavTransport::put_if_absent(const std::string& name, Source& source) {
  CAIRN_TRY_ASSIGN(auto there, stat(name));
  if (!there) {
    CAIRN_TRY_ASSIGN(const bool stored, put(name, source, Taken::keep));
    if (stored) {
      return {};
    }
    CAIRN_TRY_ASSIGN(there, stat(name));
  }
  return transport::check_taken(*this, name, there.value_or(0), source.size());
}

Status WebdavTransport::put_replace(const std::string& name, Bytes bytes) {
  transport::BytesSource source(bytes);
  auto stored = put(name, source, Taken::replace);
  return stored.ok() ? Status() : Status(stored.error());
}

Status WebdavTransport::add_members(const std::string& folder, const FolderList& list,
                                    std::vector<ObjectInfo>& out) {
  for (const Member& member : list.members) {
    const std::string path = folder + member.name;
    if (path == kTemporary) {
      continue;
    }
    if (member.is_folder) {
      CAIRN_TRY(os::check_relative(path));  // which bounds the depth
      CAIRN_TRY_ASSIGN(const auto inner, list_folder(site_, path + "/"));
      if (inner) {  // else removed since its parent was listed
        CAIRN_TRY(add_members(path + "/", *inner, out));
      }
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
  CAIRN_TRY_ASSIGN(const auto top, list_folder(site_, prefix));
  if (!top) {
    CAIRN_TRY_ASSIGN(const auto base, list_folder(site_, ""));
    if (!base) {
      return site_.failure(
          Error(Code::remote, "there is no such folder", "check the address: cairn remote list"), "");
    }
    return objects;
  }
  CAIRN_TRY(add_members(prefix, *top, objects));
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
