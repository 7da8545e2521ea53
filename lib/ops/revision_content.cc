// SPDX-License-Identifier: Apache-2.0
#include "ops/revision_content.h"

#include <fcntl.h>

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/snapshot.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/commit_files.h"
#include "project/scan.h"
#include "project/tracked.h"
#include "report/blob_source.h"

namespace cairn::ops {
namespace {

constexpr unsigned kSymlinkMode = 0120000;
constexpr std::size_t kBlock = std::size_t{1} << 20;

/// A file that is open.
class FdSource : public report::ByteSource {
 public:
  FdSource(os::Fd file, std::string path) : file_(std::move(file)), path_(std::move(path)), block_(kBlock) {}

  Result<Bytes> next() override {
    CAIRN_TRY_ASSIGN(std::size_t count, os::read_at(file_.get(), block_, offset_, path_));
    offset_ += count;
    return Bytes(block_).first(count);
  }

 private:
  os::Fd file_;
  std::string path_;
  Buffer block_;
  std::uint64_t offset_ = 0;
};

/// What Git keeps is read whole.
class BufferSource : public report::ByteSource {
 public:
  explicit BufferSource(Buffer bytes) : bytes_(std::move(bytes)), rest_(bytes_) {}
  Result<Bytes> next() override { return std::exchange(rest_, {}); }

 private:
  Buffer bytes_;
  Bytes rest_;
};

std::string fetch_hint(project::Workspace& workspace, const ChosenRevision& revision,
                       const std::string& path) {
  Snapshots snapshots(workspace);
  return (revision.commit ? snapshots.of_commit(*revision.commit) : snapshots.of_workspace())
      ->fetch_hint(path);
}

/// `not_found` of the store, as the file's path and what to type.
Error explained(const Error& error, project::Workspace& workspace, const ChosenRevision& revision,
                const std::string& path) {
  return error.code() == Code::not_found
             ? Error(Code::not_found, quoted(path) + " is not here", fetch_hint(workspace, revision, path))
             : error.with_context(escaped(path));
}

/// A blob of the store, with a reader of its own.
class StoredSource : public report::ByteSource {
 public:
  StoredSource(project::Workspace& workspace, const ChosenRevision& revision, std::string path,
               store::Reader reader)
      : workspace_(workspace), revision_(revision), path_(std::move(path)), reader_(std::move(reader)) {}

  Status open(const store::Id& id) {
    auto source = report::BlobSource::open(reader_, id);
    if (!source.ok()) {
      return explained(source.error(), workspace_, revision_, path_);
    }
    source_.emplace(std::move(*source));
    return {};
  }

  Result<Bytes> next() override {
    auto bytes = source_->next();
    return bytes.ok() ? bytes : explained(bytes.error(), workspace_, revision_, path_);
  }

 private:
  project::Workspace& workspace_;
  ChosenRevision revision_;
  std::string path_;
  store::Reader reader_;
  std::optional<report::BlobSource> source_;
};

/// Collects the files of one state.
class Collector {
 public:
  Collector(project::Workspace& workspace, const ChosenRevision& revision, const git::NameFilter& names,
            const Context& context)
      : workspace_(workspace), revision_(revision), names_(names), context_(context) {}

  /// What cairn keeps at, inside or around a target.
  Status add_tracked(const std::vector<project::Tracked>& tracked, const std::string& target) {
    for (const project::Tracked& one : tracked) {
      if (!os::is_within(one.path, target) && !os::is_within(target, one.path)) {
        continue;
      }
      CAIRN_TRY_ASSIGN(bool here, revision_.commit ? Result<bool>(false) : add_scanned(one.path, target));
      if (!here) {
        CAIRN_TRY(add_stored(one.object, one.path, target));
      }
    }
    return {};
  }

  /// What Git tracks; in the workspace also a file that nobody does.
  Status add_others(const std::string& target) {
    return revision_.commit ? add_committed(target) : add_in_workspace(target);
  }

  std::vector<FileContent> take() {
    std::vector<FileContent> files;
    for (auto& [path, file] : files_) {
      files.push_back(std::move(file));
    }
    return files;
  }

 private:
  [[nodiscard]] bool wanted(const std::string& path, const std::string& target) const {
    return path == target || (os::is_within(path, target) && git::name_fits(path, names_));
  }

  void add(FileContent file) {
    std::string path = file.path;
    files_.try_emplace(std::move(path), std::move(file));
  }

  /// The files on disk of a tracked path; false when there are none.
  Result<bool> add_scanned(const std::string& tracked, const std::string& target) {
    const std::string& scanned = os::is_within(target, tracked) ? target : tracked;
    CAIRN_TRY_ASSIGN(auto scan, project::scan_path(workspace_, scanned, context_));
    if (!scan) {
      return false;
    }
    for (const project::ScannedFile& file : scan->files) {
      std::string path = project::scanned_path(scanned, file.path);
      bool is_file = file.kind == store::TreeKind::file || file.kind == store::TreeKind::executable;
      if (is_file && wanted(path, target)) {
        add({std::move(path), file.id, std::nullopt, true});
      }
    }
    return true;
  }

  Status add_stored(const store::Object& object, const std::string& path, const std::string& target) {
    if (object.family == store::Family::blob) {
      if (wanted(path, target)) {
        add({path, object.id, std::nullopt, false});
      }
      return {};
    }
    if (!reader_) {
      CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
      reader_.emplace(*store);
    }
    auto tree = reader_->read_tree(object.id);
    if (!tree.ok()) {
      return explained(tree.error(), workspace_, revision_, path);
    }
    for (const store::TreeEntry& entry : tree->entries) {
      std::string inner = os::join(path, entry.name);
      bool related = os::is_within(inner, target) || os::is_within(target, inner);
      if (related && entry.kind != store::TreeKind::symlink) {
        bool folder = entry.kind == store::TreeKind::folder;
        CAIRN_TRY(add_stored({folder ? store::Family::tree : store::Family::blob, entry.id, entry.size},
                             inner, target));
      }
    }
    return {};
  }

  Status add_committed(const std::string& target) {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    if (!target.empty()) {
      CAIRN_TRY_ASSIGN(auto file,
                       git->find_blob(*revision_.commit, os::join(workspace_.git_prefix(), target)));
      if (file) {
        add_git_file(target, *file);
        return {};
      }
    }
    CAIRN_TRY_ASSIGN(auto files, project::project_files_at(workspace_, *revision_.commit, names_));
    for (const git::TreeFile& file : files) {
      if (wanted(file.path, target)) {
        add_git_file(file.path, file);
      }
    }
    return {};
  }

  void add_git_file(const std::string& path, const git::TreeFile& file) {
    if (file.mode != kSymlinkMode) {
      add({path, std::nullopt, file.blob, false});
    }
  }

  Status add_in_workspace(const std::string& target) {
    if (!target.empty()) {
      CAIRN_TRY_ASSIGN(bool is_file, add_file(target));
      if (is_file) {
        return {};
      }
    }
    if (!workspace_.git_layout()) {
      return {};
    }
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    CAIRN_TRY_ASSIGN(auto paths, git->tracked_paths(names_));
    const std::string prefix = workspace_.git_prefix();
    for (const std::string& full : paths) {
      if (!os::is_within(full, prefix)) {
        continue;
      }
      std::string path = prefix.empty() ? full : full.substr(prefix.size() + 1);
      if (wanted(path, target)) {
        CAIRN_TRY(add_file(path));
      }
    }
    return {};
  }

  Result<bool> add_file(const std::string& path) {
    CAIRN_TRY_ASSIGN(auto stat, workspace_.files().find_stat(path));
    bool is_file = stat && stat->kind == os::Kind::file;
    if (is_file) {
      add({path, std::nullopt, std::nullopt, true});
    }
    return is_file;
  }

  project::Workspace& workspace_;
  const ChosenRevision& revision_;
  const git::NameFilter& names_;
  const Context& context_;
  std::optional<store::Reader> reader_;
  std::map<std::string, FileContent> files_;
};

}  // namespace

Result<std::vector<FileContent>> files_at(project::Workspace& workspace, const ChosenRevision& revision,
                                          const std::vector<std::string>& targets,
                                          const git::NameFilter& names, const Context& context) {
  CAIRN_TRY_ASSIGN(auto tracked,
                   revision.commit
                       ? project::find_tracked_at(workspace, *revision.commit, pipeline::read_lock_outputs)
                       : project::find_tracked(workspace, pipeline::read_lock_outputs));
  Collector collector(workspace, revision, names, context);
  const std::vector<std::string> everything = {""};
  for (const std::string& target : targets.empty() ? everything : targets) {
    CAIRN_TRY(collector.add_tracked(tracked, target));
    CAIRN_TRY(collector.add_others(target));
  }
  return collector.take();
}

Result<std::unique_ptr<report::ByteSource>> open_content(project::Workspace& workspace,
                                                         const ChosenRevision& revision,
                                                         const FileContent& file) {
  using Source = std::unique_ptr<report::ByteSource>;
  if (file.in_workspace) {
    CAIRN_TRY_ASSIGN(os::Fd fd, workspace.files().open_at(file.path, O_RDONLY));
    return Source(std::make_unique<FdSource>(std::move(fd), file.path));
  }
  if (file.blob) {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
    CAIRN_TRY_ASSIGN(Buffer bytes, git->read_blob(*file.blob));
    return Source(std::make_unique<BufferSource>(std::move(bytes)));
  }
  CAIRN_CHECK(file.id.has_value());
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  auto source = std::make_unique<StoredSource>(workspace, revision, file.path, store::Reader(*store));
  CAIRN_TRY(source->open(*file.id));
  return Source(std::move(source));
}

Result<std::unique_ptr<report::ByteSource>> open_plain_file(const std::string& path) {
  CAIRN_TRY_ASSIGN(os::Fd fd, os::open_file(path, O_RDONLY));
  return std::unique_ptr<report::ByteSource>(std::make_unique<FdSource>(std::move(fd), path));
}

}  // namespace cairn::ops
