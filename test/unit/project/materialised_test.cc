// SPDX-License-Identifier: Apache-2.0
#include "project/materialised.h"

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::project {
namespace {

Materialised::Entry entry_of(std::string_view text, store::Family family = store::Family::blob) {
  Materialised::Entry entry;
  entry.object = {family, codec::hash(as_bytes(text)), text.size()};
  return entry;
}

class MaterialisedFile : public ::testing::Test {
 protected:
  test::TempDir folder_;
  std::string path_ = folder_ / "state/materialised";
};

TEST_F(MaterialisedFile, KeepsEntriesOverSaveAndLoad) {
  ASSERT_OK_AND_ASSIGN(Materialised file, Materialised::load(path_));
  Materialised::Entry tool = entry_of("tool");
  tool.executable = true;
  const std::string odd = "odd\nname\\n with blanks \xff";
  file.set("data.csv", entry_of("data"));
  file.set("images", entry_of("images", store::Family::tree));
  file.set("tool", tool);
  file.set(odd, entry_of("odd"));
  file.set("gone", entry_of("gone"));
  file.erase("gone");
  ASSERT_OK(file.save());
  ASSERT_OK_AND_ASSIGN(const Materialised again, Materialised::load(path_));
  EXPECT_EQ(again.entries(), file.entries());
  ASSERT_NE(again.find(odd), nullptr);
  EXPECT_EQ(*again.find("tool"), tool);
  EXPECT_EQ(again.find("gone"), nullptr);
}

TEST_F(MaterialisedFile, KnowsWhatIsOnlyAPart) {
  ASSERT_OK_AND_ASSIGN(Materialised file, Materialised::load(path_));
  Materialised::Entry images = entry_of("images", store::Family::tree);
  file.set("images", images);
  ASSERT_OK(file.save());
  images.part = true;
  file.set("images", images);
  ASSERT_OK(file.save());
  ASSERT_OK_AND_ASSIGN(Materialised again, Materialised::load(path_));
  ASSERT_NE(again.find("images"), nullptr);
  EXPECT_TRUE(again.find("images")->part);
  images.part = false;
  again.set("images", images);
  ASSERT_OK(again.save());
  ASSERT_OK_AND_ASSIGN(again, Materialised::load(path_));
  EXPECT_FALSE(again.find("images")->part);
}

TEST_F(MaterialisedFile, IsEmptyWhenMissingAndNotWrittenWithoutAChange) {
  ASSERT_OK_AND_ASSIGN(Materialised file, Materialised::load(path_));
  EXPECT_TRUE(file.entries().empty());
  file.erase("nothing");
  ASSERT_OK(file.save());
  ASSERT_OK_AND_ASSIGN(auto stat, os::find_stat(path_));
  EXPECT_FALSE(stat.has_value());
}

TEST_F(MaterialisedFile, KeepsWhatOthersWroteBetweenChangeAndSave) {
  ASSERT_OK_AND_ASSIGN(Materialised first, Materialised::load(path_));
  first.set("mine", entry_of("mine"));
  first.set("gone", entry_of("gone"));
  ASSERT_OK(first.save());
  first.erase("gone");
  first.set("both", entry_of("mine"));
  ASSERT_OK_AND_ASSIGN(Materialised second, Materialised::load(path_));
  second.set("theirs", entry_of("theirs"));
  second.set("both", entry_of("theirs"));
  ASSERT_OK(second.save());
  ASSERT_OK(first.refresh());
  EXPECT_NE(first.find("theirs"), nullptr);
  ASSERT_OK(first.save());
  ASSERT_OK_AND_ASSIGN(const Materialised both, Materialised::load(path_));
  EXPECT_EQ(both.entries().size(), 3U);
  EXPECT_EQ(*both.find("both"), entry_of("mine"));
  EXPECT_NE(both.find("theirs"), nullptr);
  EXPECT_EQ(both.find("gone"), nullptr);
}

TEST_F(MaterialisedFile, IsEmptyAfterAnyFlippedBitOrCut) {
  ASSERT_OK_AND_ASSIGN(Materialised file, Materialised::load(path_));
  file.set("a", entry_of("a"));
  file.set("b", entry_of("b", store::Family::tree));
  ASSERT_OK(file.save());
  const std::string whole = test::read_text(path_);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    test::write_text(path_, damaged);
    ASSERT_OK_AND_ASSIGN(const Materialised again, Materialised::load(path_));
    EXPECT_TRUE(again.entries().empty()) << "byte " << i;
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    test::write_text(path_, whole.substr(0, size));
    ASSERT_OK_AND_ASSIGN(const Materialised again, Materialised::load(path_));
    EXPECT_TRUE(again.entries().empty()) << "size " << size;
  }
}

}  // namespace
}  // namespace cairn::project
