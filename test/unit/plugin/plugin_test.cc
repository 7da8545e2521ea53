// SPDX-License-Identifier: Apache-2.0
#include "plugin/plugin.h"

#include <csignal>
#include <filesystem>

#include "support/source_tree.h"
#include "support/temp_dir.h"
#include "support/transport_suite.h"

namespace cairn::test {
namespace {

namespace fs = std::filesystem;
using plugin::PluginTransport;
using transport::BytesSource;

Result<std::unique_ptr<PluginTransport>> open(const std::string& words,
                                              std::chrono::milliseconds stall_limit = std::chrono::minutes(2),
                                              const std::atomic<bool>* stop = nullptr) {
  return PluginTransport::open({"origin", "exec:" + words, {}, "/", stop}, stall_limit);
}

std::unique_ptr<PluginTransport> opened(const std::string& words) {
  auto transport = open(words);
  EXPECT_OK(transport);
  return transport.ok() ? std::move(*transport) : nullptr;
}

std::string example(const std::string& folder) {
  return "python3 " + source_path("test/unit/plugin/folder_plugin.py") + " " + folder;
}

/// A plug-in that answers as it is told: lines for printf, for any request at all.
Result<std::unique_ptr<PluginTransport>> open_saying(const std::string& folder, const std::string& answers,
                                                     const std::string& then = "cat >/dev/null") {
  write_text(folder + "/plugin.sh",
             "read line\nprintf 'OK\\n'\nread line\nprintf '" + answers + "'\n" + then + "\n");
  return open("sh " + folder + "/plugin.sh");
}

class PluginPlace : public TransportPlace {
 public:
  std::unique_ptr<transport::Transport> open() override { return opened(example(dir_ / "remote")); }
  void fill(const std::string& prefix, int count) override {
    for (int i = 0; i < count; ++i) {
      write_text(dir_ / ("remote/" + prefix + std::to_string(i)), "");
    }
  }

 private:
  TempDir dir_;
};

INSTANTIATE_TEST_SUITE_P(Backend, TransportSuite,
                         ::testing::Values(TransportCase{"exec",
                                                         [] { return std::make_unique<PluginPlace>(); }}),
                         transport_case_name);

TEST(Plugin, SplitsItsAddressIntoWords) {
  EXPECT_EQ(opened("tape-remote  --pool my%20prices")->describe(), "exec:tape-remote --pool my%20prices");
  EXPECT_THAT(open(""), FailsWith(Code::usage, "names no program"));
  EXPECT_THAT(open("  "), FailsWith(Code::usage, "names no program"));
  EXPECT_THAT(open("x %2"), FailsWith(Code::usage, "two hex digits"));
  EXPECT_THAT(open("x%00"), FailsWith(Code::usage, ""));
}

TEST(Plugin, TellsOfAMissingProgram) {
  EXPECT_THAT(opened("no-such-plugin")->list(""), FailsWith(Code::remote, "no-such-plugin"));
}

class PluginAnswers : public ::testing::Test {
 protected:
  Status get(const std::string& answers, std::optional<transport::Range> range = std::nullopt) {
    auto transport = open_saying(dir_.path(), answers);
    EXPECT_OK(transport);
    return (*transport)->get("a", range, [this](Bytes piece) {
      got_ += as_text(piece);
      return Status();
    });
  }
  TempDir dir_;
  std::string got_;
};

TEST_F(PluginAnswers, AreReadInParts) {
  EXPECT_OK(get("DATA 2\\nabDATA 0\\nDATA 3\\ncdeOK\\n"));
  EXPECT_EQ(got_, "abcde");
}

TEST_F(PluginAnswers, MayBeErrors) {
  EXPECT_THAT(get("ERROR the tape is \\033[1mbroken\\n"),
              FailsWith(Code::remote, "the plug-in says: the tape is \\x1b[1mbroken"));
  EXPECT_THAT(get("DATA 1\\naERROR broken\\n"), FailsWith(Code::remote, "broken"));
}

TEST_F(PluginAnswers, ThatAreNotOfTheProtocolAreRefused) {
  for (const char* answers :
       {"HELLO\\n", "\\n", "DATA\\n", "DATA x\\n", "DATA -1\\n", "DATA 1 2\\n", "DATA 1048577\\n",
        "DATA 1\\naMISSING\\n", "OK 1\\n", "DATA 99999999999999999999\\n"}) {
    EXPECT_THAT(get(answers), FailsWith(Code::remote, "exec:")) << answers;
  }
}

TEST_F(PluginAnswers, HaveTheLengthThatWasAskedFor) {
  EXPECT_OK(get("DATA 2\\nabOK\\n", transport::Range{0, 2}));
  EXPECT_THAT(get("DATA 3\\nabcOK\\n", transport::Range{0, 2}), FailsWith(Code::remote, "too much"));
  EXPECT_THAT(get("DATA 1\\naOK\\n", transport::Range{0, 2}), FailsWith(Code::remote, "too little"));
}

TEST_F(PluginAnswers, ThatEndEarlyAreErrorsWithTheLastWords) {
  auto transport = open_saying(dir_.path(), "DATA 5\\nab", "echo 'out of tape' >&2");
  ASSERT_OK(transport);
  EXPECT_THAT((*transport)->get("a", std::nullopt, [](Bytes) { return Status(); }),
              FailsWith(Code::remote, "ended in the middle: out of tape"));
}

TEST_F(PluginAnswers, WithoutLineEndsAreGivenUp) {
  auto transport = open_saying(dir_.path(), "", "yes | tr -d '\\n'");
  ASSERT_OK(transport);
  EXPECT_THAT((*transport)->list(""), FailsWith(Code::remote, "a line without end"));
}

TEST_F(PluginAnswers, WithNamesThatNoObjectHasAreLeftOutOfAList) {
  auto transport =
      open_saying(dir_.path(), "OBJECT 1 ../evil\\nOBJECT 2 a\\nOBJECT 3 /b\\nOBJECT 4 .git/x\\nOK\\n");
  ASSERT_OK(transport);
  // printf would take %2F for a format.
  ASSERT_OK_AND_ASSIGN(const auto objects, (*transport)->list(""));
  EXPECT_THAT(objects, ::testing::ElementsAre(transport::ObjectInfo{"a", 2}));
}

TEST(Plugin, RefusesAnotherGreeting) {
  TempDir dir;
  write_text(dir / "plugin.sh", "read line; echo 'ERROR only version 2'; cat >/dev/null");
  EXPECT_THAT(opened("sh " + (dir / "plugin.sh"))->list(""), FailsWith(Code::remote, "only version 2"));
  write_text(dir / "plugin.sh", "echo HELLO; cat >/dev/null");
  EXPECT_THAT(opened("sh " + (dir / "plugin.sh"))->list(""), FailsWith(Code::remote, "'HELLO'"));
}

TEST(Plugin, IsEndedWhenItStalls) {
  TempDir dir;
  write_text(dir / "plugin.sh", "read line; echo OK; echo $$ >'" + (dir / "id") + "'; exec sleep 1000");
  auto transport = open("sh " + (dir / "plugin.sh"), std::chrono::milliseconds(500));
  ASSERT_OK(transport);
  EXPECT_THAT((*transport)->list(""), FailsWith(Code::remote, "did nothing"));
  // Its stdin is full: nothing is taken from us either.
  std::string large(8u << 20, 'x');
  BytesSource source(as_bytes(large));
  EXPECT_THAT((*transport)->put_replace("a", as_bytes(large)), FailsWith(Code::remote, "did nothing"));
  EXPECT_EQ(::kill(std::stoi(read_text(dir / "id")), 0), -1);
}

TEST(Plugin, IsEndedSoonAfterAStop) {
  TempDir dir;
  const std::atomic<bool> stop{true};
  write_text(dir / "plugin.sh", "read line; echo OK; exec sleep 1000");
  auto transport = open("sh " + (dir / "plugin.sh"), std::chrono::minutes(2), &stop);
  ASSERT_OK(transport);
  EXPECT_THAT((*transport)->list(""), FailsWith(Code::interrupted, ""));
}

TEST(Plugin, LeavesNothingOfAnObjectThatIsNotWhole) {
  TempDir dir;
  const std::string script = source_path("test/unit/plugin/folder_plugin.py");
  // As cairn would, were it killed.
  const std::string command = "{ echo 'CAIRN 1'; echo 'PUT packs/a 10'; printf 12345; } | python3 '" +
                              script + "' '" + (dir / "remote") + "' >/dev/null";
  EXPECT_NE(std::system(command.c_str()), 0);
  EXPECT_TRUE(fs::is_empty(dir / "remote/tmp"));
  EXPECT_FALSE(fs::exists(dir / "remote/packs"));
}

}  // namespace
}  // namespace cairn::test
