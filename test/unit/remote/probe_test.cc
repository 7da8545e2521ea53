// SPDX-License-Identifier: Apache-2.0
#include "remote/probe.h"

#include <filesystem>
#include <functional>

#include "remote/remote.h"
#include "transport/dir.h"
#include "unit/remote/transfer_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A folder in which one kind of call fails.
class Broken : public transport::DirTransport {
 public:
  Broken(const std::string& folder, std::string what) : DirTransport(folder), what_(std::move(what)) {}

  [[nodiscard]] transport::Capabilities capabilities() const override {
    return {what_ != "cannot list", what_ != "cannot write"};
  }
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override {
    return what_ == "get" ? failure() : DirTransport::get(name, range, sink);
  }
  Status put_if_absent(const std::string& name, transport::Source& source) override {
    return what_ == "put" ? failure() : DirTransport::put_if_absent(name, source);
  }
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override {
    return what_ == "list" ? failure() : DirTransport::list(prefix);
  }
  Status remove(const std::string& name) override {
    return what_ == "remove" ? failure() : DirTransport::remove(name);
  }

 private:
  static Error failure() { return {Code::remote, "no permission"}; }
  std::string what_;
};

class ProbeTest : public test::TransferFixture {
 protected:
  ProbeReport probe(transport::Transport& transport) {
    auto report = remote::probe(transport, "origin", paths_, context());
    EXPECT_OK(report);
    return report.ok() ? std::move(*report) : ProbeReport();
  }
  static std::vector<std::string> names(const ProbeReport& report) {
    std::vector<std::string> out;
    for (const ProbeStep& step : report.steps) {
      out.push_back(step.name + (step.error ? "!" : ""));
    }
    return out;
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) {
        out.push_back(entry.path().lexically_relative(folder_));
      }
    }
    return out;
  }

  std::string folder_ = dir_ / "remote";
  store::StorePaths paths_{dir_ / "store"};
};

TEST_F(ProbeTest, TriesEverythingAndLeavesNothing) {
  transport::DirTransport dir(folder_);
  const ProbeReport report = probe(dir);
  EXPECT_THAT(names(report), ElementsAre("reach", "list", "write", "read", "remove"));
  EXPECT_EQ(report.failed(), nullptr);
  EXPECT_FALSE(report.used);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(ProbeTest, KnowsARemoteThatWasUsed) {
  ASSERT_OK(Remote::open(std::make_unique<transport::DirTransport>(folder_), "origin", paths_, Purpose::write,
                         log_));
  transport::DirTransport dir(folder_);
  EXPECT_TRUE(probe(dir).used);
}

TEST_F(ProbeTest, NamesTheStepThatFails) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"list", {"reach", "list!"}},
      {"put", {"reach", "list", "write!"}},
      {"remove", {"reach", "list", "write", "read", "remove!"}}};
  for (const auto& [what, steps] : cases) {
    Broken broken(folder_, what);
    const ProbeReport report = probe(broken);
    EXPECT_EQ(names(report), steps) << what;
    ASSERT_NE(report.failed(), nullptr) << what;
    EXPECT_EQ(report.failed()->error->message(), "no permission");
  }
  Broken broken(folder_, "get");
  EXPECT_THAT(names(probe(broken)), ElementsAre("reach!"));
}

TEST_F(ProbeTest, ReadsOnlyWhereNothingElseIsPossible) {
  ASSERT_OK(Remote::open(std::make_unique<transport::DirTransport>(folder_), "origin", paths_, Purpose::write,
                         log_));
  Broken read_only(folder_, "cannot write");
  const ProbeReport report = probe(read_only);
  EXPECT_THAT(names(report), ElementsAre("reach", "list"));
  EXPECT_FALSE(report.writable);
  EXPECT_FALSE(fs::exists(folder_ + "/probes"));
  Broken blind(folder_, "cannot list");
  EXPECT_THAT(names(probe(blind)), ElementsAre("reach", "write", "read", "remove"));
}

TEST_F(ProbeTest, APlaceThatIsGoneIsNotMadeAnew) {
  ASSERT_OK(Remote::open(std::make_unique<transport::DirTransport>(folder_), "origin", paths_, Purpose::write,
                         log_));
  fs::remove_all(folder_);
  transport::DirTransport dir(folder_);
  const ProbeReport report = probe(dir);
  ASSERT_NE(report.failed(), nullptr);
  EXPECT_THAT(Status(*report.failed()->error), FailsWith(Code::remote, "is gone"));
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(ProbeTest, WhatAProbeLeftIsInNobodysWay) {
  Broken broken(folder_, "remove");
  probe(broken);
  EXPECT_FALSE(files().empty());
  ASSERT_OK(Remote::open(std::make_unique<transport::DirTransport>(folder_), "origin", paths_, Purpose::write,
                         log_));
}

}  // namespace
}  // namespace cairn::remote
