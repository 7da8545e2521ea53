// SPDX-License-Identifier: Apache-2.0
#include "version/run_journal.h"

#include "support/matchers.h"
#include "support/temp_dir.h"
#include "unit/version/run_samples.h"

namespace cairn::version {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

EncodedRun run_with(std::string_view content, std::string_view cmd = "a", std::int64_t start = 1000) {
  RunRecord run = sample_run(content, cmd);
  run.start_ms = start;
  return encode_run(run, Reuse::yes);
}

class RunJournalTest : public ::testing::Test {
 protected:
  std::unique_ptr<RunJournal> open() {
    return RunJournal::open(folder()).value();  // ends the test program when it cannot be opened
  }
  void append(RunJournal& journal, const EncodedRun& run) { EXPECT_OK(journal.append(std::span(&run, 1))); }
  std::vector<store::Id> results(const RunJournal& journal, const EncodedRun& like) {
    std::vector<store::Id> ids;
    for (const RunPlace& place : journal.results(like.key)) {
      auto run = journal.read_encoded(place);
      EXPECT_OK(run);
      ids.push_back(run->id);
    }
    return ids;
  }
  [[nodiscard]] std::string folder() const { return dir_ / "runs"; }
  [[nodiscard]] std::string log() const { return folder() + "/log"; }

  test::TempDir dir_;
};

TEST_F(RunJournalTest, FindsWhatWasAppendedAfterReopening) {
  const EncodedRun a = run_with("1");
  auto first = open();
  append(*first, a);
  EXPECT_THAT(results(*first, a), ElementsAre(a.id));
  EXPECT_THAT(results(*open(), a), ElementsAre(a.id));
  EXPECT_THAT(results(*open(), run_with("1", "b")), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const RunRecord record, open()->read(open()->results(a.key).at(0)));
  EXPECT_EQ(record.block, sample_run("1", "a").block);
}

TEST_F(RunJournalTest, KeepsAllRunsButGivesEachDifferentResultOnceOldestFirst) {
  auto journal = open();
  std::vector<EncodedRun> runs = {run_with("1", "a", 1), run_with("2", "a", 2), run_with("1", "a", 3),
                                  run_with("2", "a", 4)};
  EXPECT_OK(journal->append(runs));
  EXPECT_THAT(results(*open(), runs[0]), ElementsAre(runs[0].id, runs[1].id));
  EXPECT_THAT(open()->runs_of("sub/cairn.yaml:train"), SizeIs(4));
  EXPECT_THAT(open()->runs_of("train"), IsEmpty());
}

TEST_F(RunJournalTest, ARunThatIsNotReusableIsNoResult) {
  const EncodedRun run = encode_run(sample_run("1"), Reuse::no);
  append(*open(), run);
  EXPECT_THAT(open()->results(run.key), IsEmpty());
  EXPECT_THAT(open()->all(), SizeIs(1));
}

TEST_F(RunJournalTest, FindsRunsByTheBeginningOfTheirId) {
  auto journal = open();
  const EncodedRun a = run_with("1");
  const EncodedRun b = run_with("2");
  append(*journal, a);
  append(*journal, b);
  EXPECT_THAT(journal->find(a.id.hex().substr(0, 12)), SizeIs(1));
  EXPECT_EQ(journal->find(b.id.hex()).at(0).head.id, b.id);
  EXPECT_THAT(journal->find(""), IsEmpty());
  EXPECT_THAT(journal->find("xyz"), IsEmpty());
  EXPECT_THAT(journal->find(a.id.hex() + "0"), IsEmpty());
}

TEST_F(RunJournalTest, AppendingWhatIsThereWritesNothing) {
  append(*open(), run_with("1"));
  const std::string before = read_text(log());
  append(*open(), run_with("1"));
  EXPECT_EQ(read_text(log()), before);
}

TEST_F(RunJournalTest, TwoWritersLoseNothingOfEachOther) {
  auto first = open();
  auto second = open();
  append(*first, run_with("1", "a"));
  append(*second, run_with("1", "a"));
  append(*second, run_with("2", "b"));
  append(*first, run_with("3", "c"));
  auto third = open();
  EXPECT_THAT(third->all(), SizeIs(3));
  EXPECT_OK(second->refresh());
  EXPECT_THAT(second->all(), SizeIs(3));
}

TEST_F(RunJournalTest, ATornRecordIsLeftOutAndWrittenOver) {
  const EncodedRun a = run_with("1", "a");
  const EncodedRun b = run_with("2", "b");
  append(*open(), a);
  const std::size_t whole = read_text(log()).size();
  append(*open(), b);
  const std::string both = read_text(log());
  for (std::size_t size = 0; size < both.size(); size += size + 8 < whole ? 7 : 1) {
    write_text(log(), both.substr(0, size));
    auto journal = open();
    EXPECT_EQ(journal->results(a.key).size(), size >= whole ? 1U : 0U) << size;
    EXPECT_THAT(journal->results(b.key), IsEmpty()) << size;
  }
  append(*open(), run_with("3", "c"));
  auto after = open();
  EXPECT_THAT(after->results(a.key), SizeIs(1));
  EXPECT_THAT(after->results(run_with("3", "c").key), SizeIs(1));
}

TEST_F(RunJournalTest, DamageHidesOnlyTheRecordThatItIsIn) {
  append(*open(), run_with("1", "a"));
  const std::size_t first = read_text(log()).size();
  append(*open(), run_with("2", "b"));
  std::string bad = read_text(log());
  bad[first - 20] = static_cast<char>(bad[first - 20] ^ 1);  // in the text of the first
  write_text(log(), bad);
  append(*open(), run_with("3", "c"));
  auto after = open();
  EXPECT_THAT(after->results(run_with("1", "a").key), IsEmpty());
  EXPECT_THAT(results(*after, run_with("2", "b")), SizeIs(1));
  EXPECT_THAT(results(*after, run_with("3", "c")), SizeIs(1));
}

TEST_F(RunJournalTest, AFlippedBitIsNeverReturnedAsARecord) {
  const EncodedRun a = run_with("1");
  append(*open(), a);
  const std::string good = read_text(log());
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    write_text(log(), bad);
    auto journal = RunJournal::open(folder());
    if (journal.ok() && (i < 12 || i >= kSegmentHeaderSize)) {  // bytes 12-15 mean nothing yet
      EXPECT_THAT((*journal)->all(), IsEmpty()) << i;
    }
  }
}

TEST_F(RunJournalTest, RefusesANewerVersionAndStartsAnewOverTheOldOne) {
  append(*open(), run_with("1"));
  const std::string text = read_text(log());
  std::string newer = text;
  newer[8] = 3;
  write_text(log(), newer);
  EXPECT_THAT(RunJournal::open(folder()), FailsWith(Code::unsupported, "knows up to 2"));
  std::string older = text;
  older[8] = 1;
  write_text(log(), older);
  EXPECT_THAT(open()->all(), IsEmpty());
  append(*open(), run_with("2"));
  EXPECT_THAT(open()->all(), SizeIs(1));
}

TEST_F(RunJournalTest, TrimKeepsTheNewestOfAStageAndTheEndsOfEachKey) {
  auto journal = open();
  std::vector<EncodedRun> runs;
  const std::string padding(2000, 'x');
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i);
    runs.push_back(run_with(number, "a " + padding, i));
  }
  const EncodedRun other = run_with("1", "b " + padding, 5000);
  runs.insert(runs.begin(), other);
  EXPECT_OK(journal->append(runs));
  const RunPlace before = journal->results(runs[1].key).at(0);
  auto reader = open();
  EXPECT_OK(journal->trim(10));
  EXPECT_THAT(journal->all(), SizeIs(12));  // ten, the oldest of "a", and that of "b"
  EXPECT_THAT(results(*journal, other), ElementsAre(other.id));
  EXPECT_EQ(results(*journal, runs[1]).front(), runs[1].id);
  EXPECT_EQ(results(*journal, runs[1]).back(), runs.back().id);
  // Who has the old file open reads on in it, and sees the new one once it looks again.
  EXPECT_OK(reader->read(before));
  append(*reader, run_with("new", "c"));
  EXPECT_THAT(reader->all(), SizeIs(13));
  EXPECT_THAT(open()->all(), SizeIs(13));
}

TEST_F(RunJournalTest, TrimLeavesASmallJournalAlone) {
  auto journal = open();
  for (int i = 0; i < 10; ++i) {
    append(*journal, run_with(std::to_string(i), "a", i));
  }
  EXPECT_OK(journal->trim(1));
  EXPECT_THAT(journal->all(), SizeIs(10));
}

TEST_F(RunJournalTest, ReadsRecordsLongerThanOneStep) {
  auto journal = open();
  const std::string big(5u << 20, 'y');
  append(*journal, run_with("1", "a " + big));
  append(*journal, run_with("2", "b"));
  auto again = open();
  EXPECT_THAT(again->all(), SizeIs(2));
  EXPECT_OK(again->read(again->all().at(0)));
}

}  // namespace
}  // namespace cairn::version
