// SPDX-License-Identifier: Apache-2.0
// Finding out the ids of scanned files: by reading, or by storing them.
#include <fcntl.h>

#include <atomic>
#include <chrono>
#include <mutex>

#include "base/escape.h"
#include "os/parallel.h"
#include "project/scan.h"

namespace cairn::project {
namespace {

constexpr std::size_t kReadSize = std::size_t{1} << 20;
constexpr int kTries = 3;

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool is_file(const ScannedFile& file) {
  return file.kind == store::TreeKind::file || file.kind == store::TreeKind::executable;
}

bool is_same_state(const os::FileStat& a, const os::FileStat& b) {
  return a.size == b.size && a.mtime_ns == b.mtime_ns && a.ctime_ns == b.ctime_ns && a.inode == b.inode;
}

void take_content(ScannedFile& file, const os::FileStat& stat, const store::Id& id) {
  file.stat = stat;
  file.kind = stat.executable() ? store::TreeKind::executable : store::TreeKind::file;
  file.id = id;
}

/// Reads files of one scan on several threads.
class FileHasher {
 public:
  FileHasher(Workspace& workspace, const std::string& path, Scan& scan, const Context& context)
      : root_(workspace.files()),
        cache_(workspace.stat_cache()),
        path_(path),
        scan_(scan),
        context_(context) {
    for (std::size_t i = 0; i < scan.files.size(); ++i) {
      if (is_file(scan.files[i]) && !scan.files[i].id) {
        missing_.push_back(i);
        bytes_ += scan.files[i].stat.size;
      }
    }
  }

  Status run() {
    if (missing_.empty()) {
      return {};
    }
    context_.progress.bytes_total += bytes_;
    context_.progress.items_total += missing_.size();
    const std::size_t most = std::max<std::size_t>(context_.jobs, 1);
    const auto workers = static_cast<unsigned>(std::min(missing_.size(), most));
    return os::run_workers(workers, [this](unsigned /*worker*/) { return work(); });
  }

 private:
  Status work() {
    Buffer buffer(std::min<std::size_t>(kReadSize, std::max<std::uint64_t>(bytes_, 1)));
    for (std::size_t i = next_++; i < missing_.size(); i = next_++) {
      CAIRN_TRY(context_.check_stop());
      if (Status status = hash_file(scan_.files[missing_[i]], buffer); !status.ok()) {
        if (status.error().code() == Code::interrupted) {
          return status;
        }
        const std::lock_guard lock(mutex_);
        scan_.errors.push_back(std::move(status.error()));
      }
      context_.progress.items_done += 1;
    }
    return {};
  }

  Status hash_file(ScannedFile& file, Buffer& buffer) {
    const std::string path = scanned_path(path_, file.path);
    for (int attempt = 0; attempt < kTries; ++attempt) {
      const std::int64_t start = now_ns();
      CAIRN_TRY_ASSIGN(const os::Fd fd, root_.open_at(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
      CAIRN_TRY_ASSIGN(const os::FileStat before, os::stat_fd(fd.get(), path));
      if (before.kind != os::Kind::file) {
        break;
      }
      CAIRN_TRY_ASSIGN(const store::Id id, read_content(fd.get(), path, buffer));
      CAIRN_TRY_ASSIGN(const os::FileStat after, os::stat_fd(fd.get(), path));
      if (!is_same_state(before, after)) {
        continue;
      }
      take_content(file, after, id);
      if (StatCache::is_settled(after, start)) {
        cache_.put(path, after, id);
      }
      return {};
    }
    return Error(Code::conflict, quoted(path) + " keeps changing while it is read",
                 "stop the program that writes it, then run the command again");
  }

  Result<store::Id> read_content(int fd, const std::string& path, Buffer& buffer) const {
    codec::Hasher hasher;
    std::uint64_t offset = 0;
    while (true) {
      CAIRN_TRY(context_.check_stop());
      CAIRN_TRY_ASSIGN(const std::size_t size, os::read_at(fd, buffer, offset, path));
      hasher.update(Bytes(buffer).first(size));
      offset += size;
      context_.progress.bytes_done += size;
      if (size < buffer.size()) {
        return hasher.finish();
      }
    }
  }

  const os::Root& root_;
  StatCache& cache_;
  const std::string& path_;
  Scan& scan_;
  const Context& context_;
  std::vector<std::size_t> missing_;
  std::uint64_t bytes_ = 0;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
};

}  // namespace

Status hash_files(Workspace& workspace, const std::string& path, Scan& scan, const Context& context) {
  return FileHasher(workspace, path, scan, context).run();
}

Status store_files(Workspace& workspace, const std::string& path, Scan& scan, store::Writer& writer,
                   const Context& context) {
  CAIRN_TRY(context.check_stop());
  std::vector<std::size_t> places;
  std::vector<store::FileTask> tasks;
  for (std::size_t i = 0; i < scan.files.size(); ++i) {
    const ScannedFile& file = scan.files[i];
    if (is_file(file) && !(file.id && writer.has({store::Family::blob, *file.id, file.stat.size}))) {
      places.push_back(i);
      tasks.emplace_back();
      tasks.back().path = scanned_path(path, file.path);
    }
  }
  const std::int64_t start = now_ns();
  CAIRN_TRY(writer.put_files(workspace.files(), tasks));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    store::FileTask& task = tasks[i];
    if (task.error) {
      scan.files[places[i]].id.reset();
      scan.errors.push_back(std::move(*task.error));
      continue;
    }
    take_content(scan.files[places[i]], task.stat, task.id);
    if (StatCache::is_settled(task.stat, start)) {
      workspace.stat_cache().put(task.path, task.stat, task.id);
    }
  }
  return {};
}

}  // namespace cairn::project
