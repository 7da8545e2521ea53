// SPDX-License-Identifier: Apache-2.0
#include "ops/environment_build.h"

#include <cstdlib>
#include <filesystem>

#include "ops/pipelines.h"
#include "support/matchers.h"
#include "text/yaml.h"
#include "unit/project/project_fixture.h"
#include "version/environment.h"

namespace cairn::ops {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// The fixture's workspace is the work tree; another project is the original. Programs are stand-ins that
/// write down how they are called, where a test does not say otherwise.
class EnvironmentBuildTest : public test::ProjectFixture {
 protected:
  void SetUp() override {
    ProjectFixture::SetUp();
    original_root_ = outer() + "/original";
    run("git init -q '" + original_root_ + "'");
    ASSERT_OK(project::init_project(original_root_, project::WithGit::required));
    ASSERT_OK_AND_ASSIGN(original_, project::Workspace::open(original_root_));
    path_before_ = std::getenv("PATH");
    ::setenv("PATH", (outer() + "/programs:/usr/bin:/bin").c_str(), 1);
  }
  void TearDown() override { ::setenv("PATH", path_before_.c_str(), 1); }

  static void run(const std::string& command) {
    ASSERT_EQ(std::system(command.c_str()), 0) << command;  // NOLINT(cert-env33-c): commands of the test
  }
  /// A program in PATH: notes its arguments in `calls`, then does `body`.
  void stand_in(const std::string& name, const std::string& body) {
    const std::string path = outer() + "/programs/" + name;
    test::write_text(path, "#!/bin/sh\necho \"" + name + " $*\" >>'" + outer() + "/calls'\n" + body + "\n");
    std::filesystem::permissions(path, std::filesystem::perms(0755));
  }
  [[nodiscard]] std::string calls() const {
    const std::string path = outer() + "/calls";
    return std::filesystem::exists(path) ? test::read_text(path) : "";
  }

  /// A stage 's' with that environment.
  void stage(const std::string& environment) {
    write("cairn.yaml", "stages:\n  s:\n    cmd: x\n    outs: [o]\n    environment: " + environment + "\n");
    ASSERT_OK_AND_ASSIGN(graph_, load_graph(workspace()));
  }
  /// The lock names this record for the stage.
  void recorded(text::Value record) {
    const version::CapturedEnvironment captured = version::to_captured(std::move(record));
    const Context with = context();
    ASSERT_OK_AND_ASSIGN(store::Writer writer, workspace().open_writer(with));
    ASSERT_OK(version::store_environment(writer, captured));
    ASSERT_OK(writer.commit());
    ASSERT_OK_AND_ASSIGN(Locks locks, Locks::load(workspace(), graph_));
    pipeline::StageLock block;
    block.name = "s";
    block.cmd = "x";
    block.shell = graph_.stage(0).shell;
    block.environment = captured.object;
    locks.put(graph_.stage(0), std::move(block));
    ASSERT_OK(locks.save(workspace()));
  }
  void recorded_text(const std::string& yaml) {
    ASSERT_OK_AND_ASSIGN(text::Value record, text::parse_yaml(yaml, "record"));
    recorded(std::move(record));
  }
  /// What stands in a project now is the record.
  void recorded_from(const std::string& root) {
    version::EnvironmentCapture capture(root, version::Executing::yes, stop);
    ASSERT_OK_AND_ASSIGN(auto captured, capture.capture(*graph_.stage(0).environment));
    recorded(captured->record);
  }
  EnvironmentBuild build() {
    Context with = context();
    auto built = build_environments(workspace(), *original_, graph_, {0}, with);
    EXPECT_OK(built);
    EXPECT_EQ(built.ok() ? built->size() : 0, 1U);
    return built.ok() && built->size() == 1 ? built->front() : EnvironmentBuild();
  }

  /// A virtual environment as far as its files tell, with one package.
  void fake_venv(const std::string& folder, const std::string& package) const {
    test::write_text(folder + "/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n");
    test::write_text(folder + "/lib/python3.11/site-packages/" + package + ".dist-info/METADATA", "");
  }
  /// python3.11 that makes such environments: `pip` of the environment installs what the last file says.
  void stand_in_python(const std::string& on_constraints) {
    stand_in("python3.11",
             "case $3 in\n"
             "venv) mkdir -p \"$4/bin\" \"$4/lib/python3.11/site-packages\"\n"
             "  printf 'home = /usr/bin\\nversion = 3.11.7\\n' >\"$4/pyvenv.cfg\"; cp \"$0\" "
             "\"$4/bin/python\" ;;\n"
             "pip) case \"$*\" in *' -c '*) " +
                 on_constraints +
                 " ;; esac\n"
                 "  for last; do :; done; here=$(dirname \"$0\")/..\n"
                 "  sed 's/==/-/' \"$last\" | while read -r name; do\n"
                 "    mkdir -p \"$here/lib/python3.11/site-packages/$name.dist-info\"; done ;;\n"
                 "esac");
  }

  std::string original_root_;
  std::unique_ptr<project::Workspace> original_;
  pipeline::Graph graph_;
  std::string path_before_;
};

TEST_F(EnvironmentBuildTest, WhatIsAsRecordedIsLinked) {
  stage("{python: {interpreter: ./.venv, files: [requirements.txt]}}");
  fake_venv(original_root_ + "/.venv", "greeting-1.0");
  stand_in_python("");
  test::write_text(original_root_ + "/requirements.txt", "greeting\n");
  write("requirements.txt", "greeting\n");
  recorded_from(original_root_);
  EXPECT_EQ(build().state, BuildState::as_recorded);
  EXPECT_EQ(std::filesystem::read_symlink(root() + "/.venv"), original_root_ + "/.venv");
  EXPECT_EQ(calls(), "");
}

TEST_F(EnvironmentBuildTest, WhatDiffersIsBuiltInTheTree) {
  stage("{python: {interpreter: ./.venv}}");
  fake_venv(original_root_ + "/.venv", "greeting-1.0");
  recorded_from(original_root_);
  std::filesystem::rename(original_root_ + "/.venv/lib/python3.11/site-packages/greeting-1.0.dist-info",
                          original_root_ + "/.venv/lib/python3.11/site-packages/greeting-2.0.dist-info");
  stand_in_python("");
  const EnvironmentBuild built = build();
  EXPECT_EQ(built.state, BuildState::built);
  EXPECT_THAT(built.stages, ElementsAre("s"));
  EXPECT_THAT(built.differences, IsEmpty());
  EXPECT_EQ(built.commands.size(), 2U);
  EXPECT_FALSE(std::filesystem::is_symlink(root() + "/.venv"));
  EXPECT_TRUE(
      std::filesystem::exists(original_root_ + "/.venv/lib/python3.11/site-packages/greeting-2.0.dist-info"));
}

TEST_F(EnvironmentBuildTest, WhereRecordedVersionsAreGoneTheFilesDecide) {
  stage("{python: {interpreter: ./.venv, files: [requirements.txt]}}");
  fake_venv(root() + "/old", "greeting-1.0");
  write("requirements.txt", "greeting==2.0\n");
  std::filesystem::create_directory_symlink(root() + "/old", root() + "/.venv");
  recorded_from(root());
  std::filesystem::remove(root() + "/.venv");
  stand_in_python("echo no such version >&2; exit 1");
  const EnvironmentBuild built = build();
  EXPECT_EQ(built.state, BuildState::differs);
  EXPECT_THAT(built.differences, ElementsAre("greeting 1.0 -> 2.0"));
  EXPECT_THAT(built.notes, ElementsAre(HasSubstr("the recorded versions cannot be installed")));
}

TEST_F(EnvironmentBuildTest, AFailureBringsTheLinkBack) {
  stage("{python: {interpreter: ./.venv}}");
  fake_venv(original_root_ + "/.venv", "greeting-1.0");
  recorded_text(
      "cairn: 1\npython: {interpreter: .venv, implementation: cpython, version: 3.11.7, platform: "
      "linux-x86_64, packages: {greeting: 3.0}}");
  stand_in("python3.11", "mkdir -p \"$4/half\"; echo out; echo cannot do it >&2; exit 3");
  const EnvironmentBuild built = build();
  EXPECT_EQ(built.state, BuildState::cannot_build);
  ASSERT_TRUE(built.error.has_value());
  EXPECT_EQ(built.error->message(), "'python3.11' failed with status 3: cannot do it");
  EXPECT_THAT(built.error->hint(), HasSubstr("python3.11 -I -m venv " + root() + "/.venv"));
  EXPECT_THAT(built.differences, Contains("greeting 3.0 -> 1.0"));
  EXPECT_EQ(std::filesystem::read_symlink(root() + "/.venv"), original_root_ + "/.venv");
}

TEST_F(EnvironmentBuildTest, PackagesOfALockAreLinkedWhereTheLockIsTheSame) {
  stage("{node: web/package-lock.json}");
  stand_in("node", "echo v20.1.0");
  stand_in("npm", "pwd >>'" + outer() + "/calls'; mkdir node_modules");
  const std::string lock = R"({"lockfileVersion": 3, "packages": {}})";
  write("web/package-lock.json", lock);
  test::write_text(original_root_ + "/web/package-lock.json", lock);
  std::filesystem::create_directory(original_root_ + "/web/node_modules");
  recorded_from(root());
  EXPECT_EQ(build().state, BuildState::as_recorded);
  EXPECT_TRUE(std::filesystem::is_symlink(root() + "/web/node_modules"));
  std::filesystem::remove(root() + "/web/node_modules");
  test::write_text(original_root_ + "/web/package-lock.json", lock + "\n");
  EXPECT_EQ(build().state, BuildState::built);
  EXPECT_TRUE(std::filesystem::is_directory(std::filesystem::symlink_status(root() + "/web/node_modules")));
  EXPECT_THAT(calls(), HasSubstr("npm ci\n" + root() + "/web\n"));
}

TEST_F(EnvironmentBuildTest, UvAndCondaAreCalledAsTheyShould) {
  stage("{uv: .}");
  write("uv.lock", "version = 1\n");
  stand_in("uv", "mkdir .venv");
  recorded_from(root());
  EXPECT_EQ(build().state, BuildState::built);
  EXPECT_EQ(calls(), "uv sync --frozen --project " + root() + "\n");
  std::filesystem::remove(outer() + "/calls");

  stage("{conda: {file: lock.txt, prefix: ./env}}");
  write("lock.txt", "https://example.org/noarch/greeting-1.0-py_0.conda\n");
  test::write_text(root() + "/env/conda-meta/greeting-1.0-py_0.json", "{}");
  recorded_from(root());
  std::filesystem::remove_all(root() + "/env");
  stand_in("conda", "mkdir -p \"$4/conda-meta\"; echo '{}' >\"$4/conda-meta/greeting-1.0-py_0.json\"");
  EXPECT_EQ(build().state, BuildState::built);
  EXPECT_EQ(calls(), "conda create --yes -p " + root() + "/env --file " + root() + "/lock.txt\n");
}

TEST_F(EnvironmentBuildTest, AnImageThatIsNotHereIsPulled) {
  const std::string digest = "sha256:" + std::string(64, '1');
  stage("{image: 'python:3.11@" + digest + "'}");
  stand_in("docker", "[ \"$1\" = pull ] && touch '" + outer() + "/pulled'; [ -e '" + outer() + "/pulled' ]");
  recorded_from(root());
  EXPECT_EQ(build().state, BuildState::built);
  EXPECT_THAT(calls(), HasSubstr("docker pull python@" + digest + "\n"));
  EXPECT_EQ(build().state, BuildState::as_recorded);
  std::filesystem::remove(outer() + "/pulled");
  stand_in("docker", "echo no route >&2; exit 1");
  const EnvironmentBuild failed = build();
  EXPECT_EQ(failed.state, BuildState::cannot_build);
  EXPECT_EQ(failed.error->hint(), outer() + "/programs/docker pull python@" + digest);
}

TEST_F(EnvironmentBuildTest, ToolsOfTheMachineDifferAndAreLeftAlone) {
  stage("{tools: [maker --version]}");
  stand_in("maker", "echo maker 1.0");
  recorded_from(root());
  stand_in("maker", "echo maker 2.0");
  const EnvironmentBuild built = build();
  EXPECT_EQ(built.state, BuildState::differs);
  EXPECT_THAT(built.differences, ElementsAre(HasSubstr("1.0 -> 2.0")));
  EXPECT_THAT(built.commands, IsEmpty());
}

TEST_F(EnvironmentBuildTest, WithoutARecordNothingIsDone) {
  stage("{uv: .}");
  stand_in("uv", "");
  EXPECT_EQ(build().state, BuildState::not_recorded);
  EXPECT_EQ(calls(), "");
}

/// NAME-VERSION-py3-none-any.whl in a folder.
constexpr const char* kWheel =
    "import sys, zipfile\n"
    "name, version, folder = sys.argv[1:]\n"
    "info = f'{name}-{version}.dist-info'\n"
    "files = {f'{name}.py': '', f'{info}/METADATA': f'Metadata-Version: 2.1\\nName: {name}\\nVersion: "
    "{version}\\n',\n"
    "  f'{info}/WHEEL': 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: "
    "py3-none-any\\n'}\n"
    "files[f'{info}/RECORD'] = ''.join(f'{path},,\\n' for path in [*files, f'{info}/RECORD'])\n"
    "with zipfile.ZipFile(f'{folder}/{name}-{version}-py3-none-any.whl', 'w') as wheel:\n"
    "  for path, text in files.items(): wheel.writestr(path, text)\n";

TEST_F(EnvironmentBuildTest, ARealVirtualEnvironmentGetsTheRecordedVersion) {
  if (std::system("python3 -c 'import ensurepip, venv' 2>/dev/null") != 0) {  // NOLINT(cert-env33-c): fixed
    GTEST_SKIP() << "python3 cannot make virtual environments (Debian: python3-venv)";
  }
  test::write_text(outer() + "/wheel.py", kWheel);
  std::filesystem::create_directory(outer() + "/wheels");
  for (const char* version : {"1.0", "2.0"}) {
    run("python3 '" + outer() + "/wheel.py' greeting " + version + " '" + outer() + "/wheels'");
  }
  write("requirements.txt", "--no-index\n--find-links " + outer() + "/wheels\ngreeting\n");
  stage("{python: {interpreter: ./.venv, files: [requirements.txt]}}");
  recorded_text("cairn: 1\npython: {interpreter: .venv, version: 3.99.1, packages: {greeting: '1.0'}}");
  const EnvironmentBuild built = build();
  EXPECT_FALSE(built.error.has_value()) << built.error->message();
  EXPECT_EQ(built.state, BuildState::differs);  // the interpreter, and pip itself
  EXPECT_THAT(built.notes, ElementsAre("python3.99 is not in PATH: made with python3"));
  EXPECT_THAT(built.differences, Not(Contains(StartsWith("greeting"))));
  run("'" + root() +
      "/.venv/bin/python' -c 'from importlib.metadata import version; "
      "assert version(\"greeting\") == \"1.0\"'");
}

}  // namespace
}  // namespace cairn::ops
