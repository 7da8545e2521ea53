// SPDX-License-Identifier: Apache-2.0
#include "unit/project/project_fixture.h"

#include <cstdlib>
#include <filesystem>

#include "support/matchers.h"

namespace cairn::test {

void ProjectFixture::SetUp() {
  outer_ = std::filesystem::canonical(folder_.path()).string();
  root_ = outer_ + "/repository";
  std::filesystem::create_directories(root_);
  git("init -q -b main && git config user.name Test && git config user.email test@example.org");
  ASSERT_OK(project::init_project(root_, project::WithGit::required));
  reopen();
}

void ProjectFixture::reopen() {
  ASSERT_OK_AND_ASSIGN(workspace_, project::Workspace::open(root_));
}

void ProjectFixture::write(const std::string& path, std::string_view content) const {
  write_text(root_ + "/" + path, content);
}

void ProjectFixture::git(const std::string& command) const {
  const std::string line = "cd '" + root_ + "' && git " + command + " >/dev/null";
  ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): a fixed command of the test
}

}  // namespace cairn::test
