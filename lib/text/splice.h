// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/value.h"

namespace cairn::text {

/// A YAML text that a person wrote, and its name for messages. Both must outlive the call.
struct Document {
  std::string_view text;
  std::string_view path;
};

/// Keys from the root of a document to one of its values, for an item of a list its number from 0; empty for
/// the root.
using KeyPath = std::vector<std::string>;

/// Edits of a YAML document that keep everything else byte for byte: comments, blank lines, quotes, order,
/// line ends. What is added follows the file's own indentation. Each returns the new text after reading it
/// back and comparing it with the tree that was meant. Errors: malformed if the document cannot be read, or
/// if the edit cannot be made without touching anything else ("cannot edit 'a.b' …": an alias, an anchor, a
/// value of another kind); not_found if a key of the path is missing; exists if a key to add is there.
/// REQUIRES: new keys and strings are UTF-8. Cost: two readings.

/// Replaces the scalar at `at`, on one line. Missing keys are added at the end of the last map that exists.
/// REQUIRES: `scalar` is a scalar and `at` is not empty.
Result<std::string> set_scalar(const Document& document, const KeyPath& at, const Value& scalar);

/// Adds `key` with `value` at the end of the map at `map`. An empty `{}` or a key without a value becomes a
/// block.
Result<std::string> add_key(const Document& document, const KeyPath& map, std::string_view key,
                            const Value& value);

/// Removes the key at `at` with its value, and the comment lines directly above it when they are indented as
/// the key is and do not open the file. The map around it becomes `{}` if that was its last key.
/// REQUIRES: `at` is not empty.
Result<std::string> remove_key(const Document& document, const KeyPath& at);

/// Adds `item` at the end of the list at `list`. An empty `[]` or a key without a value becomes a block.
Result<std::string> append_item(const Document& document, const KeyPath& list, const Value& item);

/// Removes the item at `at` from its list, with comments as remove_key. A list's only item is refused:
/// remove the key.
Result<std::string> remove_item(const Document& document, const KeyPath& at);

}  // namespace cairn::text
