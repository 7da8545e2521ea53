// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "text/splice.h"
#include "text/splice_text.h"

namespace cairn::text {

/// Where a path leads in a document. Internal to this module.
struct Spot {
  const Value* value = nullptr;
  const Entry* entry = nullptr;   ///< that holds the value; null for the root and for an item of a list
  const Value* parent = nullptr;  ///< the map or list around the value; null for the root
  bool in_flow = false;           ///< a collection around the value is in brackets

  [[nodiscard]] bool is_root() const { return parent == nullptr; }
};

/// The value at `path`; null pointer where there is none.
Value* find_value(Value& root, const KeyPath& path);

/// "'a.b'", for messages.
std::string shown(const KeyPath& path);

/// All but the last step.
KeyPath parent_of(const KeyPath& path);

/// One edit: the document, its tree, and the tree as it shall become. Internal to this module.
class Edit {
 public:
  static Result<Edit> open(const Document& document, const KeyPath& path);

  [[nodiscard]] const Value& tree() const { return tree_; }
  Value& wanted() { return wanted_; }
  [[nodiscard]] const SpliceText& text() const { return text_; }
  [[nodiscard]] YamlLayout layout() const { return text_.layout(tree_); }

  /// `not_found` naming the first step that is missing.
  [[nodiscard]] Result<Spot> locate(const KeyPath& path) const;
  [[nodiscard]] Error refusal() const;
  /// `result`, if it reads back as the wanted tree.
  [[nodiscard]] Result<std::string> finish(std::string result) const;

 private:
  Edit(const Document& document, KeyPath path, Value tree)
      : document_(document),
        path_(std::move(path)),
        text_(document.text),
        tree_(std::move(tree)),
        wanted_(tree_) {}

  Document document_;
  KeyPath path_;
  SpliceText text_;
  Value tree_;
  Value wanted_;
};

}  // namespace cairn::text
