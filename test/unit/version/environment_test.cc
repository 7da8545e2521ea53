// SPDX-License-Identifier: Apache-2.0
#include "version/environment.h"

#include <fmt/format.h>

#include "codec/hash.h"
#include "unit/version/fixture.h"

namespace cairn::version {
namespace {

using pipeline::EnvironmentSpec;
using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string hash_of(std::string_view content) {
  return codec::hash(as_bytes(content)).text();
}

class EnvironmentTest : public EnvironmentFixture {
 protected:
  static EnvironmentSpec files(std::vector<std::string> paths) {
    EnvironmentSpec spec;
    spec.files = std::move(paths);
    return spec;
  }
  static EnvironmentSpec tools(std::vector<std::string> commands) {
    EnvironmentSpec spec;
    spec.tools = std::move(commands);
    return spec;
  }
};

TEST_F(EnvironmentTest, IsCanonicalTextWithoutOrderOrDuplicates) {
  write("b.txt", "2\n");
  write("a.txt", "1\n");
  std::string wanted = fmt::format("cairn: 1\nfiles:\n- path: a.txt\n  hash: {}\n- path: b.txt\n  hash: {}\n",
                                   hash_of("1\n"), hash_of("2\n"));
  EXPECT_EQ(text_of(files({"b.txt", "a.txt", "b.txt"})), wanted);
  EXPECT_EQ(text_of(files({"a.txt", "b.txt"})), wanted);
  ASSERT_OK_AND_ASSIGN(auto captured, capture(files({"a.txt", "b.txt"})));
  EXPECT_EQ(captured.object.id, codec::hash(as_bytes(wanted)));
  EXPECT_EQ(captured.object.size, wanted.size());
  EXPECT_EQ(captured.object.family, store::Family::blob);
}

TEST_F(EnvironmentTest, AMissingFileIsPartOfTheRecord) {
  EXPECT_EQ(text_of(files({"none"})), "cairn: 1\nfiles:\n- path: none\n  missing: true\n");
  std::filesystem::create_directory(root_ / "folder");
  EXPECT_FALSE(capture(files({"folder"})).ok());
}

TEST_F(EnvironmentTest, KeepsWhatAToolPrintsOnBothStreams) {
  program("tool", "echo tool 1.2; echo more >&2");
  EXPECT_EQ(text_of(tools({"tool --version"})),
            "cairn: 1\ntools:\n- command: tool --version\n  output: |-\n    tool 1.2\n    more\n");
  program("tool", "echo 'no such option'; exit 3");
  EXPECT_THAT(text_of(tools({"tool"})), HasSubstr("status: 3\n  output: no such option\n"));
  EXPECT_THAT(text_of(tools({"no-such-tool -v"})), HasSubstr("command: no-such-tool -v\n  missing: true\n"));
}

TEST_F(EnvironmentTest, SplitsAToolsCommandAsAShellDoes) {
  program("tool", "for a; do echo \"[$a]\"; done");
  EXPECT_THAT(text_of(tools({R"(tool 'a b' "c \"d" e\ f $HOME '' x'y'"z")"})),
              HasSubstr("[a b]\n    [c \"d]\n    [e f]\n    [$HOME]\n    []\n    [xyz]\n"));
  EXPECT_THAT(capture(tools({"tool 'a"})), FailsWith(Code::malformed, "a ' without an end"));
  EXPECT_THAT(capture(tools({"  "})), FailsWith(Code::malformed, "empty"));
}

TEST_F(EnvironmentTest, KeepsTheFirstLinesOfALongOutput) {
  program("tool", "yes 0123456789 | head -n 1000");
  std::string line = "    0123456789\n";
  EXPECT_EQ(text_of(tools({"tool"})).size(),
            std::string("cairn: 1\ntools:\n- command: tool\n  output: |-\n").size() + 372 * line.size());
}

TEST_F(EnvironmentTest, ExecutesNoToolUnlessAllowed) {
  program("tool", "touch " + root_.path() + "/executed");
  ASSERT_OK_AND_ASSIGN(auto captured, capture(tools({"tool -b", "tool -a"}), Executing::no));
  EXPECT_THAT(captured.unchecked, ElementsAre("tools: tool -a", "tools: tool -b"));
  EXPECT_EQ(captured.text, "cairn: 1\n");
  EXPECT_FALSE(std::filesystem::exists(root_ / "executed"));
  EXPECT_TRUE(capture(tools({"tool -a"})).ok());
  EXPECT_TRUE(std::filesystem::exists(root_ / "executed"));
}

TEST_F(EnvironmentTest, WhatWasNotCheckedIsTakenFromTheKnownRecord) {
  program("tool", "echo 1.0");
  write("a", "x");
  EnvironmentSpec spec = tools({"tool"});
  spec.files = {"a"};
  spec.system = true;
  ASSERT_OK_AND_ASSIGN(auto whole, capture(spec));
  ASSERT_OK_AND_ASSIGN(auto part, capture(spec, Executing::no));
  EXPECT_NE(part.object, whole.object);
  CapturedEnvironment completed = complete_from(part, whole.record);
  EXPECT_EQ(completed.text, whole.text);
  EXPECT_EQ(completed.object, whole.object);
  EXPECT_THAT(completed.unchecked, ElementsAre("tools: tool"));
  write("a", "y");
  ASSERT_OK_AND_ASSIGN(part, capture(spec, Executing::no));
  EXPECT_NE(complete_from(part, whole.record).object, whole.object);
}

TEST_F(EnvironmentTest, AsksEachToolOnce) {
  program("tool", "echo asked >>" + root_.path() + "/log");
  EnvironmentCapture capture(root_.path(), Executing::yes, stop_);
  ASSERT_OK_AND_ASSIGN(auto first, capture.capture(tools({"tool"})));
  ASSERT_OK_AND_ASSIGN(auto second, capture.capture(tools({"tool"})));
  EXPECT_EQ(first, second);
  EXPECT_EQ(test::read_text(root_ / "log"), "asked\n");
  capture.forget();
  ASSERT_OK(capture.capture(tools({"tool"})));
  EXPECT_EQ(test::read_text(root_ / "log"), "asked\nasked\n");
}

TEST_F(EnvironmentTest, StopsAToolWhenToldTo) {
  program("tool", "sleep 1000");
  stop_ = true;
  EXPECT_THAT(capture(tools({"tool"})), FailsWith(Code::interrupted, "tool"));
}

TEST_F(EnvironmentTest, SystemIsRecordedOnlyWhereAskedFor) {
  EnvironmentSpec spec;
  EXPECT_EQ(text_of(spec), "cairn: 1\n");
  spec.system = true;
  std::string text = text_of(spec);
  EXPECT_THAT(text, HasSubstr("  kernel: "));
  EXPECT_THAT(text, HasSubstr("  cpus: "));
}

TEST_F(EnvironmentTest, RecordsAreReadBackAndNewerOnesRefused) {
  write("a", "x");
  ASSERT_OK_AND_ASSIGN(auto captured, capture(files({"a"})));
  ASSERT_OK_AND_ASSIGN(text::Value read, parse_environment(captured.text));
  EXPECT_EQ(to_captured(read).text, captured.text);
  EXPECT_THAT(parse_environment("cairn: 2\n"), FailsWith(Code::unsupported, "version 2"));
  EXPECT_THAT(parse_environment("a: 1\n"), FailsWith(Code::malformed, "cairn: 1"));
  EXPECT_THAT(parse_environment("- 1\n"), FailsWith(Code::malformed, "cairn: 1"));
}

}  // namespace
}  // namespace cairn::version
