// SPDX-License-Identifier: Apache-2.0
#include "ops/ci_init.h"

#include <algorithm>

#include "base/escape.h"
#include "git/shared_refs.h"
#include "os/file.h"
#include "os/path.h"
#include "os/root.h"

namespace cairn::ops {
namespace {

/// Stands for the command that fetches saved versions, and for the project's folder.
constexpr std::string_view kFetch = "{FETCH}";
constexpr std::string_view kFolder = "{FOLDER}";

constexpr std::string_view kGithub = R"(# Written by `cairn ci init github`; change it as you like.
# - Where the image has no cairn, it is built from the Git repository that the variable CAIRN_SOURCE names.
# - The job has to reach the remote of the data (`cairn remote list`): where that is a folder, mount it.
name: cairn
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    container: debian:12
    defaults:
      run:
        shell: bash
        working-directory: {FOLDER}
    steps:
      - name: Install Git
        working-directory: /
        run: apt-get update && apt-get install -y --no-install-recommends ca-certificates git
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - name: Install cairn
        env:
          CAIRN_SOURCE: ${{ vars.CAIRN_SOURCE }}
        run: |
          if ! command -v cairn; then
            git clone --depth 1 "$CAIRN_SOURCE" "$RUNNER_TEMP/cairn"
            "$RUNNER_TEMP/cairn/third_party/setup.sh" install
          fi
      - name: Trust the checkout, which another user owns
        run: git config --global --add safe.directory "$GITHUB_WORKSPACE"
      - name: Fetch saved versions
        run: {FETCH}
      - name: Check, without the data
        run: cairn ci check --github --md "$GITHUB_STEP_SUMMARY"
      # To run stages here, `cairn repro --pull` in its place brings what they read.
      - name: Bring the data, every byte checked
        run: cairn pull
)";

constexpr std::string_view kGitlab = R"(# Written by `cairn ci init gitlab`; change it as you like.
# - Where the image has no cairn, it is built from the Git repository that the variable CAIRN_SOURCE names.
# - The job has to reach the remote of the data (`cairn remote list`): where that is a folder, mount it.
cairn:
  image: debian:12
  variables:
    GIT_DEPTH: "0"
  before_script:
    - apt-get update && apt-get install -y --no-install-recommends ca-certificates git
    - |
      if ! command -v cairn; then
        git clone --depth 1 "$CAIRN_SOURCE" /tmp/cairn
        /tmp/cairn/third_party/setup.sh install
      fi
  script:
    - cd {FOLDER}
    - {FETCH}
    # Without the data.
    - cairn ci check --gitlab "$CI_PROJECT_DIR/cairn-quality.json" --junit "$CI_PROJECT_DIR/cairn-junit.xml"
    # Every byte checked. To run stages here, `cairn repro --pull` in its place brings what they read.
    - cairn pull
  artifacts:
    when: always
    reports:
      codequality: cairn-quality.json
      junit: cairn-junit.xml
)";

std::string fetch_command() {
  std::string command = "git fetch --no-tags origin";
  for (const std::string& refspec : git::shared_refspecs("origin")) {
    command += " '" + refspec + "'";
  }
  return command;
}

std::string filled(std::string_view form, std::string_view folder) {
  std::string text(form);
  for (const auto& [mark, value] : {std::pair{kFetch, fetch_command()}, {kFolder, std::string(folder)}}) {
    text.replace(text.find(mark), mark.size(), value);
  }
  return text;
}

bool is_plain(std::string_view folder) {
  return std::ranges::all_of(folder, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::optional<CiProvider> ci_provider(std::string_view name) {
  return name == "github"   ? std::optional(CiProvider::github)
         : name == "gitlab" ? std::optional(CiProvider::gitlab)
                            : std::nullopt;
}

Result<CiWorkflow> ci_workflow(project::Workspace& workspace, CiProvider provider) {
  CAIRN_TRY(workspace.git());
  const std::string folder = workspace.git_prefix().empty() ? "." : workspace.git_prefix();
  if (!is_plain(folder)) {
    return Error(Code::unsupported,
                 "the name of the project's folder, " + quoted(folder) + ", would have to be quoted",
                 "git mv it to a name of letters, digits, '-', '_' and '.'");
  }
  if (provider == CiProvider::github) {
    return CiWorkflow{provider, ".github/workflows/cairn.yml", filled(kGithub, folder)};
  }
  return CiWorkflow{provider, ".gitlab-ci.yml", filled(kGitlab, folder)};
}

Status write_workflow(project::Workspace& workspace, const CiWorkflow& workflow) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(const os::Root top, os::Root::open(git->layout().work_tree));
  CAIRN_TRY_ASSIGN(const auto there, top.find_stat(workflow.path));
  if (there) {
    const bool github = workflow.provider == CiProvider::github;
    return Error(
        Code::exists, quoted(workflow.path) + " is there already",
        "cairn ci init " + std::string(github ? "github" : "gitlab") + " --dry-run prints what to add");
  }
  // Refuses symlinks on the way.
  CAIRN_TRY(top.make_folder(os::parent_of(workflow.path)));
  return os::write_atomic(top.shown(workflow.path), as_bytes(workflow.text));
}

}  // namespace cairn::ops
