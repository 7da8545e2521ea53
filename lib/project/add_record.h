// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/add.h"
#include "project/pointer.h"
#include "project/scan.h"

/// Internal to add*.cc and commit.cc.
namespace cairn::project {

/// One path whose content is to be recorded: a tracked path itself, or one inside a tracked folder.
struct RecordItem {
  std::string path;
  std::string owner;               ///< the tracked path; equal to `path`, or around it
  std::optional<Pointer> pointer;  ///< of the owner, where there is one
  std::optional<Scan> scan;        ///< nothing where nothing stands (then it is taken out of the owner)
  std::optional<Error> error;
  std::vector<Error> warnings;
  std::optional<Summary> summary;  ///< of the scan
  AddOutcome outcome = AddOutcome::unchanged;
  std::optional<Pointer> written;  ///< the owner's pointer as it is now

  [[nodiscard]] bool is_inside() const { return path != owner; }
  void fail(Error reason) {
    if (!error) {
      error = std::move(reason);
    }
  }
};

struct RecordOptions {
  bool force = false;               ///< read all files anew, and record data that is older than its pointer
  bool dry_run = false;             ///< store and write nothing
  store::PackSink* sink = nullptr;  ///< where content goes in place of the store
};

/// Stores all items in one session, then writes .gitignore lines, pointers and records. Each item's own
/// trouble is in it. Returns the bytes that were new in the store.
Result<std::uint64_t> record_items(Workspace& workspace, std::vector<RecordItem>& items,
                                   const RecordOptions& options, const Context& context);

/// Appends what became of the items.
void add_to_report(std::vector<RecordItem>& items, AddReport& report);

}  // namespace cairn::project
