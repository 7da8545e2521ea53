// SPDX-License-Identifier: Apache-2.0
#include "remote/pack_check.h"

#include "unit/remote/transfer_fixture.h"

namespace cairn::remote {
namespace {

using cairn::test::FailsWith;

class PackCheckTest : public test::TransferFixture {
 protected:
  void SetUp() override {
    auto store = open();
    // Shared blocks, lone blocks, and an empty file's empty block.
    put_files(*store, "in",
              {{"a", test::text_bytes(500, 1)},
               {"b", test::text_bytes(700'000, 2)},
               {"c", test::random_bytes(90'000, 3)},
               {"d", {}}});
    path_ = packs_of(*store).front();
    bytes_ = test::read_bytes(path_);
  }
  Status check(Bytes bytes, std::size_t step) {
    CAIRN_TRY_ASSIGN(store::PackTable table, store::read_pack_table(path_));
    PackCheck check(table);
    for (Bytes rest = bytes; !rest.empty();) {
      Bytes piece = rest.first(std::min(step, rest.size()));
      CAIRN_TRY(check.add(piece));
      rest = rest.subspan(piece.size());
    }
    return check.finish();
  }
  std::string path_;
  Buffer bytes_;
};

TEST_F(PackCheckTest, PassesASoundPackInPiecesOfAnySize) {
  for (std::size_t step : {std::size_t{7}, std::size_t{4096}, std::size_t{100'000}, bytes_.size()}) {
    EXPECT_OK(check(bytes_, step));
  }
}

TEST_F(PackCheckTest, FindsAChangedByteAnywhere) {
  for (std::size_t at = 0; at < bytes_.size(); at += 1 + bytes_.size() / 200) {
    Buffer damaged = bytes_;
    damaged[at] ^= 1;
    EXPECT_THAT(check(damaged, 10'000), FailsWith(Code::corrupt, "checksum")) << at;
  }
}

TEST_F(PackCheckTest, FindsALengthThatIsWrong) {
  Buffer longer = bytes_;
  longer.push_back(0);
  EXPECT_THAT(check(longer, 10'000), FailsWith(Code::corrupt, "longer"));
  EXPECT_THAT(check(Bytes(bytes_).first(bytes_.size() - 1), 10'000), FailsWith(Code::corrupt, "short"));
  EXPECT_THAT(check({}, 10'000), FailsWith(Code::corrupt, "short"));
}

TEST_F(PackCheckTest, RefusesBlocksThatOverlap) {
  ASSERT_OK_AND_ASSIGN(store::PackTable table, store::read_pack_table(path_));
  for (store::PackEntry& entry : table.entries) {
    entry.place.stored_size += entry.place.offset == store::kPackHeaderSize ? 1 : 0;
  }
  EXPECT_THAT(PackCheck(table).add(bytes_), FailsWith(Code::corrupt, "overlap"));
}

TEST_F(PackCheckTest, SourceGivesAPackTwiceAndCountsItOnce) {
  Context with = context();
  ASSERT_OK_AND_ASSIGN(PackSource source, PackSource::open(path_, with));
  EXPECT_EQ(source.size(), bytes_.size());
  progress_.start("pushing", 0, 0);
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(source.rewind());
    Buffer out(bytes_.size() + 10);
    ASSERT_OK_AND_ASSIGN(std::size_t count, source.read(out));
    out.resize(count);
    EXPECT_TRUE(out == bytes_);
    ASSERT_OK_AND_ASSIGN(std::size_t rest, source.read(out));
    EXPECT_EQ(rest, 0u);
  }
  EXPECT_EQ(progress_.bytes_done, bytes_.size());
}

TEST_F(PackCheckTest, SourceNamesADamagedPack) {
  bytes_[100] ^= 1;
  overwrite(path_, bytes_);
  Context with = context();
  ASSERT_OK_AND_ASSIGN(PackSource source, PackSource::open(path_, with));
  Buffer out(bytes_.size());
  EXPECT_THAT(source.read(out), FailsWith(Code::corrupt, path_));
}

}  // namespace
}  // namespace cairn::remote
