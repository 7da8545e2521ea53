// SPDX-License-Identifier: Apache-2.0
#include "version/environment_wrap.h"

#include <unistd.h>

#include "text/yaml.h"
#include "unit/version/fixture.h"

namespace cairn::version {
namespace {

using pipeline::EnvironmentSpec;
using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EnvironmentWrap : public EnvironmentFixture {
 protected:
  EnvironmentWrap() { set_variable("PATH", programs_ / "bin"); }
  Result<Wrapping> wrap(const EnvironmentSpec& spec, const text::Value* record = nullptr) {
    return wrap_command(spec, {root_.path(), root_ / "work", "train", {"CAIRN_STAGE", "LEVEL"}, record});
  }
  std::string engine_path(const std::string& name) { return programs_ / ("bin/" + name); }
};

TEST_F(EnvironmentWrap, NothingIsWrappedWithoutAReason) {
  EnvironmentSpec spec;
  spec.tools = {"gcc --version"};
  spec.files = {"a"};
  ASSERT_OK_AND_ASSIGN(Wrapping wrapping, wrap(spec));
  EXPECT_THAT(wrapping.argv, IsEmpty());
  EXPECT_TRUE(wrapping.env.empty());
}

TEST_F(EnvironmentWrap, AVirtualEnvironmentIsActivated) {
  EnvironmentSpec spec;
  spec.python = {".venv", true, {}};
  spec.node = "web/package-lock.json";
  write_script(root_ / ".venv/bin/python", "");
  ASSERT_OK_AND_ASSIGN(Wrapping wrapping, wrap(spec));
  EXPECT_THAT(wrapping.argv, IsEmpty());
  EXPECT_EQ(wrapping.env["VIRTUAL_ENV"], root_ / ".venv");
  EXPECT_EQ(wrapping.env["PYTHONHOME"], std::nullopt);
  EXPECT_TRUE(wrapping.env.contains("PYTHONHOME"));
  EXPECT_EQ(wrapping.env["PATH"],
            root_ / ".venv/bin" + ":" + root_ / "web/node_modules/.bin" + ":" + programs_ / "bin");
}

TEST_F(EnvironmentWrap, AMissingVirtualEnvironmentTellsHowToMakeIt) {
  EnvironmentSpec spec;
  spec.python = {".venv", true, {"poetry.lock", "requirements.txt"}};
  EXPECT_THAT(wrap(spec), FailsWith(Code::not_found, "'.venv' is not there"));
  EXPECT_EQ(wrap(spec).error().hint(), "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt");
  write(".venv/pyvenv.cfg", "");
  EXPECT_THAT(wrap(spec), FailsWith(Code::not_found, "cannot be run"));
  EXPECT_THAT(wrap(spec).error().hint(), HasSubstr("rm -r .venv && python3 -m venv .venv"));
  spec.python = {"python9", false, {}};
  EXPECT_THAT(wrap(spec), FailsWith(Code::not_found, "interpreter 'python9'"));
}

TEST_F(EnvironmentWrap, CondaRunsByNameOrPrefix) {
  EnvironmentSpec spec;
  spec.conda = {"environment.yml", "lab", ""};
  EXPECT_THAT(wrap(spec), FailsWith(Code::not_found, "cannot find 'conda'"));
  program("conda", "");
  ASSERT_OK_AND_ASSIGN(Wrapping wrapping, wrap(spec));
  EXPECT_THAT(wrapping.argv, ElementsAre(engine_path("conda"), "run", "--no-capture-output", "-n", "lab"));
  spec.conda = {"environment.yml", "", "env"};
  EXPECT_EQ(wrap(spec).error().hint(), "conda env create -p env -f environment.yml");
  write("env/conda-meta/history", "");
  ASSERT_OK_AND_ASSIGN(wrapping, wrap(spec));
  EXPECT_THAT(wrapping.argv,
              ElementsAre(engine_path("conda"), "run", "--no-capture-output", "-p", root_ / "env"));
  spec.conda = {"environment.yml", "", ""};
  ASSERT_OK_AND_ASSIGN(wrapping, wrap(spec));
  EXPECT_THAT(wrapping.argv, IsEmpty());
}

TEST_F(EnvironmentWrap, UvRunsFromTheLock) {
  EnvironmentSpec spec;
  spec.uv = "app";
  program("uv", "");
  EXPECT_EQ(wrap(spec).error().hint(), "uv lock --project app");
  write("app/uv.lock", "");
  ASSERT_OK_AND_ASSIGN(Wrapping wrapping, wrap(spec));
  EXPECT_THAT(wrapping.argv,
              ElementsAre(engine_path("uv"), "run", "--project", root_ / "app", "--frozen", "--"));
  spec.uv = "";
  write("uv.lock", "");
  ASSERT_OK_AND_ASSIGN(wrapping, wrap(spec));
  EXPECT_EQ(wrapping.argv.at(3), root_.path());
}

TEST_F(EnvironmentWrap, AnImageRunsByDigestWithTheProjectMounted) {
  EnvironmentSpec spec;
  spec.image = {"host:5000/python:3.11@sha256:aa", ""};
  EXPECT_THAT(wrap(spec), FailsWith(Code::not_found, "docker or podman"));
  program("docker", "");
  ASSERT_OK_AND_ASSIGN(Wrapping wrapping, wrap(spec));
  ASSERT_EQ(wrapping.clean_up.size(), 4u);
  std::string name = wrapping.clean_up.back();
  EXPECT_THAT(name, ::testing::StartsWith("cairn-"));
  EXPECT_THAT(wrapping.clean_up, ElementsAre(engine_path("docker"), "rm", "-f", name));
  std::string user = std::to_string(::geteuid()) + ":" + std::to_string(::getegid());
  EXPECT_THAT(wrapping.argv,
              ElementsAre(engine_path("docker"), "run", "--rm", "-i", "--init", "--name", name, "-v",
                          root_.path() + ":" + root_.path(), "-w", root_ / "work", "-u", user, "-e",
                          "HOME=/tmp", "-e", "CAIRN_STAGE", "-e", "LEVEL", "host:5000/python@sha256:aa"));
}

TEST_F(EnvironmentWrap, EachStageHasAContainerNameOfItsOwn) {
  EnvironmentSpec spec;
  spec.image = {"a@sha256:aa", ""};
  program("docker", "");
  auto name = [&](const std::string& root, const std::string& stage) {
    auto wrapping = wrap_command(spec, {root, root, stage, {}, nullptr});
    EXPECT_OK(wrapping);
    return wrapping.ok() ? wrapping->clean_up.back() : "";
  };
  EXPECT_EQ(name("/a", "train"), name("/a", "train"));
  EXPECT_NE(name("/a", "train"), name("/a", "test"));
  EXPECT_NE(name("/a", "train"), name("/b", "train"));
  EXPECT_THAT(wrap_command(spec, {"/a:b", "/a:b", "s", {}, nullptr}), FailsWith(Code::unsupported, "colon"));
}

TEST_F(EnvironmentWrap, AnImageWithoutDigestRunsAsItWasCaptured) {
  EnvironmentSpec spec;
  spec.image = {"python:3.11", "podman"};
  program("podman", "");
  auto image = [&](const char* record) {
    auto parsed = text::parse_yaml(record, "record");
    EXPECT_OK(parsed);
    auto wrapping = wrap(spec, &*parsed);
    EXPECT_OK(wrapping);
    return wrapping.ok() ? wrapping->argv.back() : "";
  };
  EXPECT_EQ(image("image: {name: 'python:3.11', digest: 'sha256:bb'}"), "python@sha256:bb");
  EXPECT_EQ(image("image: {name: 'python:3.11', id: 'sha256:cc'}"), "sha256:cc");
}

TEST_F(EnvironmentWrap, OneCommandRunsInOneWorld) {
  EnvironmentSpec spec;
  spec.image = {"a@sha256:aa", ""};
  spec.python = {".venv", true, {}};
  EXPECT_THAT(wrap(spec), FailsWith(Code::usage, "both 'image' and 'python'"));
  spec.image.reset();
  spec.uv = "";
  EXPECT_THAT(wrap(spec), FailsWith(Code::usage, "both 'uv' and 'python'"));
}

TEST_F(EnvironmentWrap, NoProgramOfTheRepositoryIsTakenForAnEngine) {
  EnvironmentSpec spec;
  spec.image = {"a@sha256:aa", ""};
  write_script(root_ / "bin/docker", "");
  set_variable("PATH", root_ / "bin");
  EXPECT_THAT(wrap(spec), FailsWith(Code::not_found, "docker or podman"));
}

}  // namespace
}  // namespace cairn::version
