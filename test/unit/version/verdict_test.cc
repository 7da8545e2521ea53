// SPDX-License-Identifier: Apache-2.0
#include "version/verdict.h"

#include "codec/hash.h"
#include "support/golden.h"
#include "support/matchers.h"

namespace cairn::version {
namespace {

using test::FailsWith;

/// The one of docs/format/version.md.
Verdict sample() {
  Verdict verdict;
  verdict.version = "v1.0";
  verdict.commit = std::string(40, 'a');
  verdict.time_ms = 1'764'000'000'123;
  verdict.cairn = "0.1.0";
  verdict.system = text::Value::map();
  verdict.system.set("os", text::Value::string("Debian 12"));
  verdict.from_remote = true;
  StageResult good;
  good.stage = "cairn.yaml:prepare";
  good.wall_us = 1000;
  good.outs = {{"clean.csv", OutVerdict::identical, "exact", {}, {}, {}, {}}};
  StageResult bad;
  bad.stage = "cairn.yaml:train";
  bad.verdict = StageVerdict::differs;
  bad.wall_us = 2'000'000;
  OutResult out;
  out.path = "m.json";
  out.verdict = OutVerdict::differs;
  out.rule = "exact";
  out.extent = "1 of 2 lines";
  out.first = Difference{"a\nb", 3, 1, "acc", "x", "1", "2", "line 1: '1' became '2'"};
  out.recorded = store::Object{store::Family::blob, codec::hash(as_bytes("1")), 1};
  out.found = store::Object{store::Family::tree, codec::hash(as_bytes("2")), 1};
  bad.outs = {out};
  bad.causes = {{"clock",
                 "the output has the time of the run in it",
                 "with the clock held, 3 runs were equal",
                 {"m.json"}}};
  bad.environment = {"numpy 1.26.4 became 2.0.0"};
  verdict.stages = {good, bad};
  return verdict;
}

TEST(Verdict, IsWrittenAsItsPageSays) {
  test::expect_golden("version/verdict.yaml", write_verdict(sample()));
}

TEST(Verdict, ReadsBackWhatItWrote) {
  const std::string text = write_verdict(sample());
  ASSERT_OK_AND_ASSIGN(const Verdict back, parse_verdict(text));
  EXPECT_EQ(write_verdict(back), text);
  EXPECT_EQ(back.stages.at(1).outs.front().first->file, "a\nb");
  EXPECT_EQ(back.stages.at(1).outs.front().found, sample().stages.at(1).outs.front().found);
}

TEST(Verdict, IsGoodWhenNoStageDiffersOrFailed) {
  Verdict verdict = sample();
  EXPECT_FALSE(verdict.good());
  EXPECT_EQ(verdict_words(verdict), "not reproduced");
  verdict.stages.at(1).verdict = StageVerdict::skipped;
  EXPECT_TRUE(verdict.good());
  EXPECT_EQ(verdict_words(verdict), "reproduced");
  verdict.kind = VerdictKind::verify;
  EXPECT_EQ(verdict_words(verdict), "deterministic");
  verdict.stages.at(0).verdict = StageVerdict::failed;
  EXPECT_EQ(verdict_words(verdict), "not deterministic");
}

TEST(Verdict, RefusesAPrefixUnlessItIsWholeItself) {
  const std::string text = write_verdict(sample());
  for (std::size_t size = 0; size < text.size(); ++size) {
    auto back = parse_verdict(text.substr(0, size));
    EXPECT_TRUE(!back.ok() || write_verdict(*back) == text.substr(0, size)) << size;
  }
}

TEST(Verdict, NeverReadsAChangedByteAsTheSame) {
  const std::string text = write_verdict(sample());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    auto back = parse_verdict(changed);
    EXPECT_TRUE(!back.ok() || write_verdict(*back) == changed) << i;
  }
}

TEST(Verdict, RefusesANewerOneAndForeignText) {
  EXPECT_THAT(parse_verdict("cairn: 2\n"), FailsWith(Code::unsupported, "format 2"));
  EXPECT_THAT(parse_verdict("hello\n"), FailsWith(Code::malformed, ""));
  EXPECT_THAT(parse_verdict(""), FailsWith(Code::malformed, ""));
}

}  // namespace
}  // namespace cairn::version
