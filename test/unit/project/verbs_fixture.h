// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

#include "project/add.h"
#include "project/checkout.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::test {

/// A project with short forms of the verbs. Each opens the workspace anew, as a command does.
class VerbsFixture : public ProjectFixture {
 protected:
  project::AddReport add(const std::vector<std::string>& targets, bool force = false);
  /// As add() of one target that must succeed.
  project::AddedPath add_one(const std::string& target);
  /// The error of an add of one target that must fail.
  Error add_error(const std::string& target);

  /// Of all tracked paths.
  project::CheckoutReport checkout(bool force = false);
  /// Of these targets only.
  project::CheckoutReport checkout_only(const std::vector<std::string>& targets, bool force = false);

  [[nodiscard]] std::string path(const std::string& name) const { return root() + "/" + name; }
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] bool exists(const std::string& name) const;
  [[nodiscard]] bool is_executable(const std::string& name) const;
  /// Target of a symlink; "" where there is none.
  [[nodiscard]] std::string link_target(const std::string& name) const;
  void make_executable(const std::string& name, bool executable = true) const;
  void make_folder(const std::string& name) const;
  void make_symlink(const std::string& name, const std::string& target) const;
  /// Removes a file or folder with all that is in it.
  void erase(const std::string& name) const;
  /// Everything below a folder but Git's and cairn's own, sorted.
  [[nodiscard]] std::vector<std::string> names_below(const std::string& name) const;
  /// Text of a path's pointer, to be written back later: another commit's pointer.
  [[nodiscard]] std::string pointer(const std::string& name) const { return read(name + ".cairn"); }
  void set_pointer(const std::string& name, const std::string& text) const { write(name + ".cairn", text); }
  /// The materialised record's id.
  std::optional<store::Id> record(const std::string& name);
};

/// While it lives, file modes count even for root: the project belongs to a user without rights, who the
/// process is.
class Unprivileged {
 public:
  explicit Unprivileged(const std::string& folder);
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged();

 private:
  bool was_root_;
  std::string home_;
};

/// The report of one path; fails the test when there is none.
const project::PathReport& find_path(const std::vector<project::PathReport>& paths, const std::string& path);
store::Id id_of(std::string_view content);

}  // namespace cairn::test
