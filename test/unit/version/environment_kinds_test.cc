// SPDX-License-Identifier: Apache-2.0
#include <sys/utsname.h>

#include "codec/hash.h"
#include "unit/version/fixture.h"
#include "version/environment_diff.h"

namespace cairn::version {
namespace {

using pipeline::EnvironmentSpec;
using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using text::Value;

std::string hash_of(std::string_view content) {
  return codec::hash(as_bytes(content)).text();
}

class EnvironmentKinds : public EnvironmentFixture {
 protected:
  /// A value inside a captured record; "" where there is none.
  static std::string at(const Value& record, std::initializer_list<std::string_view> keys) {
    const Value* value = &record;
    for (std::string_view key : keys) {
      value = value != nullptr ? value->find(key) : nullptr;
    }
    return value != nullptr ? (value->is_scalar() ? value->raw() : canonical(*value)) : "";
  }
  Value record_of(const EnvironmentSpec& spec, Executing executing = Executing::yes) {
    auto captured = capture(spec, executing);
    EXPECT_OK(captured);
    return captured.ok() ? captured->record : Value::map();
  }
};

// --- Python ---

class PythonEnvironment : public EnvironmentKinds {
 protected:
  static EnvironmentSpec venv(std::vector<std::string> files = {}) {
    EnvironmentSpec spec;
    spec.python = {".venv", true, std::move(files)};
    return spec;
  }
  static EnvironmentSpec program_named(const std::string& name) {
    EnvironmentSpec spec;
    spec.python = {name, false, {}};
    return spec;
  }
  static EnvironmentSpec requirements(const std::string& file) {
    EnvironmentSpec spec;
    spec.python = {"", false, {file}};
    return spec;
  }
  void make_venv(const std::string& settings = "home = /nowhere/bin\nversion = 3.11.7\n") {
    write(".venv/pyvenv.cfg", settings);
    write(packages_ + "numpy-1.26.4.dist-info/METADATA", "Name: numpy\nVersion: 1.26.4\n");
  }
  const std::string packages_ = ".venv/lib/python3.11/site-packages/";
};

TEST_F(PythonEnvironment, AVirtualEnvironmentIsReadWithoutRunningIt) {
  make_venv();
  write_script(root_ / ".venv/bin/python", "touch " + root_ / "executed");
  write(packages_ + "Foo.Bar__baz-2.0+cu118.dist-info/METADATA", "");
  write(packages_ + "old-1.5-py3.11.egg-info", "");
  write(packages_ + "develop.egg-info/PKG-INFO", "Name: develop\nVersion: 0.3\n\nVersion: 9\n");
  write(packages_ + "~umpy-1.0.dist-info/METADATA", "");
  write(packages_ + "numpy/version.py", "");
  Value record = record_of(venv());
  struct utsname name {};
  ::uname(&name);
  EXPECT_EQ(at(record, {"python", "interpreter"}), ".venv");
  EXPECT_EQ(at(record, {"python", "version"}), "3.11.7");
  EXPECT_EQ(at(record, {"python", "implementation"}), "cpython");
  EXPECT_EQ(at(record, {"python", "platform"}),
            std::string("linux-") + static_cast<const char*>(name.machine));
  EXPECT_EQ(at(record, {"python", "packages"}),
            R"({"develop":"0.3","foo-bar-baz":"2.0+cu118","numpy":"1.26.4","old":"1.5"})");
  EXPECT_FALSE(std::filesystem::exists(root_ / "executed"));
  EXPECT_EQ(record, record_of(venv(), Executing::no));
}

TEST_F(PythonEnvironment, HoldsNoPathOfTheMachine) {
  make_venv("home = " + root_.path() + "/base/bin\nversion = 3.11.7\ncommand = " + root_.path() + "/x\n");
  write(packages_ + "mine-1.dist-info/direct_url.json",
        R"({"url":"file://)" + root_.path() + R"(/mine","dir_info":{"editable":true}})");
  std::string text = text_of(venv());
  EXPECT_THAT(text, Not(HasSubstr(root_.path())));
  EXPECT_THAT(text, HasSubstr("mine: 1 (editable)\n"));
}

TEST_F(PythonEnvironment, APackageFromARepositoryHasItsCommit) {
  make_venv();
  write(packages_ + "mine-1.dist-info/direct_url.json",
        R"({"url":"https://token@example.org/mine","vcs_info":{"vcs":"git","commit_id":"0a1b"}})");
  EXPECT_EQ(at(record_of(venv()), {"python", "packages", "mine"}), "1 (git 0a1b)");
}

TEST_F(PythonEnvironment, ReadsTheSettingsOfOtherTools) {
  make_venv("home = /x\nimplementation = PyPy\nversion_info = 3.10.14.final.0\n");
  Value record = record_of(venv());
  EXPECT_EQ(at(record, {"python", "version"}), "3.10.14");
  EXPECT_EQ(at(record, {"python", "implementation"}), "pypy");
}

TEST_F(PythonEnvironment, SystemPackagesStandBehindTheEnvironments) {
  make_venv("home = " + root_.path() + "/base/bin\ninclude-system-site-packages = true\nversion = 3.11.7\n");
  write("base/lib/python3.11/site-packages/numpy-1.0.dist-info/METADATA", "");
  write("base/lib/python3/dist-packages/apt-2.6.dist-info/METADATA", "");
  EXPECT_EQ(at(record_of(venv()), {"python", "packages"}), R"({"apt":"2.6","numpy":"1.26.4"})");
}

TEST_F(PythonEnvironment, AMissingOneIsSaidAndIsNotAnError) {
  EXPECT_EQ(text_of(venv()), "cairn: 1\npython:\n  interpreter: .venv\n  missing: true\n");
  EXPECT_EQ(text_of(program_named("python9")),
            "cairn: 1\npython:\n  interpreter: python9\n  missing: true\n");
}

TEST_F(PythonEnvironment, AProgramInPathIsAskedOnceAndItsPackagesAreRead) {
  write("site/numpy-1.0.dist-info/METADATA", "");
  program("python3",
          "[ \"$1 $2 $3\" = '-I -S -c' ] || exit 1; echo 3.12.1; echo cpython; echo linux-riscv64; echo " +
              root_ / "user" + "; echo " + root_ / "site");
  write("user/torch-2.dist-info/METADATA", "");
  Value record = record_of(program_named("python3"), Executing::no);
  EXPECT_EQ(at(record, {"python", "version"}), "3.12.1");
  EXPECT_EQ(at(record, {"python", "platform"}), "linux-riscv64");
  EXPECT_EQ(at(record, {"python", "packages"}), R"({"numpy":"1.0","torch":"2"})");
  set_variable("PYTHONNOUSERSITE", "1");
  EXPECT_EQ(at(record_of(program_named("python3")), {"python", "packages"}), R"({"numpy":"1.0"})");
  program("python3", "echo broken >&2; exit 1");
  EXPECT_THAT(capture(program_named("python3")),
              FailsWith(Code::unsupported, "does not tell its version: broken"));
}

TEST_F(PythonEnvironment, ARealInterpreterAnswers) {
  if (!std::filesystem::exists("/usr/bin/python3")) {
    GTEST_SKIP() << "no /usr/bin/python3";
  }
  Value record = record_of(program_named("python3"));
  EXPECT_THAT(at(record, {"python", "version"}), ::testing::MatchesRegex("3\\.[0-9]+\\.[0-9]+"));
  EXPECT_EQ(at(record, {"python", "implementation"}), "cpython");
}

TEST_F(PythonEnvironment, WhatTheRepositoryChoseIsExecutedOnlyWhereAllowed) {
  write_script(root_ / "bin/python3",
               "touch " + root_ / "executed; echo 3.1.1; echo cpython; echo x; echo /none");
  program("other", "touch " + root_ / "executed");
  set_variable("PATH", root_ / "bin" + ":" + programs_ / "bin");
  for (const char* name : {"python3", "other"}) {
    ASSERT_OK_AND_ASSIGN(auto captured, capture(program_named(name), Executing::no));
    EXPECT_THAT(captured.unchecked, ElementsAre(std::string("python: ") + name));
  }
  EXPECT_FALSE(std::filesystem::exists(root_ / "executed"));
  EXPECT_EQ(at(record_of(program_named("python3")), {"python", "version"}), "3.1.1");
}

TEST_F(PythonEnvironment, TheInterpreterOfAnActiveEnvironmentIsKnownByItsFiles) {
  make_venv();
  write_script(root_ / ".venv/bin/python3", "exit 1");
  set_variable("PATH", root_ / ".venv/bin");
  Value record = record_of(program_named("python3"), Executing::no);
  EXPECT_EQ(at(record, {"python", "version"}), "3.11.7");
  EXPECT_EQ(at(record, {"python", "packages"}), R"({"numpy":"1.26.4"})");
}

TEST_F(PythonEnvironment, RequirementsAreHashedAndTheirPinsRead) {
  std::string text =
      "# comment==1\nnumpy==1.26.4 \\\n    --hash=sha256:00\nTorch[gpu] == 2.1 ; python_version > '3'\n"
      "loose>=1\nany==1.*\nweird===2.0.post1 # why\nurl @ https://u:secret@example.org/x==1\n"
      "marked; extra=='1'\n-r more/extra.txt\n--constraint=limits.txt\n-r ../outside.txt\n--index-url "
      "https://x\n";
  write("requirements.txt", text);
  write("more/extra.txt", "deep==1\n-r ../requirements.txt\n");
  Value record = record_of(requirements("requirements.txt"));
  EXPECT_EQ(
      at(record, {"python", "files"}),
      R"([{"missing":true,"path":"limits.txt"},{"hash":")" + hash_of("deep==1\n-r ../requirements.txt\n") +
          R"(","path":"more/extra.txt","pins":{"deep":"1"}},{"hash":")" + hash_of(text) +
          R"(","path":"requirements.txt","pins":{"numpy":"1.26.4","torch":"2.1","weird":"2.0.post1"}}])");
}

TEST_F(PythonEnvironment, LocksOfOtherToolsAreRead) {
  write("poetry.lock", "[[package]]\nname = \"numpy\"\nversion = \"1.26.4\"\n");
  write("Pipfile.lock",
        R"({"default":{"numpy":{"version":"==1.26.4"}},"develop":{"pytest":{"version":"==8"}}})");
  write("pylock.toml", "lock-version = '1.0'\n[[packages]]\nname = 'attrs'\nversion = '25.1'\n");
  EXPECT_THAT(text_of(requirements("poetry.lock")), HasSubstr("    numpy: 1.26.4\n"));
  EXPECT_THAT(text_of(requirements("pylock.toml")), HasSubstr("attrs: "));
  EXPECT_THAT(text_of(requirements("Pipfile.lock")), HasSubstr("pytest: "));
  write("poetry.lock", "[[package\n");
  EXPECT_THAT(capture(requirements("poetry.lock")), FailsWith(Code::malformed, "poetry.lock:1:"));
}

// --- Conda ---

class CondaEnvironment : public EnvironmentKinds {
 protected:
  static EnvironmentSpec conda(const std::string& file, const std::string& name, const std::string& prefix) {
    EnvironmentSpec spec;
    spec.conda = {file, name, prefix};
    return spec;
  }
};

TEST_F(CondaEnvironment, PackagesOfAPrefixAreRead) {
  write("env/conda-meta/numpy-1.26.4-py311h64a7726_0.json", "{}");
  write("env/conda-meta/ca-certificates-2024.2.2-hbcca054_0.json", "{}");
  write("env/conda-meta/history", "");
  write("env/lib/python3.11/site-packages/only_pip-1.dist-info/METADATA", "");
  EXPECT_EQ(text_of(conda("", "", "env")),
            "cairn: 1\nconda:\n  prefix: env\n  packages:\n    ca-certificates: 2024.2.2 hbcca054_0\n"
            "    numpy: 1.26.4 py311h64a7726_0\n  distributions:\n    only-pip: \"1\"\n");
}

TEST_F(CondaEnvironment, ANameIsLookedForWhereCondaKeepsEnvironments) {
  EXPECT_EQ(text_of(conda("", "lab", "")), "cairn: 1\nconda:\n  name: lab\n  missing: true\n");
  test::write_text(programs_ / "miniforge3/envs/lab/conda-meta/a-1-0.json", "{}");
  EXPECT_THAT(text_of(conda("", "lab", "")), HasSubstr("    a: 1 0\n"));
  test::write_text(root_ / "elsewhere/lab/conda-meta/b-1-0.json", "{}");
  test::write_text(programs_ / ".conda/environments.txt", "/none/lab\n" + root_ / "elsewhere/lab" + "\n");
  EXPECT_THAT(text_of(conda("", "lab", "")), HasSubstr("    b: 1 0\n"));
}

TEST_F(CondaEnvironment, FilesOfEachKindAreParsed) {
  write("environment.yml",
        "name: lab\ndependencies:\n- python=3.11\n- conda-forge::numpy=1.26.4=py311_0\n- scipy>=1.10\n- "
        "blas\n- pip:\n"
        "  - torch==2.1\n");
  EXPECT_EQ(at(record_of(conda("environment.yml", "", "")), {"conda", "file", "pins"}),
            R"({"blas":"","numpy":"1.26.4=py311_0","python":"3.11","scipy":">=1.10","torch":"2.1"})");
  write("conda-lock.yml",
        "version: 1\npackage:\n- {name: numpy, version: 1.26.4, platform: linux-64}\n"
        "- {name: numpy, version: 1.26.3, platform: osx-64}\n");
  EXPECT_EQ(at(record_of(conda("conda-lock.yml", "", "")), {"conda", "file", "pins"}),
            R"({"numpy":"1.26.3, 1.26.4"})");
  write("explicit.txt",
        "# platform: linux-64\n@EXPLICIT\n"
        "https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311_0.conda#0a1b\n"
        "https://conda.anaconda.org/conda-forge/noarch/tz-data-2024a-h0_0.tar.bz2\n");
  EXPECT_EQ(at(record_of(conda("explicit.txt", "", "")), {"conda", "file", "pins"}),
            R"({"numpy":"1.26.4 py311_0","tz-data":"2024a h0_0"})");
}

// --- uv and node ---

TEST_F(EnvironmentKinds, UvIsKnownByItsLock) {
  std::string lock =
      "version = 1\nrequires-python = \">=3.11\"\n\n[[package]]\nname = \"numpy\"\nversion = \"1.26.4\"\n"
      "source = { registry = \"https://pypi.org/simple\" }\n\n[[package]]\nname = \"mine\"\n"
      "source = { virtual = \".\" }\n";
  write("app/uv.lock", lock);
  write("app/.python-version", "3.11.7\n");
  EnvironmentSpec spec;
  spec.uv = "app";
  std::string before = text_of(spec);
  EXPECT_EQ(before,
            "cairn: 1\nuv:\n  requires-python: \">=3.11\"\n  python: 3.11.7\n  file:\n    path: app/uv.lock\n"
            "    hash: " +
                hash_of(lock) + "\n    pins:\n      mine: \"\"\n      numpy: 1.26.4\n");
  write("app/.venv/pyvenv.cfg", "version = 3.11.7\n");  // uv run makes it
  EXPECT_EQ(text_of(spec), before);
  spec.uv = "";
  EXPECT_THAT(text_of(spec), HasSubstr("path: uv.lock\n    missing: true\n"));
}

class NodeEnvironment : public EnvironmentKinds {
 protected:
  NodeEnvironment() { program("node", "[ \"$*\" = --version ] && echo v20.11.1"); }
  static EnvironmentSpec node(const std::string& lock) {
    EnvironmentSpec spec;
    spec.node = lock;
    return spec;
  }
};

TEST_F(NodeEnvironment, PackagesAreReadFromEachVersionOfTheLock) {
  write("package-lock.json", R"({"name":"x","lockfileVersion":3,"packages":{"":{"version":"9"},
      "node_modules/a":{"version":"1.0.0"},"node_modules/a/node_modules/@s/b":{"version":"2.0.0"},
      "node_modules/l":{"resolved":"libs/l","link":true}}})");
  Value record = record_of(node("package-lock.json"));
  EXPECT_EQ(at(record, {"node", "version"}), "20.11.1");
  EXPECT_EQ(at(record, {"node", "file", "lockfile"}), "3");
  EXPECT_EQ(at(record, {"node", "file", "pins"}), R"({"a":"1.0.0","a/@s/b":"2.0.0","l":"libs/l"})");
  write("old/npm-shrinkwrap.json", R"({"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0",
      "dependencies":{"b":{"version":"2.0.0"}}}}})");
  EXPECT_EQ(at(record_of(node("old/npm-shrinkwrap.json")), {"node", "file", "pins"}),
            R"({"a":"1.0.0","a/b":"2.0.0"})");
  write("package-lock.json", "{");
  EXPECT_THAT(capture(node("package-lock.json")), FailsWith(Code::malformed, "package-lock.json:1:"));
}

TEST_F(NodeEnvironment, OtherLocksAreHashed) {
  write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n\npackages:\n");
  write("yarn.lock", "# yarn lockfile v1\n");
  EXPECT_THAT(text_of(node("pnpm-lock.yaml")), HasSubstr("    lockfile: \"9.0\"\n"));
  EXPECT_EQ(text_of(node("yarn.lock")),
            "cairn: 1\nnode:\n  version: 20.11.1\n  file:\n    path: yarn.lock\n    hash: " +
                hash_of("# yarn lockfile v1\n") + "\n");
}

TEST_F(NodeEnvironment, ANodeInTheRepositoryIsNotExecuted) {
  write("yarn.lock", "");
  write_script(root_ / "bin/node", "touch " + root_ / "executed; echo v1.0.0");
  set_variable("PATH", root_ / "bin");
  ASSERT_OK_AND_ASSIGN(auto captured, capture(node("yarn.lock"), Executing::no));
  EXPECT_THAT(captured.unchecked, ElementsAre("node: node"));
  EXPECT_FALSE(std::filesystem::exists(root_ / "executed"));
  EXPECT_THAT(text_of(node("yarn.lock")), HasSubstr("version: 1.0.0\n"));
  set_variable("PATH", root_ / "none");
  EXPECT_THAT(text_of(node("yarn.lock")), HasSubstr("node:\n  missing: true\n"));
}

// --- Images ---

class ImageEnvironment : public EnvironmentKinds {
 protected:
  ImageEnvironment() { set_variable("PATH", programs_ / "bin"); }
  static EnvironmentSpec image(const std::string& reference, const std::string& engine = "") {
    EnvironmentSpec spec;
    spec.image = {reference, engine};
    return spec;
  }
  /// An engine that knows one image.
  void engine(const std::string& name, const std::string& answer) {
    program(name, "printf '%s\\n' \"$@\" >" + root_ / "asked" + "; echo " + answer);
  }
};

TEST_F(ImageEnvironment, ADigestIsTakenAsItIsWritten) {
  engine("docker", "wrong");
  EXPECT_EQ(text_of(image("python:3.11@sha256:aa")),
            "cairn: 1\nimage:\n  name: python:3.11\n  digest: sha256:aa\n");
  EXPECT_FALSE(std::filesystem::exists(root_ / "asked"));
}

TEST_F(ImageEnvironment, TheEngineIsAskedForADigest) {
  engine("docker", "sha256:id other@sha256:cc docker.io/library/python@sha256:bb");
  EXPECT_EQ(text_of(image("library/python:3.11")),
            "cairn: 1\nimage:\n  name: library/python:3.11\n  digest: sha256:bb\n");
  EXPECT_EQ(
      test::read_text(root_ / "asked"),
      "image\ninspect\n--format\n{{.Id}}{{range .RepoDigests}} {{.}}{{end}}\n--\nlibrary/python:3.11\n");
  engine("podman", "id9");
  EXPECT_EQ(text_of(image("built:1", "podman")), "cairn: 1\nimage:\n  name: built:1\n  id: sha256:id9\n");
}

TEST_F(ImageEnvironment, WithoutADigestTheErrorTellsTheCommand) {
  auto none = capture(image("python:3.11"));
  EXPECT_THAT(none, FailsWith(Code::unsupported, "no docker or podman is installed"));
  EXPECT_THAT(none.error().hint(),
              HasSubstr("docker image inspect --format '{{index .RepoDigests 0}}' python:3.11"));
  program("podman", "exit 125");
  EXPECT_THAT(capture(image("python:3.11")), FailsWith(Code::unsupported, "is not on this machine"));
  ASSERT_OK_AND_ASSIGN(auto captured, capture(image("python:3.11"), Executing::no));
  EXPECT_THAT(captured.unchecked, ElementsAre("image: python:3.11"));
}

}  // namespace
}  // namespace cairn::version
