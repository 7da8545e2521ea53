// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <gmock/gmock.h>

#include <cerrno>

namespace cairn {
namespace {

TEST(Error, FromErrnoSaysWhatFailedOnWhichFileAndWhy) {
  Error error = Error::from_errno(ENOENT, "cannot open", "data.csv");
  EXPECT_EQ(error.message(), "cannot open 'data.csv': No such file or directory");
  EXPECT_EQ(error.hint(), "");
}

TEST(Error, FromErrnoEscapesThePath) {
  EXPECT_EQ(Error::from_errno(EIO, "cannot read", "a\nb").message(),
            "cannot read 'a\\nb': Input/output error");
}

TEST(Error, FromErrnoChoosesTheCode) {
  struct Case {
    int err;
    Code code;
  };
  static constexpr Case kCases[] = {
      {ENOENT, Code::not_found},
      {ENOTDIR, Code::not_found},
      {EEXIST, Code::exists},
      {ENOTEMPTY, Code::exists},
      {EACCES, Code::permission},
      {EPERM, Code::permission},
      {EROFS, Code::permission},
      {ENOSPC, Code::no_space},
      {EDQUOT, Code::no_space},
      {EFBIG, Code::no_space},
      {EIO, Code::io},
      {ELOOP, Code::io},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Error::from_errno(c.err, "cannot write", "x").code(), c.code) << "errno " << c.err;
  }
}

TEST(Error, AFullDiskSaysWhatToDo) {
  EXPECT_THAT(Error::from_errno(ENOSPC, "cannot write", "x").hint(), testing::HasSubstr("free some space"));
}

TEST(Error, ContextGoesInFrontAndKeepsTheRest) {
  Error error = Error(Code::corrupt, "bad hash", "run fsck").with_context("pack 7").with_context("store");
  EXPECT_EQ(error.message(), "store: pack 7: bad hash");
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_EQ(error.hint(), "run fsck");
}

TEST(Error, AHintReplacesTheOldOneOnly) {
  Error error = Error(Code::io, "broken", "old").with_hint("new");
  EXPECT_EQ(error.hint(), "new");
  EXPECT_EQ(error.message(), "broken");
  EXPECT_EQ(error.code(), Code::io);
}

}  // namespace
}  // namespace cairn
