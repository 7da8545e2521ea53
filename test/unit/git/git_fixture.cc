// SPDX-License-Identifier: Apache-2.0
#include "unit/git/git_fixture.h"

#include <gtest/gtest.h>

#include "os/fd.h"
#include "os/process.h"
#include "support/matchers.h"

namespace cairn::test {

ScopedEnv::ScopedEnv(const char* name, std::optional<std::string> value) : name_(name) {
  if (const char* before = std::getenv(name)) {
    before_ = before;
  }
  set(name, value);
}

ScopedEnv::~ScopedEnv() {
  set(name_, before_);
}

void ScopedEnv::set(const char* name, const std::optional<std::string>& value) {
  if (value) {
    setenv(name, value->c_str(), 1);
  } else {
    unsetenv(name);
  }
}

GitFixture::GitFixture() {
  auto set = [&](const char* name, std::optional<std::string> value) {
    env_.push_back(std::make_unique<ScopedEnv>(name, std::move(value)));
  };
  for (const char* name :
       {"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY",
        "GIT_CEILING_DIRECTORIES", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "XDG_CONFIG_HOME"}) {
    set(name, std::nullopt);
  }
  set("HOME", dir_ / "home");
  set("GIT_CONFIG_GLOBAL", "/dev/null");
  set("GIT_CONFIG_NOSYSTEM", "1");
  set("GIT_AUTHOR_NAME", "Test");
  set("GIT_AUTHOR_EMAIL", "test@example.com");
  set("GIT_COMMITTER_NAME", "Test");
  set("GIT_COMMITTER_EMAIL", "test@example.com");
}

Ran GitFixture::run(const std::string& folder, std::vector<std::string> argv, const Env& env,
                    std::string_view input) const {
  std::string input_path = dir_ / "stdin";
  write_text(input_path, input);
  auto in = os::open_file(input_path, O_RDONLY);
  EXPECT_OK(in);
  os::ProcessOptions options;
  options.argv = std::move(argv);
  options.folder = folder;
  options.env = env;
  options.stdin_fd = in->get();
  auto done = os::capture(options);
  EXPECT_OK(done);
  return done.ok() ? Ran{done->exit.status, done->out, done->err} : Ran{};
}

std::string GitFixture::git(const std::string& folder, std::vector<std::string> arguments, const Env& env,
                            std::string_view input) const {
  std::vector<std::string> argv = {"git", "-c", "init.defaultBranch=main", "-c",
                                   "protocol.file.allow=always"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  Ran ran = run(folder, argv, env, input);
  EXPECT_EQ(ran.status, 0) << "git " << arguments.front() << ": " << ran.err;
  if (ran.out.ends_with('\n')) {
    ran.out.pop_back();
  }
  return ran.out;
}

std::string GitFixture::init(std::string_view name, std::vector<std::string> options) const {
  options.insert(options.begin(), {"init", "-q"});
  options.push_back(*this / name);
  git(path(), options);
  return *this / name;
}

std::string GitFixture::commit(const std::string& folder, const std::string& file,
                               std::string_view content) const {
  write_text(folder + "/" + file, content);
  git(folder, {"add", "-f", "--", file});
  git(folder, {"commit", "-q", "-m", "change " + std::to_string(file.size())});
  return git(folder, {"rev-parse", "HEAD"});
}

Result<git::Repository> open_at(const std::string& folder) {
  CAIRN_TRY_ASSIGN(auto layout, git::find_layout(folder));
  if (!layout) {
    return Error(Code::no_repository, "no repository at " + folder);
  }
  return git::Repository::open(std::move(*layout));
}

}  // namespace cairn::test

// libgit2 1.5 does not free what each of its own regular-expression matches takes (opening a repository makes
// some).
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpcre2\n";
}
