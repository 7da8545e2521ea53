// SPDX-License-Identifier: Apache-2.0
#include "ops/recorder.h"

#include <filesystem>
#include <future>

#include "support/matchers.h"
#include "unit/project/project_fixture.h"
#include "unit/version/run_samples.h"

namespace cairn::ops {
namespace {

namespace fs = std::filesystem;
using test::read_text;
using test::write_text;
using ::testing::HasSubstr;

constexpr std::string_view kStage = "stages:\n  train:\n    cmd: cp in out.txt\n    outs: [out.txt]\n";

class RecorderTest : public test::ProjectFixture {
 protected:
  void SetUp() override {
    ProjectFixture::SetUp();
    write("sub/cairn.yaml", kStage);
    graph_ = std::make_unique<pipeline::Graph>(load_graph(workspace()).value());
    locks_ = std::make_unique<Locks>(Locks::load(workspace(), *graph_).value());
    context_.emplace(context());
    recorder_ = std::make_unique<Recorder>(workspace(), *locks_, shared_, *context_);
  }

  /// Puts an out into the store and the block that names it into the lock, and hands them to the recorder.
  std::future<Status> record(std::string_view content, LockWrite lock) {
    auto done = std::make_shared<std::promise<Status>>();
    std::lock_guard guard(shared_);
    auto writer = recorder_->writer();
    EXPECT_OK(writer);
    EXPECT_OK((*writer)->put_blob(as_bytes(content)));
    const version::RunRecord run = version::sample_run(content);
    locks_->put(graph_->stage(0), run.block);
    Finished finished;
    finished.run = version::encode_run(run, version::Reuse::yes);
    finished.lock = lock;
    finished.done = [done](Status status) { done->set_value(std::move(status)); };
    recorder_->add(std::move(finished));
    return done->get_future();
  }
  [[nodiscard]] std::string runs() { return workspace().paths().runs(); }
  [[nodiscard]] std::string lock_text() const {
    const std::string path = root() + "/sub/cairn.lock";
    return fs::exists(path) ? read_text(path) : "";
  }
  /// As another process would see it.
  [[nodiscard]] bool is_stored(std::string_view content) {
    auto store = store::Store::open(workspace().paths().store);
    EXPECT_OK(store);
    return (*store)->has({store::Family::blob, codec::hash(as_bytes(content)), content.size()});
  }

  std::unique_ptr<pipeline::Graph> graph_;
  std::unique_ptr<Locks> locks_;
  std::mutex shared_;
  std::optional<Context> context_;
  std::unique_ptr<Recorder> recorder_;
};

TEST_F(RecorderTest, WhatIsReportedIsInStoreJournalAndLock) {
  EXPECT_OK(record("one", LockWrite::now).get());
  EXPECT_TRUE(is_stored("one"));
  ASSERT_OK_AND_ASSIGN(const auto journal, version::RunJournal::open(runs()));
  EXPECT_EQ(journal->results(version::sample_run("one").key).size(), 1U);
  EXPECT_THAT(lock_text(), HasSubstr(codec::hash(as_bytes("one")).hex()));
  EXPECT_OK(recorder_->finish());
}

TEST_F(RecorderTest, TheLockNamesOnlyWhatIsDurable) {
  std::vector<std::future<Status>> done;
  for (int i = 0; i < 100; ++i) {
    done.push_back(record(std::to_string(i), i % 10 == 0 ? LockWrite::now : LockWrite::soon));
    // Whatever the lock names at any moment is in the store of whoever opens it after that.
    const std::string lock = lock_text();
    for (int known = 0; known <= i; ++known) {
      const std::string content = std::to_string(known);
      if (lock.find(codec::hash(as_bytes(content)).hex()) != std::string::npos) {
        EXPECT_TRUE(is_stored(content)) << known;
      }
    }
  }
  for (auto& one : done) {
    EXPECT_OK(one.get());
  }
  EXPECT_OK(recorder_->finish());
  EXPECT_THAT(lock_text(), HasSubstr(codec::hash(as_bytes("99")).hex()));
}

TEST_F(RecorderTest, AfterAFailureNothingIsRecordedAnyMore) {
  write_text(runs(), "a file where the folder should be");
  EXPECT_FALSE(record("one", LockWrite::now).get().ok());
  fs::remove(runs());
  EXPECT_FALSE(record("two", LockWrite::now).get().ok());
  EXPECT_FALSE(recorder_->finish().ok());
  EXPECT_EQ(lock_text(), "");
}

TEST_F(RecorderTest, FinishingWritesWhatIsLeft) {
  auto done = record("one", LockWrite::soon);
  {
    std::lock_guard guard(shared_);
    recorder_->set_ignored("sub/out.txt", true);
  }
  EXPECT_OK(recorder_->finish());
  EXPECT_OK(done.get());
  EXPECT_THAT(read_text(root() + "/sub/.gitignore"), HasSubstr("/out.txt"));
  EXPECT_THAT(lock_text(), HasSubstr(codec::hash(as_bytes("one")).hex()));
}

}  // namespace
}  // namespace cairn::ops
