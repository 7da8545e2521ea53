// SPDX-License-Identifier: Apache-2.0
#include "version/provenance.h"

#include "support/matchers.h"
#include "text/yaml.h"
#include "unit/version/run_samples.h"

namespace cairn::version {
namespace {

using pipeline::PathState;
using ::testing::ElementsAre;

PathState content(std::string_view text) {
  return {{store::Family::blob, codec::hash(as_bytes(text)), text.size()}, 0, false};
}

LockedStage stage(const std::string& name, const std::vector<std::pair<std::string, std::string>>& deps,
                  const std::string& out, std::string_view made) {
  LockedStage one{name, "", {}};
  one.block.name = name;
  one.block.cmd = "make " + out;
  for (const auto& [path, text] : deps) {
    one.block.deps.push_back({path, content(text)});
  }
  pipeline::LockedOut locked;
  locked.path = out;
  locked.state = content(made);
  one.block.outs.push_back(locked);
  return one;
}

Result<std::optional<pipeline::StageLock>> nobody(const LockedStage&, const pipeline::LockedOut&,
                                                  const std::string&, const PathState&) {
  return std::optional<pipeline::StageLock>();
}

std::vector<std::string> paths_of(const Provenance& graph) {
  std::vector<std::string> paths;
  for (const ProvenanceEntity& one : graph.entities) {
    paths.push_back(one.path);
  }
  return paths;
}

TEST(ProvenanceTracer, FollowsOutsToWhatNoStageMade) {
  const std::vector<LockedStage> stages = {stage("a", {{"raw", "r"}}, "x", "X"),
                                           stage("b", {{"x", "X"}, {"raw", "r"}}, "y", "Y"),
                                           stage("c", {{"y", "Y"}}, "z", "Z")};
  const ProvenanceTracer tracer(stages);
  ASSERT_OK_AND_ASSIGN(const Provenance graph, tracer.trace("y", content("Y"), nobody));
  EXPECT_THAT(paths_of(graph), ElementsAre("y", "x", "raw"));
  ASSERT_EQ(graph.activities.size(), 2U);
  EXPECT_EQ(graph.activities[0].stage.address, "b");
  EXPECT_THAT(graph.activities[0].used, ElementsAre(1, 2));
  EXPECT_THAT(graph.activities[1].used, ElementsAre(2));
  EXPECT_EQ(graph.entities[0].made_by, 0U);
  EXPECT_EQ(graph.entities[1].made_by, 1U);
  EXPECT_FALSE(graph.entities[2].made_by);
}

TEST(ProvenanceTracer, AnotherContentIsAnotherRuns) {
  const std::vector<LockedStage> stages = {stage("a", {{"raw", "new"}}, "x", "X2"),
                                           stage("b", {{"x", "X1"}}, "y", "Y")};
  const ProvenanceTracer tracer(stages);
  ASSERT_OK_AND_ASSIGN(const Provenance lost, tracer.trace("y", content("Y"), nobody));
  EXPECT_EQ(lost.entities[1].other_content_of, "a");
  EXPECT_FALSE(lost.entities[1].made_by);
  const auto known = [](const LockedStage& asked, const pipeline::LockedOut&, const std::string& path,
                        const PathState& state) -> Result<std::optional<pipeline::StageLock>> {
    EXPECT_EQ(asked.address, "a");
    EXPECT_EQ(path, "x");
    EXPECT_EQ(state, content("X1"));
    return std::optional(stage("a", {{"raw", "old"}}, "x", "X1").block);
  };
  ASSERT_OK_AND_ASSIGN(const Provenance found, tracer.trace("y", content("Y"), known));
  EXPECT_THAT(paths_of(found), ElementsAre("y", "x", "raw"));
  EXPECT_EQ(found.entities[2].state, content("old"));
}

TEST(ProvenanceTracer, OutsInAFolderAreItsParts) {
  const std::vector<LockedStage> stages = {stage("a", {}, "dir/one", "1"), stage("b", {}, "dir/two", "2"),
                                           stage("c", {{"dir", "tree"}}, "z", "Z")};
  const ProvenanceTracer tracer(stages);
  ASSERT_OK_AND_ASSIGN(const Provenance graph, tracer.trace("z", content("Z"), nobody));
  EXPECT_THAT(paths_of(graph), ElementsAre("z", "dir", "dir/one", "dir/two"));
  EXPECT_THAT(graph.entities[1].parts, ElementsAre(2, 3));
  EXPECT_EQ(graph.activities.size(), 3U);
}

TEST(ProvenanceTracer, LongChainsNeedNoStack) {
  std::vector<LockedStage> stages;
  constexpr int kLength = 20000;
  for (int i = 1; i <= kLength; ++i) {
    const std::string before = std::to_string(i - 1);
    stages.push_back(
        stage("s" + std::to_string(i), {{before, before}}, std::to_string(i), std::to_string(i)));
  }
  const ProvenanceTracer tracer(stages);
  const std::string last = std::to_string(kLength);
  ASSERT_OK_AND_ASSIGN(const Provenance graph, tracer.trace(last, content(last), nobody));
  EXPECT_EQ(graph.entities.size(), kLength + 1U);
  EXPECT_EQ(graph.entities.back().path, "0");
}

TEST(EnvironmentLine, NamesVersionsAndCounts) {
  ASSERT_OK_AND_ASSIGN(
      const text::Value record,
      text::parse_yaml(
          "cairn: 1\npython:\n  interpreter: .venv\n  version: 3.11.7\n  packages:\n    a: 1\n    b: 2\n"
          "node:\n  version: 18.1.0\ntools:\n- command: gcc --version\n  output: |-\n    gcc 12\n    more\n"
          "- command: missing\n  missing: true\nfiles:\n- path: x.lock\n  hash: b3:0\n",
          "record"));
  EXPECT_EQ(environment_line(record), "python 3.11.7, 2 packages; node 18.1.0; gcc 12; missing; x.lock");
}

TEST(ProvJson, NamesNothingTwiceAndStaysTheSame) {
  const std::vector<LockedStage> stages = {stage("a", {{"in put", "r"}}, "x", "X")};
  const ProvenanceTracer tracer(stages);
  ASSERT_OK_AND_ASSIGN(Provenance graph, tracer.trace("x", content("X"), nobody));
  const text::Value without = to_prov_json(graph);
  EXPECT_EQ(without.find("agent"), nullptr);
  EXPECT_TRUE(without.find("activity")->entries()[0].key.starts_with("stage:a@"));
  EXPECT_TRUE(without.find("entity")->entries()[1].key.starts_with("data:in%20put@"));
  graph.activities[0].run = ProvenanceRun{"abc", 0, 1500, "", false, "host", "me", "1.0"};
  const text::Value with = to_prov_json(graph);
  EXPECT_EQ(text::canonical(*with.find("activity")),
            "{\"run:abc\":{\"cairn:command\":\"make "
            "x\",\"cairn:host\":\"host\",\"prov:endTime\":\"1970-01-01T00:00:01.500Z\","
            "\"prov:label\":\"a\",\"prov:startTime\":\"1970-01-01T00:00:00.000Z\",\"prov:type\":{\"$\":"
            "\"cairn:StageRun\","
            "\"type\":\"prov:QUALIFIED_NAME\"}}}");
  EXPECT_EQ(with.find("wasAssociatedWith")->entries().size(), 2U);
  EXPECT_EQ(text::canonical(to_prov_json(graph)), text::canonical(with));
}

}  // namespace
}  // namespace cairn::version
