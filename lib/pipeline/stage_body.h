// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/stage_draft.h"
#include "text/splice.h"
#include "text/value.h"

namespace cairn::pipeline {

/// Keys of a stage that list what it writes.
inline constexpr std::string_view kOutKeys[] = {"outs", "metrics", "plots"};

/// One stage in the text of a cairn.yaml, changed step by step. Internal to the edits of cairn.yaml. Errors:
/// as edit_stage.
class StageBody {
 public:
  static Result<StageBody> open(const text::Document& document, std::string_view name);

  [[nodiscard]] const std::string& text() const { return text_; }

  Status remove_dep(const std::string& path) { return remove_path({"deps"}, "dep", path); }
  Status remove_out(const std::string& path) {
    return remove_path({std::begin(kOutKeys), std::end(kOutKeys)}, "out", path);
  }
  Status remove_param(const std::string& written);
  Status add_dep(const std::string& path);
  Status add_out(std::string_view key, const text::Value& out);
  Status add_param(const std::string& written);

  Status unset(std::string_view dotted);
  Status set(std::string_view dotted, const text::Value& scalar);
  /// A scalar under a key that may be a map too ("seed", "retries"), where it is one.
  Status set_in(std::string_view key, std::string_view inner, const text::Value& scalar);

 private:
  StageBody(const text::Document& document, std::string_view name, text::KeyPath body, text::Value tree)
      : text_(document.text),
        path_(document.path),
        name_(name),
        body_(std::move(body)),
        tree_(std::move(tree)) {}

  [[nodiscard]] text::Document document() const { return {text_, path_}; }
  [[nodiscard]] text::KeyPath at(std::initializer_list<std::string_view> steps) const;
  [[nodiscard]] const text::Value* find(std::initializer_list<std::string_view> steps) const;

  Status take(Result<std::string> edited);

  [[nodiscard]] Error missing(std::string_view what, std::string_view name) const;
  [[nodiscard]] Error already(std::string_view what, std::string_view name) const;

  Status remove_path(const std::vector<std::string_view>& keys, std::string_view what,
                     const std::string& path);
  Status remove_entry(std::string_view key, std::size_t item, const std::string& name);
  Status remove_item(std::string_view key, std::size_t item);
  [[nodiscard]] bool has_path(std::string_view key, std::string_view path) const;
  /// Removes the first match in the list of params; false when nothing matches.
  Result<bool> remove_first(const ParamText& wanted, const std::string& key);
  Status remove_param_key(std::size_t item, const text::Entry& file, const std::string& key);
  [[nodiscard]] bool has_param(std::string_view file, const std::string& key) const;
  Status append(std::string_view key, const text::Value& item);

  std::string text_;
  std::string path_;
  std::string name_;
  text::KeyPath body_;
  text::Value tree_;  // of text_
};

}  // namespace cairn::pipeline
