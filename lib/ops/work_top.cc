// SPDX-License-Identifier: Apache-2.0
#include "ops/work_top.h"

#include <algorithm>

#include "os/path.h"
#include "runner/copy_tree.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kOwn = ".cairn";
constexpr unsigned kSymlink = 0120000;
constexpr unsigned kExecutable = 0100755;

/// Inside that folder.
bool is_own(const std::string& path) {
  return path.size() > kOwn.size() && os::is_within(path, kOwn);
}

Status write_one(const os::Root& root, const std::string& path, unsigned mode, Bytes bytes) {
  CAIRN_TRY(root.make_folder(os::parent_of(path)));
  if (mode == kSymlink) {
    return root.make_symlink(path, std::string(as_text(bytes)));
  }
  CAIRN_TRY_ASSIGN(os::Fd file,
                   root.open_at(path, O_WRONLY | O_CREAT | O_EXCL, mode == kExecutable ? 0777 : 0666));
  CAIRN_TRY(os::write_at(file.get(), bytes, 0, path));
  return file.close(path);
}

}  // namespace

Result<WorkTop> WorkTop::open(const std::string& folder) {
  CAIRN_TRY_ASSIGN(os::Root root, os::Root::open(folder));
  WorkTop top{std::move(root), std::nullopt};
  CAIRN_TRY_ASSIGN(const auto own, os::find_stat(os::join(folder, kOwn)));
  if (own && own->kind == os::Kind::folder) {
    CAIRN_TRY_ASSIGN(top.own_, os::Root::open(os::join(folder, kOwn)));
  }
  return top;
}

Result<WorkTop> WorkTop::make(const std::string& folder, const std::vector<std::string>& files) {
  const bool with_own = std::any_of(files.begin(), files.end(), is_own);
  CAIRN_TRY(os::make_folders(with_own ? os::join(folder, kOwn) : folder, os::Durable::no));
  return open(folder);
}

template <class Use>
auto WorkTop::with(const std::string& path, const Use& use) const {
  return own_ && is_own(path) ? use(*own_, path.substr(kOwn.size() + 1)) : use(root_, path);
}

Result<std::optional<os::FileStat>> WorkTop::find_stat(const std::string& path) const {
  return with(path, [](const os::Root& root, const std::string& inner) { return root.find_stat(inner); });
}

Status WorkTop::copy_from(const WorkTop& source, const std::vector<std::string>& files,
                          const std::atomic<bool>& stop) const {
  for (const std::string& file : files) {
    CAIRN_TRY(source.with(file, [&](const os::Root& from, const std::string& inner) {
      return with(file, [&](const os::Root& to, const std::string& same) {
        return runner::copy_tree(from, inner, to, same, stop);
      });
    }));
  }
  return {};
}

Status WorkTop::write_committed(git::Repository& git, const std::vector<git::TreeFile>& files,
                                const std::atomic<bool>& stop) const {
  for (const git::TreeFile& file : files) {
    if (stop) {
      return Error(Code::interrupted, "interrupted while a work tree was made");
    }
    CAIRN_TRY_ASSIGN(const Buffer bytes,
                     file.mode == kSymlink ? git.read_blob(file.blob) : git.read_for_work_tree(file));
    CAIRN_TRY(with(file.path, [&](const os::Root& root, const std::string& inner) {
      return write_one(root, inner, file.mode, bytes);
    }));
  }
  return {};
}

}  // namespace cairn::ops
