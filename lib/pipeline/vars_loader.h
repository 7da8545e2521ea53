// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "pipeline/surroundings.h"
#include "pipeline/value_reader.h"
#include "pipeline/variables.h"

namespace cairn::pipeline {

/// Which files of variables were merged: all of a file, or some of its keys.
using LoadedVars = std::map<std::string, std::optional<std::set<std::string>>>;

/// Merges what `vars` names, for one cairn.yaml. Internal to this module.
class VarsLoader {
 public:
  /// `file` is the cairn.yaml's path. All must outlive this object, which must outlive the variables.
  VarsLoader(std::string_view file, Surroundings& surroundings, ValueReader& reader)
      : file_(file), surroundings_(surroundings), reader_(reader) {}

  /// Merges params.yaml of `folder`, if it exists; `at` is what wants it.
  void load_default(std::string_view folder, const text::Position& at, Variables& variables,
                    LoadedVars& loaded);
  /// Merges the items of a `vars`: maps, and "FILE" or "FILE:KEY,KEY" relative to `folder`.
  void load(const text::Value& vars, std::string_view folder, Variables& variables, LoadedVars& loaded);

  /// Project paths of all files that were read.
  [[nodiscard]] const std::set<std::string>& files() const { return files_; }

 private:
  void load_item(const text::Value& item, std::string_view folder, Variables& variables, LoadedVars& loaded);
  void load_file(const std::string& path, const std::set<std::string>& keys, const text::Position& at,
                 Variables& variables, LoadedVars& loaded);
  void merge_part(const text::Value& map, const std::set<std::string>& keys, const std::string& path,
                  const text::Position& at, Variables& variables);
  /// False, with a problem noted when that is wrong, if there is nothing to load.
  bool is_new(const std::string& path, const std::set<std::string>& keys, const text::Position& at,
              LoadedVars& loaded);
  /// Null pointer when the file is missing; nothing when it was refused, with a problem noted.
  std::optional<const text::Value*> document(const std::string& path, const text::Position& at);
  void merge(const text::Value& map, std::string_view file, const text::Position& at, Variables& variables);

  std::string_view file_;
  Surroundings& surroundings_;
  ValueReader& reader_;
  std::deque<text::Value> parts_;  // of files that are loaded in part
  std::set<std::string> files_;
  std::size_t merged_ = 0;  // values
};

}  // namespace cairn::pipeline
