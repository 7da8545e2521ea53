// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_outs.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <mutex>

#include "ops/set_aside.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

namespace fs = std::filesystem;
using pipeline::LockedOut;
using pipeline::OutKind;
using test::FailsWith;
using test::read_text;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class StageOutsTest : public test::ProjectFixture {
 protected:
  pipeline::Stage stage;

  void SetUp() override {
    ProjectFixture::SetUp();
    stage.name = "s";
    stage.file = "cairn.yaml";
  }
  pipeline::Out& add_out(const std::string& path, bool glob = false) {
    pipeline::Out& out = stage.outs.emplace_back();
    out.path = path;
    out.glob = glob;
    out.at.line = 4;
    out.at.column = 9;
    return out;
  }
  /// Calls `use` with a recorder, and makes durable what it was given.
  template <class Use>
  auto recorded(Use use) {
    const Context with = context();
    std::mutex shared;
    Locks locks;
    Recorder recorder(workspace(), locks, shared, with);
    std::unique_lock lock(shared);
    auto result = use(recorder, with);
    lock.unlock();
    EXPECT_OK(recorder.finish());
    return result;
  }
  Result<std::vector<LockedOut>> store() {
    return recorded([this](Recorder& recorder, const Context& with) {
      return store_outs(workspace(), stage, recorder, with);
    });
  }
  std::vector<LockedOut> stored() {
    auto outs = store();
    EXPECT_OK(outs);
    return outs.ok() ? *outs : std::vector<LockedOut>();
  }
  /// "PATH" of each, "-PATH" where it was not made.
  static std::vector<std::string> names(const std::vector<LockedOut>& outs) {
    std::vector<std::string> list;
    for (const LockedOut& out : outs) {
      list.push_back((out.state ? "" : "-") + out.path);
    }
    return list;
  }
  [[nodiscard]] bool exists(const std::string& path) const { return fs::exists(root() + "/" + path); }
  [[nodiscard]] std::string ignored(const std::string& folder) const {
    const std::string file = root() + "/" + folder + "/.gitignore";
    return fs::exists(file) ? read_text(file) : "";
  }
};

TEST_F(StageOutsTest, StoresEveryMatchAndIgnoresEach) {
  add_out("d/*.txt", true);
  write("d/a.txt", "a");
  write("d/b.txt", "b");
  write("d/c.log", "c");
  const std::vector<LockedOut> outs = stored();
  EXPECT_THAT(names(outs), ElementsAre("d/a.txt", "d/b.txt"));
  EXPECT_EQ(outs[0].glob, "d/*.txt");
  EXPECT_THAT(ignored("d"), HasSubstr("/a.txt\n/b.txt\n"));
  fs::remove(root() + "/d/b.txt");
  EXPECT_THAT(names(stored()), ElementsAre("d/a.txt"));
  EXPECT_THAT(ignored("d"), Not(HasSubstr("/b.txt")));
}

TEST_F(StageOutsTest, RefusesAGlobThatMatchesNothingAndAMissingOutUnlessOptional) {
  add_out("d/*", true);
  EXPECT_THAT(store(),
              FailsWith(Code::stage_failed,
                        "cairn.yaml:4:9: stage 's' did not make anything that matches its output 'd/*'"));
  stage.outs[0].optional = true;
  add_out("x");
  EXPECT_THAT(store(),
              FailsWith(Code::stage_failed, "cairn.yaml:4:9: stage 's' did not make its output 'x'"));
  stage.outs[1].optional = true;
  EXPECT_THAT(names(stored()), ElementsAre("-d/*", "-x"));
}

TEST_F(StageOutsTest, StoresUncachedMetricsAndPlotsWhileTheyAreSmall) {
  for (const char* path : {"data", "metric", "plot", "large"}) {
    add_out(path).cached = false;
    write(path, path);
  }
  stage.outs[1].kind = OutKind::metric;
  stage.outs[2].kind = OutKind::plot;
  stage.outs[3].kind = OutKind::plot;
  write("large", std::string((16U << 20) + 1, 'x'));
  const std::vector<LockedOut> outs = stored();
  ASSERT_OK_AND_ASSIGN(store::Store * store, workspace().store());
  std::vector<std::string> in_store;
  for (const LockedOut& out : outs) {
    if (store->has(out.state->object)) {
      in_store.push_back(out.path);
    }
  }
  EXPECT_THAT(in_store, ElementsAre("metric", "plot"));
}

TEST_F(StageOutsTest, AFailureBringsMatchesBackAndRemovesWhatIsNew) {
  add_out("d/*", true);
  write("d/a", "a");
  stored();
  write("d/stray", "stray");
  const Context with = context();
  ASSERT_OK_AND_ASSIGN(const auto previous, set_aside(workspace(), stage, with));
  EXPECT_FALSE(exists("d/a"));
  EXPECT_FALSE(exists("d/stray"));
  EXPECT_TRUE(exists("d"));
  write("d/a", "half");
  write("d/bad", "bad");
  ASSERT_OK(put_back(workspace(), previous, with));
  EXPECT_EQ(read_text(root() + "/d/a"), "a");
  EXPECT_EQ(read_text(root() + "/d/stray"), "stray");
  EXPECT_FALSE(exists("d/bad"));
}

TEST_F(StageOutsTest, APersistentOutStaysAndComesBack) {
  add_out("log").persist = true;
  write("log", "1");
  const Context with = context();
  ASSERT_OK_AND_ASSIGN(const auto previous, set_aside(workspace(), stage, with));
  EXPECT_EQ(read_text(root() + "/log"), "1");
  write("log", "broken");
  ASSERT_OK(put_back(workspace(), previous, with));
  EXPECT_EQ(read_text(root() + "/log"), "1");
}

TEST_F(StageOutsTest, PlacingAResultTakesAwayOtherMatchesAndWhatWasNotMade) {
  add_out("d/*", true);
  add_out("maybe").optional = true;
  write("d/a", "a");
  const std::vector<LockedOut> first = stored();
  fs::remove(root() + "/d/a");
  write("d/b", "b");
  write("maybe", "made");
  stored();
  ASSERT_OK(recorded([&](Recorder& recorder, const Context& with) {
    return place_outs(workspace(), first, recorder, with);
  }));
  EXPECT_EQ(read_text(root() + "/d/a"), "a");
  EXPECT_FALSE(exists("d/b"));
  EXPECT_FALSE(exists("maybe"));
  EXPECT_THAT(ignored("d"), Not(HasSubstr("/b")));
  EXPECT_THAT(ignored(""), Not(HasSubstr("/maybe")));
}

TEST_F(StageOutsTest, OutsToReleaseAreThoseOfNoOutAnyMore) {
  const pipeline::PathState state{{store::Family::blob, codec::hash(as_bytes("x")), 1}, 0, false};
  pipeline::StageLock former;
  former.outs = {{"a", state}, {"b", state}, {"c/x", state}, {"d", state, false}, {"e", std::nullopt}};
  pipeline::StageLock now;
  now.outs = {{"a", state}, {"c", state}};
  EXPECT_THAT(outs_to_release(former, &now), ElementsAre("b"));
  EXPECT_THAT(outs_to_release(former, nullptr), ElementsAre("a", "b", "c/x"));
}

TEST_F(StageOutsTest, ReleasedOutsKeepTheirDataAndLoseTheirIgnoreLine) {
  add_out("a");
  add_out("b");
  write("a", "a");
  write("b", "b");
  stored();
  ASSERT_OK(release_outs(workspace(), {"b", "gone/c"}));
  EXPECT_EQ(read_text(root() + "/b"), "b");
  EXPECT_THAT(ignored(""), HasSubstr("/a\n"));
  EXPECT_THAT(ignored(""), Not(HasSubstr("/b\n")));
  ASSERT_OK_AND_ASSIGN(const auto* materialised, workspace().materialised());
  EXPECT_EQ(materialised->find("b"), nullptr);
}

}  // namespace
}  // namespace cairn::ops
