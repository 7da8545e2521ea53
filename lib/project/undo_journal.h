// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/materialised.h"

namespace cairn::project {

/// What one path was before an operation and is after it. An absent optional is absence.
struct UndoEntry {
  std::string path;          ///< of the data
  bool has_data = false;     ///< `before` and `after` say what the data was
  bool has_pointer = false;  ///< the pointer's text was changed, from and to what follows
  bool has_record = false;   ///< the materialised record was changed
  std::optional<Materialised::Entry> before;
  std::optional<Materialised::Entry> after;
  std::optional<std::string> pointer_before;
  std::optional<std::string> pointer_after;
  std::optional<Materialised::Entry> record_before;
  std::optional<Materialised::Entry> record_after;

  bool operator==(const UndoEntry&) const = default;
};

/// The last operation that `undo` can take back. All objects that it names are in the local store.
struct UndoRecord {
  std::string command;                                       ///< for people: "checkout"
  std::optional<std::pair<std::string, std::string>> moved;  ///< data was renamed from, to
  std::vector<UndoEntry> entries;

  bool operator==(const UndoRecord&) const = default;
};

/// The record of the operation that takes `record` back.
UndoRecord inverse(UndoRecord record);

/// Bytes of a journal (private to one worktree), and back; nothing for any other bytes.
Buffer encode_undo(const UndoRecord& record);
std::optional<UndoRecord> decode_undo(Bytes bytes);

/// Writes the journal atomically and durably, in place of the one before.
Status save_undo(const std::string& path, const UndoRecord& record);
/// Nothing when there is no journal, or only a damaged one.
Result<std::optional<UndoRecord>> load_undo(const std::string& path);

/// Objects that the journal names: gc keeps them.
std::vector<store::Object> objects_of(const UndoRecord& record);

}  // namespace cairn::project
