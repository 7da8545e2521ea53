// SPDX-License-Identifier: Apache-2.0
#include "webdav/propfind.h"

#include "support/matchers.h"

namespace cairn::webdav {
namespace {

using cairn::test::FailsWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string response(const std::string& href, const std::string& properties,
                     const std::string& status = "HTTP/1.1 200 OK") {
  return "<D:response><D:href>" + href + "</D:href><D:propstat><D:prop>" + properties +
         "</D:prop><D:status>" + status + "</D:status></D:propstat></D:response>";
}

std::string document(const std::string& responses) {
  return "<?xml version='1.0'?><D:multistatus xmlns:D='DAV:'>" + responses + "</D:multistatus>";
}

const std::string kFolder = "<D:resourcetype><D:collection/></D:resourcetype>";

std::string file(int size) {
  return "<D:getcontentlength>" + std::to_string(size) + "</D:getcontentlength><D:resourcetype/>";
}

TEST(Propfind, GivesMembersWithoutTheFolderItself) {
  const std::string text =
      document(response("/dav/x/", kFolder) + response("/dav/x/a%20b", file(5)) +
               response("http://host:80/dav/x/sub/", kFolder) + response("/dav/x/%C3%A9", file(0)));
  ASSERT_OK_AND_ASSIGN(const auto members, parse_members(text, "/dav/x/"));
  EXPECT_THAT(members, ElementsAre(Member{"a b", false, 5, ""}, Member{"sub", true, 0, ""},
                                   Member{"\xc3\xa9", false, 0, ""}));
  EXPECT_THAT(*parse_members(document(response("/dav/x", kFolder)), "/dav/x/"), IsEmpty());
}

TEST(Propfind, RefusesWhatPointsElsewhere) {
  for (const char* href : {"/dav/other", "/etc/passwd", "relative", "", "/dav/x/%zz"}) {
    EXPECT_THAT(parse_members(document(response(href, file(1))), "/dav/x/"),
                FailsWith(Code::remote, "not sound"))
        << href;
  }
}

TEST(Propfind, LeavesOutNamesThatAreNone) {
  const std::string text =
      document(response("/dav/x/..", file(1)) + response("/dav/x/a/b", file(1)) +
               response("/dav/x/%2e%2e%2fpasswd", file(1)) + response("/dav/x/.git", file(1)));
  EXPECT_THAT(*parse_members(text, "/dav/x/"), IsEmpty());
}

TEST(Propfind, RefusesAFileWithoutASizeAndWhatIsNoList) {
  EXPECT_THAT(parse_members(document(response("/x/a", "<D:resourcetype/>")), "/x/"),
              FailsWith(Code::remote, "not sound"));
  EXPECT_THAT(parse_members("<html><p>", "/x/"), FailsWith(Code::remote, "not sound"));
  EXPECT_THAT(parse_members("<html/>", "/x/"), FailsWith(Code::remote, "not sound"));
}

TEST(Propfind, PassesOverWhatWasNotFound) {
  EXPECT_THAT(*parse_members(document(response("/x/a", "", "HTTP/1.1 403 Forbidden")), "/x/"), IsEmpty());
}

}  // namespace
}  // namespace cairn::webdav
