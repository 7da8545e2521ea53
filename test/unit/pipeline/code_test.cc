// SPDX-License-Identifier: Apache-2.0
#include "pipeline/code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "os/path.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FakeTracked : public TrackedFiles {
 public:
  explicit FakeTracked(std::set<std::string, std::less<>> files) : files_(std::move(files)) {}
  [[nodiscard]] bool contains(std::string_view path) const override { return files_.contains(path); }
  void each_inside(std::string_view folder, const std::function<void(std::string_view)>& use) const override {
    for (const std::string& file : files_) {
      if (os::is_within(file, folder)) {
        use(file);
      }
    }
  }

 private:
  std::set<std::string, std::less<>> files_;
};

std::vector<std::string> code_of(const std::string& text, std::set<std::string, std::less<>> tracked) {
  const PipelineFile file = parsed("stages:\n  s:\n" + text, "cairn.yaml");
  return code_files(file.stages.at(0), FakeTracked(std::move(tracked)));
}

TEST(CommandWords, SplitsAtBlanksAndOperators) {
  EXPECT_THAT(command_words("a b\tc;d&&e|f\ng(h)"), ElementsAre("a", "b", "c", "d", "e", "f", "g", "h"));
}

TEST(CommandWords, RemovesQuotes) {
  EXPECT_THAT(command_words(R"('a b' "c d" e\ f g"h"'i' "\$x" '' "unclosed)"),
              ElementsAre("a b", "c d", "e f", "ghi", "$x", "", "unclosed"));
  EXPECT_THAT(command_words("a \\\n b 'un"), ElementsAre("a", "b", "un"));
}

TEST(CommandWords, LeavesOutWhatTheShellExpands) {
  EXPECT_THAT(command_words("cat $X \"$Y/z\" *.py a?b x[1] {a,b} '*' end"), ElementsAre("cat", "*", "end"));
  EXPECT_THAT(command_words("x=$(cat in.txt) `sort y`"), ElementsAre("cat", "in.txt", "sort", "y"));
}

TEST(CommandWords, LeavesOutCommentsAndTargetsOfOutput) {
  EXPECT_THAT(command_words("a # b\nc#d"), ElementsAre("a", "c#d"));
  EXPECT_THAT(command_words("a <in >out 2>>err >|f b"), ElementsAre("a", "in", "2", "f", "b"));
}

TEST(CommandWords, TakesValuesOfAssignments) {
  EXPECT_THAT(command_words("X=1 run --config=c.yaml --empty="),
              ElementsAre("X=1", "1", "run", "--config=c.yaml", "c.yaml", "--empty="));
}

TEST(CodeFiles, AreTrackedFilesThatTheCommandNames) {
  EXPECT_THAT(
      code_of("    cmd: python ./src/train.py --conf=c.yaml other.py\n", {"src/train.py", "c.yaml", "x.py"}),
      ElementsAre("c.yaml", "src/train.py"));
}

TEST(CodeFiles, AreRelativeToTheWdir) {
  EXPECT_THAT(
      code_of("    wdir: sub\n    cmd: sh a.sh ../b.sh ../../c.sh\n", {"a.sh", "b.sh", "c.sh", "sub/a.sh"}),
      ElementsAre("b.sh", "sub/a.sh"));
}

TEST(CodeFiles, DoNotRepeatWhatIsDeclared) {
  EXPECT_THAT(code_of("    cmd: run dep.py lib/x.py out.txt params.yaml m.py\n    deps: [dep.py, lib]\n"
                      "    outs: [{out.txt: {cache: false}}]\n    params: [a]\n",
                      {"dep.py", "lib/x.py", "out.txt", "params.yaml", "m.py"}),
              ElementsAre("m.py"));
}

TEST(CodeFiles, AreAlsoParamsFilesThatRun) {
  EXPECT_THAT(
      code_of(
          "    cmd: python train.py c.yaml\n    params: [train.py: [lr], settings.py: [x], c.yaml: [y]]\n",
          {"train.py", "settings.py", "c.yaml"}),
      ElementsAre("train.py"));
}

TEST(CodeFiles, AddGlobs) {
  EXPECT_THAT(
      code_of("    cmd: run main.py\n    code: ['src/**/*.py', tools, '*.toml']\n",
              {"main.py", "src/a.py", "src/x/y/b.py", "src/c.txt", "tools/t.sh", "p.toml", "q/p.toml"}),
      ElementsAre("main.py", "p.toml", "src/a.py", "src/x/y/b.py", "tools/t.sh"));
}

TEST(CodeFiles, AreNoneWhenTurnedOff) {
  EXPECT_THAT(code_of("    cmd: python a.py\n    code: false\n", {"a.py"}), IsEmpty());
}

}  // namespace
}  // namespace cairn::pipeline
