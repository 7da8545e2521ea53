// SPDX-License-Identifier: Apache-2.0
#include "rclone/address.h"

#include "support/matchers.h"

namespace cairn::rclone {
namespace {

using cairn::test::FailsWith;

/// "PLACE, shown as SHOWN" of a URL.
std::string parsed(std::string_view url) {
  auto address = parse_address(url);
  EXPECT_OK(address);
  return address.ok() ? address->place + ", shown as " + address->shown : "";
}

TEST(RcloneAddress, NamesARemoteAndAFolderInIt) {
  EXPECT_EQ(parsed("rclone:drive:data/my prices/"), "drive:data/my prices/, shown as drive:data/my prices/");
  EXPECT_EQ(parsed("rclone:drive:"), "drive:, shown as drive:");
  EXPECT_EQ(parsed("rclone:my remote_1.x:/50%20[a]:b"),
            "my remote_1.x:/50%20[a]:b, shown as my remote_1.x:/50%20[a]:b");
}

TEST(RcloneAddress, TakesConnectionStringsAndDoesNotShowTheirOptions) {
  EXPECT_EQ(parsed("rclone::local:/srv/data"), ":local:/srv/data, shown as :local:/srv/data");
  EXPECT_EQ(parsed("rclone::s3,key=\"a:b\",secret='x:y':bucket"),
            ":s3,key=\"a:b\",secret='x:y':bucket, shown as :s3:bucket");
  EXPECT_EQ(parsed("rclone:drive,token=hidden:x"), "drive,token=hidden:x, shown as drive:x");
}

TEST(RcloneAddress, RefusesWhatNamesNoRemote) {
  for (const char* url : {"rclone:", "rclone:drive", "rclone:/srv/data", "rclone:./a:b", "rclone:::x",
                          "rclone:-x:y", "rclone:a\"b:c"}) {
    EXPECT_THAT(parse_address(url), FailsWith(Code::usage, "the rclone URL")) << url;
  }
}

}  // namespace
}  // namespace cairn::rclone
