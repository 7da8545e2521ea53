// SPDX-License-Identifier: Apache-2.0
#include "version/run_record.h"

#include "support/matchers.h"
#include "unit/version/run_samples.h"

namespace cairn::version {
namespace {

using test::FailsWith;
using ::testing::HasSubstr;
using ::testing::Not;

RunRecord full_run() {
  RunRecord run = sample_run("1");
  run.status = RunStatus::failed;
  run.exit_status = 137;
  run.signal = 9;
  run.attempts = 3;
  run.failure = "was killed: \"no memory\"";
  run.commit = "0123456789012345678901234567890123456789";
  run.dirty = true;
  run.system = text::Value::map();
  run.system.set("os", text::Value::string("Debian 12"));
  run.log = RunLog{{store::Family::blob, codec::hash(as_bytes("log")), 3}, 1000};
  run.host = "node7";
  run.user = "ada";
  run.conditions = {"C.UTF-8", "Asia/Tokyo", 4, {{"OMP_NUM_THREADS", "2"}}, "/home/ada/project"};
  return run;
}

TEST(RunRecord, ReadsBackWhatItWrote) {
  const RunRecord run = full_run();
  const EncodedRun encoded = encode_run(run, Reuse::no);
  ASSERT_OK_AND_ASSIGN(const RunRecord back, parse_run(encoded.text + encoded.private_text));
  EXPECT_EQ(back.stage, run.stage);
  EXPECT_EQ(back.status, run.status);
  EXPECT_EQ(back.exit_status, 137);
  EXPECT_EQ(back.signal, 9);
  EXPECT_EQ(back.attempts, 3U);
  EXPECT_EQ(back.failure, run.failure);
  EXPECT_EQ(back.key, run.key);
  EXPECT_EQ(back.block, run.block);
  EXPECT_EQ(back.start_ms, run.start_ms);
  EXPECT_EQ(back.usage, run.usage);
  EXPECT_EQ(back.cairn, "1.2.3");
  EXPECT_EQ(back.commit, run.commit);
  EXPECT_TRUE(back.dirty);
  EXPECT_EQ(back.system, run.system);
  EXPECT_EQ(back.log, run.log);
  EXPECT_EQ(back.conditions, run.conditions);
  EXPECT_THAT(encoded.text, Not(HasSubstr("/home/ada")));
  EXPECT_EQ(back.host, "node7");
  EXPECT_EQ(back.user, "ada");
  EXPECT_EQ(encode_run(back, Reuse::no).id, encoded.id);
}

TEST(RunRecord, IdIsThatOfThePublicTextAlone) {
  RunRecord run = full_run();
  const EncodedRun with = encode_run(run, Reuse::no);
  run.host.clear();
  run.user.clear();
  run.conditions.folder.clear();
  const EncodedRun without = encode_run(run, Reuse::no);
  EXPECT_EQ(with.id, without.id);
  EXPECT_EQ(with.id, codec::hash(as_bytes(with.text)));
  EXPECT_THAT(with.text, Not(HasSubstr("node7")));
  EXPECT_EQ(without.private_text, "");
}

TEST(RunRecord, PathsAreRelativeToTheFolderOfTheStage) {
  const EncodedRun encoded = encode_run(sample_run("1"), Reuse::yes);
  EXPECT_THAT(encoded.text, Not(HasSubstr("sub/out.txt")));
  ASSERT_OK_AND_ASSIGN(const RunRecord moved, parse_run(encoded.text, "other/place"));
  EXPECT_EQ(moved.block.outs.at(0).path, "other/place/out.txt");
}

TEST(RunRecord, ResultIsWhatTheOutsHoldAndNotWhatTheStageIsCalled) {
  RunRecord renamed = sample_run("1");
  renamed.block.name = "other";
  renamed.stage = "other/cairn.yaml:other";
  renamed.block.outs[0].path = "other/out.txt";
  renamed.block.outs[0].kind = pipeline::OutKind::metric;
  const EncodedRun first = encode_run(sample_run("1"), Reuse::yes);
  EXPECT_EQ(encode_run(renamed, Reuse::yes).result, first.result);
  EXPECT_NE(encode_run(sample_run("2"), Reuse::yes).result, first.result);
}

TEST(RunRecord, RefusesWhatItWouldNotWrite) {
  const std::string good = encode_run(full_run(), Reuse::no).text;
  const auto with = [&good](std::string_view from, std::string_view to) {
    std::string bad = good;
    const std::size_t at = bad.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return bad.replace(at, from.size(), to);
  };
  EXPECT_THAT(parse_run(with("status: failed", "status: odd")),
              FailsWith(Code::malformed, "unknown status 'odd'"));
  EXPECT_THAT(parse_run(with("exit: 137", "exit: 256")),
              FailsWith(Code::malformed, "'exit' is out of range"));
  EXPECT_THAT(parse_run(with("exit: 137", "exit: \"1\"")),
              FailsWith(Code::malformed, "'exit' must be an integer"));
  EXPECT_THAT(parse_run(with("attempts:", "tries:")), FailsWith(Code::malformed, "unknown key 'tries'"));
  EXPECT_THAT(parse_run(with("attempts:", "tries:")), FailsWith(Code::malformed, "lacks 'attempts'"));
  EXPECT_THAT(parse_run(with("2025-", "2025x")), FailsWith(Code::malformed, "'start' is no time"));
  EXPECT_THAT(parse_run(with("key: b3:", "key: b2:")), FailsWith(Code::malformed, "'key' is no hash"));
  EXPECT_THAT(parse_run(with("    outs:", "    ends:")), FailsWith(Code::malformed, "unknown key 'ends'"));
  EXPECT_THAT(parse_run(with("cairn: 1\nstage", "cairn: 2\nstage")), FailsWith(Code::unsupported, "newer"));
  EXPECT_THAT(parse_run("stage: x\n"), FailsWith(Code::malformed, "no line 'cairn: 1'"));
}

TEST(RunRecord, CheckFindsEachLie) {
  const EncodedRun good = encode_run(sample_run("1"), Reuse::yes);
  EXPECT_OK(check_run(good));
  EncodedRun bad = good;
  bad.text.replace(bad.text.find("exit: 0"), 7, "exit: 1");
  EXPECT_THAT(check_run(bad), FailsWith(Code::malformed, "does not have its id"));
  bad.id = codec::hash(as_bytes(bad.text));
  EXPECT_OK(check_run(bad));  // another record, and a sound one

  RunRecord wrong_key = sample_run("1");
  wrong_key.key = codec::hash(as_bytes("another"));
  EXPECT_THAT(check_run(encode_run(wrong_key, Reuse::yes)), FailsWith(Code::malformed, "contradicts itself"));
  EncodedRun wrong_stage = good;
  ++wrong_stage.stage;
  EXPECT_THAT(check_run(wrong_stage), FailsWith(Code::malformed, "contradicts itself"));
  EncodedRun wrong_result = good;
  ++wrong_result.result;
  EXPECT_THAT(check_run(wrong_result), FailsWith(Code::malformed, "contradicts itself"));
  RunRecord failed = sample_run("1");
  failed.status = RunStatus::failed;
  EXPECT_THAT(check_run(encode_run(failed, Reuse::yes)), FailsWith(Code::malformed, "contradicts itself"));
}

TEST(RunRecord, WritesTimesInUtc) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(utc_text(1'764'000'000'123), "2025-11-24T16:00:00.123Z");
}

}  // namespace
}  // namespace cairn::version
