// SPDX-License-Identifier: Apache-2.0
#include "ops/pipeline_inputs.h"

#include "ops/pipelines.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

using test::FailsWith;
using ::testing::ElementsAre;

class PipelineInputsTest : public test::ProjectFixture {
 protected:
  /// "path keeper" of each, with a slash behind folders.
  std::vector<std::string> found(const std::string& stages) {
    write("cairn.yaml", "stages:\n" + stages);
    auto graph = load_graph(workspace());
    EXPECT_OK(graph);
    std::vector<pipeline::StageIndex> all(graph->order().begin(), graph->order().end());
    auto inputs = pipeline_inputs(workspace(), *graph, all);
    EXPECT_OK(inputs);
    inputs_ = inputs.ok() ? *inputs : std::vector<PipelineInput>();
    std::vector<std::string> out;
    for (const PipelineInput& input : inputs_) {
      const char* keeper = input.keeper == InputKeeper::cairn ? " cairn"
                           : input.keeper == InputKeeper::git ? " git"
                                                              : " nobody";
      out.push_back(input.path + (input.is_folder ? "/" : "") + keeper);
    }
    return out;
  }
  Result<std::vector<InputChoice>> choose(const std::vector<std::string>& words,
                                          const std::string& folder = "") {
    return choose_inputs(inputs_, words, {outer(), folder});
  }

  std::vector<PipelineInput> inputs_;
};

TEST_F(PipelineInputsTest, AreWhatStagesReadAndNoneMakes) {
  write("raw.csv", "1");
  track("raw.csv");
  write("images/a", "1");
  track("images");
  write("unused", "1");
  track("unused");
  write("notes.txt", "1");
  write("tables/one", "1");
  EXPECT_THAT(found("  a: {cmd: x, deps: [raw.csv, notes.txt], outs: [clean]}\n"
                    "  b: {cmd: x, deps: [clean, images/a, tables, gone], outs: [model]}\n"
                    "  c: {cmd: x, deps: [unused], outs: [o], frozen: true}\n"),
              ElementsAre("gone nobody", "images/ cairn", "images/a cairn", "notes.txt git", "raw.csv cairn",
                          "tables/ git"));
}

TEST_F(PipelineInputsTest, PointersThatAFolderOrAGlobHoldsStandForThemselves) {
  write("data/one.csv", "1");
  track("data/one.csv");
  write("data/two.csv", "1");
  track("data/two.csv");
  EXPECT_THAT(found("  a: {cmd: x, deps: [data], outs: [o]}\n"),
              ElementsAre("data/one.csv cairn", "data/two.csv cairn"));
  EXPECT_THAT(found("  a: {cmd: x, deps: ['data/*.csv'], outs: [o]}\n"),
              ElementsAre("data/one.csv cairn", "data/two.csv cairn"));
}

TEST_F(PipelineInputsTest, AWordAloneStandsForTheOnlyOne) {
  write("raw.csv", "1");
  track("raw.csv");
  write("notes.txt", "1");
  test::write_text(outer() + "/new=1.csv", "2");
  found("  a: {cmd: x, deps: [raw.csv, notes.txt], outs: [o]}\n");
  ASSERT_OK_AND_ASSIGN(auto choices, choose({"new=1.csv"}));
  ASSERT_EQ(choices.size(), 1U);
  EXPECT_EQ(choices[0].input.path, "raw.csv");
  EXPECT_EQ(choices[0].file, outer() + "/new=1.csv");
  EXPECT_EQ(choices[0].written, "new=1.csv");
  found("  a: {cmd: x, deps: [notes.txt], outs: [o]}\n");
  ASSERT_OK_AND_ASSIGN(choices, choose({"new=1.csv"}));
  EXPECT_EQ(choices[0].input.path, "notes.txt");
  found("  a: {cmd: x, outs: [o]}\n");
  EXPECT_THAT(choose({"new=1.csv"}), FailsWith(Code::usage, "read no data"));
}

TEST_F(PipelineInputsTest, InputsAreNamedFromTheUsersFolder) {
  write("sub/raw.csv", "1");
  track("sub/raw.csv");
  write("sub/other.csv", "1");
  track("sub/other.csv");
  test::write_text(outer() + "/new.csv", "2");
  found("  a: {cmd: x, deps: [sub/raw.csv, sub/other.csv], outs: [o]}\n");
  EXPECT_OK(choose({"sub/raw.csv=new.csv"}));
  EXPECT_OK(choose({"raw.csv=new.csv", "./other.csv.cairn=new.csv"}, "sub"));
  EXPECT_THAT(choose({"raw.csv=new.csv", "./raw.csv=new.csv"}, "sub"), FailsWith(Code::usage, "given twice"));
  EXPECT_THAT(choose({"new.csv"}, "sub"), FailsWith(Code::usage, "more than one input"));
  EXPECT_EQ(choose({"new.csv"}, "sub").error().hint(), "--data other.csv=new.csv, or --data raw.csv=new.csv");
  EXPECT_THAT(choose({"raw.cvs=new.csv"}, "sub"), FailsWith(Code::not_found, "'raw.cvs' is no input"));
  EXPECT_EQ(choose({"raw.cvs=new.csv"}, "sub").error().hint(), "did you mean 'raw.csv'?");
}

TEST_F(PipelineInputsTest, FilesHaveToFit) {
  write("raw.csv", "1");
  track("raw.csv");
  write("images/a", "1");
  track("images");
  test::write_text(outer() + "/new.csv", "2");
  found("  a: {cmd: x, deps: [raw.csv, images], outs: [o]}\n");
  EXPECT_THAT(choose({"raw.csv=gone"}), FailsWith(Code::not_found, "'gone'"));
  EXPECT_THAT(choose({"gone"}), FailsWith(Code::not_found, "'gone'"));
  EXPECT_THAT(choose({"images=new.csv"}), FailsWith(Code::usage, "the input 'images' is a folder"));
  EXPECT_THAT(choose({"raw.csv=" + root()}), FailsWith(Code::usage, "the input 'raw.csv' is a file"));
}

TEST_F(PipelineInputsTest, AreStoredWhenTheyAreInPlace) {
  write("raw.csv", "1");
  const store::Object before = track("raw.csv");
  write("notes.txt", "1");
  test::write_text(outer() + "/new.csv", "22");
  found("  a: {cmd: x, deps: [raw.csv, notes.txt, gone], outs: [o]}\n");
  ASSERT_OK_AND_ASSIGN(auto choices, choose({"raw.csv=new.csv", "notes.txt=new.csv", "gone=new.csv"}));
  const Context with = context();
  ASSERT_OK_AND_ASSIGN(auto objects, put_inputs(workspace(), choices, with));
  ASSERT_TRUE(objects[0].has_value());
  EXPECT_NE(objects[0], before);
  EXPECT_EQ(objects[1], std::nullopt);
  EXPECT_EQ(objects[2], objects[0]);
  for (const char* path : {"raw.csv", "notes.txt", "gone"}) {
    EXPECT_EQ(test::read_text(root() + "/" + path), "22");
  }
  ASSERT_OK_AND_ASSIGN(store::Store * store, workspace().store());
  EXPECT_TRUE(store->has(*objects[0]));
  EXPECT_THAT(test::read_text(root() + "/gone.cairn"), ::testing::HasSubstr(objects[0]->id.text()));
}

}  // namespace
}  // namespace cairn::ops
