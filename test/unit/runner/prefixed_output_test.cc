// SPDX-License-Identifier: Apache-2.0
#include "runner/prefixed_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "support/matchers.h"

namespace cairn::runner {
namespace {

using ::testing::ElementsAre;

void put(int fd, std::string_view text) {
  ASSERT_EQ(write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

class PrefixedOutputTest : public ::testing::Test {
 protected:
  Result<PrefixedOutput> open() {
    return PrefixedOutput::open([this](std::string_view line) { lines_.emplace_back(line); });
  }
  std::vector<std::string> lines_;  // read only after close()
};

TEST_F(PrefixedOutputTest, HandsOnWholeLinesHoweverTheyWereWritten) {
  ASSERT_OK_AND_ASSIGN(PrefixedOutput output, open());
  put(output.fd(), "on");
  put(output.fd(), "e\ntwo\n\nth");
  put(output.fd(), "ree\n");
  output.close();
  EXPECT_THAT(lines_, ElementsAre("one", "two", "", "three"));
}

TEST_F(PrefixedOutputTest, HandsOnALastLineWithoutNewline) {
  ASSERT_OK_AND_ASSIGN(PrefixedOutput output, open());
  put(output.fd(), "one\nlast");
  output.close();
  EXPECT_THAT(lines_, ElementsAre("one", "last"));
}

TEST_F(PrefixedOutputTest, HandsOnNothingWhenNothingWasWritten) {
  ASSERT_OK_AND_ASSIGN(PrefixedOutput output, open());
  output.close();
  output.close();
  EXPECT_THAT(lines_, ElementsAre());
}

TEST_F(PrefixedOutputTest, LosesNothingOfMoreThanAPipeHolds) {
  ASSERT_OK_AND_ASSIGN(PrefixedOutput output, open());
  const std::string line(1000, 'x');
  for (int i = 0; i < 1000; ++i) {
    put(output.fd(), line + "\n");
  }
  output.close();
  ASSERT_EQ(lines_.size(), 1000U);
  EXPECT_EQ(lines_.back(), line);
}

TEST_F(PrefixedOutputTest, DoesNotWaitForAWriterLeftInTheBackground) {
  ASSERT_OK_AND_ASSIGN(PrefixedOutput output, open());
  const os::Fd background(fcntl(output.fd(), F_DUPFD_CLOEXEC, 3));
  ASSERT_TRUE(background.valid());
  put(background.get(), "before\n");
  output.close();
  EXPECT_THAT(lines_, ElementsAre("before"));
}

}  // namespace
}  // namespace cairn::runner
