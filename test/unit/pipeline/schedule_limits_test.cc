// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <random>
#include <thread>

#include "pipeline/resource_pool.h"
#include "unit/pipeline/repro_fixture.h"

/// Resources, retries, and what a watcher is told.
namespace cairn::pipeline {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Resources with_tokens(std::uint64_t milli_cpus, std::map<std::string, std::uint64_t> tokens) {
  Resources resources;
  resources.milli_cpus = milli_cpus;
  resources.tokens = std::move(tokens);
  return resources;
}

/// Writes down what it is told.
class Listener : public Watcher {
 public:
  std::vector<std::string> events;

  void started(const Stage& stage, unsigned attempt) override {
    events.push_back(fmt::format("started {} {}", stage.name, attempt));
  }
  void line(const Stage& stage, std::string_view text, LineState) override {
    events.push_back(fmt::format("line {} {}", stage.name, text));
  }
  void waiting(const Stage& stage, std::string_view why) override {
    events.push_back(fmt::format("waiting {} {}", stage.name, why));
  }
  void finished(const Stage& stage, const StageReport& report) override {
    events.push_back(fmt::format("finished {} {}", stage.name, outcome_name(report.outcome)));
  }
};

/// Keeps count of what runs, and of limits that were broken.
class Ledger {
 public:
  explicit Ledger(Resources limits) : limits_(std::move(limits)) {}

  void begin(const Stage& stage) {
    std::lock_guard lock(mutex_);
    const Resources demand = demand_of(stage);
    used_.milli_cpus += demand.milli_cpus;
    used_.memory += demand.memory;
    used_.gpus += demand.gpus;
    for (const auto& [token, amount] : demand.tokens) {
      used_.tokens[token] += amount;
    }
    if (const std::string over = beyond(used_, limits_); !over.empty()) {
      broken.push_back(stage.name + ": " + over);
    }
    most_at_once = std::max(most_at_once, ++running_);
  }
  void end(const Stage& stage) {
    std::lock_guard lock(mutex_);
    const Resources demand = demand_of(stage);
    used_.milli_cpus -= demand.milli_cpus;
    used_.memory -= demand.memory;
    used_.gpus -= demand.gpus;
    for (const auto& [token, amount] : demand.tokens) {
      used_.tokens[token] -= amount;
    }
    --running_;
  }

  std::vector<std::string> broken;
  int most_at_once = 0;

 private:
  Resources limits_;
  std::mutex mutex_;
  Resources used_;
  int running_ = 0;
};

TEST(ResourcePool, HoldsBackWhatAWaitingStageNeeds) {
  ResourcePool pool(with_tokens(4000, {{"db", 1}}));
  pool.begin_round();
  ASSERT_TRUE(pool.take(with_tokens(1000, {})));
  pool.begin_round();
  EXPECT_FALSE(pool.take(with_tokens(4000, {})));
  EXPECT_TRUE(pool.exhausted());
  EXPECT_FALSE(pool.take(with_tokens(1000, {}))) << "would let the first wait for ever";
  pool.give_back(with_tokens(1000, {}));
  pool.begin_round();
  EXPECT_TRUE(pool.take(with_tokens(4000, {})));
}

TEST(ResourcePool, LetsOthersUseWhatAWaitingStageLeavesOver) {
  ResourcePool pool(with_tokens(4000, {{"db", 1}}));
  pool.begin_round();
  ASSERT_TRUE(pool.take(with_tokens(1000, {{"db", 1}})));
  pool.begin_round();
  EXPECT_FALSE(pool.take(with_tokens(1000, {{"db", 1}})));
  EXPECT_EQ(pool.lacking(with_tokens(1000, {{"db", 1}})), "1 of 'db'");
  EXPECT_TRUE(pool.take(with_tokens(2000, {})));
  EXPECT_FALSE(pool.take(with_tokens(1000, {}))) << "the one CPU that is left is held back";
}

TEST(ResourcePool, WithoutLimitsEverythingFits) {
  ResourcePool pool(std::nullopt);
  pool.begin_round();
  EXPECT_TRUE(pool.take(with_tokens(1000000, {{"any", 1000}})));
  EXPECT_FALSE(pool.exhausted());
}

TEST(Beyond, SaysInWordsWhatIsTooMuch) {
  Resources demand;
  demand.milli_cpus = 2500;
  demand.memory = 3ULL << 30;
  demand.gpus = 1;
  demand.tokens = {{"db", 2}, {"fits", 1}};
  Resources limits = with_tokens(1000, {{"db", 1}, {"fits", 1}});
  limits.memory = 1536ULL << 20;
  EXPECT_EQ(beyond(demand, limits),
            "2.5 CPUs (there are 1 CPU), 3 GiB of memory (there are 1.5 GiB of memory), "
            "1 GPU (there is none), 2 of 'db' (there are 1 of 'db')");
  EXPECT_EQ(beyond(with_tokens(1000, {{"db", 1}}), limits), "");
}

/// A graph of 40 stages in which each has random needs and up to three stages before it.
std::string random_graph(std::mt19937& random) {
  std::string text = "stages:\n";
  for (unsigned i = 0; i < 40; ++i) {
    std::set<unsigned> before;
    for (unsigned n = i == 0 ? 0 : random() % 4; n > 0; --n) {
      before.insert(static_cast<unsigned>(random() % i));
    }
    std::string deps;
    for (unsigned up : before) {
      deps += fmt::format("{}o{}", deps.empty() ? "" : ", ", up);
    }
    text += fmt::format("  s{:02}: {{cmd: c{}, deps: [{}], outs: [o{}]}}\n", i, i, deps, i);
  }
  return text;
}

TEST(RunPipeline, NeverUsesMoreThanThereIs) {
  std::mt19937 random(17);
  for (int round = 0; round < 25; ++round) {
    Resources limits = with_tokens(3000, {{"db", 2}, {"net", 1}});
    limits.memory = 100;
    limits.gpus = 2;
    Repro repro(random_graph(random), [&random](Stage& stage) {
      stage.resources = with_tokens(random() % 7 * 500, {{"db", random() % 3}, {"net", random() % 2}});
      stage.resources.memory = random() % 101;
      stage.resources.gpus = random() % 3;
      stage.retries = {random() % 3 == 0 ? 2U : 0U, std::chrono::milliseconds(0)};
    });
    Ledger ledger(limits);
    repro.options.jobs = 6;
    repro.options.limits = limits;
    for (int i = 0; i < 40; i += 5) {
      repro.world.failures[fmt::format("s{:02}", i)] = 1;
    }
    repro.options.keep_going = true;
    std::mutex mutex;
    std::map<std::string, int> runs;
    repro.world.on_run = [&](const Stage& stage) {
      ledger.begin(stage);
      {
        std::lock_guard lock(mutex);
        ++runs[stage.name];
      }
      std::this_thread::yield();
      ledger.end(stage);
    };
    repro.run();
    EXPECT_THAT(ledger.broken, IsEmpty());
    EXPECT_LE(ledger.most_at_once, 6);
    for (const StageReport& stage : repro.report.stages) {
      const std::string& name = repro.graph().address(stage.stage);
      EXPECT_EQ(static_cast<unsigned>(runs[name]), stage.attempts) << name;
      for (StageIndex up : repro.graph().upstream(stage.stage)) {
        const auto before = std::find_if(repro.report.stages.begin(), repro.report.stages.end(),
                                         [up](const StageReport& other) { return other.stage == up; });
        EXPECT_TRUE(before->outcome == Outcome::ran || stage.outcome == Outcome::skipped) << name;
      }
    }
  }
}

TEST(RunPipeline, RunsTogetherWhatFitsTogether) {
  Repro repro("stages:\n  a: {cmd: one, outs: [x]}\n  b: {cmd: two, outs: [y]}\n", [](Stage& stage) {
    stage.resources = with_tokens(2000, {{"db", 1}});
  });
  repro.options.jobs = 2;
  repro.options.limits = with_tokens(4000, {{"db", 2}});
  std::barrier both(2);
  repro.world.on_run = [&both](const Stage&) { both.arrive_and_wait(); };
  EXPECT_THAT(repro.run(), ElementsAre("a ran never_run:", "b ran never_run:"));
}

TEST(RunPipeline, AStageThatWaitedIsJudgedAgainBeforeItRuns) {
  class Flag : public Watcher {
   public:
    std::atomic<bool> b_waits{false};
    void waiting(const Stage& stage, std::string_view why) override {
      b_waits = stage.name == "b" && why == "for 1 of 'db'";
      b_waits.notify_all();
    }
  } flag;
  std::atomic<bool> a_runs{false};
  Repro repro("stages:\n  a: {cmd: one, outs: [x]}\n  b: {cmd: two, deps: [in], outs: [y]}\n",
              [](Stage& stage) {
                stage.resources = with_tokens(0, {{"db", 1}});
              });
  repro.options.watcher = &flag;
  repro.options.jobs = 2;
  repro.options.limits = with_tokens(8000, {{"db", 1}});
  repro.world.files["in"] = "1";
  repro.world.on_inspect = [&a_runs](const Stage& stage) {
    if (stage.name == "b") {
      a_runs.wait(false);
    }
  };
  repro.world.on_run = [&](const Stage& stage) {
    if (stage.name == "a") {
      a_runs = true;
      a_runs.notify_all();
      flag.b_waits.wait(false);
      repro.world.put_file("in", "2");
    }
  };
  EXPECT_THAT(repro.run(), ElementsAre("a ran never_run:", "b ran never_run:"));
  EXPECT_EQ(repro.world.files["y"], "two,2");
}

TEST(RunPipeline, RefusesWhatAsksForMoreThanThereIsBeforeAnythingRuns) {
  Repro repro("stages:\n  a: {cmd: one, outs: [x]}\n  z: {cmd: two, outs: [y]}\n",
              [](Stage& stage) { stage.resources = with_tokens(stage.name == "z" ? 4000 : 0, {}); });
  repro.options.limits = with_tokens(2000, {});
  EXPECT_THAT(repro.run(), ElementsAre("a skipped 'z' failed before it was started", "z failed"));
  EXPECT_THAT(repro.world.take_log(), IsEmpty());
  EXPECT_EQ(repro.report.stages[1].error->message(),
            "cairn.yaml:3:3: stage 'z' needs 4 CPUs (there are 2 CPUs)");
  EXPECT_THAT(repro.report.stages[1].error->hint(), HasSubstr("--resource"));
}

TEST(RunPipeline, KeepsGoingBesideWhatAsksForMoreThanThereIs) {
  Repro repro(
      "stages:\n  a: {cmd: one, outs: [x]}\n  b: {cmd: two, deps: [x], outs: [y]}\n"
      "  z: {cmd: three, outs: [z]}\n",
      [](Stage& stage) { stage.resources = with_tokens(stage.name == "a" ? 4000 : 0, {}); });
  repro.options.limits = with_tokens(2000, {});
  repro.options.keep_going = true;
  EXPECT_THAT(repro.run(), ElementsAre("a failed", "b skipped needs 'a', which failed", "z ran never_run:"));
}

TEST(RunPipeline, WhatNeedNotRunNeedsNoResources) {
  const std::string text = "stages:\n  a: {cmd: one, deps: [in], outs: [x]}\n";
  Repro repro(text, [](Stage& stage) { stage.resources.gpus = 1; });
  repro.world.files["in"] = "1";
  repro.run();
  repro.world.files["in"] = "2";
  repro.run();
  repro.options.limits = with_tokens(2000, {});
  EXPECT_THAT(repro.run(), ElementsAre("a up_to_date"));
  repro.world.files["in"] = "1";
  EXPECT_THAT(repro.run(), ElementsAre("a restored dep_modified:in"));
  repro.world.files["in"] = "3";
  EXPECT_THAT(repro.run(), ElementsAre("a failed"));
  repro.options.dry_run = true;
  EXPECT_THAT(repro.run(), ElementsAre("a failed dep_modified:in"));
}

/// Two stages, the first of which fails some times.
class FlakyRepro : public Repro {
 public:
  FlakyRepro(unsigned failures, unsigned retries)
      : Repro("stages:\n  a: {cmd: one, outs: [x]}\n  b: {cmd: two, deps: [x], outs: [y]}\n",
              [retries](Stage& stage) {
                stage.retries = {retries, std::chrono::milliseconds(1)};
              }) {
    world.failures["a"] = failures;
    options.watcher = &listener;
  }
  Listener listener;
};

TEST(RunPipeline, TriesACommandThatFailedAgain) {
  FlakyRepro repro(2, 2);
  EXPECT_THAT(repro.run(), ElementsAre("a ran never_run:", "b ran never_run:"));
  EXPECT_EQ(repro.report.stages[0].attempts, 3U);
  EXPECT_EQ(repro.report.stages[1].attempts, 1U);
  EXPECT_TRUE(repro.report.stages[0].end->ok());
  EXPECT_THAT(
      repro.listener.events,
      ElementsAre("started a 1", "line a try 1", "waiting a 0.001 s after attempt 1 of 3, which failed",
                  "started a 2", "line a try 2", "waiting a 0.002 s after attempt 2 of 3, which failed",
                  "started a 3", "line a try 3", "finished a ran", "started b 1", "line b try 1",
                  "finished b ran"));
}

TEST(RunPipeline, FailsAfterTheLastTry) {
  FlakyRepro repro(9, 1);
  EXPECT_THAT(repro.run(), ElementsAre("a failed never_run:", "b skipped needs 'a', which failed"));
  EXPECT_EQ(repro.report.stages[0].attempts, 2U);
  EXPECT_EQ(repro.report.stages[0].end->status, 1);
  EXPECT_THAT(repro.world.take_log(), ElementsAre("run a", "run a"));
}

TEST(RunPipeline, DoesNotTryAgainWhatFailedWithoutItsCommand) {
  Repro repro("stages:\n  a: {cmd: one, deps: [gone], outs: [x]}\n",
              [](Stage& stage) { stage.retries.count = 5; });
  EXPECT_THAT(repro.run(), ElementsAre("a failed never_run:"));
  EXPECT_EQ(repro.report.stages[0].attempts, 0U);
  EXPECT_FALSE(repro.report.stages[0].end.has_value());
}

TEST(RunPipeline, AStopEndsARestBetweenTries) {
  Repro repro("stages:\n  a: {cmd: fail, outs: [x]}\n", [](Stage& stage) {
    stage.retries = {1, std::chrono::hours(1000)};
  });
  class Stopper : public Watcher {
   public:
    explicit Stopper(std::atomic<bool>& stop) : stop_(stop) {}
    void waiting(const Stage&, std::string_view why) override {
      reason = why;
      stop_ = true;
    }
    std::string reason;

   private:
    std::atomic<bool>& stop_;
  } stopper(repro.stop);
  repro.options.watcher = &stopper;
  EXPECT_THAT(repro.run(), ElementsAre("a failed never_run:"));
  EXPECT_EQ(stopper.reason, "3600000 s after attempt 1 of 2, which failed");
  EXPECT_TRUE(repro.report.interrupted);
  EXPECT_EQ(repro.report.stages[0].attempts, 1U);
}

TEST(RunPipeline, OthersUseTheResourcesOfAStageThatRests) {
  // With one worker and one token "b" can only run while "a" rests.
  Repro repro("stages:\n  a: {cmd: one, outs: [x]}\n  b: {cmd: two, outs: [y]}\n", [](Stage& stage) {
    stage.resources = with_tokens(0, {{"db", 1}});
    stage.retries = {1, std::chrono::milliseconds(200)};
  });
  repro.world.failures["a"] = 1;
  repro.options.limits = with_tokens(1000, {{"db", 1}});
  EXPECT_THAT(repro.run(), ElementsAre("a ran never_run:", "b ran never_run:"));
  EXPECT_THAT(repro.world.take_log(), ElementsAre("run a", "run b", "record b", "run a", "record a"));
}

TEST(RunPipeline, GoesOnBeforeARecordIsDurableAndTellsOfItAfter) {
  FlakyRepro repro(0, 0);
  repro.world.slow_to_record = {"a"};
  repro.world.on_run = [&repro](const Stage& stage) {
    if (stage.name == "b") {
      EXPECT_EQ(repro.listener.events.back(), "started b 1");
      repro.world.make_durable("a", {});
    }
  };
  EXPECT_THAT(repro.run(), ElementsAre("a ran never_run:", "b ran never_run:"));
  EXPECT_THAT(repro.listener.events, ElementsAre("started a 1", "line a try 1", "started b 1",
                                                 "finished a ran", "line b try 1", "finished b ran"));
}

TEST(RunPipeline, AStageThatCannotBeMadeDurableHasFailed) {
  FlakyRepro repro(0, 0);
  repro.world.slow_to_record = {"a"};
  repro.world.on_run = [&repro](const Stage& stage) {
    if (stage.name == "b") {
      repro.world.make_durable("a", Error(Code::no_space, "disk full"));
    }
  };
  EXPECT_THAT(repro.run(), ElementsAre("a failed never_run:", "b ran never_run:"));
  EXPECT_EQ(repro.report.stages[0].error->message(), "disk full");
  EXPECT_THAT(repro.listener.events, Contains("finished a failed"));
}

TEST(RunPipeline, NothingFollowsARecordThatFailedAtOnce) {
  FlakyRepro repro(0, 0);
  repro.world.unrecordable.emplace("a", Error(Code::io, "broken disk"));
  EXPECT_THAT(repro.run(), ElementsAre("a failed never_run:", "b skipped needs 'a', which failed"));
}

}  // namespace
}  // namespace cairn::pipeline
