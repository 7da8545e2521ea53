// SPDX-License-Identifier: Apache-2.0
#include "project/commit_files.h"

#include <algorithm>
#include <set>

#include "os/path.h"
#include "project/ignore_files.h"

namespace cairn::project {
namespace {

constexpr unsigned kSymlinkMode = 0120000;
constexpr std::string_view kConfig = "/.cairn/config";

/// Listed files with the project's prefix taken off; what is outside is left out.
std::vector<git::TreeFile> below(std::vector<git::TreeFile> all, const std::string& prefix) {
  if (prefix.empty()) {
    return all;
  }
  std::vector<git::TreeFile> out;
  for (git::TreeFile& file : all) {
    if (os::is_within(file.path, prefix)) {
      file.path.erase(0, prefix.size() + 1);
      out.push_back(std::move(file));
    }
  }
  return out;
}

/// Folders of a commit that are projects of their own.
std::set<std::string> inner_projects(const std::vector<git::TreeFile>& files) {
  std::set<std::string> out;
  for (const git::TreeFile& file : files) {
    if (file.path.ends_with(kConfig)) {
      out.insert(file.path.substr(0, file.path.size() - kConfig.size()));
    }
  }
  return out;
}

/// All folders that the files are in or below, the root "" too.
std::set<std::string, std::less<>> folders_above(const std::vector<git::TreeFile>& files) {
  std::set<std::string, std::less<>> folders = {""};
  for (const git::TreeFile& file : files) {
    std::string_view folder = os::parent_of(file.path);
    while (!folders.contains(folder)) {
      folders.emplace(folder);
      folder = os::parent_of(folder);
    }
  }
  return folders;
}

void drop_inside(const std::set<std::string>& folders, std::vector<git::TreeFile>& files) {
  std::erase_if(files, [&](const git::TreeFile& file) {
    const auto holds = [&file](const std::string& folder) { return os::is_within(file.path, folder); };
    return std::any_of(folders.begin(), folders.end(), holds);
  });
}

/// Drops what the .cairnignore files of all folders above the given files name.
Status drop_ignored(git::Repository& git, const git::Oid& commit, const std::string& prefix,
                    std::vector<git::TreeFile>& files) {
  git::IgnoreRules rules;
  for (const std::string& folder : folders_above(files)) {
    const std::string path = os::join(folder, kIgnoreFile);
    CAIRN_TRY_ASSIGN(const std::optional<git::TreeFile> found, git.find_blob(commit, os::join(prefix, path)));
    if (found && found->mode != kSymlinkMode) {
      CAIRN_TRY_ASSIGN(const Buffer bytes, git.read_blob(found->blob));
      rules.add_file(path, as_text(bytes));
    }
  }
  std::erase_if(
      files, [&rules](const git::TreeFile& file) { return rules.ignores(file.path, git::PathKind::file); });
  return {};
}

}  // namespace

Result<std::vector<git::TreeFile>> project_files_at(Workspace& workspace, const git::Oid& commit,
                                                    git::NameFilter filter, git::ListingMemo* memo) {
  CAIRN_TRY_ASSIGN(git::Repository* const git, workspace.git());
  const std::string prefix = workspace.git_prefix();
  git::NameFilter listed = filter;
  listed.emplace_back("config");  // tells where inner projects are
  CAIRN_TRY_ASSIGN(std::vector<git::TreeFile> files, memo != nullptr ? git->list_files(commit, listed, *memo)
                                                                     : git->list_files(commit, listed));
  files = below(std::move(files), prefix);
  drop_inside(inner_projects(files), files);
  std::erase_if(files, [&](const git::TreeFile& file) { return !git::name_fits(file.path, filter); });
  CAIRN_TRY(drop_ignored(*git, commit, prefix, files));
  return files;
}

Result<std::vector<git::TreeFile>> keep_project_files(Workspace& workspace, const git::Oid& commit,
                                                      std::vector<git::TreeFile> files) {
  CAIRN_TRY_ASSIGN(git::Repository* const git, workspace.git());
  const std::string prefix = workspace.git_prefix();
  files = below(std::move(files), prefix);
  std::set<std::string> inner;
  for (const std::string& folder : folders_above(files)) {
    const std::string config = os::join(prefix, folder) + std::string(kConfig);
    if (folder.empty()) {
      continue;
    }
    CAIRN_TRY_ASSIGN(const auto found, git->find_blob(commit, config));
    if (found) {
      inner.insert(folder);
    }
  }
  drop_inside(inner, files);
  CAIRN_TRY(drop_ignored(*git, commit, prefix, files));
  return files;
}

}  // namespace cairn::project
