// SPDX-License-Identifier: Apache-2.0
#include "webdav/leftovers.h"

#include "http/date.h"
#include "os/path.h"
#include "webdav/folder_list.h"

namespace cairn::webdav {
namespace {

constexpr std::chrono::hours kLeftoverAge{24};

}  // namespace

void clear_leftovers(Site& site, const std::string& folder) {
  const auto listed = list_folder(site, folder + "/");
  if (!listed.ok() || !*listed) {
    return;
  }
  for (const Member& member : (*listed)->members) {
    const auto written = http::parse_date(member.modified);
    if (!member.is_folder && written && (*listed)->now && *written + kLeftoverAge < *(*listed)->now) {
      (void)site.send("DELETE", os::join(folder, member.name));
    }
  }
}

}  // namespace cairn::webdav
