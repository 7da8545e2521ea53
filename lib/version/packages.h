// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/value.h"

/// Packages and their versions, from folders and lock files; nothing is executed. Internal to version/.
namespace cairn::version {

/// Versions by package name. Where a lock has several versions of one package, all of them, sorted.
class Packages {
 public:
  void add(std::string name, std::string_view version) { versions_[std::move(name)].emplace(version); }
  /// Those of `other` whose names are not here yet: a folder that is further back in a search path.
  void add_missing(Packages other) { versions_.merge(other.versions_); }
  [[nodiscard]] bool empty() const { return versions_.empty(); }
  /// A map of name to "1.2.3", or "1.2.3, 2.0" for several.
  [[nodiscard]] text::Value to_value() const;

 private:
  std::map<std::string, std::set<std::string>> versions_;
};

/// A Python package's name as PEP 503 compares it: lower case, runs of "-", "_" and "." are one "-".
std::string normalized_name(std::string_view name);

/// Distributions (*.dist-info, *.egg-info) in a folder of installed packages; none if there is no such
/// folder. One that was installed from a repository has its commit, and an editable one is marked:
/// "1.0 (git 0a1b2c…)", "1.0 (editable)".
Result<Packages> distributions_in(const std::string& folder);

/// Distributions of the Python below `prefix`: lib/python*/site-packages and the like.
Result<Packages> distributions_below(const std::string& prefix);

/// `name==version` lines of a requirements file, and the files that it includes by -r and -c, as written.
struct Requirements {
  Packages pins;
  std::vector<std::string> includes;
};
Requirements parse_requirements(std::string_view text);

/// Versions in a list of maps with `name` and `version`: `package` of uv.lock, poetry.lock and
/// conda-lock.yml, `packages` of pylock.toml.
Packages locked_packages(const text::Value& document);

}  // namespace cairn::version
