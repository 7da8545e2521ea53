// SPDX-License-Identifier: Apache-2.0
// A collection that is killed, and one that meets a push: at every call.
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "remote/layout.h"
#include "unit/remote/gc_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::DyingTransport;
using cairn::test::HookedTransport;
using cairn::test::random_bytes;

/// More calls than any of these pushes and collections makes.
constexpr int kManyCalls = 200;

class GcRaceTest : public test::GcFixture {
 protected:
  /// On the remote: what a commit needs; what is garbage, and needed by `pushed_`; a mostly dead pack, some
  /// garbage of which `pushed_` needs too. The pusher has all of it.
  void SetUp() override {
    pusher_ = open("pusher");
    kept_ = put_tree(*pusher_, "kept", {{"a", random_bytes(40'000, 1)}, {"b", random_bytes(20'000, 2)}});
    pushed_ = {put_tree(*pusher_, "garbage", {{"g", random_bytes(50'000, 3)}, {"h", random_bytes(900, 4)}})};
    ASSERT_OK(push_commit(*pusher_, {kept_}, "kept"));
    ASSERT_OK(push_commit(*pusher_, {pushed_[0]}, "garbage"));
    forget("garbage");
    part_ = make_mostly_dead(*pusher_, "part");
    pushed_.push_back({{store::Family::blob, codec::hash(random_bytes(60'000, 505)), 60'000}, "f5"});
    pushed_.push_back(put_root(*pusher_, "new", random_bytes(30'000, 9)));
    copy_folder(remote_, remote_ + ".saved");
  }
  void restart() { copy_folder(remote_ + ".saved", remote_); }
  /// One that is killed leaves its lock; it is dead when its time is old.
  void age_locks() {
    for (const std::string& name : remote_names("locks")) {
      if (name.starts_with("gc-")) {
        overwrite(remote_ + "/locks/" + name, as_bytes(encode_gc_lock(Time(std::chrono::seconds(1)))));
      }
    }
  }
  /// Everything is there for others, and the next collection, which sees the commit, agrees.
  void expect_all_there() {
    ASSERT_OK(collect());
    expect_fetchable({kept_, part_, pushed_[0], pushed_[1], pushed_[2]});
    EXPECT_TRUE(remote_names("locks").empty());
  }

  std::unique_ptr<store::Store> pusher_;
  Root kept_;
  Root part_;
  std::vector<Root> pushed_;
};

TEST_F(GcRaceTest, ACollectionThatDiesAtAnyCallLosesNothingAndTheNextOneCompletes) {
  bool completed = false;
  int calls = 0;
  for (; !completed && calls < kManyCalls; ++calls) {
    SCOPED_TRACE(calls);
    restart();
    completed = collect(at_once(), std::make_unique<DyingTransport>(remote_, calls)).ok();
    expect_fetchable({kept_, part_});
    age_locks();
    ASSERT_OK(collect());
    EXPECT_EQ(remote_names("packs").size(), 3u);  // tree and files of kept_, and what was moved
    EXPECT_EQ(remote_names("indexes").size(), 1u);
    EXPECT_TRUE(remote_names("locks").empty());
    expect_fetchable({kept_, part_});
  }
  EXPECT_TRUE(completed);
  EXPECT_GT(calls, 12);
}

TEST_F(GcRaceTest, APushAfterACollectionThatDiedAtAnyCallSendsWhatIsMissing) {
  bool completed = false;
  for (int calls = 0; !completed && calls < kManyCalls; ++calls) {
    SCOPED_TRACE(calls);
    restart();
    completed = collect(at_once(), std::make_unique<DyingTransport>(remote_, calls)).ok();
    age_locks();
    ASSERT_OK(push_in_order(*pusher_, pushed_, "new", std::make_unique<transport::DirTransport>(remote_)));
    age_locks();
    expect_all_there();
  }
  EXPECT_TRUE(completed);
}

/// A pusher on a thread of its own that stops before one of its calls until it may go on.
class StoppedPusher {
 public:
  using Push = std::function<Status(std::unique_ptr<transport::Transport>)>;

  StoppedPusher(const std::string& remote, int stop_at, const Push& push) {
    auto transport = std::make_unique<HookedTransport>(
        remote, [this, stop_at](const std::string& name) { return before_call(name, stop_at); });
    thread_ = std::thread([this, push, transport = std::move(transport)]() mutable {
      Status pushed = push(std::move(transport));
      const std::lock_guard guard(mutex_);
      result_ = std::move(pushed);
      state_ = State::done;
      changed_.notify_all();
    });
  }
  ~StoppedPusher() { (void)finish(); }
  StoppedPusher(const StoppedPusher&) = delete;
  StoppedPusher& operator=(const StoppedPusher&) = delete;

  /// False when it ended before that call.
  bool wait_until_stopped() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return state_ != State::runs; });
    return state_ == State::stopped;
  }
  /// Until it has ended, or waits for the collection.
  void go_on() {
    std::unique_lock guard(mutex_);
    state_ = state_ == State::stopped ? State::released : state_;
    changed_.notify_all();
    changed_.wait(guard, [this] { return state_ == State::waits || state_ == State::done; });
  }
  Status finish() {
    if (thread_.joinable()) {
      go_on();
      thread_.join();
    }
    return result_;
  }

 private:
  enum class State { runs, stopped, released, waits, done };

  Status before_call(const std::string& name, int stop_at) {
    std::unique_lock guard(mutex_);
    if (calls_++ == stop_at) {
      state_ = State::stopped;
      changed_.notify_all();
      changed_.wait(guard, [this] { return state_ != State::stopped; });
    }
    if (state_ == State::released && is_gc_lock(name)) {
      state_ = State::waits;
      changed_.notify_all();
    }
    return {};
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::runs;
  int calls_ = 0;
  Status result_;
  std::thread thread_;
};

/// The push stops before its call number `at`; the collection runs up to one of its calls; the push goes on
/// until it ends or waits; the collection goes on. Every fourth call of the collection is tried, others with
/// each call of the push, and its end.
TEST_F(GcRaceTest, APushAndACollectionThatMeetAnywhereLoseNothing) {
  const StoppedPusher::Push push = [this](std::unique_ptr<transport::Transport> transport) -> Status {
    const auto pushed = push_in_order(*pusher_, pushed_, "new", std::move(transport));
    return pushed.ok() ? Status() : Status(pushed.error());
  };
  int last = 0;
  bool met = true;
  for (int at = 0; met && at < kManyCalls; ++at) {
    bool whole = false;
    for (int from = at % 4; met && !whole; from += 4) {
      SCOPED_TRACE("push stopped at " + std::to_string(at) + ", collection at " + std::to_string(from));
      restart();
      StoppedPusher pusher(remote_, at, push);
      met = pusher.wait_until_stopped();
      int calls = 0;
      auto hook = [&](const std::string& /*name*/) -> Status {
        if (calls++ == from) {
          pusher.go_on();
        }
        return {};
      };
      EXPECT_OK(collect(at_once(), std::make_unique<HookedTransport>(remote_, hook)));
      whole = calls <= from;
      ASSERT_OK(pusher.finish());
      expect_all_there();
    }
    last = at;
  }
  EXPECT_FALSE(met);
  EXPECT_GT(last, 12);
}

/// Data that no commit names is garbage at once: a collection may take it each time that it is sent.
TEST_F(GcRaceTest, APushWithoutACommitEndsThoughCollectionsTakeWhatItSends) {
  const Root draft = put_root(*pusher_, "draft", random_bytes(40'000, 10));
  int collections = 0;
  auto hook = [&](const std::string& name) -> Status {
    if (name == kIndexListName) {  // the last call of what is sent
      ++collections;
      return collect().ok() ? Status() : Status(Error(Code::remote, "not collected"));
    }
    return {};
  };
  EXPECT_OK(push(*pusher_, {draft}, std::make_unique<HookedTransport>(remote_, hook)));
  EXPECT_EQ(collections, 2);
  expect_fetchable({kept_, part_});
}

}  // namespace
}  // namespace cairn::remote
