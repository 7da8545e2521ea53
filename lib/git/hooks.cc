// SPDX-License-Identifier: Apache-2.0
#include "git/hooks.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/escape.h"
#include "git/hook_text.h"
#include "git/own_program.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {
namespace {

constexpr std::uint64_t kScriptLimit = 1u << 20;  // a longer hook is surely no script to edit

/// Where hooks are.
struct Place {
  std::string folder;
  bool of_husky = false;  ///< it runs files there with `sh`, executable or not
};

/// What stands at a hook's place.
struct Found {
  std::string name;
  bool of_husky = false;
  std::string path;
  std::string chained_path;
  std::optional<os::FileStat> stat;
  std::optional<os::FileStat> chained_stat;
  std::string text;                  // of a plain file that is not too long
  std::optional<std::string> block;  // cairn's part of it

  [[nodiscard]] bool is_run() const { return stat && (of_husky || stat->executable()); }
  [[nodiscard]] bool is_file() const { return stat && stat->kind == os::Kind::file; }
  /// Installing was cut off after the hook got its second name.
  [[nodiscard]] bool half_chained() const {
    return stat && chained_stat && stat->inode == chained_stat->inode && stat->device == chained_stat->device;
  }
  [[nodiscard]] AfterBlock after() const {
    return chained_stat && !half_chained() ? AfterBlock::chained_hook : AfterBlock::rest_of_script;
  }
};

/// husky points core.hooksPath to .husky/_, which it makes anew each time; from there it runs .husky/NAME.
Result<Place> find_place(Repository& repository) {
  CAIRN_TRY_ASSIGN(std::string folder, repository.hooks_folder());
  CAIRN_TRY_ASSIGN(const auto runner, os::find_stat(os::join(folder, "h")));
  if (os::name_of(folder) == "_" && runner && runner->kind == os::Kind::file) {
    return Place{std::string(os::parent_of(folder)), true};
  }
  return Place{std::move(folder), false};
}

Result<Found> look_at(const Place& place, std::string_view name, std::string path) {
  Found found;
  found.name = name;
  found.of_husky = place.of_husky;
  found.path = std::move(path);
  found.chained_path = os::join(place.folder, chained_name(name));
  CAIRN_TRY_ASSIGN(found.stat, os::find_stat(found.path));
  CAIRN_TRY_ASSIGN(found.chained_stat, os::find_stat(found.chained_path));
  if (found.is_file() && found.stat->size <= kScriptLimit) {
    CAIRN_TRY_ASSIGN(Buffer bytes, os::read_file(found.path));
    found.text = as_text(bytes);
    auto block = find_block(found.text);
    if (!block.ok()) {
      return block.error().with_context(quoted(found.path));
    }
    found.block = std::move(*block);
  }
  return found;
}

Result<Found> look(const Place& place, std::string_view name) {
  CAIRN_TRY_ASSIGN(Found found, look_at(place, name, os::join(place.folder, name)));
  if (!found.block && is_of_framework(found.text)) {
    // The pre-commit framework came after cairn, and runs cairn's hook before its own.
    CAIRN_TRY_ASSIGN(Found legacy, look_at(place, name, found.path + ".legacy"));
    return legacy.block ? std::move(legacy) : std::move(found);
  }
  return found;
}

Status write_text(const std::string& path, const std::string& text) {
  return os::write_atomic(path, as_bytes(text), {.mode = 0777});
}

Status make_executable(const Found& found) {
  // Executable for whoever may read it.
  unsigned mode = found.stat->mode | (found.stat->mode & 0444) >> 2;
  if (::chmod(found.path.c_str(), mode) != 0) {
    return Error::from_errno(errno, "cannot make executable", found.path);
  }
  return {};
}

/// Gives the user's hook its second name; it keeps the first one until cairn's hook replaces it.
Status keep_as_chained(const Found& found) {
  if (::linkat(AT_FDCWD, found.path.c_str(), AT_FDCWD, found.chained_path.c_str(), 0) == 0) {
    return {};
  }
  if (errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK) {
    // No hard links here.
    return os::rename_file(found.path, found.chained_path);
  }
  return Error::from_errno(errno, "cannot keep the existing hook as", found.chained_path);
}

Status chain(const Place& place, const Found& found) {
  if (found.stat->kind == os::Kind::folder) {
    return Error(Code::conflict, "the hook " + quoted(found.path) + " is a folder", "remove it");
  }
  if (found.chained_stat && !found.half_chained()) {
    return Error(Code::conflict,
                 "there are hooks at " + quoted(found.path) + " and " + quoted(found.chained_path),
                 "merge them into one, remove the other, then run 'cairn install'");
  }
  std::string fresh = os::join(place.folder, found.name + ".cairn-new");
  CAIRN_TRY(write_text(fresh, own_hook(found.name, AfterBlock::chained_hook)));
  if (!found.half_chained()) {
    CAIRN_TRY(keep_as_chained(found));
  }
  CAIRN_TRY(os::rename_file(fresh, found.path));
  return os::sync_folder(place.folder);
}

/// True when something was changed.
Result<bool> install(const Place& place, std::string_view name) {
  CAIRN_TRY_ASSIGN(Found found, look(place, name));
  if (!found.stat) {
    CAIRN_TRY(write_text(found.path, own_hook(name, found.after())));
    return true;
  }
  const bool editable = found.is_file() && found.is_run() && (found.of_husky || is_shell_script(found.text));
  if (!found.block && !editable) {
    CAIRN_TRY(chain(place, found));
    return true;
  }
  CAIRN_TRY_ASSIGN(std::string text, with_block(found.text, name, found.after()));
  bool changed = text != found.text;
  if (changed) {
    CAIRN_TRY(write_text(found.path, text));
  }
  if (!found.is_run()) {
    CAIRN_TRY(make_executable(found));
    changed = true;
  }
  return changed;
}

Result<bool> uninstall(const Place& place, std::string_view name) {
  CAIRN_TRY_ASSIGN(Found found, look(place, name));
  if (found.half_chained()) {
    CAIRN_TRY(os::remove_file(found.chained_path));
    return true;
  }
  if (!found.block) {
    return false;
  }
  CAIRN_TRY_ASSIGN(std::string rest, without_block(found.text));
  if (found.chained_stat) {
    if (!rest.empty()) {
      return Error(Code::conflict, "the hook " + quoted(found.path) + " was changed by hand",
                   "take your lines out of it, then run 'cairn uninstall'");
    }
    CAIRN_TRY(os::rename_file(found.chained_path, found.path));
  } else if (rest.empty()) {
    CAIRN_TRY(os::remove_file(found.path));
  } else {
    CAIRN_TRY(write_text(found.path, rest));
  }
  CAIRN_TRY(os::sync_folder(place.folder));
  return true;
}

HookStatus status_of(const Found& found) {
  if (!found.block) {
    return HookStatus::absent;
  }
  if (!found.is_run()) {
    return HookStatus::disabled;
  }
  return *found.block == hook_block(found.name, found.after()) ? HookStatus::installed : HookStatus::outdated;
}

Status make_hooks_folder(const std::string& folder) {
  CAIRN_TRY_ASSIGN(auto stat, os::find_stat(folder));
  if (stat && stat->kind != os::Kind::folder && stat->kind != os::Kind::symlink) {
    return Error(Code::conflict,
                 "cannot install hooks: core.hooksPath " + quoted(folder) + " is not a folder",
                 "run 'git config --unset core.hooksPath'");
  }
  return stat ? Status() : os::make_folders(folder);
}

}  // namespace

Result<std::vector<HookState>> hook_state(Repository& repository) {
  CAIRN_TRY_ASSIGN(const Place place, find_place(repository));
  std::vector<HookState> states;
  for (std::string_view name : kHookNames) {
    CAIRN_TRY_ASSIGN(Found found, look(place, name));
    states.push_back({found.name, found.path, status_of(found), found.after() == AfterBlock::chained_hook});
  }
  return states;
}

Result<std::vector<std::string>> install_hooks(Repository& repository, const std::string& program) {
  CAIRN_TRY_ASSIGN(const Place place, find_place(repository));
  CAIRN_TRY(make_hooks_folder(place.folder));
  CAIRN_TRY(record_program(repository, program));
  std::vector<std::string> changed;
  for (std::string_view name : kHookNames) {
    CAIRN_TRY_ASSIGN(bool done, install(place, name));
    if (done) {
      changed.emplace_back(name);
    }
  }
  return changed;
}

Result<std::vector<std::string>> uninstall_hooks(Repository& repository) {
  CAIRN_TRY_ASSIGN(const Place place, find_place(repository));
  std::vector<std::string> changed;
  for (std::string_view name : kHookNames) {
    CAIRN_TRY_ASSIGN(bool done, uninstall(place, name));
    if (done) {
      changed.emplace_back(name);
    }
  }
  CAIRN_TRY(forget_program(repository));
  return changed;
}

}  // namespace cairn::git
