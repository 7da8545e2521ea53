// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/key.h"

namespace cairn::store {

/// All paths inside a store's folder are computed here and nowhere else.
struct StorePaths {
  std::string root;
  [[nodiscard]] std::string format() const { return root + "/format"; }
  [[nodiscard]] std::string packs() const { return root + "/packs"; }
  [[nodiscard]] std::string pack(const Id& id) const { return packs() + "/" + id.hex() + ".pack"; }
  [[nodiscard]] std::string index() const { return root + "/index"; }
  [[nodiscard]] std::string temporary() const { return root + "/tmp"; }
  [[nodiscard]] std::string bad() const { return root + "/bad"; }
  /// What tables look like, by their content; derived (docs/format/profile.md).
  [[nodiscard]] std::string profiles() const { return root + "/profiles"; }
  [[nodiscard]] std::string lock() const { return root + "/lock"; }
};

}  // namespace cairn::store
