// SPDX-License-Identifier: Apache-2.0
#include "remote/run_segments.h"

#include <filesystem>

#include "transport/dir.h"
#include "unit/remote/transfer_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class RunSegmentsTest : public test::TransferFixture {
 protected:
  Remote open() {
    return Remote::open(std::make_unique<transport::DirTransport>(remote_), "origin",
                        store::StorePaths{dir_ / "store"}, Purpose::write, log_)
        .value();
  }
  std::string path_of(const Id& id) { return remote_ + "/" + runs_name(id); }
};

TEST_F(RunSegmentsTest, ComeBackAsTheyWereWrittenAlsoFromTheCache) {
  const Remote remote = open();
  EXPECT_OK(write_run_segment(remote, as_bytes("one"), {}));
  EXPECT_OK(write_run_segment(remote, as_bytes("two"), {}));
  EXPECT_OK(write_run_segment(remote, as_bytes("two"), {}));
  ASSERT_OK_AND_ASSIGN(const auto segments, load_run_segments(remote, context()));
  ASSERT_THAT(segments, SizeIs(2));
  for (const RunSegment& segment : segments) {
    overwrite(path_of(segment.id), as_bytes("bad"));  // not read again
  }
  ASSERT_OK_AND_ASSIGN(const auto again, load_run_segments(remote, context()));
  EXPECT_THAT(again, SizeIs(2));
}

TEST_F(RunSegmentsTest, OneThatReplacesOthersStaysAlone) {
  const Remote remote = open();
  EXPECT_OK(write_run_segment(remote, as_bytes("one"), {}));
  EXPECT_OK(write_run_segment(remote, as_bytes("two"), {}));
  ASSERT_OK_AND_ASSIGN(const auto both, load_run_segments(remote, context()));
  const std::vector<Id> replaced = {both[0].id, both[1].id};
  EXPECT_OK(write_run_segment(remote, as_bytes("one and two"), replaced));
  ASSERT_OK_AND_ASSIGN(const auto merged, load_run_segments(remote, context()));
  ASSERT_THAT(merged, SizeIs(1));
  EXPECT_EQ(as_text(merged[0].bytes), "one and two");
}

TEST_F(RunSegmentsTest, OneThatIsDamagedIsLeftOutWithAWarning) {
  const Remote remote = open();
  EXPECT_OK(write_run_segment(remote, as_bytes("one"), {}));
  const Id id = codec::hash(as_bytes("one"), codec::Domain::table);
  overwrite(path_of(id), as_bytes("0ne"));
  ASSERT_OK_AND_ASSIGN(const auto segments, load_run_segments(remote, context()));
  EXPECT_THAT(segments, SizeIs(0));
  ASSERT_THAT(log_.warnings, SizeIs(1));
  EXPECT_THAT(log_.warnings[0], HasSubstr("does not match its name"));
}

}  // namespace
}  // namespace cairn::remote
