// SPDX-License-Identifier: Apache-2.0
#include "report/verdict_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using version::OutResult;
using version::OutVerdict;
using version::StageResult;
using version::StageVerdict;
using version::Verdict;

OutResult out(std::string path, OutVerdict verdict) {
  OutResult result;
  result.path = std::move(path);
  result.verdict = verdict;
  return result;
}

StageResult stage(std::string name, StageVerdict verdict, std::vector<OutResult> outs) {
  StageResult result;
  result.stage = std::move(name);
  result.verdict = verdict;
  result.outs = std::move(outs);
  return result;
}

Verdict reproduced() {
  Verdict verdict;
  verdict.version = "v1.0";
  verdict.stages = {stage("prepare", StageVerdict::reproduced,
                          {out("train.csv", OutVerdict::identical), out("test.csv", OutVerdict::identical)}),
                    stage("train", StageVerdict::reproduced, {out("model.bin", OutVerdict::identical)})};
  return verdict;
}

Verdict with_a_difference() {
  Verdict verdict = reproduced();
  StageResult& train = verdict.stages.back();
  train.verdict = StageVerdict::differs;
  train.outs.front().verdict = OutVerdict::differs;
  train.outs.front().extent = "17 of 400 rows";
  train.outs.front().first = version::Difference();
  train.outs.front().first->text = "line 3, column 5: '0.81' became '0.79'";
  train.causes = {{"clock",
                   "the output has the time of the run in it",
                   "with the clock held, 3 runs gave the same output",
                   {"model.bin"}}};
  train.environment = {"numpy 1.26.4 became 2.0.0"};
  return verdict;
}

TEST(VerdictText, HasALineAStageAndASummary) {
  EXPECT_EQ(verdict_text(reproduced()),
            "reproduced  prepare  2 outputs identical\n"
            "reproduced  train    1 output identical\n"
            "v1.0 reproduced: 2 stages, 3 outputs identical\n");
}

TEST(VerdictText, TellsTheFirstDifferenceItsCauseAndTheEnvironment) {
  EXPECT_EQ(verdict_text(with_a_difference()),
            "reproduced  prepare  2 outputs identical\n"
            "differs     train    1 of 1 output differs\n"
            "    model.bin: line 3, column 5: '0.81' became '0.79' (17 of 400 rows differ)\n"
            "    cause: the output has the time of the run in it: with the clock held, 3 runs gave the same "
            "output\n"
            "    environment: numpy 1.26.4 became 2.0.0\n"
            "v1.0 NOT reproduced: 1 of 3 outputs differs\n");
}

TEST(VerdictText, SaysWhyNoCauseIsNamed) {
  Verdict verdict = with_a_difference();
  verdict.stages.back().causes.clear();
  verdict.stages.back().cause_note = "no factor that can be held changes the result";
  EXPECT_THAT(verdict_text(verdict),
              HasSubstr("    cause: not known: no factor that can be held changes the result\n"));
}

TEST(VerdictText, TellsFailedAndSkippedStages) {
  Verdict verdict = reproduced();
  verdict.stages.front() = stage("prepare", StageVerdict::failed, {});
  verdict.stages.front().reason = "its command ended with status 2";
  verdict.stages.back() = stage("train", StageVerdict::skipped, {out("model.bin", OutVerdict::not_compared)});
  verdict.stages.back().reason = "prepare failed";
  EXPECT_EQ(verdict_text(verdict),
            "failed   prepare  its command ended with status 2\n"
            "skipped  train    prepare failed\n"
            "v1.0 NOT reproduced: 1 stage failed, 1 stage skipped\n");
}

TEST(VerdictText, CountsFrozenStagesApart) {
  Verdict verdict = reproduced();
  verdict.stages.front().verdict = StageVerdict::skipped;
  verdict.stages.front().reason = "frozen";
  verdict.stages.front().outs = {out("train.csv", OutVerdict::not_compared)};
  EXPECT_EQ(verdict_text(verdict),
            "skipped     prepare  frozen\n"
            "reproduced  train    1 output identical\n"
            "v1.0 reproduced: 1 stage, 1 output identical, 1 not compared, 1 stage skipped\n");
}

TEST(VerdictText, TellsWhatIsEqualOnlyAsDeclaredAndWhatIsToBeKnown) {
  Verdict verdict = reproduced();
  verdict.stages.front().outs.back().verdict = OutVerdict::equal;
  verdict.stages.back().reason = "runs always";
  EXPECT_EQ(verdict_text(verdict),
            "reproduced  prepare  1 output identical, 1 equal as declared\n"
            "reproduced  train    1 output identical; runs always\n"
            "v1.0 reproduced: 2 stages, 2 outputs identical, 1 equal as declared\n");
}

TEST(VerdictText, TellsOutsThatAreMissingOrTooMany) {
  Verdict verdict = reproduced();
  verdict.stages.front().verdict = StageVerdict::differs;
  verdict.stages.front().outs[0].verdict = OutVerdict::missing;
  verdict.stages.front().outs[0].recorded = store::Object();
  verdict.stages.front().outs[1].verdict = OutVerdict::missing;
  verdict.stages.front().outs[1].found = store::Object();
  EXPECT_EQ(verdict_text(verdict),
            "differs     prepare  2 of 2 outputs differ\n"
            "    train.csv: was not made\n"
            "    test.csv: was made, and is not in the record\n"
            "reproduced  train    1 output identical\n"
            "v1.0 NOT reproduced: 2 of 3 outputs differ\n");
}

TEST(VerdictText, OfVerifyNamesTheRunsAndTheCommit) {
  Verdict verdict = reproduced();
  verdict.kind = version::VerdictKind::verify;
  verdict.version.clear();
  verdict.commit = "0123456789012345678901234567890123456789";
  verdict.runs = 5;
  EXPECT_EQ(verdict_text(verdict),
            "deterministic  prepare  2 outputs identical\n"
            "deterministic  train    1 output identical\n"
            "0123456 deterministic: 2 stages, 3 outputs identical in 5 runs\n");
}

TEST(VerdictText, EscapesWhatCommandsWrote) {
  Verdict verdict = with_a_difference();
  verdict.stages.back().outs.front().path = "a\nb";
  verdict.stages.back().outs.front().first->text = "\x1b[31mred";
  EXPECT_THAT(verdict_text(verdict), HasSubstr("    a\\nb: \\x1b[31mred (17"));
}

TEST(VerdictMarkdown, IsATableAndAListOfWhatDiffers) {
  EXPECT_EQ(
      verdict_markdown(with_a_difference()),
      "## v1.0 NOT reproduced: 1 of 3 outputs differs\n"
      "\n"
      "| Stage | Verdict | Outputs |\n"
      "|---|---|---|\n"
      "| prepare | reproduced | 2 outputs identical |\n"
      "| train | differs | 1 of 1 output differs |\n"
      "\n"
      "- **train** model.bin: line 3, column 5: '0.81' became '0.79' (17 of 400 rows differ)\n"
      "- **train** cause: the output has the time of the run in it: with the clock held, 3 runs gave the "
      "same output\n"
      "- **train** environment: numpy 1.26.4 became 2.0.0\n");
}

TEST(VerdictMarkdown, TakesNoMarkupFromTexts) {
  Verdict verdict = with_a_difference();
  verdict.stages.back().outs.front().path = "[a](b)<img>|`c`";
  EXPECT_THAT(verdict_markdown(verdict), HasSubstr(R"(\[a\](b)\<img\>|\`c\`: line 3)"));
}

TEST(VerdictHtml, IsOneFileThatLoadsNothing) {
  std::string page = verdict_html(with_a_difference());
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_THAT(page, HasSubstr("<title>Reproduction of v1.0</title>"));
  EXPECT_THAT(page, HasSubstr(R"(<span class="bad">v1.0 NOT reproduced: 1 of 3 outputs differs</span>)"));
  EXPECT_THAT(page, HasSubstr("line 3, column 5: &#39;0.81&#39; became &#39;0.79&#39;"));
  for (const char* loader : {"<script", "src=", "href=", "url(", "@import"}) {
    EXPECT_THAT(page, Not(HasSubstr(loader)));
  }
}

TEST(VerdictHtml, TakesNoMarkupFromTexts) {
  Verdict verdict = with_a_difference();
  verdict.version = "<script>alert(1)</script>";
  verdict.stages.back().outs.front().path = "\"><img onerror=x>";
  std::string page = verdict_html(verdict);
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

}  // namespace
}  // namespace cairn::report
