// SPDX-License-Identifier: Apache-2.0
// What stands, what was put and what shall stand at each path: the input of the plans.
#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "project/apply_hints.h"
#include "project/apply_target.h"

namespace cairn::project {
namespace {

bool is_inner(const std::vector<std::string>& inner, std::string_view path) {
  return std::any_of(inner.begin(), inner.end(),
                     [path](const std::string& folder) { return os::is_within(path, folder); });
}

void drop_inner(Listing& listing, const std::vector<std::string>& inner) {
  if (!inner.empty()) {
    std::erase_if(listing, [&inner](const Node& node) { return is_inner(inner, node.path); });
  }
}

/// The part of `path` below `folder`.
std::string below(const std::string& path, const std::string& folder) {
  return folder.empty() ? path : path.substr(std::min(path.size(), folder.size() + 1));
}

Error not_local(const std::string& path) {
  return {Code::not_found, "the content of " + quoted(path) + " is not in the local store",
          command_hint("cairn pull", path)};
}

class Preparer {
 public:
  Preparer(Workspace& workspace, store::Store& store, const ApplyOptions& options, const Context& context)
      : workspace_(workspace), store_(store), reader_(store), options_(options), context_(context) {}

  Result<std::vector<Target>> run(const std::vector<Transition>& transitions) {
    for (const Transition& transition : transitions) {
      paths_.insert(transition.path);
    }
    std::vector<Target> targets;
    for (const Transition& transition : transitions) {
      CAIRN_TRY(context_.check_stop());
      Target target;
      target.transition = &transition;
      target.report.path = transition.path;
      target.inner = inner_paths(transition);
      if (Status listed = list(target); !listed.ok()) {
        target.fail(listed.error());
      }
      targets.push_back(std::move(target));
    }
    CAIRN_TRY(hash_targets(workspace_, targets, options_.policy, context_));
    for (Target& target : targets) {
      if (!target.failed()) {
        plan(target);
      }
    }
    return targets;
  }

 private:
  [[nodiscard]] std::vector<std::string> inner_paths(const Transition& transition) const {
    std::vector<std::string> inner;
    const std::string prefix = transition.path + "/";
    for (auto it = paths_.lower_bound(prefix); it != paths_.end() && it->starts_with(prefix); ++it) {
      inner.push_back(below(*it, transition.path));
    }
    for (const std::string& path : transition.spared) {
      inner.push_back(below(path, transition.path));
    }
    return inner;
  }

  Status list(Target& target) {
    CAIRN_TRY(os::check_relative(target.path()));
    if (const std::string folder(os::parent_of(target.path()));
        !options_.dry_run && swept_.insert(folder).second) {
      remove_leftovers(workspace_.files(), folder);
    }
    CAIRN_TRY(list_wanted(target));
    list_base(target);
    return list_present(target);
  }

  Status list_wanted(Target& target) {
    if (!target.transition->wanted) {
      return {};
    }
    Result<Listing> listing = list_object(reader_, *target.transition->wanted);
    if (!listing.ok()) {
      return listing.error().code() == Code::not_found ? not_local(target.path())
                                                       : listing.error().with_context(quoted(target.path()));
    }
    target.wanted = std::move(*listing);
    drop_inner(target.wanted, target.inner);
    return {};
  }

  /// A record whose folder objects are gone counts for nothing: then no file is taken for clean.
  void list_base(Target& target) {
    for (const Transition::Record& record : target.transition->base) {
      if (record.path == target.path() && record.entry == target.transition->wanted) {
        target.base.insert(target.base.end(), target.wanted.begin(), target.wanted.end());
        continue;
      }
      if (Result<Listing> listing = list_object(reader_, record.entry); listing.ok()) {
        add_base(target, record.path, *listing);
      }
    }
    std::sort(target.base.begin(), target.base.end(),
              [](const Node& a, const Node& b) { return a.path < b.path; });
    const auto same_path = [](const Node& a, const Node& b) { return a.path == b.path; };
    target.base.erase(std::unique(target.base.begin(), target.base.end(), same_path), target.base.end());
    drop_inner(target.base, target.inner);
  }

  /// Nodes of a record, whose path may be inside or around the target's, as nodes of the target.
  static void add_base(Target& target, const std::string& record, Listing& listing) {
    for (Node& node : listing) {
      const std::string full = path_of(record, node.path);
      if (os::is_within(full, target.path())) {
        node.path = below(full, target.path());
        target.base.push_back(std::move(node));
      }
    }
  }

  Status list_present(Target& target) {
    CAIRN_TRY_ASSIGN(std::optional<Scan> scan, scan_path(workspace_, target.path(), context_));
    if (!scan) {
      return {};
    }
    target.report.warnings = std::move(scan->errors);
    target.present = list_scan(*scan);
    drop_inner(target.present, target.inner);
    return add_ignored(target);
  }

  /// A scan leaves out what .cairnignore names, but what is wanted is looked at wherever it is.
  Status add_ignored(Target& target) {
    Listing more;
    for (const Node& node : target.wanted) {
      if (find_node(target.present, node.path) != nullptr) {
        continue;
      }
      CAIRN_TRY(add_unscanned(path_of(target.path(), node.path), node.path, more));
    }
    if (!more.empty()) {
      target.present.insert(target.present.end(), more.begin(), more.end());
      std::sort(target.present.begin(), target.present.end(),
                [](const Node& a, const Node& b) { return a.path < b.path; });
    }
    return {};
  }

  Status add_unscanned(const std::string& path, const std::string& relative, Listing& out) {
    CAIRN_TRY_ASSIGN(std::optional<os::FileStat> stat, workspace_.files().find_stat(path));
    if (!stat) {
      return {};
    }
    Node node;
    node.path = relative;
    node.stat = *stat;
    node.size = stat->size;
    if (stat->kind == os::Kind::folder) {
      node.kind = store::TreeKind::folder;
    } else if (stat->kind == os::Kind::symlink) {
      node.kind = store::TreeKind::symlink;
      CAIRN_TRY_ASSIGN(node.target, read_symlink(workspace_.files(), path));
    } else {
      // A device or pipe stays a file without an id: content that is not known is never overwritten.
      node.kind = stat->executable() ? store::TreeKind::executable : store::TreeKind::file;
      node.id = workspace_.stat_cache().find(path, *stat);
    }
    out.push_back(std::move(node));
    return {};
  }

  /// True when every chunk of a blob is in a pack that exists: what is about to go can come back.
  bool has_all_of(const store::Id& id) {
    const std::shared_ptr<const store::Index> index = store_.index();
    if (index->contains({store::EntryKind::data, id})) {
      return true;
    }
    if (!index->contains({store::EntryKind::recipe, id})) {
      return false;
    }
    const Result<std::vector<store::Piece>> pieces = reader_.read_pieces(store::Family::blob, id);
    return pieces.ok() && std::all_of(pieces->begin(), pieces->end(), [&index](const store::Piece& piece) {
             return index->contains({store::EntryKind::data, piece.id});
           });
  }

  void plan(Target& target) {
    const auto is_stored = [this](const store::Id& id) { return has_all_of(id); };
    target.plan = make_plan({target.present, target.base, target.wanted, is_stored, target.transition->only},
                            options_.policy);
    describe(target);
    if (!target.report.conflicts.empty()) {
      target.fail(conflict_error(target.report));
      return;
    }
    check_available(target);
    for (const std::string& twin : case_twins(target.plan)) {
      target.report.warnings.emplace_back(
          Code::conflict,
          "the name of " + quoted(path_of(target.path(), twin)) + " differs from another only by case");
    }
  }

  static void describe(Target& target) {
    PathReport& report = target.report;
    for (const Step& step : target.plan) {
      if (std::vector<std::string>* list = list_of(target, step); list != nullptr) {
        list->push_back(path_of(target.path(), step.path()));
      }
      const bool writes = step.action == Action::create || step.action == Action::replace;
      if (writes && !step.wanted->is_folder()) {
        ++report.files_written;
        report.bytes_written += step.wanted->size;
      }
    }
    // A folder that comes or goes as a whole is one line.
    if (target.is_fresh_folder()) {
      report.created = {target.path()};
    }
    const bool gone =
        target.wanted.empty() && !report.removed.empty() && report.kept.empty() && report.changed.empty();
    if (gone && target.inner.empty() && report.conflicts.empty()) {
      report.removed = {target.path()};
    }
  }

  /// Where a step is reported. Folders speak through what is in them.
  static std::vector<std::string>* list_of(Target& target, const Step& step) {
    PathReport& report = target.report;
    switch (step.action) {
      case Action::none:
        return is_unknown_empty_folder(target, step) ? &report.kept : nullptr;
      case Action::create:
        return step.wanted->is_folder() && !is_empty_folder(target.wanted, *step.wanted) ? nullptr
                                                                                         : &report.created;
      case Action::replace:
      case Action::set_mode:
        return &report.updated;
      case Action::remove:
        return step.present->is_folder() && !is_empty_folder(target.present, *step.present) ? nullptr
                                                                                            : &report.removed;
      case Action::keep:
        return &report.kept;
      case Action::keep_changed:
        return &report.changed;
      case Action::conflict:
        return &report.conflicts;
    }
    return nullptr;
  }

  /// No file speaks for it.
  static bool is_unknown_empty_folder(const Target& target, const Step& step) {
    return step.present != nullptr && step.wanted == nullptr && step.base == nullptr &&
           step.present->is_folder() && is_empty_folder(target.present, *step.present);
  }

  static bool is_empty_folder(const Listing& listing, const Node& folder) {
    const std::string prefix = folder.path.empty() ? "" : folder.path + "/";
    // Content of "" is whatever follows it; that of "a" does not always follow "a" at once ("a-b" does).
    const auto it = std::lower_bound(
        listing.begin(), listing.end(), prefix,
        [](const Node& node, const std::string& path) { return node.path < path || node.path.empty(); });
    return it == listing.end() || !it->path.starts_with(prefix);
  }

  static Error conflict_error(const PathReport& report) {
    std::string others =
        report.conflicts.size() > 1 ? fmt::format(" (and {} more)", report.conflicts.size() - 1) : "";
    return {Code::conflict,
            quoted(report.conflicts.front()) + others + " was changed, and that content is not stored",
            fmt::format("{}, or use --force, which stores it before it goes",
                        command_hint("cairn add", report.conflicts.front()))};
  }

  void check_available(Target& target) {
    for (const Step& step : target.plan) {
      const bool writes = step.action == Action::create || step.action == Action::replace;
      if (writes && step.wanted->is_file() &&
          !store_.has({store::Family::blob, *step.wanted->id, step.wanted->size})) {
        target.fail(not_local(path_of(target.path(), step.path()))
                        .with_hint(command_hint("cairn pull", target.path())));
        return;
      }
    }
  }

  Workspace& workspace_;
  store::Store& store_;
  store::Reader reader_;
  const ApplyOptions& options_;
  const Context& context_;
  std::set<std::string> paths_;  // of all transitions
  std::set<std::string> swept_;  // folders that were looked through for leftovers
};

}  // namespace

Result<std::vector<Target>> prepare_targets(Workspace& workspace, const std::vector<Transition>& transitions,
                                            const ApplyOptions& options, const Context& context) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  return Preparer(workspace, *store, options, context).run(transitions);
}

}  // namespace cairn::project
