// SPDX-License-Identifier: Apache-2.0
#include "report/lock_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"

namespace cairn::report {
namespace {

TEST(LockText, TellsEachStageInWords) {
  const auto text = lock_text(R"(cairn: 1
stages:
  split:
    cmd: |
      first
      second line
    seed: 42
    environment:
      hash: b3:5061f0c5ff4cd20a4fd5ba5ac6ff9a5a0d0b0e2e1b1d4c4b0e90a8c3b1a2d3e4
      size: 2048
    env:
      PART: "42"
    track_env:
      LANG: null
    outs:
    - path: notes.txt
      made: false
    - path: ../parts
      type: tree
      hash: b3:ff9a5a0d0b0e2e1b1d4c4b0e90a8c3b1a2d3e4f5061f0c5ff4cd20a4fd5ba5ac
      size: 77
      files: 3
      push: false
  train:
    cmd: python train.py
    wdir: model
    code:
    - path: train.py
      type: file
      hash: b3:1f0c5ff4cd20a4fd5ba5ac6ff9a5a0d0b0e2e1b1d4c4b0e9a8c3b1a2d3e4f506
      size: 812
    params:
      params.yaml:
        lr: 0.1
        layers: [1, 2]
    outs:
    - path: scores.json
      type: file
      hash: b3:d4c4b0e90a8c3b1a2d3e4f5061f0c5ff4cd20a4fd5ba5ac6ff9a5a0d0b0e2e1b
      size: 41
      cache: false
      metric: true
)",
                              "cairn.lock");
  ASSERT_OK(text);
  EXPECT_EQ(*text, R"(stage split
  cmd:
    first
    second line
  seed: 42
  environment: (5061f0c5ff4c, 2.00 KiB)
  env: PART = 42
  track_env: LANG = null
  out: notes.txt (made: false)
  out: ../parts/ (ff9a5a0d0b0e, 77 B, files: 3, push: false)

stage train
  cmd: python train.py
  wdir: model
  code: train.py (1f0c5ff4cd20, 812 B)
  param: params.yaml: lr = 0.1
  param: params.yaml: layers = [1,2]
  out: scores.json (d4c4b0e90a8c, 41 B, cache: false, metric)
)");
}

TEST(LockText, UnknownKeysAreShownAsTheyAre) {
  const auto text = lock_text("cairn: 1\nstages:\n  a:\n    later: {x: [1]}\n    what: [2]\n", "cairn.lock");
  ASSERT_OK(text);
  EXPECT_EQ(*text, "stage a\n  later: x = [1]\n  what: 2\n");
}

TEST(LockText, RefusesWhatIsNoLock) {
  EXPECT_THAT(lock_text("", "f"), test::FailsWith(Code::malformed, "f"));
  EXPECT_THAT(lock_text("<<<<<<< ours\ncairn: 1\nstages: {}\n", "f"), test::FailsWith(Code::malformed, "f"));
  EXPECT_THAT(lock_text("cairn: 1\ntype: file\n", "f"), test::FailsWith(Code::malformed, "f"));
  EXPECT_THAT(lock_text("cairn: 2\nstages: {}\n", "f"), test::FailsWith(Code::unsupported, "newer cairn"));
}

}  // namespace
}  // namespace cairn::report
