// SPDX-License-Identifier: Apache-2.0
#include "ops/experiment.h"

#include <algorithm>

#include "support/matchers.h"

namespace cairn::ops {
namespace {

using test::FailsWith;
using ::testing::ElementsAre;

git::Oid oid(char digit) {
  return *git::Oid::parse(std::string(40, digit));
}

git::Commit commit_with(const std::string& message) {
  return {oid('1'), oid('2'), {oid('3')}, message, "a <a@b>", 7};
}

TEST(ExperimentMessage, ReadsBackWhatItWrites) {
  const Experiment written{"brave-otter",
                           oid('1'),
                           oid('3'),
                           ExperimentStatus::failed,
                           7,
                           "Title\n\nmore",
                           {"p.yaml:lr=0.1", "p.yaml:n=a b"},
                           oid('4')};
  auto read = read_experiment("brave-otter", commit_with(write_experiment_message(written)));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->title, "Title");
  EXPECT_EQ(read->status, ExperimentStatus::failed);
  EXPECT_EQ(read->base, oid('3'));
  EXPECT_EQ(read->base_tree, oid('4'));
  EXPECT_EQ(read->created, 7);
  EXPECT_THAT(read->set, ElementsAre("p.yaml:lr=0.1", "p.yaml:n=a b"));
}

TEST(ExperimentMessage, TrustsOnlyItsLastParagraph) {
  const Experiment written{"x", oid('1'), oid('3'), ExperimentStatus::done, 7, "t\n\ncairn-status: failed",
                           {},  {}};
  auto read = read_experiment("x", commit_with(write_experiment_message(written)));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->status, ExperimentStatus::done);
}

TEST(ExperimentMessage, OtherCommitsAreNoExperiments) {
  for (const char* message :
       {"", "title", "title\n\nbody\n", "cairn-experiment: x\n", "a\n\nb\ncairn-experiment: x\n"}) {
    EXPECT_FALSE(read_experiment("x", commit_with(message)).has_value()) << message;
  }
}

TEST(ExperimentName, IsAPlainWord) {
  for (const char* good : {"a", "brave-otter", "Run_1.2"}) {
    EXPECT_OK(check_experiment_name(good));
  }
  for (const char* bad : {"", "-a", ".a", "a b", "a/b", "a..b", "x.lock", "a~1", "../x"}) {
    EXPECT_THAT(check_experiment_name(bad), FailsWith(Code::usage, "cannot name")) << bad;
  }
  EXPECT_FALSE(check_experiment_name(std::string(101, 'a')).ok());
}

TEST(ExperimentName, GeneratedOnesAreValidAndNotTaken) {
  std::vector<std::string> taken;
  for (int i = 0; i < 2000; ++i) {
    taken.push_back(random_experiment_name(taken));
    EXPECT_OK(check_experiment_name(taken.back()));
  }
  std::sort(taken.begin(), taken.end());
  EXPECT_EQ(std::unique(taken.begin(), taken.end()), taken.end());
}

}  // namespace
}  // namespace cairn::ops
