// SPDX-License-Identifier: Apache-2.0
// From paths to stored content and pointers. Nothing is visible before the store's commit, and after it each
// step leaves a state that a second run completes.
#include "project/add_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "os/path.h"
#include "project/add_content.h"
#include "project/add_tree.h"
#include "project/apply_hints.h"
#include "project/apply_listing.h"
#include "project/apply_pointers.h"
#include "project/git_files.h"

namespace cairn::project {
namespace {

using Entry = Materialised::Entry;

/// Items that share a tracked path, and so a pointer.
using Owners = std::map<std::string, std::vector<RecordItem*>>;

class Recorder {
 public:
  Recorder(Workspace& workspace, store::Store& store, Materialised& materialised,
           const RecordOptions& options, const Context& context)
      : workspace_(workspace),
        store_(store),
        reader_(store),
        materialised_(materialised),
        options_(options),
        context_(context) {}

  /// `writer` is null in a dry run.
  Result<std::uint64_t> run(std::vector<RecordItem>& items, store::Writer* writer) {
    CAIRN_TRY(refuse_moved(items));
    CAIRN_TRY(read_items(workspace_, items, {options_.force, writer}, context_));
    Owners owners;
    for (RecordItem& item : items) {
      if (!item.error) {
        owners[item.owner].push_back(&item);
      }
    }
    for (auto owner = owners.begin(); owner != owners.end();) {
      Status made = make_pointer(owner->first, owner->second, writer);
      for (RecordItem* item : owner->second) {
        if (!made.ok()) {
          item->fail(made.error());
        }
      }
      owner = made.ok() ? std::next(owner) : owners.erase(owner);
    }
    if (writer == nullptr) {
      return std::uint64_t{0};
    }
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY(writer->commit());
    publish(owners);
    CAIRN_TRY(workspace_.save());
    return writer->stored_bytes();
  }

 private:
  /// Refuses what is not, or was not edited from, the object that its pointer names: a merge or a switch
  /// moved the pointer meanwhile, and recording the data would take back what that brought. They are looked
  /// at before anything is stored: stored content may be replaced, and what is refused must not be by the
  /// next switch.
  Status refuse_moved(std::vector<RecordItem>& items) {
    std::vector<RecordItem*> origins;
    std::vector<RecordItem> hashed;
    for (RecordItem& item : items) {
      if (!item.error && !options_.force && has_moved(item)) {
        origins.push_back(&item);
        hashed.push_back(item);
      }
    }
    if (hashed.empty()) {
      return {};
    }
    CAIRN_TRY(read_items(workspace_, hashed, {false, nullptr}, context_));
    for (std::size_t i = 0; i < hashed.size(); ++i) {
      refuse(hashed[i]);
      if (hashed[i].error) {
        origins[i]->fail(*hashed[i].error);
      }
    }
    return {};
  }

  static Entry named_by(const Pointer& pointer) { return {pointer.object, pointer.executable}; }

  [[nodiscard]] bool has_moved(const RecordItem& item) const {
    const Entry* record = materialised_.find(item.owner);
    return record != nullptr && item.pointer && *record != named_by(*item.pointer);
  }

  /// REQUIRES: has_moved(item), which was read.
  void refuse(RecordItem& item) {
    if (item.error || !item.summary) {
      return;
    }
    const Entry& record = *materialised_.find(item.owner);
    const Entry named = named_by(*item.pointer);
    const Entry present{item.summary->object, item.summary->executable};
    if (item.is_inside()) {
      refuse_inside(item, record, named);
    } else if (present != named) {
      item.fail(record.part ? only_a_part(item.owner, named) : moved(item.owner, present == record));
    }
  }

  void refuse_inside(RecordItem& item, const Entry& record, const Entry& named) {
    if (record.object.family != store::Family::tree || named.object.family != store::Family::tree) {
      return;
    }
    const std::string relative = item.path.substr(item.owner.size() + 1);
    const auto was = find_in_tree(reader_, record.object.id, relative);
    const auto is = find_in_tree(reader_, named.object.id, relative);
    const std::optional<store::TreeEntry> here = entry_of(*item.summary);
    if (was.ok() && is.ok() && !is_same(*was, *is) && !is_same(here, *is)) {
      item.fail(moved(item.owner, is_same(here, *was)));
    }
  }

  static bool is_same(const std::optional<store::TreeEntry>& a, const std::optional<store::TreeEntry>& b) {
    return a.has_value() == b.has_value() && (!a || (a->kind == b->kind && a->id == b->id));
  }

  [[nodiscard]] Error only_a_part(const std::string& owner, const Entry& named) const {
    return {Code::conflict, "only a part of " + quoted(owner) + " is here",
            command_hint(store_.has(named.object) ? "cairn checkout" : "cairn pull", owner)};
  }

  static Error moved(const std::string& owner, bool unedited) {
    if (unedited) {
      return {Code::conflict,
              fmt::format("the pointer of {} changed, the data here is still the old one", quoted(owner)),
              command_hint("cairn checkout", owner) + ", or --force to record the old data"};
    }
    return {
        Code::conflict,
        fmt::format("the pointer of {} changed, the data here was edited from an older one", quoted(owner)),
        command_hint("cairn diff", owner) + " shows how they differ; " +
            command_hint("cairn checkout --force", owner) +
            " takes the pointer's (cairn undo brings yours back), add --force records yours"};
  }

  /// A summary as a folder's entry, without a name.
  static store::TreeEntry entry_of(const Summary& summary) {
    store::TreeEntry entry;
    if (summary.object.family == store::Family::tree) {
      entry.kind = store::TreeKind::folder;
      entry.files = summary.files;
    } else {
      entry.kind = summary.executable ? store::TreeKind::executable : store::TreeKind::file;
    }
    entry.id = summary.object.id;
    entry.size = summary.object.size;
    return entry;
  }

  static Error no_import_any_more(const std::string& owner, const PointerSource& source) {
    return {
        Code::conflict,
        quoted(owner) + " is no import any more: its content is not what " + quoted(url_of(source)) + " has",
        "import it again with --force to take the source's"};
  }

  /// The new pointer of a tracked path, in all its items.
  Status make_pointer(const std::string& owner, std::vector<RecordItem*>& items, store::Writer* writer) {
    const std::optional<Pointer> old = items.front()->pointer;
    Pointer pointer = old.value_or(Pointer());
    if (items.front()->is_inside()) {
      CAIRN_TRY(edit_folder(owner, items, pointer, writer));
    } else {
      RecordItem& item = *items.front();
      pointer.set_object(item.summary->object);
      pointer.executable = item.summary->executable;
      pointer.files = pointer.is_tree() ? item.summary->files : 0;
      const bool same = old && old->object == pointer.object && old->executable == pointer.executable;
      item.outcome = !old ? AddOutcome::added : same ? AddOutcome::unchanged : AddOutcome::modified;
    }
    if (old && old->source && !pointer.source) {
      items.front()->warnings.push_back(no_import_any_more(owner, *old->source));
    }
    for (RecordItem* item : items) {
      item->written = pointer;
    }
    return {};
  }

  /// Puts items into the folder that their pointer names, of which no file has to be here.
  Status edit_folder(const std::string& owner, std::vector<RecordItem*>& items, Pointer& pointer,
                     store::Writer* writer) {
    TreeEdits edits;
    for (RecordItem* item : items) {
      if (Status judged = judge_inside(*item, pointer.object.id, edits); !judged.ok()) {
        item->fail(judged.error().code() == Code::not_found
                       ? judged.error().with_hint(command_hint("cairn pull", owner))
                       : judged.error());
      }
    }
    if (edits.empty()) {
      return {};
    }
    CAIRN_TRY_ASSIGN(const store::TreeEntry folder, edit_tree(reader_, pointer.object.id, edits, writer));
    if (const Entry* record = materialised_.find(owner);
        record != nullptr && record->object != pointer.object) {
      edit_record(owner, *record, edits, writer);
    } else {
      records_[owner] = Entry{{store::Family::tree, folder.id, folder.size}, false};
    }
    pointer.set_object({store::Family::tree, folder.id, folder.size});
    pointer.files = folder.files;
    return {};
  }

  Status judge_inside(RecordItem& item, const store::Id& tree, TreeEdits& edits) {
    const std::string relative = item.path.substr(item.owner.size() + 1);
    CAIRN_TRY_ASSIGN(const std::optional<store::TreeEntry> old, find_in_tree(reader_, tree, relative));
    if (!item.summary) {
      if (!old) {
        return Error(Code::not_found,
                     quoted(item.path) + " does not exist, neither here nor in " + quoted(item.owner));
      }
      item.outcome = AddOutcome::modified;
      edits.emplace(relative, std::nullopt);
      return {};
    }
    const store::TreeEntry entry = entry_of(*item.summary);
    const bool same = old && old->kind == entry.kind && old->id == entry.id;
    item.outcome = !old ? AddOutcome::added : same ? AddOutcome::unchanged : AddOutcome::modified;
    if (!same) {
      edits.emplace(relative, entry);
    }
    return {};
  }

  /// Where the data here is not what the pointer named, the record follows the data: the same edits on what
  /// it was.
  void edit_record(const std::string& owner, const Entry& record, const TreeEdits& edits,
                   store::Writer* writer) {
    if (record.object.family != store::Family::tree) {
      return;
    }
    if (const auto folder = edit_tree(reader_, record.object.id, edits, writer); folder.ok()) {
      records_[owner] = Entry{{store::Family::tree, folder->id, folder->size}, false, record.part};
    }
  }

  /// Small files, in the order that leaves nothing wrong wherever it is cut: .gitignore, pointer, record.
  void publish(const Owners& owners) {
    IgnoreEdits ignored;
    for (const auto& [owner, items] : owners) {
      ignored[std::string(os::parent_of(owner))].add.emplace_back(os::name_of(owner));
    }
    std::map<std::string, Error> failed;
    for (const auto& [folder, edit] : ignored) {
      if (Status done = edit_ignored(workspace_, folder, edit); !done.ok()) {
        failed.emplace(folder, done.error());
      }
    }
    for (const auto& [owner, items] : owners) {
      const auto failure = failed.find(std::string(os::parent_of(owner)));
      Status done =
          failure != failed.end() ? Status(failure->second) : publish_pointer(owner, *items.front());
      if (!done.ok()) {
        for (RecordItem* item : items) {
          item->fail(done.error());
        }
      }
    }
  }

  Status publish_pointer(const std::string& owner, const RecordItem& item) {
    CAIRN_TRY(set_pointer_text(workspace_, owner, write_pointer(*item.written)));
    if (!item.is_inside()) {
      materialised_.set(owner, {item.written->object, item.written->executable});
    } else if (const auto it = records_.find(owner); it != records_.end()) {
      materialised_.set(owner, it->second);
    }
    return {};
  }

  Workspace& workspace_;
  const store::Store& store_;
  store::Reader reader_;
  Materialised& materialised_;
  const RecordOptions& options_;
  const Context& context_;
  std::map<std::string, Entry> records_;  // of folders that were edited
};

}  // namespace

Result<std::uint64_t> record_items(Workspace& workspace, std::vector<RecordItem>& items,
                                   const RecordOptions& options, const Context& context) {
  const bool nothing =
      std::all_of(items.begin(), items.end(), [](const RecordItem& item) { return item.error.has_value(); });
  if (nothing) {
    return std::uint64_t{0};
  }
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  Recorder recorder(workspace, *store, *materialised, options, context);
  if (options.dry_run) {
    return recorder.run(items, nullptr);
  }
  CAIRN_TRY_ASSIGN(store::Writer writer, options.sink != nullptr
                                             ? workspace.open_writer_to(*options.sink, context)
                                             : workspace.open_writer(context));
  return recorder.run(items, &writer);
}

void add_to_report(std::vector<RecordItem>& items, AddReport& report) {
  for (RecordItem& item : items) {
    AddedPath added;
    added.path = item.path;
    added.tracked = item.owner;
    added.outcome = item.outcome;
    if (item.summary) {
      added.object = item.summary->object;
      added.files = item.summary->files;
    }
    added.warnings = std::move(item.warnings);
    added.error = std::move(item.error);
    report.paths.push_back(std::move(added));
  }
}

}  // namespace cairn::project
