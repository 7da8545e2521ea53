// SPDX-License-Identifier: Apache-2.0
#include "pipeline/lock_merge.h"

#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

/// What one stage's run depended on and made: deps "path=content", as with outs; "cmd" is its command.
struct Run {
  std::string name;
  std::string cmd = "run";
  std::vector<std::pair<std::string, std::string>> deps;
  std::vector<std::pair<std::string, std::string>> outs;
  std::string param;
};

StageLock block_of(const Run& run) {
  StageLock block;
  block.name = run.name;
  block.cmd = run.cmd;
  block.shell = kDefaultShell;
  for (const auto& [path, content] : run.deps) {
    block.deps.push_back({path, file_state(content)});
  }
  for (const auto& [path, content] : run.outs) {
    LockedOut out;
    out.path = path;
    out.state = file_state(content);
    block.outs.push_back(std::move(out));
  }
  if (!run.param.empty()) {
    block.params.push_back({"params.yaml", "lr", text::Value::string(run.param)});
  }
  return block;
}

Lock lock_of(const std::vector<Run>& runs) {
  Lock lock;
  for (const Run& run : runs) {
    lock.put(block_of(run));
  }
  return lock;
}

/// Which side each block comes from: "a=ours b=theirs", "both" where they agree; absent ones are left out.
std::string sources(const text::ThreeWay<Lock>& sides, const LockMerge& merged) {
  std::string text;
  for (const StageLock& block : merged.lock.stages) {
    const StageLock* ours = sides.ours.find(block.name);
    const StageLock* theirs = sides.theirs.find(block.name);
    const bool is_ours = ours != nullptr && *ours == block;
    const bool is_theirs = theirs != nullptr && *theirs == block;
    text += (text.empty() ? "" : " ") + block.name + "=" +
            (is_ours && is_theirs ? "both"
             : is_ours            ? "ours"
             : is_theirs          ? "theirs"
                                  : "neither");
  }
  return text;
}

struct Case {
  std::string what;
  text::ThreeWay<Lock> sides;
  std::string expected;
  std::vector<std::string> rerun;
};

const Run kA0 = {"a", "run", {{"x", "0"}, {"a.py", "0"}}, {{"a.out", "0"}}, ""};

Run a_of(const std::string& x, const std::string& code) {
  return {"a", "run", {{"x", x}, {"a.py", code}}, {{"a.out", x + code}}, ""};
}
Run b_of(const std::string& x, const std::string& code) {
  return {"b", "run", {{"x", x}, {"b.py", code}}, {{"b.out", x + code}}, ""};
}
/// Takes what a makes.
Run after_a(const Run& a, const std::string& code) {
  return {"z", "run", {{"a.out", a.outs.front().second}, {"z.py", code}}, {{"z.out", code}}, ""};
}

std::vector<Case> cases() {
  return {
      {"one side ran it", {lock_of({kA0}), lock_of({kA0}), lock_of({a_of("1", "0")})}, "a=theirs", {}},
      {"both ran it to the same",
       {lock_of({kA0}), lock_of({a_of("1", "0")}), lock_of({a_of("1", "0")})},
       "a=both",
       {}},
      {"each side ran another",
       {lock_of({a_of("0", "0"), b_of("0", "0")}), lock_of({a_of("0", "1"), b_of("0", "0")}),
        lock_of({a_of("0", "0"), b_of("0", "1")})},
       "a=ours b=theirs",
       {}},
      {"a shared input changed alike, code of one stage on each side",
       {lock_of({a_of("0", "0"), b_of("0", "0")}), lock_of({a_of("1", "1"), b_of("1", "0")}),
        lock_of({a_of("1", "0"), b_of("1", "1")})},
       "a=ours b=theirs",
       {}},
      {"both sides changed an input of their own",
       {lock_of({kA0}), lock_of({a_of("1", "0")}), lock_of({a_of("0", "1")})},
       "a=ours",
       {"a"}},
      {"both sides changed the same input, each otherwise",
       {lock_of({kA0}), lock_of({a_of("1", "0")}), lock_of({a_of("2", "0")})},
       "a=ours",
       {"a"}},
      {"new on both sides",
       {lock_of({}), lock_of({a_of("1", "0")}), lock_of({a_of("2", "0")})},
       "a=ours",
       {"a"}},
      {"new on one side", {lock_of({}), lock_of({kA0}), lock_of({})}, "a=ours", {}},
      {"removed here, unchanged there", {lock_of({kA0}), lock_of({}), lock_of({kA0})}, "", {}},
      {"removed here, run there", {lock_of({kA0}), lock_of({}), lock_of({a_of("1", "0")})}, "", {}},
      {"run here, removed there", {lock_of({kA0}), lock_of({a_of("1", "0")}), lock_of({})}, "", {}},
      {"two results of the same inputs",
       {lock_of({}), lock_of({{"a", "run", {{"x", "1"}}, {{"o", "1"}}, ""}}),
        lock_of({{"a", "run", {{"x", "1"}}, {{"o", "2"}}, ""}})},
       "a=ours",
       {}},
      {"what follows a stage goes with the side that made its input",
       {lock_of({a_of("0", "0"), after_a(a_of("0", "0"), "0")}),
        lock_of({a_of("1", "0"), after_a(a_of("1", "0"), "0")}),
        lock_of({a_of("1", "1"), after_a(a_of("1", "1"), "0")})},
       "a=theirs z=theirs",
       {}},
      {"what follows a stage of theirs with code of ours",
       {lock_of({a_of("0", "0"), after_a(a_of("0", "0"), "0")}),
        lock_of({a_of("0", "0"), after_a(a_of("0", "0"), "1")}),
        lock_of({a_of("0", "1"), after_a(a_of("0", "1"), "0")})},
       "a=theirs z=ours",
       {"z"}},
      {"an input that one side dropped",
       {lock_of({kA0}), lock_of({{"a", "run", {{"x", "1"}}, {{"a.out", "n"}}, ""}}),
        lock_of({a_of("1", "0")})},
       "a=ours",
       {}},
      {"a parameter here, the command there",
       {lock_of({{"a", "run", {}, {}, "1"}}), lock_of({{"a", "run", {}, {}, "2"}}),
        lock_of({{"a", "walk", {}, {}, "1"}})},
       "a=ours",
       {"a"}},
  };
}

TEST(LockMerge, TakesWholeBlocks) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.what);
    const LockMerge merged = merge_locks(one.sides, MergeSide::ours);
    EXPECT_EQ(sources(one.sides, merged), one.expected);
    EXPECT_EQ(merged.rerun, one.rerun);
  }
}

TEST(LockMerge, PrefersEitherSideOnlyWhereNeitherFits) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.what);
    const LockMerge ours = merge_locks(one.sides, MergeSide::ours);
    const LockMerge theirs = merge_locks(one.sides, MergeSide::theirs);
    for (const StageLock& block : ours.lock.stages) {
      const StageLock* other = theirs.lock.find(block.name);
      ASSERT_NE(other, nullptr);
      const bool may_differ =
          std::find(ours.rerun.begin(), ours.rerun.end(), block.name) != ours.rerun.end() ||
          one.what == "two results of the same inputs";
      EXPECT_EQ(*other == block, !may_differ);
    }
  }
}

TEST(LockMerge, EndsWhereStagesMakeACircle) {
  const Lock base;
  const Lock ours = lock_of({{"a", "run", {{"b.out", "1"}}, {{"a.out", "1"}}, ""},
                             {"b", "run", {{"a.out", "1"}}, {{"b.out", "1"}}, ""}});
  const Lock theirs = lock_of({{"a", "run", {{"b.out", "2"}}, {{"a.out", "2"}}, ""},
                               {"b", "run", {{"a.out", "2"}}, {{"b.out", "2"}}, ""}});
  EXPECT_EQ(merge_locks({base, ours, theirs}, MergeSide::ours).lock.stages.size(), 2U);
}

}  // namespace
}  // namespace cairn::pipeline
