// SPDX-License-Identifier: Apache-2.0
#include "text/splice.h"

#include "support/matchers.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"

namespace cairn::text {
namespace {

using cairn::test::FailsWith;

constexpr std::string_view kPipeline = R"(# The pipeline.

vars:   [params.yaml]   # odd spaces

stages:
  # Cleans.
  prepare:
    cmd: python 'prepare.py'  # fast
    deps:
      - raw.csv
      - "prepare.py"   # code

  # About training,
  # two lines.
  train:
    cmd: |
      python train.py

    deps: [clean.csv, 'train.py']
    # outs come later

# The end.
params:
    lr:   5e-3
)";

Document pipeline() {
  return {kPipeline, "cairn.yaml"};
}

/// The pipeline with one place replaced: what a good edit gives.
std::string with(std::string_view old, std::string_view by) {
  std::string text(kPipeline);
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  EXPECT_EQ(text.find(old, at + 1), std::string::npos) << old;
  return text.replace(at, old.size(), by);
}

Value stage() {
  Value out = Value::map();
  out.set("cmd", Value::string("a\nb\n"));
  out.set("outs", Value::list({Value::string("m: 1")}));
  return out;
}

std::string text_of(const Result<std::string>& result) {
  return result.ok() ? *result : "error: " + result.error().message();
}

std::string added(std::string_view text, const KeyPath& map, std::string_view key, const Value& value) {
  return text_of(add_key({text, "f"}, map, key, value));
}
std::string removed(std::string_view text, const KeyPath& at) {
  return text_of(remove_key({text, "f"}, at));
}
std::string set(std::string_view text, const KeyPath& at, const Value& value) {
  return text_of(set_scalar({text, "f"}, at, value));
}
std::string appended(std::string_view text, const KeyPath& at, const Value& value) {
  return text_of(append_item({text, "f"}, at, value));
}

TEST(SetScalar, ReplacesOnlyTheScalar) {
  EXPECT_EQ(text_of(set_scalar(pipeline(), {"params", "lr"}, Value::floating(0.01))), with("5e-3", "0.01"));
  EXPECT_EQ(text_of(set_scalar(pipeline(), {"stages", "prepare", "cmd"}, Value::string("x: #"))),
            with("python 'prepare.py'", "\"x: #\""));
  EXPECT_EQ(text_of(set_scalar(pipeline(), {"stages", "train", "cmd"}, Value::string("true"))),
            with("|\n      python train.py", "\"true\""));
}

TEST(SetScalar, WorksInBracketsAndOnMissingValues) {
  EXPECT_EQ(set("a: {b: 1, c: 2} # c\n", {"a", "b"}, Value::string("x, y")), "a: {b: \"x, y\", c: 2} # c\n");
  EXPECT_EQ(set("a:\nb: 1\n", {"a"}, Value::integer(3)), "a: 3\nb: 1\n");
  EXPECT_EQ(set("a: # c\n", {"a"}, Value::integer(3)), "a: 3 # c\n");
  EXPECT_EQ(set("a: 1", {"a"}, Value::null()), "a: null");
}

TEST(SetScalar, AddsMissingKeys) {
  EXPECT_EQ(set("core:\n    x: 1 # c\n", {"core", "remote"}, Value::string("s3")),
            "core:\n    x: 1 # c\n    remote: s3\n");
  EXPECT_EQ(set("", {"a", "b", "c"}, Value::integer(1)), "a:\n  b:\n    c: 1\n");
}

TEST(SetScalar, RefusesWhatIsNoScalarOrShared) {
  EXPECT_THAT(set_scalar(pipeline(), {"stages", "train"}, Value::integer(1)),
              FailsWith(Code::malformed, "cannot edit 'stages.train' in 'cairn.yaml'"));
  EXPECT_THAT(set_scalar({"a: &x {k: 1}\nb: *x\n", "f"}, {"b", "k"}, Value::integer(2)),
              FailsWith(Code::malformed, "cannot edit 'b.k'"));
  EXPECT_THAT(set_scalar({"a: &x 1\nb: *x\n", "f"}, {"a"}, Value::integer(2)),
              FailsWith(Code::malformed, "cannot edit 'a'"));
  EXPECT_THAT(set_scalar({"a: | # why\n  x\n", "f"}, {"a"}, Value::integer(2)),
              FailsWith(Code::malformed, "cannot edit"));
  EXPECT_EQ(set("a: &x 1\nb: *x\n", {"b"}, Value::integer(2)), "a: &x 1\nb: 2\n");
}

TEST(AddKey, AppendsToABlockMapInTheFilesOwnStyle) {
  EXPECT_EQ(
      text_of(add_key(pipeline(), {"stages"}, "eval", stage())),
      with("    # outs come later\n",
           "    # outs come later\n  eval:\n    cmd: |\n      a\n      b\n    outs:\n      - \"m: 1\"\n"));
  EXPECT_EQ(text_of(add_key(pipeline(), {"params"}, "epochs", Value::integer(3))),
            with("5e-3\n", "5e-3\n    epochs: 3\n"));
  EXPECT_EQ(text_of(add_key(pipeline(), {}, "last", Value::list({Value::integer(1)}))),
            std::string(kPipeline) + "last:\n  - 1\n");
}

TEST(AddKey, FollowsWideIndentationAndFlatLists) {
  EXPECT_EQ(added("s:\n    a:\n        deps:\n        - x\n# end\n", {"s"}, "b", stage()),
            "s:\n    a:\n        deps:\n        - x\n    b:\n        cmd: |\n            a\n            b\n  "
            "      outs:\n        - "
            "\"m: 1\"\n# end\n");
}

TEST(AddKey, OpensWhatIsEmpty) {
  EXPECT_EQ(added("", {}, "a", Value::integer(1)), "a: 1\n");
  EXPECT_EQ(added("# only this", {}, "a", Value::integer(1)), "# only this\na: 1\n");
  EXPECT_EQ(added("{}\n", {}, "a", Value::integer(1)), "a: 1\n");
  EXPECT_EQ(added("s: {} # none yet\nz: 1\n", {"s"}, "a", stage()),
            "s: # none yet\n  a:\n    cmd: |\n      a\n      b\n    outs:\n    - \"m: 1\"\nz: 1\n");
  EXPECT_EQ(added("s:\nz: 1\n", {"s"}, "a", Value::integer(1)), "s:\n  a: 1\nz: 1\n");
  EXPECT_EQ(added("s:", {"s"}, "a", Value::integer(1)), "s:\n  a: 1\n");
}

TEST(AddKey, WorksInBrackets) {
  EXPECT_EQ(added("a: {b: 1} # c\n", {"a"}, "k", stage()),
            "a: {b: 1, k: {cmd: \"a\\nb\\n\", outs: [\"m: 1\"]}} # c\n");
  EXPECT_EQ(added("a: {\n  b: 1, # c\n}\n", {"a"}, "k", Value::integer(2)), "a: {\n  b: 1, k: 2, # c\n}\n");
  EXPECT_EQ(added("a: [{x: {}}]\nb: { }\n", {"b"}, "k", Value::integer(2)), "a: [{x: {}}]\nb: {k: 2 }\n");
}

TEST(AddKey, KeepsLineEndsAndAMissingLastOne) {
  EXPECT_EQ(added("a:\r\n  b: 1\r\nz: 1\r\n", {"a"}, "c", Value::integer(2)),
            "a:\r\n  b: 1\r\n  c: 2\r\nz: 1\r\n");
  EXPECT_EQ(added("a:\n  b: 1", {"a"}, "c", Value::integer(2)), "a:\n  b: 1\n  c: 2\n");
}

TEST(AddKey, PassesBlockScalarsAtTheEnd) {
  EXPECT_EQ(added("a:\n  b: |\n    x\n\n\nz: 1\n", {"a"}, "c", Value::integer(2)),
            "a:\n  b: |\n    x\n  c: 2\n\n\nz: 1\n");
  EXPECT_EQ(added("a:\n  b: |+\n    x\n\nz: 1\n", {"a"}, "c", Value::integer(2)),
            "a:\n  b: |+\n    x\n\n  c: 2\nz: 1\n");
}

TEST(AddKey, RefusesWhatItCannotDoCleanly) {
  EXPECT_THAT(add_key(pipeline(), {"stages"}, "train", stage()),
              FailsWith(Code::exists, "key 'stages.train' is already in"));
  EXPECT_THAT(add_key(pipeline(), {"nope", "x"}, "a", stage()),
              FailsWith(Code::not_found, "no key 'nope' in 'cairn.yaml'"));
  EXPECT_THAT(add_key({"a: 1\n", "f"}, {"a"}, "k", stage()), FailsWith(Code::malformed, "cannot edit 'a'"));
  EXPECT_THAT(add_key({"a: &x {k: 1}\nb: *x\n", "f"}, {"b"}, "c", stage()),
              FailsWith(Code::malformed, "cannot edit 'b'"));
  EXPECT_THAT(add_key({"a: &x\n  k: 1\nb: *x\n", "f"}, {"a"}, "c", stage()),
              FailsWith(Code::malformed, "cannot edit 'a'"));
  EXPECT_THAT(add_key({"a: 1\n...\n", "f"}, {}, "c", stage()), FailsWith(Code::malformed, "cannot edit"));
  EXPECT_THAT(add_key({"a: 1\na: 2\n", "f"}, {}, "c", stage()),
              FailsWith(Code::malformed, "f:2:1: duplicate key"));
}

TEST(RemoveKey, TakesTheAttachedCommentsOnly) {
  EXPECT_EQ(text_of(remove_key(pipeline(), {"stages", "train"})),
            with("  # About training,\n  # two lines.\n  train:\n    cmd: |\n      python train.py\n\n    "
                 "deps: [clean.csv, "
                 "'train.py']\n    # outs come later\n",
                 ""));
  EXPECT_EQ(text_of(remove_key(pipeline(), {"stages", "prepare", "cmd"})),
            with("    cmd: python 'prepare.py'  # fast\n", ""));
  EXPECT_EQ(text_of(remove_key(pipeline(), {"vars"})), with("vars:   [params.yaml]   # odd spaces\n", ""));
  EXPECT_EQ(removed("# The file.\na: 1\nb: 2\n", {"a"}), "# The file.\nb: 2\n");
}

TEST(RemoveKey, LeavesAnEmptyMapBehind) {
  EXPECT_EQ(text_of(remove_key(pipeline(), {"params", "lr"})),
            with("params:\n    lr:   5e-3\n", "params: {}\n"));
  EXPECT_EQ(removed("a: 1\n", {"a"}), "");
  EXPECT_EQ(removed("a: # why\n  # k\n  k: 1\n# b\n", {"a", "k"}), "a: {} # why\n# b\n");
}

TEST(RemoveKey, WorksInBrackets) {
  EXPECT_EQ(removed("{a: 1, b: 2, c: 3} # x\n", {"a"}), "{b: 2, c: 3} # x\n");
  EXPECT_EQ(removed("{a: 1, b: 2, c: 3} # x\n", {"b"}), "{a: 1, c: 3} # x\n");
  EXPECT_EQ(removed("{a: 1, b: 2, c: 3} # x\n", {"c"}), "{a: 1, b: 2} # x\n");
  EXPECT_EQ(removed("k: {a: 1}\n", {"k", "a"}), "k: {}\n");
}

TEST(RemoveKey, RefusesWhatItCannotDoCleanly) {
  EXPECT_THAT(remove_key(pipeline(), {"nope"}), FailsWith(Code::not_found, "no key 'nope'"));
  EXPECT_THAT(remove_key({"b: &b {x: 1}\nm:\n  <<: *b\n", "f"}, {"m", "x"}),
              FailsWith(Code::malformed, "cannot edit 'm.x'"));
  EXPECT_THAT(remove_key({"a: &x 1\nb: *x\n", "f"}, {"a"}), FailsWith(Code::malformed, "cannot edit 'a'"));
  EXPECT_THAT(remove_key({"? a\n: 1\n? b\n: 2\n", "f"}, {"a"}),
              FailsWith(Code::malformed, "cannot edit 'a'"));
}

TEST(AppendItem, FollowsTheListsStyle) {
  EXPECT_EQ(text_of(append_item(pipeline(), {"stages", "prepare", "deps"}, Value::string("x"))),
            with("# code\n", "# code\n      - x\n"));
  EXPECT_EQ(text_of(append_item(pipeline(), {"stages", "train", "deps"}, Value::string("x[1]"))),
            with("'train.py']", "'train.py', \"x[1]\"]"));
  EXPECT_EQ(appended("a:\n- k: 1\n  l: 2\nb: 1\n", {"a"}, stage()),
            "a:\n- k: 1\n  l: 2\n- cmd: |\n    a\n    b\n  outs:\n  - \"m: 1\"\nb: 1\n");
  EXPECT_EQ(appended("a: []\n", {"a"}, Value::integer(1)), "a:\n- 1\n");
  EXPECT_EQ(appended("a: {b: []}\n", {"a", "b"}, Value::integer(1)), "a: {b: [1]}\n");
  EXPECT_EQ(appended("a:\n", {"a"}, Value::integer(1)), "a:\n- 1\n");
  EXPECT_EQ(appended("- a # c\n", {}, Value::string("b")), "- a # c\n- b\n");
}

TEST(AppendItem, RefusesWhatIsNoList) {
  EXPECT_THAT(append_item(pipeline(), {"params"}, stage()),
              FailsWith(Code::malformed, "cannot edit 'params'"));
}

/// Runs every edit at every path of many damaged documents: each either fails or makes exactly its change.
TEST(SpliceRemoveItem, TakesTheItemWithItsCommentsAndLeavesTheRest) {
  const struct {
    std::string text;
    KeyPath at;
    std::string expected;
  } cases[] = {
      {"a: # x\n  # one\n  - b # c\n  # two\n  - d\n", {"a", "0"}, "a: # x\n  # two\n  - d\n"},
      {"a:\n- b\n- c: {d: 1}\n  # of c\ne: f\n",
       {"a", "1"},
       "a:\n- b\ne: f\n"},  // deeper than the dash: of the item
      {"a:\r\n- |\r\n  b\r\n- c", {"a", "1"}, "a:\r\n- |\r\n  b\r\n"},
      {"a: [b , c,d]\n", {"a", "0"}, "a: [c,d]\n"},
      {"a: [b , c,d]\n", {"a", "2"}, "a: [b , c]\n"},
      {"a:\n- b:\n  - c\n  - d\n", {"a", "0", "b", "1"}, "a:\n- b:\n  - c\n"},
  };
  for (const auto& one : cases) {
    Result<std::string> after = remove_item({one.text, "f"}, one.at);
    EXPECT_OK(after);
    EXPECT_EQ(after.ok() ? *after : "", one.expected) << one.text;
  }
}

TEST(SpliceRemoveItem, RefusesWhatItCannotCutOut) {
  EXPECT_THAT(remove_item({"a: [b]", "f"}, {"a", "0"}), FailsWith(Code::malformed, "cannot edit 'a.0'"));
  EXPECT_THAT(remove_item({"- - b\n  - c\n- d\n", "f"}, {"0", "0"}),
              FailsWith(Code::malformed, "cannot edit"));
  EXPECT_THAT(remove_item({"a: [b, c]", "f"}, {"a", "2"}), FailsWith(Code::not_found, "no key 'a.2'"));
  EXPECT_THAT(remove_key({"a: [b, c]", "f"}, {"a", "0"}), FailsWith(Code::malformed, "cannot edit"));
}

TEST(Splice, NeverChangesAnythingElse) {
  const std::string text =
      "# c\na: &x {b: [1, 'q'], <<: {c: 2}} # d\nk: |+\n  t\n\nl:\n  - *x\n  - >-\n   f\n\n  # e\nm:\n    n: "
      "{} # g\n    o:\n";
  const std::vector<KeyPath> paths = {{},    {"a"}, {"a", "b"}, {"a", "c"}, {"k"},
                                      {"l"}, {"m"}, {"m", "n"}, {"m", "o"}};
  std::size_t done = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    for (const char* with : {"", "\n", " ", "#", "\r\n", "- ", "{", "'"}) {
      const std::string damaged = text.substr(0, i) + with + text.substr(i);
      Result<Value> before = parse_yaml(damaged, "f");
      for (const KeyPath& path : paths) {
        Result<std::string> results[] = {add_key({damaged, "f"}, path, "new", stage()),
                                         append_item({damaged, "f"}, path, stage())};
        for (const Result<std::string>& result : results) {
          ASSERT_TRUE(!result.ok() || (before.ok() && parse_yaml(*result, "f").ok()));
          done += result.ok() ? 1u : 0u;
        }
        for (const char* index : {"0", "1"}) {
          KeyPath item = path;
          item.emplace_back(index);
          Result<std::string> shorter = remove_item({damaged, "f"}, item);
          done += shorter.ok() ? 1u : 0u;
          ASSERT_TRUE(!shorter.ok() || shorter->size() < damaged.size());
        }
        if (path.empty()) {
          continue;
        }
        Result<std::string> after = set_scalar({damaged, "f"}, path, Value::integer(7));
        Result<std::string> less = remove_key({damaged, "f"}, path);
        done += less.ok() ? 1u : 0u;
        ASSERT_TRUE(!less.ok() || less->size() < damaged.size() + 4);
        if (after.ok()) {
          ASSERT_OK_AND_ASSIGN(const Value value, parse_yaml(*after, "f"));
          const Value* at = &value;
          for (const std::string& key : path) {
            at = at->find(key);
          }
          ASSERT_EQ(*at, Value::integer(7));
        }
      }
    }
  }
  EXPECT_GT(done, 4000u);
}

}  // namespace
}  // namespace cairn::text
