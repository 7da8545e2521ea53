// SPDX-License-Identifier: Apache-2.0
#include "unit/project/verbs_fixture.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace cairn::test {

namespace fs = std::filesystem;
using project::AddOptions;
using project::AddReport;
using project::CheckoutOptions;
using project::CheckoutReport;

AddReport VerbsFixture::add(const std::vector<std::string>& targets, bool force) {
  reopen();
  AddOptions options;
  options.targets = targets;
  options.force = force;
  Result<AddReport> report = project::add(workspace(), options, nullptr, context());
  EXPECT_OK(report);
  return report.ok() ? *report : AddReport();
}

project::AddedPath VerbsFixture::add_one(const std::string& target) {
  const AddReport report = add({target});
  EXPECT_EQ(report.paths.size(), 1U);
  EXPECT_FALSE(report.paths.at(0).error) << report.paths[0].error->message();
  return report.paths[0];
}

Error VerbsFixture::add_error(const std::string& target) {
  const AddReport report = add({target});
  EXPECT_EQ(report.failed(), 1U);
  return report.paths.at(0).error.value_or(Error(Code::io, "there was no error"));
}

CheckoutReport VerbsFixture::checkout(bool force) {
  reopen();
  CheckoutOptions options;
  options.force = force;
  options.complete = true;
  Result<CheckoutReport> report = project::checkout(workspace(), tracked(), options, context());
  EXPECT_OK(report);
  return report.ok() ? *report : CheckoutReport();
}

CheckoutReport VerbsFixture::checkout_only(const std::vector<std::string>& targets, bool force) {
  reopen();
  CheckoutOptions options;
  options.force = force;
  Result<std::vector<project::Tracked>> wanted = project::select_tracked(tracked(), targets);
  EXPECT_OK(wanted);
  Result<CheckoutReport> report = project::checkout(workspace(), *wanted, options, context());
  EXPECT_OK(report);
  return report.ok() ? *report : CheckoutReport();
}

std::string VerbsFixture::read(const std::string& name) const {
  return read_text(path(name));
}

bool VerbsFixture::exists(const std::string& name) const {
  return fs::exists(fs::symlink_status(path(name)));
}

bool VerbsFixture::is_executable(const std::string& name) const {
  return (fs::status(path(name)).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

std::string VerbsFixture::link_target(const std::string& name) const {
  return fs::is_symlink(path(name)) ? fs::read_symlink(path(name)).string() : "";
}

void VerbsFixture::make_executable(const std::string& name, bool executable) const {
  fs::permissions(path(name), fs::perms::owner_exec,
                  executable ? fs::perm_options::add : fs::perm_options::remove);
}

void VerbsFixture::make_folder(const std::string& name) const {
  fs::create_directories(path(name));
}

void VerbsFixture::make_symlink(const std::string& name, const std::string& target) const {
  fs::create_symlink(target, path(name));
}

void VerbsFixture::erase(const std::string& name) const {
  fs::remove_all(path(name));
}

std::vector<std::string> VerbsFixture::names_below(const std::string& name) const {
  std::vector<std::string> names;
  if (fs::is_directory(path(name))) {
    for (const auto& entry : fs::recursive_directory_iterator(path(name))) {
      names.push_back(entry.path().lexically_relative(path(name)).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<store::Id> VerbsFixture::record(const std::string& name) {
  reopen();
  const auto records = workspace().materialised();
  EXPECT_OK(records);
  const project::Materialised::Entry* entry = (*records)->find(name);
  return entry == nullptr ? std::nullopt : std::optional(entry->object.id);
}

namespace {
constexpr unsigned kNobody = 65534;
}

Unprivileged::Unprivileged(const std::string& folder) : was_root_(::geteuid() == 0) {
  if (was_root_) {
    EXPECT_EQ(::lchown(folder.c_str(), kNobody, kNobody), 0);
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      EXPECT_EQ(::lchown(entry.path().c_str(), kNobody, kNobody), 0);
    }
    home_ = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
    ::setenv("HOME", folder.c_str(), 1);
    EXPECT_EQ(::seteuid(kNobody), 0);
  }
}

Unprivileged::~Unprivileged() {
  if (was_root_) {
    EXPECT_EQ(::seteuid(0), 0);
    ::setenv("HOME", home_.c_str(), 1);
  }
}

const project::PathReport& find_path(const std::vector<project::PathReport>& paths, const std::string& path) {
  static const project::PathReport kNone;
  const auto it =
      std::find_if(paths.begin(), paths.end(), [&](const auto& report) { return report.path == path; });
  EXPECT_NE(it, paths.end()) << path;
  return it == paths.end() ? kNone : *it;
}

store::Id id_of(std::string_view content) {
  return codec::hash(as_bytes(content));
}

}  // namespace cairn::test
