// SPDX-License-Identifier: Apache-2.0
#include "ops/git_diff_text.h"

#include <memory>
#include <optional>

#include "git/layout.h"
#include "os/file.h"
#include "os/path.h"
#include "project/pointer.h"
#include "project/store_folder.h"
#include "report/lock_text.h"
#include "report/pointer_text.h"
#include "store/reader.h"

namespace cairn::ops {
namespace {

/// Locks may be long.
constexpr std::uint64_t kLongestFile = 1u << 30;

/// Null where there is none.
Result<std::unique_ptr<store::Store>> find_store(const std::string& folder) {
  CAIRN_TRY_ASSIGN(std::optional<git::Layout> layout, git::find_layout(folder));
  if (layout && layout->bare) {
    layout->work_tree = layout->git_dir;  // stands in for the top, of which there is none
  }
  const project::ProjectPaths paths = project::project_paths(layout ? layout->work_tree : folder, layout);
  CAIRN_TRY_ASSIGN(const project::Config config, project::Config::load(project::config_paths(paths)));
  const store::StorePaths store{project::store_folder(paths, config)};
  CAIRN_TRY_ASSIGN(const auto format, os::find_stat(store.format()));
  return format ? store::Store::open(store.root) : std::unique_ptr<store::Store>();
}

Result<std::string> text_of_pointer(const project::Pointer& pointer, const std::string& folder) {
  const auto store = find_store(folder);
  std::optional<store::Reader> reader;
  if (store.ok() && *store != nullptr) {
    reader.emplace(**store);
  }
  return report::pointer_text(pointer, reader ? &*reader : nullptr);
}

}  // namespace

Result<std::string> git_diff_text(const std::string& path, const std::string& folder) {
  CAIRN_TRY_ASSIGN(const Buffer bytes, os::read_file(path, kLongestFile));
  const std::string_view content = as_text(bytes);
  const auto pointer = project::parse_pointer(content, path);
  const Result<std::string> text =
      pointer.ok() ? text_of_pointer(*pointer, folder) : report::lock_text(content, path);
  return text.ok() ? *text : std::string(content);
}

}  // namespace cairn::ops
