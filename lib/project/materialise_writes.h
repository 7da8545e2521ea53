// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/apply_target.h"
#include "store/extract.h"

/// Internal to materialise*.cc.
namespace cairn::project {

/// `conflict`: somebody else changed the path since it was looked at.
Error changed_meanwhile(const std::string& path);

/// Fails unless `path` is still what the plan was made for: the same file, or nothing.
Status check_unchanged(const os::Root& root, const std::string& path, const Node* present);

/// Where the unfinished form of `path` stands.
std::string temporary_of(const std::string& path);

/// Gives a finished file or symlink its name, if what the plan found there (`present`) has not changed.
Status put_in_place(const os::Root& root, const std::string& temporary, const std::string& path,
                    const Node* present);

/// One file to be written.
struct Write {
  Target* target = nullptr;
  const Step* step = nullptr;
  std::string path;       ///< its final name, in the staging folder if the target has one
  std::string temporary;  ///< where it is written; equal to `path` in a staging folder
  os::FileStat stat;      ///< after it was published
  bool published = false;
};

/// Files of the workspace as the store writes them. Threads: each write is one thread's.
class WorkspaceFiles : public store::ExtractTarget {
 public:
  /// Both outlive the object.
  WorkspaceFiles(const os::Root& root, std::vector<Write>& writes) : root_(root), writes_(writes) {}

  Result<os::Fd> create(std::size_t i) override;
  Status publish(std::size_t i, os::Fd file) override;
  void discard(std::size_t i) override;

 private:
  const os::Root& root_;
  std::vector<Write>& writes_;
};

}  // namespace cairn::project
