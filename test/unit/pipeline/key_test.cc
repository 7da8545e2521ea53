// SPDX-License-Identifier: Apache-2.0
#include "pipeline/key.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "codec/hash.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

StageLock example() {
  StageLock block;
  block.name = "train";
  block.cmd = "sh t.sh";
  block.shell = "bash";
  block.wdir = "d";
  block.code = {{"d/t.sh", file_state("code")}};
  block.deps = {{"in", tree_state("tree", 2)}};
  block.params = {{"d/params.yaml", "lr", text::Value::floating(0.5)}};
  block.outs = {{"d/out", file_state("out")}};
  return block;
}

TEST(StageKey, HashesExactlyTheDocumentedBytes) {
  EXPECT_EQ(to_hex(stage_key_bytes(example(), "d")),
            "01000000"
            "01"
            "0700000000000000"
            "736820742e7368"
            "02"
            "0400000000000000"
            "62617368"
            "03"
            "0100000000000000"
            "2e"
            "04"
            "0100000000000000"
            "0400000000000000"
            "742e7368"
            "66" +
                file_state("code").object.id.hex() +
                "00"
                "05"
                "0100000000000000"
                "0500000000000000"
                "2e2e2f696e"
                "74" +
                tree_state("tree", 2).object.id.hex() +
                "00"
                "06"
                "0100000000000000"
                "0b00000000000000"
                "706172616d732e79616d6c"
                "0200000000000000"
                "6c72"
                "0300000000000000"
                "302e35"
                "07"
                "0100000000000000"
                "0300000000000000"
                "6f7574"
                "01");
}

TEST(StageKey, IsFrozen) {
  EXPECT_EQ(stage_key(example(), "d").text(),
            "b3:1e6edbd0e8d3b4173348cc1bf5689620c803b2bd0243d33ec39d641de2b28a82");
  EXPECT_EQ(stage_key(example(), "d"),
            codec::hash(stage_key_bytes(example(), "d"), codec::Domain::stage_key));
}

StageLock example_with_more() {
  StageLock block = example();
  block.outs = {{"d/log", {}, false},
                {"d/p/a.bin", file_state("a"), true, OutKind::data, "d/p/*.bin"},
                {"d/p/b.bin", file_state("b"), true, OutKind::data, "d/p/*.bin"}};
  block.seed = -2;
  block.env = {{"A", "x"}};
  block.track_env = {{"B", std::nullopt}, {"C", ""}};
  block.environment = file_state("record").object;
  return block;
}

TEST(StageKey, AppendsWhatABlockHasMoreThanTheFirstFields) {
  const std::string plain = to_hex(stage_key_bytes(example(), "d"));
  const std::string head = plain.substr(0, plain.size() - 2 * (1 + 8 + 8 + 3 + 1));
  EXPECT_EQ(to_hex(stage_key_bytes(example_with_more(), "d")), head +
                                                                   "07"
                                                                   "0200000000000000"
                                                                   "0300000000000000"
                                                                   "6c6f67"
                                                                   "00"
                                                                   "0700000000000000"
                                                                   "702f2a2e62696e"
                                                                   "03"
                                                                   "08"
                                                                   "feffffffffffffff"
                                                                   "09"
                                                                   "0100000000000000"
                                                                   "0100000000000000"
                                                                   "41"
                                                                   "01"
                                                                   "0100000000000000"
                                                                   "78"
                                                                   "0a"
                                                                   "0200000000000000"
                                                                   "0100000000000000"
                                                                   "42"
                                                                   "00"
                                                                   "0000000000000000"
                                                                   "0100000000000000"
                                                                   "43"
                                                                   "01"
                                                                   "0000000000000000"
                                                                   "0b" +
                                                                   file_state("record").object.id.hex());
}

TEST(StageKey, OfABlockWithEverythingIsFrozen) {
  EXPECT_EQ(stage_key(example_with_more(), "d").text(),
            "b3:e5ac3dba01f89666cc6d6ab0c216250f293555829f74e74e1843ee3d0c327bff");
}

TEST(StageKey, LeavesOutWhatAGlobMatchedAndWhetherAnOutWasMade) {
  StageLock matched = example_with_more();
  StageLock nothing = matched;
  nothing.outs = {{"d/log", {}, false}, {"d/p/*.bin", {}, true, OutKind::data, "d/p/*.bin"}};
  EXPECT_EQ(stage_key(matched, "d"), stage_key(nothing, "d"));
  StageLock flags = matched;
  flags.outs[1].push = false;
  flags.outs[1].remote = "big";
  EXPECT_EQ(stage_key(matched, "d"), stage_key(flags, "d"));
}

TEST(StageKey, TellsAGlobFromAPathOfTheSameText) {
  StageLock glob = example();
  glob.outs = {{"d/a*", {}, true, OutKind::data, "d/a*"}};
  StageLock path = example();
  path.outs = {{"d/a*", {}}};
  EXPECT_NE(stage_key(glob, "d"), stage_key(path, "d"));
}

TEST(StageKey, TellsAnUnsetVariableFromAnEmptyOne) {
  StageLock unset = example();
  unset.track_env = {{"B", std::nullopt}};
  StageLock empty = example();
  empty.track_env = {{"B", ""}};
  EXPECT_NE(stage_key(unset, "d"), stage_key(empty, "d"));
  StageLock set = example();
  set.env = {{"B", ""}};
  EXPECT_NE(stage_key(set, "d"), stage_key(empty, "d"));
}

TEST(StageKey, StaysTheSameWhenTheFolderMoves) {
  StageLock here = example();
  here.deps = {{"d/x", file_state("x")}, {"e/y", file_state("y")}};
  StageLock moved = here;
  moved.wdir = "f";
  moved.code[0].path = "f/t.sh";
  moved.deps = {{"e/y", file_state("y")}, {"f/x", file_state("x")}};
  moved.params[0].file = "f/params.yaml";
  moved.outs[0].path = "f/out";
  EXPECT_EQ(stage_key(here, "d"), stage_key(moved, "f"));
}

TEST(StageKey, LeavesOutNameMetricAndResult) {
  StageLock block = example();
  block.name = "other";
  block.outs[0].kind = OutKind::metric;
  block.outs[0].state = file_state("another result");
  EXPECT_EQ(stage_key(block, "d"), stage_key(example(), "d"));
}

TEST(StageKey, TellsFieldsApartWhereTheirTextsTouch) {
  StageLock a = example();
  a.cmd = "ab";
  a.shell = "c";
  StageLock b = example();
  b.cmd = "a";
  b.shell = "bc";
  EXPECT_NE(stage_key(a, "d"), stage_key(b, "d"));
  a = example();
  a.params = {{"d/p", "a", text::Value::string("1")}};
  b = example();
  b.params = {{"d/p", "a", text::Value::integer(1)}};
  EXPECT_NE(stage_key(a, "d"), stage_key(b, "d"));
  a = example();
  a.deps = a.code;
  a.code.clear();
  EXPECT_NE(stage_key(a, "d"), stage_key(example(), "d"));
}

}  // namespace
}  // namespace cairn::pipeline
