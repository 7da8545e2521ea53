// SPDX-License-Identifier: Apache-2.0
#include "remote/gc.h"

#include <filesystem>

#include "remote/entries.h"
#include "remote/walk.h"
#include "unit/remote/gc_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using cairn::test::random_bytes;
using cairn::test::text_bytes;
using std::chrono::hours;

class GcTest : public test::GcFixture {
 protected:
  static GcOptions at(Time now) {
    GcOptions options = at_once();
    options.now = now;
    options.grace = hours(24);
    return options;
  }
  std::string doomed_text() {
    const std::string path = remote_ + "/locks/doomed";
    return fs::exists(path) ? std::string(as_text(test::read_bytes(path))) : "";
  }
};

TEST_F(GcTest, RemovesWhatNoRootNeedsAndKeepsTheRest) {
  auto store = open("a");
  const Root kept = put_tree(*store, "kept", {{"a", text_bytes(5000, 1)}, {"b", random_bytes(300'000, 2)}});
  const Root large = put_root(*store, "large", random_bytes(5u << 20, 7));
  const Root gone = put_root(*store, "gone", random_bytes(400'000, 3));
  ASSERT_OK(push_commit(*store, {kept, large}, "c1"));
  ASSERT_OK(push_commit(*store, {gone}, "c2"));
  const std::size_t packs = remote_names("packs").size();
  forget("c2");
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect());
  EXPECT_EQ(report.roots, 1u);
  EXPECT_EQ(report.packs, packs);
  EXPECT_EQ(report.removed_packs, 1u);
  EXPECT_GE(report.removed_bytes, 400'000u);
  EXPECT_EQ(report.new_packs, 0u);
  EXPECT_TRUE(report.doomed.empty());
  EXPECT_EQ(remote_names("packs").size(), packs - 1);
  EXPECT_EQ(remote_names("indexes").size(), 1u);
  EXPECT_TRUE(remote_names("locks").empty());
  expect_fetchable({kept, large});
  auto other = open("b");
  EXPECT_THAT(fetch(*other, {gone}), FailsWith(Code::not_found, "'gone'"));
}

TEST_F(GcTest, TheListOfIndexesForReadersIsTheNewOne) {
  auto store = open("a");
  const Root kept = put_root(*store, "kept", text_bytes(5000, 1));
  ASSERT_OK(push_commit(*store, {kept}, "c1"));
  ASSERT_OK(push_commit(*store, {put_root(*store, "gone", text_bytes(5000, 2))}, "c2"));
  forget("c2");
  ASSERT_OK(collect());
  ASSERT_OK_AND_ASSIGN(const auto ids, decode_index_list(as_text(test::read_bytes(remote_ + "/index-list"))));
  ASSERT_EQ(ids.size(), 1u);
  EXPECT_EQ(remote_names("indexes"), std::vector<std::string>{ids[0].hex() + ".idx"});
}

TEST_F(GcTest, WhatIsNotNeededStaysForTheGracePeriod) {
  auto store = open("a");
  const Root kept = put_root(*store, "kept", text_bytes(5000, 1));
  const Root gone = put_root(*store, "gone", text_bytes(5000, 2));
  ASSERT_OK(push_commit(*store, {kept}, "c1"));
  ASSERT_OK(push_commit(*store, {gone}, "c2"));
  forget("c2");
  ASSERT_OK_AND_ASSIGN(const GcReport first, collect(at(kNow)));
  EXPECT_EQ(first.removed_packs, 0u);
  ASSERT_EQ(first.doomed.size(), 1u);
  EXPECT_EQ(first.doomed[0].until, kNow + hours(24));
  const std::string text = doomed_text();
  EXPECT_EQ(text, "cairn doomed 1\npack " + first.doomed[0].pack.hex() + " 1800000000\n");
  // A clock that went back keeps it longer, and does not forget since when it is doomed.
  for (const Time now : {kNow + hours(23), kNow - hours(48)}) {
    ASSERT_OK_AND_ASSIGN(const GcReport later, collect(at(now)));
    EXPECT_EQ(later.removed_packs, 0u);
    EXPECT_EQ(doomed_text(), text);
  }
  expect_fetchable({kept, gone});
  ASSERT_OK_AND_ASSIGN(const GcReport last, collect(at(kNow + hours(24))));
  EXPECT_EQ(last.removed_packs, 1u);
  EXPECT_EQ(doomed_text(), "");
  expect_fetchable({kept});
}

TEST_F(GcTest, WhatIsNeededAgainIsNotDoomedAnyMore) {
  auto store = open("a");
  const Root kept = put_root(*store, "kept", text_bytes(5000, 1));
  const Root back = put_root(*store, "back", text_bytes(5000, 2));
  ASSERT_OK(push_commit(*store, {kept}, "c1"));
  ASSERT_OK(push_commit(*store, {back}, "c2"));
  forget("c2");
  ASSERT_OK(collect(at(kNow)));
  ASSERT_OK_AND_ASSIGN(const PushReport pushed, push_commit(*store, {back}, "c3"));
  EXPECT_EQ(pushed.packs, 0u);
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect(at(kNow + hours(25))));
  EXPECT_EQ(report.removed_packs, 0u);
  EXPECT_EQ(doomed_text(), "");
  expect_fetchable({kept, back});
}

TEST_F(GcTest, ADamagedListOfWhatIsDoomedDelaysOnly) {
  auto store = open("a");
  ASSERT_OK(push_commit(*store, {put_root(*store, "kept", text_bytes(5000, 1))}, "c1"));
  ASSERT_OK(push_commit(*store, {put_root(*store, "gone", text_bytes(5000, 2))}, "c2"));
  forget("c2");
  ASSERT_OK(collect(at(kNow - hours(100))));
  const std::string text = doomed_text();
  overwrite(remote_ + "/locks/doomed", as_bytes(text.substr(0, text.size() - 1)));
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect(at(kNow)));
  EXPECT_EQ(report.removed_packs, 0u);
  ASSERT_EQ(report.doomed.size(), 1u);
  EXPECT_EQ(report.doomed[0].until, kNow + hours(24));
  overwrite(remote_ + "/locks/doomed", as_bytes("cairn doomed 2\n"));
  EXPECT_THAT(collect(at(kNow)), FailsWith(Code::unsupported, "format 2"));
}

TEST_F(GcTest, WhatIsNeededOfAMostlyDeadPackMovesToANewOne) {
  auto store = open("a");
  const Root kept = make_mostly_dead(*store, "c1");
  ASSERT_OK_AND_ASSIGN(const GcReport doomed, collect(at(kNow)));
  EXPECT_EQ(doomed.new_packs, 0u);
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect(at(kNow + hours(24))));
  EXPECT_GE(report.removed_packs, 1u);
  EXPECT_EQ(report.new_packs, 1u);
  EXPECT_LT(report.new_bytes, 70'000u);
  EXPECT_EQ(remote_names("packs").size(), 1u);
  expect_fetchable({kept});
  ASSERT_OK_AND_ASSIGN(const GcReport again, collect());
  EXPECT_EQ(again.removed_packs, 0u);
}

TEST_F(GcTest, OneOfSeveralCopiesIsEnough) {
  auto store = open("a");
  const Root kept = make_mostly_dead(*store, "c1");  // it is in the pack of all
  auto other = open("b");
  ASSERT_OK(push_commit(*store, {kept}, "c1"));
  put_root(*other, "kept", random_bytes(60'000, 503));
  fs::remove_all(remote_ + "/indexes");
  ASSERT_OK(push_commit(*other, {kept}, "c2"));  // now also in one of its own
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect());
  EXPECT_GE(report.removed_packs, 1u);
  EXPECT_EQ(remote_names("packs").size(), 1u);
  expect_fetchable({kept});
}

TEST_F(GcTest, EmptyAndTinyFilesSurvive) {
  auto store = open("a");
  const Root tree = put_tree(*store, "tiny", {{"empty", {}}, {"one", text_bytes(1, 1)}});
  const Root empty = put_root(*store, "empty", {});
  ASSERT_OK(push_commit(*store, {tree, empty}, "c1"));
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect());
  EXPECT_EQ(report.removed_packs, 0u);
  expect_fetchable({tree, empty});
}

TEST_F(GcTest, SaysWhatItWouldDoAndDoesNothing) {
  auto store = open("a");
  const Root kept = make_mostly_dead(*store, "c1");
  ASSERT_OK(collect(at(kNow)));
  const auto before = everything();
  const std::string text = doomed_text();
  GcOptions options = at(kNow + hours(24));
  options.dry_run = true;
  ASSERT_OK_AND_ASSIGN(const GcReport would, collect(options));
  EXPECT_EQ(everything(), before);
  EXPECT_EQ(doomed_text(), text);
  options.dry_run = false;
  ASSERT_OK_AND_ASSIGN(const GcReport did, collect(options));
  EXPECT_EQ(would.removed_packs, did.removed_packs);
  EXPECT_EQ(would.removed_bytes, did.removed_bytes);
  EXPECT_GT(would.removed_packs, 0u);
  expect_fetchable({kept});
}

TEST_F(GcTest, PacksThatNoIndexNamesAreGarbage) {
  auto store = open("a");
  const Root kept = put_root(*store, "kept", text_bytes(5000, 1));
  ASSERT_OK(push_commit(*store, {kept}, "c1"));
  const auto indexes = remote_names("indexes");
  ASSERT_OK(push(*store, {put_root(*store, "left", text_bytes(5000, 2))}));
  for (const std::string& name : remote_names("indexes")) {
    if (name != indexes[0]) {
      fs::remove(remote_ + "/indexes/" + name);
    }
  }
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect());
  EXPECT_EQ(report.removed_packs, 1u);
  expect_fetchable({kept});
}

TEST_F(GcTest, ARootThatCannotBeReadStopsItBeforeAnythingGoes) {
  auto store = open("a");
  ASSERT_OK(push_commit(*store, {put_root(*store, "kept", text_bytes(5000, 1))}, "c1"));
  ASSERT_OK(push_commit(*store, {put_root(*store, "gone", text_bytes(5000, 2))}, "c2"));
  forget("c2");
  fs::create_directories(remote_ + "/roots/another");
  for (const char* text : {"", "cairn roots 1\nblob", "cairn roots 2\n"}) {
    overwrite(remote_ + "/roots/another/c9", as_bytes(text));
    const auto before = everything();
    const auto collected = collect();
    ASSERT_FALSE(collected.ok()) << text;
    EXPECT_NE(collected.error().message().find("'roots/another/c9'"), std::string::npos);
    EXPECT_EQ(everything(), before);
  }
}

TEST_F(GcTest, ARootThatIsNotWholeStopsItBeforeAnythingGoes) {
  auto store = open("a");
  const Root tree = put_tree(*store, "tree", {{"f", random_bytes(200'000, 1)}});
  ASSERT_OK(push_commit(*store, {tree}, "c1"));
  ASSERT_OK(push_commit(*store, {put_root(*store, "gone", text_bytes(5000, 2))}, "c2"));
  forget("c2");
  std::string largest;
  for (const std::string& name : remote_names("packs")) {
    const std::string path = remote_ + "/packs/" + name;
    largest = largest.empty() || fs::file_size(path) > fs::file_size(largest) ? path : largest;
  }
  fs::remove(largest);
  const auto before = everything();
  EXPECT_THAT(collect(), FailsWith(Code::remote, "/c1' needs"));
  EXPECT_EQ(everything(), before);
}

TEST_F(GcTest, RefusesWhereNoCommitWasEverPushed) {
  auto store = open("a");
  ASSERT_OK(push(*store, {put_root(*store, "data", text_bytes(5000, 1))}));
  EXPECT_THAT(collect(), FailsWith(Code::remote, "no commit was ever pushed"));
  EXPECT_EQ(remote_names("packs").size(), 1u);
}

TEST_F(GcTest, KeepsWhatTheCallerAsksFor) {
  auto store = open("a");
  const Root kept = put_root(*store, "kept", text_bytes(5000, 1));
  const Root plots = put_root(*store, "plots", text_bytes(5000, 2));
  const Root gone = put_root(*store, "gone", text_bytes(5000, 3));
  ASSERT_OK(push_commit(*store, {kept}, "c1"));
  ASSERT_OK(push(*store, {plots}));
  ASSERT_OK(push(*store, {gone}));
  GcOptions options = at_once();
  options.kept_too = [&](const NeededKeys& needed) -> Result<std::vector<store::Object>> {
    EXPECT_EQ(needed.size(), 1u);
    return std::vector<store::Object>{plots.object, {store::Family::blob, codec::hash(as_bytes("x")), 1}};
  };
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect(options));
  EXPECT_EQ(report.removed_packs, 1u);
  expect_fetchable({kept, plots});
}

/// Recipes of files whose chunks may have gone are in no index: else they would be taken for whole.
TEST_F(GcTest, NoIndexNamesARecipeWithoutItsChunks) {
  auto store = open("a");
  const Buffer large = random_bytes(4u << 20, 1);
  const Root gone = put_root(*store, "gone", large);
  const Root kept = put_tree(*store, "kept", {{"a", random_bytes(300'000, 2)}, {"b", text_bytes(100, 3)}});
  ASSERT_OK(push_commit(*store, {gone, kept}, "c1"));
  ASSERT_OK(push_commit(*store, {kept}, "c2"));
  forget("c1");
  ASSERT_OK(collect());
  auto other = open("b");
  ASSERT_OK_AND_ASSIGN(const Remote remote, Remote::open(std::make_unique<transport::DirTransport>(remote_),
                                                         "origin", other->paths(), Purpose::read, log_));
  ASSERT_OK_AND_ASSIGN(const RemoteIndex index, RemoteIndex::load(remote, context()));
  EXPECT_FALSE(index.lacks_packs());
  EXPECT_FALSE(index.contains({store::EntryKind::recipe, gone.object.id}));
  ASSERT_OK(push_commit(*store, {gone}, "c3"));
  expect_fetchable({gone, kept});
}

TEST_F(GcTest, RefusesWhereItCannotRemove) {
  auto store = open("a");
  ASSERT_OK(push_commit(*store, {put_root(*store, "kept", text_bytes(5000, 1))}, "c1"));
  const auto before = everything();
  const auto refuses = [](const std::string& name) {
    return name.starts_with("locks/gc-") ? Status(Error(Code::unsupported, "it knows no 'remove'"))
                                         : Status();
  };
  EXPECT_THAT(collect(at_once(), std::make_unique<test::HookedTransport>(remote_, refuses)),
              FailsWith(Code::unsupported, "cannot be collected"));
  EXPECT_EQ(everything(), before);
}

}  // namespace
}  // namespace cairn::remote
