// SPDX-License-Identifier: Apache-2.0
#include "project/store_folder.h"

#include "os/path.h"

namespace cairn::project {

std::string store_folder(const ProjectPaths& paths, const Config& config) {
  const std::optional<ConfigValue> cache = config.find("cache.dir");
  if (!cache) {
    return paths.shared;
  }
  return os::normalized(cache->value.starts_with('/') ? cache->value : os::join(paths.root, cache->value));
}

}  // namespace cairn::project
