// SPDX-License-Identifier: Apache-2.0
#include "webdav/propfind.h"

#include <charconv>

#include "os/path.h"
#include "text/percent.h"
#include "text/xml.h"

namespace cairn::webdav {
namespace {

Error unsound() {
  return {Code::remote, "the server's list of a folder is not sound", "try again"};
}

/// The decoded path of "/a/b%20c" or "https://host/a/b%20c"; nothing for anything else.
std::optional<std::string> path_of_href(std::string_view href) {
  const std::size_t scheme = href.find("://");
  if (scheme != std::string_view::npos && scheme < href.find('/')) {
    const std::size_t slash = href.find('/', scheme + 3);
    href = slash == std::string_view::npos ? "/" : href.substr(slash);
  }
  return href.starts_with('/') ? text::percent_decoded(href) : std::nullopt;
}

/// The properties that were found; nullptr where there are none.
const text::XmlElement* found_properties(const text::XmlElement& response) {
  for (const text::XmlElement& one : response.children) {
    if (one.name == "propstat" && one.text_of("status").find(" 200 ") != std::string_view::npos) {
      return one.find("prop");
    }
  }
  return nullptr;
}

Result<Member> read_member(const text::XmlElement& properties, std::string name) {
  Member member;
  member.name = std::move(name);
  const text::XmlElement* kind = properties.find("resourcetype");
  member.is_folder = kind != nullptr && kind->find("collection") != nullptr;
  const std::string_view size = properties.text_of("getcontentlength");
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), member.size);
  const bool sound = !size.empty() && error == std::errc{} && end == size.data() + size.size();
  member.modified = properties.text_of("getlastmodified");
  return member.is_folder || sound ? Result(std::move(member)) : unsound();
}

}  // namespace

Result<std::vector<Member>> parse_members(std::string_view body, const std::string& path) {
  const auto document = text::parse_xml(body);
  if (!document.ok() || document->name != "multistatus") {
    return unsound();
  }
  std::vector<Member> members;
  for (const text::XmlElement& response : document->children) {
    if (response.name != "response") {
      continue;
    }
    const auto full = path_of_href(response.text_of("href"));
    if (full && *full + "/" == path) {
      continue;
    }
    if (!full || !full->starts_with(path)) {
      return unsound();
    }
    std::string name = full->substr(path.size());
    if (name.ends_with('/')) {
      name.pop_back();
    }
    const text::XmlElement* properties = found_properties(response);
    if (properties != nullptr && os::check_name(name).ok()) {
      CAIRN_TRY_ASSIGN(Member member, read_member(*properties, std::move(name)));
      members.push_back(std::move(member));
    }
  }
  return members;
}

}  // namespace cairn::webdav
