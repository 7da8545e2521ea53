// SPDX-License-Identifier: Apache-2.0
#include "ops/git_merge.h"

#include <fcntl.h>

#include "base/escape.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_merge.h"
#include "project/stored_merge.h"

namespace cairn::ops {
namespace {

using Texts = text::ThreeWay<std::string>;

constexpr unsigned kUsualMarker = 7;
constexpr std::size_t kShownConflicts = 20;
constexpr std::string_view kNote = "Settle it with: cairn resolve --ours|--theirs|--union [PATH...]";

Result<std::string> read_text(const std::string& path) {
  CAIRN_TRY_ASSIGN(const Buffer bytes, os::read_file(path));
  return std::string(as_text(bytes));
}

/// In place: Git made the file, and throws it away if we do not come to an end.
Status write_text(const std::string& path, std::string_view text) {
  const os::Fd file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!file.valid()) {
    return Error::from_errno(errno, "cannot write", path);
  }
  return os::write_at(file.get(), as_bytes(text), 0, path);
}

/// The folder of `path`, or the nearest one around it that exists: the merge may be what brings it.
Result<std::string> folder_around(const std::string& top, std::string_view path) {
  std::string_view inner = os::parent_of(path);
  while (!inner.empty()) {
    CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(os::join(top, inner)));
    if (stat && stat->kind == os::Kind::folder) {
      break;
    }
    inner = os::parent_of(inner);
  }
  return os::join(top, inner);
}

std::string with_last_end(std::string text) {
  return text.empty() || text.ends_with('\n') ? text : text + "\n";
}

/// Merges one file.
class Driver {
 public:
  Driver(const MergeCall& call, const std::string& folder, const Context& context)
      : call_(call), folder_(folder), context_(context) {}

  Result<bool> run() {
    Texts texts;
    CAIRN_TRY_ASSIGN(texts.base, read_text(os::join(folder_, call_.base)));
    CAIRN_TRY_ASSIGN(texts.ours, read_text(os::join(folder_, call_.ours)));
    CAIRN_TRY_ASSIGN(texts.theirs, read_text(os::join(folder_, call_.theirs)));
    Result<bool> done = project::is_pointer_path(call_.path) ? merge_pointer(texts) : merge_lock(texts);
    if (done.ok()) {
      return done;
    }
    tell_error(done.error());
    CAIRN_TRY(write(text::join_conflict(
        {with_last_end(texts.base), with_last_end(texts.ours), with_last_end(texts.theirs)},
        call_.marker_size)));
    return false;
  }

 private:
  Result<bool> merge_pointer(const Texts& texts) {
    CAIRN_TRY_ASSIGN(const project::PointerSides sides, project::parse_sides(texts, call_.path));
    std::string note(kNote);
    Result<project::MergedPointer> merged = merge_stored(sides);
    if (!merged.ok()) {
      tell_error(merged.error());
      note = merged.error().message() + "; try: " + merged.error().hint();
      CAIRN_TRY(write(project::write_conflict(project::unmerged(sides), note, call_.marker_size)));
      return false;
    }
    if (merged->clean()) {
      CAIRN_TRY(write(project::write_pointer(*merged->sides.ours)));
      return true;
    }
    CAIRN_TRY(write(project::write_conflict(*merged, note, call_.marker_size)));
    tell_conflicts(*merged);
    return false;
  }

  Result<project::MergedPointer> merge_stored(const project::PointerSides& sides) {
    const project::Decide undecided = [](const std::string&) { return std::optional<project::Choice>(); };
    if (!sides.ours->is_tree() && !sides.theirs->is_tree()) {
      return project::merge_pointers(sides, nullptr, nullptr, undecided);
    }
    CAIRN_TRY_ASSIGN(const std::string start, folder_around(folder_, call_.path));
    CAIRN_TRY_ASSIGN(const auto workspace, project::Workspace::open(start));
    project::StoredMerge merge(*workspace, context_);
    CAIRN_TRY_ASSIGN(project::MergedPointer merged, merge.merge(sides, undecided));
    CAIRN_TRY(merge.commit());
    return merged;
  }

  Result<bool> merge_lock(const Texts& texts) {
    text::ThreeWay<pipeline::Lock> sides;
    if (auto base = pipeline::parse_lock(texts.base, call_.path); base.ok()) {
      sides.base = std::move(*base);  // else: of a merge without one
    }
    CAIRN_TRY_ASSIGN(sides.ours, pipeline::parse_lock(texts.ours, call_.path));
    CAIRN_TRY_ASSIGN(sides.theirs, pipeline::parse_lock(texts.theirs, call_.path));
    const pipeline::LockMerge merged = pipeline::merge_locks(sides, pipeline::MergeSide::ours);
    CAIRN_TRY(write(pipeline::write_lock(merged.lock, os::parent_of(call_.path))));
    if (!merged.rerun.empty() && is_seen()) {
      std::string names;
      for (const std::string& name : merged.rerun) {
        names += (names.empty() ? "" : ", ") + escaped(name);
      }
      context_.log.info("cairn: both sides changed and ran: " + names + "; cairn repro runs what is stale");
    }
    return true;
  }

  Status write(const std::string& text) { return write_text(os::join(folder_, call_.ours), text); }

  /// Merges of ancestors are nobody's to settle.
  [[nodiscard]] bool is_seen() const { return call_.marker_size <= kUsualMarker; }

  void tell_error(const Error& error) const {
    context_.log.warn("cairn: conflict in " + escaped(call_.path) + ": " + error.message() +
                      (error.hint().empty() ? "" : "; try: " + error.hint()));
  }

  void tell_conflicts(const project::MergedPointer& merged) const {
    if (!is_seen()) {
      return;
    }
    const std::string data(project::data_path(call_.path));
    for (std::size_t i = 0; i < merged.paths.size() && i < kShownConflicts; ++i) {
      const project::PathConflict& one = merged.paths[i];
      context_.log.info("cairn: conflict in " + escaped(one.path.empty() ? data : os::join(data, one.path)) +
                        ": " + describe(one));
    }
    if (merged.paths.size() > kShownConflicts) {
      context_.log.info("cairn: and in " + std::to_string(merged.paths.size() - kShownConflicts) +
                        " more paths: cairn status lists them");
    }
    for (const std::string& key : merged.keys) {
      context_.log.info("cairn: conflict in " + escaped(call_.path) + ": both sides changed " + quoted(key));
    }
  }

  const MergeCall& call_;
  const std::string& folder_;
  const Context& context_;
};

}  // namespace

Result<bool> merge_for_git(const MergeCall& call, const std::string& folder, const Context& context) {
  return Driver(call, folder, context).run();
}

}  // namespace cairn::ops
