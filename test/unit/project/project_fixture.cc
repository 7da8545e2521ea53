// SPDX-License-Identifier: Apache-2.0
#include "unit/project/project_fixture.h"

#include <cstdlib>
#include <filesystem>

#include "project/scan.h"
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

store::Object ProjectFixture::track(const std::string& path) {
  project::Pointer pointer;
  store_and_write(path, pointer);
  return pointer.object;
}

void ProjectFixture::store_and_write(const std::string& path, project::Pointer& pointer) {
  ASSERT_OK_AND_ASSIGN(store::Store* const store, workspace().store());
  const Context with = context();
  ASSERT_OK_AND_ASSIGN(store::Writer writer, store::Writer::open(*store, {}, with));
  ASSERT_OK_AND_ASSIGN(auto scan, project::scan_path(workspace(), path, with));
  ASSERT_TRUE(scan.has_value()) << path;
  ASSERT_OK(project::store_files(workspace(), path, *scan, writer, with));
  ASSERT_TRUE(scan->errors.empty());
  ASSERT_OK_AND_ASSIGN(const project::Summary summary, project::summarize(*scan, &writer));
  ASSERT_OK(writer.commit());
  pointer.object = summary.object;
  pointer.executable = summary.executable;
  pointer.files = pointer.is_tree() ? summary.files : 0;
  write(project::pointer_path(path), project::write_pointer(pointer));
  ASSERT_OK_AND_ASSIGN(project::Materialised* const records, workspace().materialised());
  records->set(path, {summary.object, summary.executable});
  ASSERT_OK(workspace().save());
}

std::vector<project::Tracked> ProjectFixture::tracked() {
  Result<std::vector<project::Tracked>> found = project::find_tracked(workspace(), nullptr);
  EXPECT_OK(found);
  return found.ok() ? std::move(found).value() : std::vector<project::Tracked>();
}

void ProjectFixture::git(const std::string& command) const {
  const std::string line = "cd '" + root_ + "' && git " + command + " >/dev/null";
  ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): a fixed command of the test
}

}  // namespace cairn::test
