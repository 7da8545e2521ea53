// SPDX-License-Identifier: Apache-2.0
// What installed hooks do when the git program runs them.
#include <sys/stat.h>

#include <filesystem>

#include "git/hooks.h"
#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

namespace fs = std::filesystem;
using test::Env;
using test::GitFixture;
using test::open_at;
using test::Ran;
using test::read_text;
using test::ScopedEnv;
using test::write_text;
using testing::HasSubstr;

void write_program(const std::string& path, std::string_view text) {
  write_text(path, text);
  ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
}

/// A repository with a remote, hooks, and a stand-in for cairn that logs how it is called and exits with
/// $CAIRN_EXIT.
class HookRun : public testing::Test {
 protected:
  HookRun() {
    top_ = fixture_.init("repo");
    fixture_.commit(top_, "file", "1");
    fixture_.git(fixture_.path(), {"clone", "-q", "--bare", top_, fixture_ / "remote.git"});
    fixture_.git(top_, {"remote", "add", "origin", fixture_ / "remote.git"});
    write_program(program(), "#!/bin/sh\n{ echo \"cairn $*\"; cat; } >>\"$LOG\"\nexit ${CAIRN_EXIT:-0}\n");
    log_ = std::make_unique<ScopedEnv>("LOG", fixture_ / "log");
  }

  [[nodiscard]] std::string program() const { return fixture_ / "bin dir/cairn"; }
  [[nodiscard]] std::string hook(const std::string& name) const { return top_ + "/.git/hooks/" + name; }

  void install() {
    auto repository = open_at(top_);
    ASSERT_OK(repository);
    ASSERT_OK(install_hooks(*repository, program()));
  }

  Ran git(std::vector<std::string> arguments, const Env& env = {}) {
    arguments.insert(arguments.begin(), "git");
    return fixture_.run(top_, arguments, env);
  }

  /// The log so far, which starts anew.
  std::string take_log() {
    std::string text = fs::exists(fixture_ / "log") ? read_text(fixture_ / "log") : "";
    fs::remove(fixture_ / "log");
    return text;
  }

  GitFixture fixture_;
  std::string top_;
  std::unique_ptr<ScopedEnv> log_;
};

TEST_F(HookRun, post_hooks_run_cairn_and_never_stop_git) {
  install();
  const Env failing = {{"CAIRN_EXIT", "9"}};
  std::string head = fixture_.git(top_, {"rev-parse", "HEAD"});
  EXPECT_EQ(git({"checkout", "-q", "-b", "side"}, failing).status, 0);
  EXPECT_EQ(take_log(), "cairn git-hook post-checkout " + head + " " + head + " 1\n");
  fixture_.commit(top_, "other.cairn", "2");
  EXPECT_EQ(git({"checkout", "-q", "main"}, failing).status, 0);
  take_log();
  EXPECT_EQ(git({"merge", "-q", "side"}, failing).status, 0);
  EXPECT_EQ(take_log(), "cairn git-hook post-merge 0\n");
  EXPECT_EQ(git({"commit", "-q", "--amend", "-m", "again"}).status, 0);
  EXPECT_THAT(take_log(), HasSubstr("cairn git-hook post-rewrite amend\n"));
}

TEST_F(HookRun, post_hooks_run_cairn_only_where_pointers_or_locks_differ) {
  install();
  git({"checkout", "-q", "-b", "side"});
  fs::create_directories(top_ + "/deep/er");
  for (const char* file : {"deep/cairn.lock.txt", "deep/er/cairn.lock", "deep/x.cairn", ".cairn"}) {
    const bool counts =
        std::string_view(file).ends_with("cairn.lock") || std::string_view(file).ends_with(".cairn");
    const std::string from = fixture_.git(top_, {"rev-parse", "HEAD"});
    take_log();
    const std::string to = fixture_.commit(top_, file, "2");
    const auto expect_call = [&](const std::string& call, const std::string& log) {
      EXPECT_EQ(log.find("cairn git-hook " + call) != std::string::npos, counts) << file << ": " << log;
    };
    expect_call("post-commit", take_log());
    git({"checkout", "-q", from});
    expect_call("post-checkout " + to + " " + from + " 1", take_log());
    git({"merge", "-q", "side"}, {{"GIT_LITERAL_PATHSPECS", "1"}});
    expect_call("post-merge 0", take_log());
    git({"checkout", "-q", "side"});
  }
}

TEST_F(HookRun, without_the_program_a_switch_between_the_same_data_is_silent) {
  install();
  fixture_.git(top_, {"checkout", "-q", "-b", "side"});
  fixture_.commit(top_, "code", "2");
  fs::remove(program());
  const Ran ran = git({"checkout", "-q", "main"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
}

TEST_F(HookRun, pre_commit_passes_cairns_status) {
  install();
  EXPECT_EQ(git({"commit", "-q", "--allow-empty", "-m", "x"}).status, 0);
  EXPECT_EQ(take_log(), "cairn git-hook pre-commit\n");
  std::string head = fixture_.git(top_, {"rev-parse", "HEAD"});
  EXPECT_NE(git({"commit", "-q", "--allow-empty", "-m", "x"}, {{"CAIRN_EXIT", "3"}}).status, 0);
  EXPECT_EQ(fixture_.git(top_, {"rev-parse", "HEAD"}), head);
  EXPECT_EQ(fixture_.run(top_, {hook("pre-commit")}, {{"CAIRN_EXIT", "3"}}).status, 3);
}

TEST_F(HookRun, an_existing_pre_commit_still_blocks) {
  for (const char* shebang : {"#!/bin/sh\n", "#!/bin/bash -eu\n", "#!/usr/bin/env python3\nimport sys\n"}) {
    bool python = std::string_view(shebang).find("python") != std::string_view::npos;
    write_program(hook("pre-commit"), std::string(shebang) + (python ? "sys.exit(5)\n" : "exit 5\n"));
    install();
    EXPECT_NE(git({"commit", "-q", "--allow-empty", "-m", "x"}).status, 0) << shebang;
    EXPECT_EQ(take_log(), "cairn git-hook pre-commit\n") << shebang;
    EXPECT_EQ(fixture_.run(top_, {hook("pre-commit")}).status, 5) << shebang;
    auto repository = open_at(top_);
    ASSERT_OK(repository);
    ASSERT_OK(uninstall_hooks(*repository));
    take_log();
  }
}

TEST_F(HookRun, pre_push_gives_its_input_to_both) {
  const std::string scripts[] = {
      "#!/bin/sh\n{ echo \"mine $*\"; cat; } >>\"$LOG\"\n",
      "#!/bin/bash -eu\n{ echo \"mine $*\"; while read -r line; do echo \"$line\"; done; } >>\"$LOG\"\n",
      "#!/usr/bin/env python3\nimport os, sys\nopen(os.environ['LOG'], 'a').write('mine ' + ' "
      "'.join(sys.argv[1:]) + "
      "'\\n' + sys.stdin.read())\n"};
  int number = 0;
  for (const std::string& script : scripts) {
    fs::remove(hook("pre-push"));
    fs::remove(hook("pre-push.cairn-chained"));
    write_program(hook("pre-push"), script);
    install();
    std::string branch = "b" + std::to_string(number++);
    fixture_.git(top_, {"branch", branch});
    fixture_.git(top_, {"tag", "t" + branch});
    Ran push = git({"push", "-q", "origin", branch, "t" + branch});
    EXPECT_EQ(push.status, 0) << push.err;
    std::string oid = fixture_.git(top_, {"rev-parse", "HEAD"});
    std::string zero(40, '0');
    std::string lines = "refs/heads/" + branch + " " + oid + " refs/heads/" + branch + " " + zero +
                        "\nrefs/tags/t" + branch + " " + oid + " refs/tags/t" + branch + " " + zero + "\n";
    std::string arguments = "origin " + fixture_ / "remote.git";
    EXPECT_EQ(take_log(),
              "cairn git-hook pre-push " + arguments + "\n" + lines + "mine " + arguments + "\n" + lines);
  }
}

TEST_F(HookRun, pre_push_keeps_every_byte_of_its_input) {
  write_program(hook("pre-push"), "#!/bin/sh\ncat >\"$LOG.mine\"\n");
  install();
  std::string input;
  for (int i = 0; i < 3000; ++i) {
    input += "refs/heads/$HOME`x`\\n\\" + std::to_string(i) + " CAIRN\nCAIRN\n";
  }
  EXPECT_EQ(fixture_.run(top_, {hook("pre-push"), "origin", "url"}, {}, input).status, 0);
  EXPECT_EQ(take_log(), "cairn git-hook pre-push origin url\n" + input);
  EXPECT_EQ(read_text(fixture_ / "log.mine"), input);
}

TEST_F(HookRun, pre_push_without_lines_leaves_the_input_empty) {
  write_program(hook("pre-push"), "#!/bin/sh\ncat >\"$LOG.mine\"\n");
  install();
  EXPECT_EQ(fixture_.run(top_, {hook("pre-push"), "origin", "url"}).status, 0);
  EXPECT_EQ(take_log(), "");
  EXPECT_EQ(read_text(fixture_ / "log.mine"), "");
}

TEST_F(HookRun, pre_push_is_blocked_by_cairn_and_by_the_existing_hook) {
  write_program(hook("pre-push"), "#!/bin/sh\nexit ${MINE_EXIT:-0}\n");
  install();
  fixture_.git(top_, {"branch", "new"});
  EXPECT_NE(git({"push", "-q", "origin", "new"}, {{"CAIRN_EXIT", "7"}}).status, 0);
  EXPECT_NE(git({"push", "-q", "origin", "new"}, {{"MINE_EXIT", "1"}}).status, 0);
  EXPECT_EQ(fixture_.git(fixture_ / "remote.git", {"branch", "--list", "new"}), "");
  EXPECT_EQ(git({"push", "-q", "origin", "new"}).status, 0);
}

TEST_F(HookRun, without_the_program_git_goes_on_with_one_line) {
  write_program(hook("post-checkout"), "#!/bin/sh\necho mine >>\"$LOG\"\n");
  install();
  fs::remove(program());
  fixture_.git(top_, {"branch", "new"});
  fixture_.commit(top_, "data.cairn", "1");
  struct Case {
    std::string hook;
    std::vector<std::string> command;
  };
  const Case cases[] = {{"pre-commit", {"commit", "-q", "--allow-empty", "-m", "x"}},
                        {"pre-push", {"push", "-q", "origin", "new"}},
                        {"post-checkout", {"checkout", "-q", "new"}}};
  for (const Case& c : cases) {
    Ran ran = git(c.command);
    EXPECT_EQ(ran.status, 0) << c.hook;
    EXPECT_THAT(ran.err, HasSubstr("cairn: program not found")) << c.hook;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }
  EXPECT_EQ(take_log(), "mine\n");
}

TEST_F(HookRun, finds_cairn_on_the_path_when_the_recorded_one_is_gone) {
  install();
  std::string other = fixture_ / "other";
  fs::create_directories(other);
  fs::rename(program(), other + "/cairn");
  EXPECT_EQ(
      git({"commit", "-q", "--allow-empty", "-m", "x"}, {{"PATH", other + ":" + std::getenv("PATH")}}).status,
      0);
  EXPECT_EQ(take_log(), "cairn git-hook pre-commit\n");
}

TEST_F(HookRun, a_hook_that_was_not_executable_stays_unused) {
  write_text(hook("pre-commit"), "#!/bin/sh\nexit 1\n");
  install();
  EXPECT_EQ(git({"commit", "-q", "--allow-empty", "-m", "x"}).status, 0);
  EXPECT_EQ(take_log(), "cairn git-hook pre-commit\n");
}

TEST_F(HookRun, works_in_a_linked_work_tree_and_from_a_subfolder) {
  install();
  fixture_.git(top_, {"worktree", "add", "-q", fixture_ / "linked"});
  take_log();
  fs::create_directories(fixture_ / "linked/deep");
  Ran ran = fixture_.run(fixture_ / "linked/deep", {"git", "commit", "-q", "--allow-empty", "-m", "x"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(take_log(), "cairn git-hook pre-commit\n");
}

TEST_F(HookRun, every_shell_accepts_the_block) {
  install();
  for (const char* shell : {"dash", "bash", "sh"}) {
    for (std::string_view name : kHookNames) {
      Ran ran = fixture_.run(top_, {shell, "-eu", hook(std::string(name)), "a b", "c"}, {}, "line\n");
      EXPECT_EQ(ran.status, 0) << shell << " " << name << ": " << ran.err;
      EXPECT_EQ(take_log(),
                "cairn git-hook " + std::string(name) + " a b c\n" + (name == "pre-push" ? "line\n" : ""));
    }
  }
}

}  // namespace
}  // namespace cairn::git
