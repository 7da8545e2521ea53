// SPDX-License-Identifier: Apache-2.0
#include "project/undo.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "project/apply_hints.h"
#include "project/apply_pointers.h"
#include "project/git_files.h"
#include "project/move_data.h"

namespace cairn::project {
namespace {

class Undo {
 public:
  Undo(Workspace& workspace, UndoRecord record, const UndoOptions& options, const Context& context)
      : workspace_(workspace), record_(std::move(record)), options_(options), context_(context) {}

  Result<UndoReport> run() {
    report_.command = record_.command;
    CAIRN_TRY(check_pointers());
    CAIRN_TRY(check_move());
    if (!options_.dry_run) {
      CAIRN_TRY(edit_ignore_files(&IgnoreEdit::add));
    }
    CAIRN_TRY(put_data_back());
    const bool failed = std::any_of(report_.paths.begin(), report_.paths.end(),
                                    [](const PathReport& path) { return path.error.has_value(); });
    if (options_.dry_run || failed) {
      return std::move(report_);
    }
    CAIRN_TRY(move_back());
    CAIRN_TRY(put_records_back());
    CAIRN_TRY(put_pointers_back());
    CAIRN_TRY(edit_ignore_files(&IgnoreEdit::remove));
    return std::move(report_);
  }

 private:
  [[nodiscard]] Error changed(const std::string& path) const {
    return {Code::conflict,
            quoted(path) + " was changed since the " + record_.command + " that would be taken back",
            "cairn undo --force"};
  }

  Status check_pointers() {
    for (const UndoEntry& entry : record_.entries) {
      if (!entry.has_pointer) {
        continue;
      }
      CAIRN_TRY_ASSIGN(const std::optional<std::string> now, find_pointer_text(workspace_, entry.path));
      // As it was before is what a killed operation leaves.
      if (now != entry.pointer_after && now != entry.pointer_before && !options_.force) {
        return changed(pointer_path(entry.path));
      }
      if (now != entry.pointer_before) {
        report_.pointers.push_back(entry.path);
      }
    }
    return {};
  }

  Status check_move() {
    if (!record_.moved) {
      return {};
    }
    const auto& [from, to] = *record_.moved;
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> old_place, workspace_.files().find_stat(from));
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> new_place, workspace_.files().find_stat(to));
    if (old_place && new_place) {
      return Error(Code::conflict,
                   quoted(from) + " exists again, so " + quoted(to) + " cannot be moved back there",
                   "move one of them away, then run 'cairn undo' again");
    }
    if (new_place) {
      report_.moved.emplace(to, from);
    }
    return {};
  }

  /// Lines of pointers that come back are needed before them, those of pointers that go only after.
  Status edit_ignore_files(std::vector<std::string> IgnoreEdit::*list) {
    IgnoreEdits edits;
    for (const UndoEntry& entry : record_.entries) {
      const bool comes = entry.pointer_before.has_value();
      if (entry.has_pointer && comes == (list == &IgnoreEdit::add)) {
        (edits[std::string(os::parent_of(entry.path))].*list).emplace_back(os::name_of(entry.path));
      }
    }
    for (const auto& [folder, edit] : edits) {
      if (!folder.empty() && !edit.add.empty()) {
        CAIRN_TRY_ASSIGN(os::Fd made, workspace_.files().make_folder(folder));
      }
      CAIRN_TRY(edit_ignored(workspace_, folder, edit));
    }
    return {};
  }

  /// Writes the journal of this undo, also when no data changes.
  Status put_data_back() {
    std::vector<Transition> transitions;
    UndoRecord journal = inverse(record_);
    for (const UndoEntry& entry : record_.entries) {
      if (entry.has_data) {
        std::vector<Transition::Record> base;
        if (entry.after) {
          base.push_back({entry.path, *entry.after});
        }
        transitions.push_back({entry.path, std::move(base), entry.before});
      }
    }
    // Data has its entries added when it is applied.
    for (UndoEntry& entry : journal.entries) {
      entry.has_data = false;
      entry.before.reset();
      entry.after.reset();
    }
    std::erase_if(journal.entries,
                  [](const UndoEntry& entry) { return !entry.has_pointer && !entry.has_record; });
    ApplyOptions apply;
    apply.policy = {options_.force ? Overwrite::forced : Overwrite::stored, Changed::refuse, Extent::known};
    apply.dry_run = options_.dry_run;
    apply.all_or_none = true;
    CAIRN_TRY_ASSIGN(ApplyResult done,
                     apply_transitions(workspace_, transitions, std::move(journal), apply, context_));
    report_.paths = std::move(done.paths);
    return {};
  }

  Status move_back() {
    if (!report_.moved) {
      return {};
    }
    const auto& [from, to] = *report_.moved;
    CAIRN_TRY_ASSIGN(os::Fd parent, workspace_.files().make_folder(os::parent_of(to)));
    return move_data(workspace_, from, to);
  }

  Status put_records_back() {
    CAIRN_TRY_ASSIGN(Materialised * materialised, workspace_.materialised());
    for (const UndoEntry& entry : record_.entries) {
      if (entry.has_record && entry.record_before) {
        materialised->set(entry.path, *entry.record_before);
      } else if (entry.has_record) {
        materialised->erase(entry.path);
      }
    }
    return workspace_.save();
  }

  Status put_pointers_back() {
    for (const UndoEntry& entry : record_.entries) {
      if (!entry.has_pointer) {
        continue;
      }
      CAIRN_TRY(set_pointer_text(workspace_, entry.path, entry.pointer_before));
    }
    return {};
  }

  Workspace& workspace_;
  UndoRecord record_;
  const UndoOptions& options_;
  const Context& context_;
  UndoReport report_;
};

}  // namespace

Result<UndoReport> undo(Workspace& workspace, const UndoOptions& options, const Context& context) {
  CAIRN_TRY_ASSIGN(std::optional<UndoRecord> record, load_undo(workspace.paths().undo()));
  if (!record) {
    return Error(Code::not_found, "there is nothing to undo");
  }
  return Undo(workspace, std::move(*record), options, context).run();
}

}  // namespace cairn::project
