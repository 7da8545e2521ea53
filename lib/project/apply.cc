// SPDX-License-Identifier: Apache-2.0
#include "project/apply.h"

#include <algorithm>
#include <map>

#include "os/path.h"
#include "project/apply_target.h"

namespace cairn::project {
namespace {

/// By path; nothing where there was no record.
using PartRecords = std::map<std::string, std::optional<Materialised::Entry>>;

std::optional<Materialised::Entry> record_of(const Materialised& materialised, const std::string& path) {
  const Materialised::Entry* entry = materialised.find(path);
  return entry == nullptr ? std::optional<Materialised::Entry>() : *entry;
}

/// Records of paths inside the target: once the target is done, its own record speaks for them.
std::vector<std::string> inner_records(const Target& target) {
  std::vector<std::string> paths;
  for (const Transition::Record& record : target.transition->base) {
    if (record.path != target.path() && os::is_within(record.path, target.path())) {
      paths.push_back(record.path);
    }
  }
  return paths;
}

void add_to_journal(const Target& target, const Materialised& materialised, UndoRecord& journal) {
  UndoEntry entry;
  entry.path = target.path();
  entry.has_data = true;
  entry.before = target.before;
  entry.after = target.transition->wanted;
  entry.has_record = true;
  entry.record_before = record_of(materialised, target.path());
  entry.record_after = target.transition->wanted;
  journal.entries.push_back(std::move(entry));
  for (const std::string& path : inner_records(target)) {
    UndoEntry inner;
    inner.path = path;
    inner.has_record = true;
    inner.record_before = record_of(materialised, path);
    journal.entries.push_back(std::move(inner));
  }
}

void update_records(const Target& target, Materialised& materialised) {
  for (const std::string& path : inner_records(target)) {
    materialised.erase(path);
  }
  if (target.transition->wanted) {
    materialised.set(target.path(), *target.transition->wanted);
  } else {
    materialised.erase(target.path());
  }
}

/// Records of parts are written before the parts are there: of what a killed run leaves, nothing is taken for
/// deleted. Returns what was recorded before.
Result<PartRecords> note_parts(const std::vector<Target>& targets, Materialised& materialised) {
  PartRecords before;
  for (const Target& target : targets) {
    if (target.acts() && target.transition->wanted && target.transition->wanted->part) {
      before.emplace(target.path(), record_of(materialised, target.path()));
      materialised.set(target.path(), *target.transition->wanted);
    }
  }
  if (!before.empty()) {
    CAIRN_TRY(materialised.save());
  }
  return before;
}

/// Where the part did not come after all.
void take_back(const PartRecords& before, const std::vector<Target>& targets, Materialised& materialised) {
  for (const Target& target : targets) {
    const auto it = before.find(target.path());
    if (!target.failed() || it == before.end()) {
      continue;
    }
    if (it->second) {
      materialised.set(target.path(), *it->second);
    } else {
      materialised.erase(target.path());
    }
  }
}

/// What a path has to say to which nothing was done, as it or another one failed before.
void clear_unperformed(PathReport& report) {
  report.created.clear();
  report.updated.clear();
  report.removed.clear();
  report.files_written = 0;
  report.bytes_written = 0;
}

Status perform(Workspace& workspace, std::vector<Target>& targets, std::optional<UndoRecord> journal,
               const Context& context, std::uint64_t& stored_bytes) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  CAIRN_TRY_ASSIGN(stored_bytes, secure_targets(workspace, targets, context));
  bool acts = false;
  for (const Target& target : targets) {
    if (target.acts()) {
      acts = true;
      if (journal) {
        add_to_journal(target, *materialised, *journal);
      }
    }
  }
  if (journal && (!journal->entries.empty() || journal->moved)) {
    CAIRN_TRY(save_undo(workspace.paths().undo(), *journal));
  }
  if (acts) {
    CAIRN_TRY_ASSIGN(const auto before, note_parts(targets, *materialised));
    CAIRN_TRY(materialise_targets(workspace, targets, context));
    take_back(before, targets, *materialised);
  }
  for (const Target& target : targets) {
    if (!target.failed()) {
      update_records(target, *materialised);
    }
  }
  return {};
}

}  // namespace

Result<ApplyResult> apply_transitions(Workspace& workspace, const std::vector<Transition>& transitions,
                                      std::optional<UndoRecord> journal, const ApplyOptions& options,
                                      const Context& context) {
  CAIRN_TRY_ASSIGN(std::vector<Target> targets, prepare_targets(workspace, transitions, options, context));
  const bool any_failed =
      std::any_of(targets.begin(), targets.end(), [](const Target& target) { return target.failed(); });
  const bool stopped = options.all_or_none && any_failed;
  ApplyResult result;
  if (!options.dry_run && !stopped) {
    CAIRN_TRY(perform(workspace, targets, std::move(journal), context, result.stored_bytes));
  }
  for (Target& target : targets) {
    if (target.failed() || stopped) {
      clear_unperformed(target.report);
    }
    result.paths.push_back(std::move(target.report));
  }
  return result;
}

}  // namespace cairn::project
