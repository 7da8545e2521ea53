// SPDX-License-Identifier: Apache-2.0
#include "remote/gc.h"

#include <algorithm>

#include "base/escape.h"
#include "os/file.h"
#include "remote/gc_plan.h"
#include "remote/index_writer.h"
#include "remote/pack_check.h"
#include "transport/at_once.h"

namespace cairn::remote {
namespace {

constexpr std::uint64_t kDoomedLimit = 256u << 20;
/// What is needed of removed packs passes through the temporary folder in parts of about this size.
constexpr std::uint64_t kMoveStep = std::uint64_t{1} << 30;

class Collection {
 public:
  Collection(store::Store& store, const Remote& remote, const GcOptions& options, const Context& context)
      : store_(store),
        remote_(remote),
        transport_(remote.transport()),
        options_(options),
        context_(context) {}

  Result<GcReport> run() {
    CAIRN_TRY(check_able());
    CAIRN_TRY_ASSIGN(const os::FileLock local, store_.lock_for_writing());
    CAIRN_TRY(store_.reload());
    std::unique_ptr<GcLock> lock;
    if (!options_.dry_run) {
      CAIRN_TRY_ASSIGN(
          lock, GcLock::take(transport_, remote_.describe(), options_.force, context_, options_.lock_times));
    }
    // Roots come first: what a root needs was there and named by an index before it.
    CAIRN_TRY_ASSIGN(const auto roots, transport_.list(std::string(kRootsPrefix)));
    CAIRN_TRY_ASSIGN(const RemoteIndex index, RemoteIndex::load(remote_, context_));
    CAIRN_TRY_ASSIGN(const Doomed before, read_doomed());
    CAIRN_TRY(find_garbage(roots, index, before));
    plan_roots(roots, before);
    report(roots, index);
    if (!options_.dry_run) {
      CAIRN_TRY(write_doomed(before));
      CAIRN_TRY(remove_packs(index, *lock));
      CAIRN_TRY(remove_roots(*lock));
    }
    return report_;
  }

 private:
  /// A lock that cannot be removed again would stop every push, so that is tried before it is written.
  Status check_able() {
    const transport::Capabilities can = transport_.capabilities();
    const Status able = !can.list || !can.write ? Status(Error(Code::unsupported, "it can only be read"))
                        : options_.dry_run      ? Status()
                                                : transport_.remove(new_gc_lock_name());
    return able.ok() ? able : Status(able.error().with_context(remote_.describe() + " cannot be collected"));
  }

  Status find_garbage(std::span<const transport::ObjectInfo> roots, const RemoteIndex& index,
                      const Doomed& before) {
    if (roots.empty() && !index.packs().empty()) {
      return Error(Code::remote,
                   remote_.describe() + ": no commit was ever pushed there, so nothing says what is needed",
                   "commit, then cairn push");
    }
    CAIRN_TRY_ASSIGN(const auto objects, read_roots(transport_, roots, context_));
    CAIRN_TRY_ASSIGN(needed_, find_needed(store_, remote_, index, objects, options_.kept_too, context_));
    plan_ = plan_gc(index, needed_, before.packs, options_.now, options_.grace);
    return {};
  }

  /// What cannot be read counts as nothing: all is kept for another grace period.
  Result<Doomed> read_doomed() {
    CAIRN_TRY_ASSIGN(const auto text,
                     transport::find_object(transport_, std::string(kDoomedName), kDoomedLimit));
    auto doomed = text ? decode_doomed(as_text(*text)) : Doomed();
    if (!doomed.ok() && doomed.error().code() != Code::unsupported) {
      context_.log.warn(remote_.describe() + ": " + quoted(kDoomedName) + " is damaged and is written anew");
      return Doomed();
    }
    return doomed;
  }

  /// Roots of other projects that were doomed stay so: nothing is known about them here.
  void plan_roots(std::span<const transport::ObjectInfo> roots, const Doomed& before) {
    const std::string ours = options_.prune ? roots_prefix(options_.prune->project) : "";
    for (const transport::ObjectInfo& root : roots) {
      const bool judged = options_.prune && root.name.starts_with(ours);
      const bool dies = judged ? !options_.prune->commits.contains(root.name.substr(ours.size()))
                               : before.roots.contains(root.name);
      if (!dies) {
        continue;
      }
      const Time since = doomed_since(before.roots, root.name, options_.now);
      if (judged && since <= options_.now && options_.now - since >= options_.grace) {
        report_.removed_roots.push_back(root.name);
      } else {
        doomed_roots_.emplace(root.name, since);
      }
    }
  }

  void report(std::span<const transport::ObjectInfo> roots, const RemoteIndex& index) {
    report_.roots = roots.size();
    report_.packs = index.packs().size();
    for (const auto& [pack, size] : index.packs()) {
      report_.bytes += size;
    }
    report_removed(index);
    for (const PackNeed& need : group_by_pack(plan_.moved)) {
      report_.new_bytes += need.bytes;
    }
    for (const auto& [pack, since] : plan_.doomed) {
      report_.doomed.push_back({pack, *index.pack_size(pack), since + options_.grace});
    }
    for (const auto& [root, since] : doomed_roots_) {
      report_.doomed_roots.push_back({root, since + options_.grace});
    }
  }

  void report_removed(const RemoteIndex& index) {
    report_.removed_packs = plan_.removed.size();
    report_.removed_bytes = 0;
    for (const Id& pack : plan_.removed) {
      report_.removed_bytes += *index.pack_size(pack);
    }
  }

  /// Before anything goes: a pack that is sent again under its old name begins a grace period of its own.
  Status write_doomed(const Doomed& before) {
    const Doomed doomed{plan_.doomed, doomed_roots_};
    if (doomed == before) {
      return {};
    }
    return doomed.empty() ? transport_.remove(std::string(kDoomedName))
                          : transport_.put_replace(std::string(kDoomedName), as_bytes(encode_doomed(doomed)));
  }

  Status remove_packs(const RemoteIndex& index, GcLock& lock) {
    if (plan_.removed.empty()) {
      return {};
    }
    IndexWriter writer;
    CAIRN_TRY(move_needed(writer));
    report_removed(index);
    add_what_stays(index, writer);
    CAIRN_TRY(lock.check());
    CAIRN_TRY(writer.publish(transport_, index.ids()));
    const std::vector<Id> removed(plan_.removed.begin(), plan_.removed.end());
    context_.progress.start("removing", 0, removed.size());
    return transport::each_at_once(removed.size(), context_, [&](std::size_t i) -> Status {
      CAIRN_TRY(context_.check_stop());
      CAIRN_TRY(lock.check());
      CAIRN_TRY(transport_.remove(pack_name(removed[i])));
      ++context_.progress.items_done;
      return {};
    });
  }

  /// Sends what is needed of the removed packs in new ones.
  Status move_needed(IndexWriter& writer) {
    report_.new_bytes = 0;
    std::vector<store::CopyEntry> step;
    std::uint64_t bytes = 0;
    for (PackNeed& need : group_by_pack(std::move(plan_.moved))) {
      step.insert(step.end(), need.entries.begin(), need.entries.end());
      bytes += need.bytes;
      if (bytes >= kMoveStep) {
        CAIRN_TRY(move(std::exchange(step, {}), writer));
        bytes = 0;
      }
    }
    return move(std::move(step), writer);
  }

  Status move(std::vector<store::CopyEntry> entries, IndexWriter& writer) {
    CAIRN_TRY_ASSIGN(const os::TempFolder folder, os::TempFolder::make(store_.paths().temporary(), "gc-"));
    Stage stage(transport_, folder.path(), context_);
    std::vector<store::Location> places;
    for (const store::CopyEntry& entry : entries) {
      places.push_back(entry.from);
    }
    CAIRN_TRY(stage.fetch(places));
    CAIRN_TRY_ASSIGN(const auto packs, store::copy_entries(std::move(entries), stage, folder.path()));
    for (const store::Store::FinishedPack& pack : packs) {
      CAIRN_TRY(check_entries(pack, context_));
      CAIRN_TRY_ASSIGN(PackSource source, PackSource::open(pack.path, context_));
      CAIRN_TRY(transport_.put_if_absent(pack_name(pack.table.id), source));
      writer.add(pack.table);
      ++report_.new_packs;
      report_.new_bytes += source.size();
      plan_.removed.erase(pack.table.id);  // the same bytes are the same pack
    }
    return {};
  }

  /// Recipes of files that nobody needs are left out: whoever finds a recipe in an index takes the file's
  /// chunks for there, and these may go.
  void add_what_stays(const RemoteIndex& index, IndexWriter& writer) {
    for (const store::Segment& segment : index.segments()) {
      for (std::size_t row = 0; row < segment.size(); ++row) {
        const store::SegmentEntry entry = segment.at(row);
        if (entry.pack >= segment.packs().size()) {
          continue;
        }
        const Id& pack = segment.packs()[entry.pack];
        const bool stays = index.pack_size(pack) && !plan_.removed.contains(pack);
        if (stays && (entry.key.kind != store::EntryKind::recipe || needed_.contains(entry.key))) {
          writer.add(segment, row);
        }
      }
    }
  }

  Status remove_roots(GcLock& lock) {
    for (const std::string& root : report_.removed_roots) {
      CAIRN_TRY(context_.check_stop());
      CAIRN_TRY(lock.check());
      CAIRN_TRY(transport_.remove(root));
    }
    return {};
  }

  store::Store& store_;
  const Remote& remote_;
  transport::Transport& transport_;
  const GcOptions& options_;
  const Context& context_;
  NeededKeys needed_;
  GcPlan plan_;
  std::map<std::string, Time> doomed_roots_;
  GcReport report_;
};

}  // namespace

Result<GcReport> collect_garbage(store::Store& store, const Remote& remote, const GcOptions& options,
                                 const Context& context) {
  return Collection(store, remote, options, context).run();
}

}  // namespace cairn::remote
