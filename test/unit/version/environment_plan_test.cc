// SPDX-License-Identifier: Apache-2.0
#include "version/environment_plan.h"

#include <set>

#include "text/yaml.h"
#include "unit/version/fixture.h"
#include "version/programs.h"

namespace cairn::version {
namespace {

using pipeline::EnvironmentSpec;
using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Plans for the project /p on a machine with some programs in /bin.
class EnvironmentPlanTest : public ::testing::Test {
 protected:
  Result<EnvironmentPlan> plan(std::string_view kind) {
    PlanOptions options{"/p",
                        [this](const std::string& name) {
                          return programs_.contains(name) ? std::optional("/bin/" + name) : std::nullopt;
                        },
                        record_.is(text::Kind::null) ? nullptr : &record_, "/s/packages.txt", image_is_here_};
    return plan_environment(kind, spec_, options);
  }
  /// Command lines, one string each.
  std::vector<std::string> lines(std::string_view kind) {
    auto made = plan(kind);
    EXPECT_OK(made);
    std::vector<std::string> out;
    for (const BuildCommand& command : made.ok() ? made->commands : std::vector<BuildCommand>()) {
      out.push_back(joined(command.argv));
    }
    return out;
  }
  static std::string joined(const std::vector<std::string>& argv) {
    std::string line;
    for (const std::string& word : argv) {
      line += (line.empty() ? "" : " ") + word;
    }
    return line;
  }
  void record(std::string_view yaml) {
    auto parsed = text::parse_yaml(yaml, "record");
    ASSERT_OK(parsed);
    record_ = std::move(*parsed);
  }

  EnvironmentSpec spec_;
  std::set<std::string> programs_;
  text::Value record_;
  bool image_is_here_ = false;
};

constexpr const char* kPip = "/p/.venv/bin/python -I -m pip install --no-input --disable-pip-version-check";

TEST_F(EnvironmentPlanTest, AVirtualEnvironmentGetsTheRecordedVersions) {
  spec_.python = {".venv", true, {"poetry.lock", "requirements.txt", "dev.txt"}};
  programs_ = {"python3.11", "python3"};
  record("python: {version: 3.11.7, packages: {numpy: 1.26.4}}");
  ASSERT_OK_AND_ASSIGN(EnvironmentPlan made, plan("python"));
  EXPECT_EQ(made.makes, ".venv");
  EXPECT_THAT(made.notes, IsEmpty());
  const std::string files = std::string(kPip) + " -r /p/requirements.txt -r /p/dev.txt";
  EXPECT_THAT(lines("python"),
              ElementsAre("/bin/python3.11 -I -m venv /p/.venv", files + " -c /s/packages.txt",
                          std::string(kPip) + " --no-deps -r /s/packages.txt"));
  EXPECT_EQ(joined(made.commands[1].otherwise), files);
  EXPECT_THAT(made.commands[1].if_failed, HasSubstr("recorded versions cannot be installed"));
  EXPECT_THAT(made.commands[2].if_failed, HasSubstr("not all recorded packages"));
}

TEST_F(EnvironmentPlanTest, AnotherInterpreterIsTold) {
  spec_.python = {".venv", true, {"requirements.txt"}};
  programs_ = {"python3"};
  record("python: {version: 3.9.1, packages: {numpy: 1.26.4}}");
  ASSERT_OK_AND_ASSIGN(EnvironmentPlan made, plan("python"));
  EXPECT_THAT(made.notes, ElementsAre("python3.9 is not in PATH: made with python3"));
  programs_.clear();
  EXPECT_THAT(plan("python"), FailsWith(Code::not_found, "python3.9 or python3 or python"));
}

TEST_F(EnvironmentPlanTest, WithoutARecordTheFilesDecide) {
  spec_.python = {".venv", true, {"requirements.txt"}};
  programs_ = {"python3"};
  EXPECT_THAT(lines("python"),
              ElementsAre("/bin/python3 -I -m venv /p/.venv", std::string(kPip) + " -r /p/requirements.txt"));
  spec_.python->files = {"poetry.lock"};
  EXPECT_THAT(plan("python"), FailsWith(Code::unsupported, "nothing says what is installed"));
  record("python: {packages: {numpy: 1.26.4}}");
  EXPECT_THAT(lines("python"), ElementsAre("/bin/python3 -I -m venv /p/.venv",
                                           std::string(kPip) + " --no-deps -r /s/packages.txt"));
}

TEST_F(EnvironmentPlanTest, AnInterpreterOfTheMachineIsLeftAlone) {
  spec_.python = {"python3", false, {"requirements.txt"}};
  programs_ = {"python3"};
  EXPECT_THAT(plan("python"), FailsWith(Code::unsupported, "belong to this machine"));
}

TEST_F(EnvironmentPlanTest, RecordedPackagesAreThoseOfAnIndex) {
  record(
      "python: {packages: {numpy: 1.26.4, torch: 2.1.0+cu118, mine: 0.1 (editable), other: 1.0 (git 0a1b), "
      "two: '1.0, 2.0', none: ''}}");
  EXPECT_EQ(recorded_packages(record_), "numpy==1.26.4\ntorch==2.1.0+cu118\n");
  record("node: {}");
  EXPECT_EQ(recorded_packages(record_), "");
}

TEST_F(EnvironmentPlanTest, CondaMakesAPrefix) {
  spec_.conda = {"lock.txt", "", "env"};
  programs_ = {"conda", "mamba"};
  EXPECT_THAT(lines("conda"), ElementsAre("/bin/conda create --yes -p /p/env --file /p/lock.txt"));
  spec_.conda->file = "environment.yml";
  EXPECT_THAT(lines("conda"), ElementsAre("/bin/conda env create -p /p/env -f /p/environment.yml"));
  programs_ = {"micromamba"};
  EXPECT_THAT(lines("conda"),
              ElementsAre("/bin/micromamba create --yes -p /p/env --file /p/environment.yml"));
  spec_.conda->file = "conda-lock.yml";
  EXPECT_THAT(plan("conda"), FailsWith(Code::not_found, "conda-lock"));
  programs_ = {"conda-lock"};
  EXPECT_THAT(lines("conda"), ElementsAre("/bin/conda-lock install --prefix /p/env /p/conda-lock.yml"));
}

TEST_F(EnvironmentPlanTest, CondaByNameIsLeftAlone) {
  spec_.conda = {"environment.yml", "lab", ""};
  programs_ = {"conda"};
  EXPECT_THAT(plan("conda"), FailsWith(Code::unsupported, "'lab' is used by name"));
  EXPECT_EQ(plan("conda").error().hint(), "conda env create -n lab -f environment.yml");
  spec_.conda = {"", "", "env"};
  EXPECT_THAT(plan("conda"), FailsWith(Code::unsupported, "no file says"));
}

TEST_F(EnvironmentPlanTest, UvAndNodeGoByTheirLocks) {
  spec_.uv = "sub";
  spec_.node = "web/package-lock.json";
  EXPECT_THAT(plan("uv"), FailsWith(Code::not_found, "cannot find uv"));
  programs_ = {"uv", "npm"};
  EXPECT_THAT(lines("uv"), ElementsAre("/bin/uv sync --frozen --project /p/sub"));
  ASSERT_OK_AND_ASSIGN(EnvironmentPlan made, plan("node"));
  EXPECT_EQ(made.makes, "web/node_modules");
  EXPECT_EQ(made.commands.front().folder, "web");
  EXPECT_THAT(lines("node"), ElementsAre("/bin/npm ci"));
  spec_.uv = "";
  EXPECT_THAT(lines("uv"), ElementsAre("/bin/uv sync --frozen --project /p"));
  spec_.node = "web/yarn.lock";
  EXPECT_THAT(plan("node"), FailsWith(Code::unsupported, "'web/yarn.lock'"));
}

TEST_F(EnvironmentPlanTest, AnImageIsPulledByDigest) {
  const std::string pinned = std::string("python@") + kDigest;
  spec_.image = {std::string("python:3.11@") + kDigest, "podman"};
  programs_ = {"docker"};
  EXPECT_THAT(plan("image"), FailsWith(Code::not_found, "cannot find podman"));
  programs_ = {"podman"};
  EXPECT_THAT(lines("image"), ElementsAre("/bin/podman pull " + pinned));
  spec_.image = {"python:3.11", ""};
  EXPECT_THAT(plan("image"), FailsWith(Code::unsupported, "no registry has"));
  record(std::string("image: {name: 'python:3.11', digest: '") + kDigest + "'}");
  EXPECT_THAT(lines("image"),
              ElementsAre("/bin/podman pull " + pinned, "/bin/podman tag " + pinned + " python:3.11"));
  image_is_here_ = true;
  EXPECT_THAT(plan("image"), FailsWith(Code::unsupported, "another image on this machine"));
  EXPECT_EQ(plan("image").error().hint(),
            "podman pull " + pinned + " && podman tag " + pinned + " python:3.11");
}

TEST_F(EnvironmentPlanTest, OtherKindsCannotBeMade) {
  spec_.tools = {"gcc --version"};
  EXPECT_THAT(plan("tools"), FailsWith(Code::unsupported, "'tools'"));
}

class ProgramOutside : public EnvironmentFixture {};

TEST_F(ProgramOutside, PassesOverThoseOfTheProject) {
  write_script(root_ / ".venv/bin/python3", "");
  program("python3", "");
  set_variable("PATH", root_ / ".venv/bin" + ":" + programs_ / "bin");
  EXPECT_EQ(find_program_outside("python3", {root_.path()}), programs_ / "bin/python3");
  EXPECT_EQ(find_program_outside("python3", {"/elsewhere", programs_.path()}), root_ / ".venv/bin/python3");
  EXPECT_EQ(find_program_outside("python3", {root_.path(), programs_.path()}), std::nullopt);
  EXPECT_EQ(find_program_outside("no-such-program", {}), std::nullopt);
}

}  // namespace
}  // namespace cairn::version
