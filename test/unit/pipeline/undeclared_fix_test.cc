// SPDX-License-Identifier: Apache-2.0
#include "pipeline/undeclared_fix.h"

#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

UndeclaredPath path(const std::string& name) {
  return {name, 1, false, false};
}

/// The stage `s` of that text, after declaring `undeclared`.
Result<UndeclaredFix> fixed(const std::string& text, const Undeclared& undeclared,
                            const std::string& file = "cairn.yaml") {
  const PipelineFile parsed_file = parsed(text, file);
  EXPECT_FALSE(parsed_file.stages.empty());
  return fix_undeclared(text, parsed_file.stages.front(), undeclared);
}

TEST(UndeclaredFix, AddsToListsAndKeepsCommentsAndLayout) {
  const std::string text =
      "# my pipeline\n"
      "stages:\n"
      "    s:  # the only one\n"
      "        cmd:   run\n"
      "        deps:\n"
      "        - a.csv   # first\n"
      "        outs: [ b ]\n"
      "# the end\n";
  ASSERT_OK_AND_ASSIGN(const UndeclaredFix fix,
                       fixed(text, {{path("c.csv"), path("d.csv")}, {path("e")}, {}}));
  EXPECT_EQ(fix.text,
            "# my pipeline\n"
            "stages:\n"
            "    s:  # the only one\n"
            "        cmd:   run\n"
            "        deps:\n"
            "        - a.csv   # first\n"
            "        - c.csv\n"
            "        - d.csv\n"
            "        outs: [ b, e ]\n"
            "# the end\n");
  EXPECT_THAT(fix.deps, ElementsAre("c.csv", "d.csv"));
  EXPECT_THAT(fix.outs, ElementsAre("e"));
  EXPECT_TRUE(fix.left.empty());
}

TEST(UndeclaredFix, AddsMissingKeys) {
  ASSERT_OK_AND_ASSIGN(const UndeclaredFix fix,
                       fixed("stages:\n  s:\n    cmd: run\n", {{path("c.csv")}, {path("e")}, {}}));
  EXPECT_EQ(fix.text, "stages:\n  s:\n    cmd: run\n    deps:\n    - c.csv\n    outs:\n    - e\n");
}

TEST(UndeclaredFix, WritesPathsAsTheStageSeesThem) {
  ASSERT_OK_AND_ASSIGN(
      const UndeclaredFix fix,
      fixed("stages:\n  s:\n    cmd: run\n    wdir: work\n",
            {{path("sub/data.csv"), path("sub/work/in.csv"), path("top.csv")}, {}, {}}, "sub/cairn.yaml"));
  EXPECT_THAT(fix.deps, ElementsAre("../data.csv", "in.csv", "../../top.csv"));
}

TEST(UndeclaredFix, LeavesWhatOnlyAPersonCanDecide) {
  Undeclared undeclared;
  undeclared.reads = {path("both"), path("x${y}")};
  undeclared.writes = {path("a.csv"), path("b/in.csv"), path("both"), {"main.py", 1, false, true}};
  undeclared.removed = {path("gone")};
  ASSERT_OK_AND_ASSIGN(const UndeclaredFix fix,
                       fixed("stages:\n  s:\n    cmd: run\n    deps: [a.csv, b/*.csv]\n", undeclared));
  EXPECT_THAT(fix.deps, ElementsAre("both"));
  EXPECT_THAT(fix.outs, ElementsAre());
  std::vector<std::string> left;
  for (const NotFixed& each : fix.left) {
    left.push_back(each.path.path + ": " + each.why);
  }
  EXPECT_THAT(left,
              ElementsAre("x${y}: its name reads as a template", "a.csv: the stage declares it as an input",
                          "b/in.csv: the stage declares it as an input", "both: the stage reads it too",
                          "main.py: Git tracks it", "gone: it was removed"));
}

TEST(UndeclaredFix, QuotesNamesThatYamlWouldReadOtherwise) {
  ASSERT_OK_AND_ASSIGN(const UndeclaredFix fix, fixed("stages:\n  s:\n    cmd: run\n    deps: [a]\n",
                                                      {{path("yes: no"), path("123")}, {}, {}}));
  const PipelineFile again = parsed(fix.text);
  ASSERT_EQ(again.stages.front().deps.size(), 3U);
  EXPECT_EQ(again.stages.front().deps[1].path, "yes: no");
  EXPECT_EQ(again.stages.front().deps[2].path, "123");
}

TEST(UndeclaredFix, TakesWildcardsInNamesLiterally) {
  ASSERT_OK_AND_ASSIGN(const UndeclaredFix fix,
                       fixed("stages:\n  s:\n    cmd: run\n", {{path("a*[1].csv")}, {path("what?")}, {}}));
  const Stage stage = parsed(fix.text).stages.front();
  EXPECT_EQ(stage.deps.front().path, "a*[1].csv");
  EXPECT_FALSE(stage.deps.front().glob);
  EXPECT_EQ(stage.outs.front().path, "what?");
}

TEST(UndeclaredFix, RefusesAStageOfAGroupAndGivesTheLines) {
  Stage stage;
  stage.name = "s@a";
  stage.group = "s";
  stage.file = "cairn.yaml";
  stage.at = {2, 3};
  const auto refused = fix_undeclared("stages:\n  s:\n    foreach: [a]\n    do:\n      cmd: run ${item}\n",
                                      stage, {{path("c.csv")}, {path("e")}, {}});
  ASSERT_THAT(refused,
              FailsWith(Code::unsupported, "cairn.yaml:2:3: stage 's@a' is made by foreach or matrix"));
  EXPECT_THAT(refused.error().hint(), HasSubstr("by hand:\ndeps:\n- c.csv\nouts:\n- e"));
}

}  // namespace
}  // namespace cairn::pipeline
