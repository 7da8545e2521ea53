// SPDX-License-Identifier: Apache-2.0
#include "runner/output_tee.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "support/matchers.h"

namespace cairn::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void put(int fd, std::string_view text) {
  ASSERT_EQ(write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

/// What a sink was given; to be read only after the tee was closed.
class Collector : public OutputSink {
 public:
  std::string bytes;
  std::vector<std::string> lines;
  std::string last_unfinished;

  void raw(std::string_view part) override { bytes += part; }
  void line(std::string_view text) override { lines.emplace_back(text); }
  void unfinished(std::string_view text) override { last_unfinished = text; }
};

class OutputTeeTest : public ::testing::Test {
 protected:
  Result<OutputTee> open() { return OutputTee::open(sink_); }
  Collector sink_;
};

TEST_F(OutputTeeTest, HandsOnWholeLinesHoweverTheyWereWritten) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  put(output.fd(), "on");
  put(output.fd(), "e\ntwo\n\nth");
  put(output.fd(), "ree\n");
  output.close();
  EXPECT_THAT(sink_.lines, ElementsAre("one", "two", "", "three"));
  EXPECT_EQ(sink_.bytes, "one\ntwo\n\nthree\n");
}

TEST_F(OutputTeeTest, HandsOnALastLineWithoutNewline) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  put(output.fd(), "one\nlast");
  output.close();
  EXPECT_THAT(sink_.lines, ElementsAre("one", "last"));
  EXPECT_EQ(sink_.last_unfinished, "last");
  EXPECT_EQ(sink_.bytes, "one\nlast");
}

TEST_F(OutputTeeTest, HandsOnNothingWhenNothingWasWritten) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  output.close();
  output.close();
  EXPECT_THAT(sink_.lines, IsEmpty());
  EXPECT_EQ(sink_.bytes, "");
}

TEST_F(OutputTeeTest, LosesNothingOfMoreThanAPipeHolds) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  const std::string line(1000, 'x');
  for (int i = 0; i < 1000; ++i) {
    put(output.fd(), line + "\n");
  }
  output.close();
  ASSERT_EQ(sink_.lines.size(), 1000U);
  EXPECT_EQ(sink_.lines.back(), line);
  EXPECT_EQ(sink_.bytes.size(), 1001000U);
}

TEST_F(OutputTeeTest, DoesNotWaitForAWriterLeftInTheBackground) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  const os::Fd background(fcntl(output.fd(), F_DUPFD_CLOEXEC, 3));
  ASSERT_TRUE(background.valid());
  put(background.get(), "before\n");
  output.close();
  EXPECT_THAT(sink_.lines, ElementsAre("before"));
}

TEST_F(OutputTeeTest, CutsALineThatIsTooLong) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  const std::string text(2 * OutputTee::kMaxLine + 1, 'x');
  put(output.fd(), text + "\nshort\n");
  output.close();
  EXPECT_THAT(sink_.lines, ElementsAre(std::string(OutputTee::kMaxLine, 'x'),
                                       std::string(OutputTee::kMaxLine, 'x'), "x", "short"));
  EXPECT_EQ(sink_.bytes, text + "\nshort\n");
}

TEST_F(OutputTeeTest, ALineOfTheGreatestLengthIsOneLine) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  const std::string text(OutputTee::kMaxLine, 'x');
  put(output.fd(), text);
  put(output.fd(), "\nnext\n");
  output.close();
  EXPECT_THAT(sink_.lines, ElementsAre(text, "next"));
}

TEST_F(OutputTeeTest, OfAnOverwrittenLineOnlyTheLastStateCounts) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  put(output.fd(), " 1%\r 50%\r100%\nwindows\r\n 3%");
  put(output.fd(), "\r 7%\r");
  output.close();
  EXPECT_THAT(sink_.lines, ElementsAre("100%", "windows", " 7%"));
  EXPECT_EQ(sink_.last_unfinished, " 7%");
  EXPECT_EQ(sink_.bytes, " 1%\r 50%\r100%\nwindows\r\n 3%\r 7%\r");
}

TEST_F(OutputTeeTest, AnEndlesslyOverwrittenLineIsNeverCut) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  for (int i = 0; i < 10000; ++i) {
    put(output.fd(), "\rstep " + std::to_string(10000 + i));
  }
  put(output.fd(), "\n");
  output.close();
  EXPECT_THAT(sink_.lines, ElementsAre("step 19999"));
}

TEST_F(OutputTeeTest, HandsOnBinaryOutputUnchanged) {
  ASSERT_OK_AND_ASSIGN(OutputTee output, open());
  const std::string bytes("\0\xff\x1b[2J\n\x80\0", 9);
  put(output.fd(), bytes);
  output.close();
  EXPECT_EQ(sink_.bytes, bytes);
  EXPECT_THAT(sink_.lines, ElementsAre(std::string("\0\xff\x1b[2J", 6), std::string("\x80\0", 2)));
}

}  // namespace
}  // namespace cairn::runner
