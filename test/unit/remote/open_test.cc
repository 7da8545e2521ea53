// SPDX-License-Identifier: Apache-2.0
#include "remote/open.h"

#include "support/matchers.h"

namespace cairn::remote {
namespace {

using cairn::test::FailsWith;

Result<std::unique_ptr<transport::Transport>> open(std::string url) {
  return open_transport({"origin", std::move(url), {}, "/home/me/project"});
}

std::string describe(std::string url) {
  auto transport = open(std::move(url));
  EXPECT_OK(transport);
  return transport.ok() ? (*transport)->describe() : "";
}

TEST(OpenTransport, TakesAPathForAFolder) {
  EXPECT_EQ(describe("/mnt/data"), "folder '/mnt/data'");
  EXPECT_EQ(describe("/mnt//data/./x/"), "folder '/mnt/data/x'");
  EXPECT_EQ(describe("/mnt/50%20x"), "folder '/mnt/50%20x'");
}

TEST(OpenTransport, TakesARelativePathFromTheProject) {
  EXPECT_EQ(describe("store"), "folder '/home/me/project/store'");
  EXPECT_EQ(describe("../shared"), "folder '/home/me/shared'");
}

TEST(OpenTransport, TakesFileUrls) {
  EXPECT_EQ(describe("file:///mnt/data"), "folder '/mnt/data'");
  EXPECT_EQ(describe("file:///mnt/my%20data%2Fx"), "folder '/mnt/my data/x'");
}

TEST(OpenTransport, RefusesAFileUrlOfAnotherMachineOrWithBadEscapes) {
  EXPECT_THAT(open("file://host/x"), FailsWith(Code::usage, "file://host/x"));
  EXPECT_THAT(open("file:///x%2"), FailsWith(Code::usage, "%2"));
  EXPECT_THAT(open("file:///x%zz"), FailsWith(Code::usage, "%zz"));
  EXPECT_THAT(open("file:///x%00y"), FailsWith(Code::usage, "no URL"));
}

TEST(OpenTransport, TakesUrlsOfServers) {
  EXPECT_EQ(describe("s3://bucket/a/b/"), "bucket 's3://bucket/a/b'");
  EXPECT_EQ(describe("webdav://host/dav/"), "WebDAV folder 'http://host/dav'");
  EXPECT_EQ(describe("webdavs://host:8443/dav"), "WebDAV folder 'https://host:8443/dav'");
  EXPECT_EQ(describe("https://host/data"), "web folder 'https://host/data'");
  EXPECT_THAT(open("https://me:secret@host/data"), FailsWith(Code::usage, "user or password"));
}

TEST(OpenTransport, TakesFoldersOfServers) {
  EXPECT_EQ(describe("ssh://me@host:22/data"), "ssh://me@host:22/data");
  EXPECT_EQ(describe("sftp://host/~/data"), "ssh://host/~/data");
  EXPECT_THAT(open("ssh://host"), FailsWith(Code::usage, "ssh://host"));
}

TEST(OpenTransport, TakesPlugIns) {
  EXPECT_EQ(describe("exec:tape-remote ssh://x"), "exec:tape-remote ssh://x");
  EXPECT_THAT(open("exec:"), FailsWith(Code::usage, "names no program"));
}

TEST(OpenTransport, SaysHowToWriteWhatCouldBeAFolderOrAHost) {
  const auto relative = open("me@host:data");
  EXPECT_THAT(relative, FailsWith(Code::usage, "'me@host:data'"));
  EXPECT_EQ(relative.error().hint(),
            "write ssh://me@host/~/data for the host, or ./me@host:data for a folder");
  EXPECT_EQ(open("host:/data").error().hint(),
            "write ssh://host/data for the host, or ./host:/data for a folder");
  EXPECT_EQ(describe("./me@host:data"), "folder '/home/me/project/me@host:data'");
}

TEST(OpenTransport, NamesASchemeThatItDoesNotKnow) {
  EXPECT_THAT(open("gopher://host/x"), FailsWith(Code::unsupported, "gopher://"));
}

TEST(OpenTransport, RefusesAnEmptyUrl) {
  EXPECT_THAT(open(""), FailsWith(Code::usage, "no URL"));
}

}  // namespace
}  // namespace cairn::remote
