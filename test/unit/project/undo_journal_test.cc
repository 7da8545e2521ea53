// SPDX-License-Identifier: Apache-2.0
#include "project/undo_journal.h"

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::project {
namespace {

Materialised::Entry entry_of(std::string_view content, store::Family family = store::Family::blob) {
  return {{family, codec::hash(as_bytes(content)), content.size()}, family == store::Family::blob};
}

UndoRecord sample() {
  UndoEntry data;
  data.path = "data/a b\n\xff";
  data.has_data = true;
  data.before = entry_of("old", store::Family::tree);
  data.after = entry_of("new");
  UndoEntry pointer;
  pointer.path = "x";
  pointer.has_pointer = true;
  pointer.pointer_before = "cairn: 1\n";
  pointer.has_record = true;
  pointer.record_after = entry_of("record");
  return {"checkout", std::pair<std::string, std::string>("from", "to"), {data, pointer}};
}

TEST(UndoJournal, ComesBackAsItWas) {
  EXPECT_EQ(decode_undo(encode_undo(sample())), sample());
  EXPECT_EQ(decode_undo(encode_undo({})), UndoRecord());
}

TEST(UndoJournal, IsNothingAfterAnyChangedByteOrCut) {
  const Buffer good = encode_undo(sample());
  for (std::size_t i = 0; i < good.size(); ++i) {
    Buffer bad = good;
    bad[i] ^= 1U;
    EXPECT_EQ(decode_undo(bad), std::nullopt) << i;
    EXPECT_EQ(decode_undo(Bytes(good).first(i)), std::nullopt) << i;
  }
}

TEST(UndoJournal, IsInvertedTwiceIntoItself) {
  EXPECT_EQ(inverse(inverse(sample())), sample());
  EXPECT_EQ(inverse(sample()).entries[0].before, entry_of("new"));
}

TEST(UndoJournal, NamesItsObjects) {
  EXPECT_THAT(objects_of(sample()), ::testing::SizeIs(3));
}

TEST(UndoJournal, IsSavedAndLoaded) {
  const test::TempDir folder;
  const std::string path = folder / "state/undo";
  ASSERT_OK_AND_ASSIGN(auto none, load_undo(path));
  EXPECT_EQ(none, std::nullopt);
  ASSERT_OK(save_undo(path, sample()));
  ASSERT_OK_AND_ASSIGN(auto some, load_undo(path));
  EXPECT_EQ(some, sample());
  test::write_text(path, "damaged");
  ASSERT_OK_AND_ASSIGN(auto damaged, load_undo(path));
  EXPECT_EQ(damaged, std::nullopt);
}

}  // namespace
}  // namespace cairn::project
