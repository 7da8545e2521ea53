// SPDX-License-Identifier: Apache-2.0
#include "pipeline/lock.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/lock_outputs.h"
#include "support/matchers.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using test::FailsWith;
using ::testing::HasSubstr;
using text::Value;

StageLock full_block() {
  StageLock block;
  block.name = "train";
  block.cmd = "python train.py\npython eval.py\n";
  block.shell = "sh -eu";
  block.wdir = "sub/models";
  block.code = {{"sub/train.py", file_state("code")}};
  block.deps = {{"data.csv", file_state("1,2\n")}, {"sub/in", tree_state("tree", 3)}};
  block.params = {{"sub/params.yaml", "lr", Value::floating(1)},
                  {"sub/params.yaml", "name", Value::string("1")},
                  {"sub/params.yaml", "sizes", Value::list({Value::integer(1), Value::null()})}};
  PathState program = file_state("#!");
  program.executable = true;
  block.outs = {{"sub/m.json", file_state("{}"), false, OutKind::metric}, {"sub/run", program}};
  return block;
}

Lock full_lock() {
  Lock lock;
  lock.put(full_block());
  StageLock small;
  small.name = "a";
  small.cmd = "true";
  small.shell = kDefaultShell;
  small.wdir = "sub";
  lock.put(small);
  return lock;
}

std::string id_of(std::string_view content) {
  return file_state(content).object.id.text();
}

TEST(Lock, HasOneCanonicalText) {
  EXPECT_EQ(write_lock(full_lock(), "sub"),
            fmt::format(R"(cairn: 1
stages:
  a:
    cmd: "true"
  train:
    cmd: |
      python train.py
      python eval.py
    shell: sh -eu
    wdir: models
    code:
    - path: train.py
      type: file
      hash: {}
      size: 4
    deps:
    - path: ../data.csv
      type: file
      hash: {}
      size: 4
    - path: in
      type: tree
      hash: {}
      size: 4
      files: 3
    params:
      params.yaml:
        lr: 1.0
        name: "1"
        sizes:
        - 1
        - null
    outs:
    - path: m.json
      type: file
      hash: {}
      size: 2
      cache: false
      metric: true
    - path: run
      type: file
      hash: {}
      size: 2
      exec: true
)",
                        id_of("code"), id_of("1,2\n"), tree_state("tree", 3).object.id.text(), id_of("{}"),
                        id_of("#!")));
}

/// A block with everything that full_block() lacks.
StageLock later_block() {
  StageLock block;
  block.name = "later";
  block.cmd = "run";
  block.shell = kDefaultShell;
  block.wdir = "sub";
  block.environment = store::Object{store::Family::blob, file_state("record").object.id, 6};
  block.seed = -42;
  block.env = {{"A", "1"}, {"CAIRN_SEED", "-42"}};
  block.track_env = {{"HOST", std::nullopt}, {"LANG", ""}};
  block.outs = {{"out/*.txt", {}, true, OutKind::data, "out/*.txt"},
                {"sub/maybe", {}, true, OutKind::data, "", false},
                {"sub/p.csv", file_state("p"), false, OutKind::plot, "", true, "big"},
                {"sub/parts/a.bin", file_state("a"), true, OutKind::data, "sub/parts/*.bin", false}};
  return block;
}

Lock later_lock() {
  Lock lock;
  lock.put(later_block());
  return lock;
}

TEST(Lock, HasOneCanonicalTextForSeedVariablesEnvironmentAndGlobs) {
  EXPECT_EQ(write_lock(later_lock(), "sub"), fmt::format(R"(cairn: 1
stages:
  later:
    cmd: run
    environment:
      hash: {}
      size: 6
    seed: -42
    env:
      A: "1"
      CAIRN_SEED: "-42"
    track_env:
      HOST: null
      LANG: ""
    outs:
    - path: ../out/*.txt
      made: false
      glob: ../out/*.txt
    - path: maybe
      made: false
      push: false
    - path: p.csv
      type: file
      hash: {}
      size: 1
      cache: false
      plot: true
      remote: big
    - path: parts/a.bin
      type: file
      hash: {}
      size: 1
      push: false
      glob: parts/*.bin
)",
                                                         id_of("record"), id_of("p"), id_of("a")));
}

TEST(Lock, ReadsBackSeedVariablesEnvironmentAndGlobs) {
  ASSERT_OK_AND_ASSIGN(const Lock lock, parse_lock(write_lock(later_lock(), "sub"), "sub/cairn.lock"));
  EXPECT_EQ(lock, later_lock());
}

TEST(Lock, RefusesWrongSeedsVariablesAndFlagsWithTheirPlaces) {
  const auto lock = parse_lock(R"(cairn: 1
stages:
  s:
    cmd: x
    seed: "1"
    env: {A: 1, B: null}
    track_env: {C: true}
    environment: {hash: b3:12, colour: red}
    outs:
    - {path: a, made: true}
    - {path: b, made: false, size: 1}
    - {path: c, made: false, metric: true, plot: true}
    - {path: d, made: false, push: true, remote: ""}
    - {path: e, made: false, glob: /x}
    - {made: false}
)",
                               "cairn.lock");
  ASSERT_THAT(lock, FailsWith(Code::malformed, "cairn.lock:5:11: 'seed' must be an integer, not a string"));
  const std::string& text = lock.error().message();
  EXPECT_THAT(text, HasSubstr("cairn.lock:6:14: 'A' must be a string, not an integer"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:6:20: 'B' must be a string, not null"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:7:20: 'C' must be a string, not a boolean"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:8:25: bad hash 'b3:12'"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:8:32: unknown key 'colour'"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:8:18: lacks 'size'"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:10:23: 'made' may only be false"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:11:7: 'size' is for outs that were made"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:12:44: an out is a metric or a plot, not both"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:13:36: 'push' may only be false"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:13:50: 'remote' is empty"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:14:36: path '/x' is absolute"));
  EXPECT_THAT(text, HasSubstr("cairn.lock:15:7: lacks 'path'"));
}

TEST(Lock, ReadsBackWhatItWrote) {
  ASSERT_OK_AND_ASSIGN(const Lock lock, parse_lock(write_lock(full_lock(), "sub"), "sub/cairn.lock"));
  EXPECT_EQ(lock, full_lock());
}

TEST(Lock, AcceptsWindowsLineEndsAndAnyOrder) {
  std::string text = write_lock(full_lock(), "sub");
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) {
    text.insert(at, "\r");
  }
  ASSERT_OK_AND_ASSIGN(const Lock lock, parse_lock(text, "sub/cairn.lock"));
  EXPECT_EQ(lock, full_lock());
  ASSERT_OK_AND_ASSIGN(const Lock unsorted,
                       parse_lock("cairn: 1\nstages:\n  b: {cmd: x}\n  a: {cmd: y}\n", "cairn.lock"));
  EXPECT_EQ(unsorted.stages.front().name, "a");
  EXPECT_NE(unsorted.find("b"), nullptr);
}

TEST(Lock, StaysTheSameWhenItsFolderMoves) {
  ASSERT_OK_AND_ASSIGN(const Lock moved, parse_lock(write_lock(full_lock(), "sub"), "other/cairn.lock"));
  EXPECT_EQ(moved.find("train")->wdir, "other/models");
  EXPECT_EQ(write_lock(moved, "other"), write_lock(full_lock(), "sub"));
}

TEST(Lock, PutsReplacesAndRemovesByName) {
  Lock lock = full_lock();
  StageLock block;
  block.name = "a";
  block.cmd = "new";
  lock.put(block);
  ASSERT_EQ(lock.stages.size(), 2U);
  EXPECT_EQ(lock.find("a")->cmd, "new");
  EXPECT_TRUE(lock.remove("a"));
  EXPECT_FALSE(lock.remove("a"));
  EXPECT_EQ(lock.find("a"), nullptr);
}

TEST(Lock, RefusesANewerVersionByName) {
  EXPECT_THAT(parse_lock("cairn: 2\nwhatever: 1\n", "cairn.lock"),
              FailsWith(Code::unsupported, "cairn.lock:1:8: lock format 2 is newer"));
}

TEST(Lock, RefusesATextThatIsNoLock) {
  EXPECT_THAT(parse_lock("", "cairn.lock"), FailsWith(Code::malformed, "cairn: 1"));
  EXPECT_THAT(parse_lock("stages: {}\n", "cairn.lock"), FailsWith(Code::malformed, "cairn: 1"));
  EXPECT_THAT(parse_lock("cairn: 1\n", "cairn.lock"), FailsWith(Code::malformed, "lacks 'stages'"));
}

TEST(Lock, ReportsAllProblemsWithTheirPlaces) {
  const auto lock = parse_lock(R"(cairn: 1
extra: 1
stages:
  s:
    deps:
    - {path: ../x, type: file, hash: b3:12, size: -1, color: red}
    - {path: y, type: tree, hash: b3:12, size: 1}
    - {path: y, type: link, hash: b3:12, size: 1, exec: false}
)",
                               "d/cairn.lock");
  ASSERT_THAT(lock, FailsWith(Code::malformed, "d/cairn.lock:2:1: unknown key 'extra'"));
  const std::string& text = lock.error().message();
  EXPECT_THAT(text, HasSubstr("d/cairn.lock:4:3: stage 's' has no 'cmd'"));
  EXPECT_THAT(text, HasSubstr("d/cairn.lock:6:38: bad hash 'b3:12'"));
  EXPECT_THAT(text, HasSubstr("'size' is negative"));
  EXPECT_THAT(text, HasSubstr("unknown key 'color'"));
  EXPECT_THAT(text, HasSubstr("lacks 'files'"));
  EXPECT_THAT(text, HasSubstr("unknown type 'link'"));
  EXPECT_THAT(text, HasSubstr("'exec' may only be true"));
  EXPECT_THAT(text, HasSubstr("'deps' names 'd/y' twice"));
}

TEST(Lock, RefusesPathsOutsideTheProjectOrInGit) {
  const std::string hash = id_of("");
  for (std::string_view path : {"../x", "/etc/passwd", ".git/config", "a/../../x"}) {
    const std::string text = fmt::format(
        "cairn: 1\nstages:\n  s:\n    cmd: x\n    outs:\n    - {{path: {}, type: file, hash: {}, size: 0}}\n",
        path, hash);
    EXPECT_THAT(parse_lock(text, "cairn.lock"), FailsWith(Code::malformed, "cairn.lock:6:14"));
  }
}

/// An error, or a lock that can be written and read again: never a crash.
void expect_error_or_lock(const std::string& text) {
  const Result<Lock> lock = parse_lock(text, "sub/cairn.lock");
  if (lock.ok()) {
    const Result<Lock> again = parse_lock(write_lock(*lock, "sub"), "sub/cairn.lock");
    ASSERT_OK(again);
    EXPECT_EQ(*again, *lock);
  }
}

/// Both examples in one.
std::string text_of_all() {
  Lock lock = full_lock();
  lock.put(later_block());
  return write_lock(lock, "sub");
}

TEST(Lock, EveryPrefixIsAnErrorOrALock) {
  const std::string text = text_of_all();
  for (std::size_t length = 0; length < text.size(); ++length) {
    expect_error_or_lock(text.substr(0, length));
  }
}

TEST(Lock, EveryBitFlipIsAnErrorOrALock) {
  std::string text = text_of_all();
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
    expect_error_or_lock(text);
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
  }
}

TEST(LockOutputs, AreTheCachedOutsFromTheProjectRoot) {
  ASSERT_OK_AND_ASSIGN(const auto outputs,
                       read_lock_outputs(write_lock(full_lock(), "sub"), "sub/cairn.lock"));
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0].path, "sub/run");
  EXPECT_EQ(outputs[0].declared_in, "sub/cairn.lock");
  EXPECT_EQ(outputs[0].source, project::Tracked::Source::lock);
  EXPECT_EQ(outputs[0].object, file_state("#!").object);
  EXPECT_TRUE(outputs[0].executable);
  EXPECT_EQ(outputs[0].stage, "train");
}

}  // namespace
}  // namespace cairn::pipeline
