// SPDX-License-Identifier: Apache-2.0
#include "webdav/folder_list.h"

#include "http/date.h"
#include "text/percent.h"

namespace cairn::webdav {

Result<std::optional<FolderList>> list_folder(Site& site, const std::string& folder) {
  transport::BytesSource body(as_bytes(kPropfindBody));
  auto listed = site.send("PROPFIND", folder, {{"Depth", "1"}, {"Content-Type", "application/xml"}}, &body);
  if (!listed.ok()) {
    return site.failure(listed.error(), folder);
  }
  if (listed->status == 404) {
    return std::optional<FolderList>();
  }
  if (listed->status != 207) {
    return site.refusal(*listed, folder);
  }
  const auto base = text::percent_decoded(site.url().path);
  auto members = parse_members(listed->body, base.value_or("") + "/" + folder);
  if (!members.ok()) {
    return site.failure(members.error(), folder);
  }
  const std::string* date = listed->find("date");
  return std::optional(
      FolderList{*std::move(members), date == nullptr ? std::nullopt : http::parse_date(*date)});
}

}  // namespace cairn::webdav
