// SPDX-License-Identifier: Apache-2.0
#include "project/pointer.h"

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "os/path.h"
#include "text/conflict_markers.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"

namespace cairn::project {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kLongestPointer = std::size_t{1} << 20;
constexpr std::array<std::string_view, 7> kOwnKeys = {"cairn", "type",  "hash",  "size",
                                                      "exec",  "files", "source"};
constexpr std::array<std::string_view, 4> kUserKeys = {"desc", "remote", "push", "meta"};

/// Reads one pointer file; remembers which file for the messages.
class PointerParser {
 public:
  PointerParser(const text::Value& root, std::string_view path) : root_(root), path_(path) {}

  Result<Pointer> parse() {
    CAIRN_TRY(check_version());
    CAIRN_TRY(check_keys());
    CAIRN_TRY(parse_object());
    CAIRN_TRY(parse_executable());
    CAIRN_TRY(parse_files());
    CAIRN_TRY(parse_origin());
    CAIRN_TRY(parse_user());
    return pointer_;
  }

 private:
  [[nodiscard]] Error fail(const text::Position& at, std::string_view message) const {
    return {Code::malformed, text::place(path_, at) + ": " + std::string(message),
            "restore the file from Git, or remove it and run 'cairn add' on the data again"};
  }

  [[nodiscard]] Result<const text::Value*> required(std::string_view key) const {
    if (const text::Value* value = root_.find(key)) {
      return value;
    }
    return fail(root_.begin(), "the key " + quoted(key) + " is missing");
  }

  /// A number in its only spelling: digits without sign or leading zero.
  [[nodiscard]] Result<std::uint64_t> number(std::string_view key) const {
    CAIRN_TRY_ASSIGN(const text::Value* value, required(key));
    CAIRN_TRY_ASSIGN(const std::int64_t found, value->as_int(path_));
    if (found < 0 || value->raw() != std::to_string(found)) {
      return fail(value->begin(),
                  quoted(key) + " is not a plain number of 0 or more: " + quoted(value->raw()));
    }
    return static_cast<std::uint64_t>(found);
  }

  /// In the spelling that cairn writes.
  [[nodiscard]] Result<bool> boolean(const text::Value& value) const {
    CAIRN_TRY_ASSIGN(const bool found, value.as_bool(path_));
    if (value.raw() != (found ? "true" : "false")) {
      return fail(value.begin(), "expected true or false, not " + quoted(value.raw()));
    }
    return found;
  }

  [[nodiscard]] Status check_version() const {
    if (!root_.is(text::Kind::map)) {
      return fail(root_.begin(), "expected the keys of a pointer, not " + std::string(root_.type_name()));
    }
    CAIRN_TRY_ASSIGN(const std::uint64_t version, number("cairn"));
    if (version > static_cast<std::uint64_t>(kVersion)) {
      return Error(Code::unsupported,
                   quoted(path_) + " has format version " + std::to_string(version) +
                       "; this cairn reads version " + std::to_string(kVersion),
                   "install a newer cairn");
    }
    if (version == 0) {
      return fail(root_.find("cairn")->begin(), "there is no format version 0");
    }
    return {};
  }

  [[nodiscard]] Status check_keys() const {
    for (const text::Entry& entry : root_.entries()) {
      const auto is_key = [&entry](std::string_view known) { return known == entry.key; };
      if (std::none_of(kOwnKeys.begin(), kOwnKeys.end(), is_key) &&
          std::none_of(kUserKeys.begin(), kUserKeys.end(), is_key)) {
        return fail(entry.key_begin, "unknown key " + quoted(entry.key));
      }
    }
    return {};
  }

  Status parse_object() {
    CAIRN_TRY_ASSIGN(const text::Value* type, required("type"));
    CAIRN_TRY_ASSIGN(const std::string type_word, type->as_string(path_));
    if (type_word != "file" && type_word != "tree") {
      return fail(type->begin(), "'type' is " + quoted(type_word) + ", not file or tree");
    }
    CAIRN_TRY_ASSIGN(const text::Value* hash, required("hash"));
    CAIRN_TRY_ASSIGN(const std::string hash_text, hash->as_string(path_));
    const std::optional<store::Id> id = store::Id::from_text(hash_text);
    if (!id) {
      return fail(hash->begin(), "'hash' is not 'b3:' with 64 hex digits: " + quoted(hash_text));
    }
    CAIRN_TRY_ASSIGN(pointer_.object.size, number("size"));
    pointer_.object.family = type_word == "tree" ? store::Family::tree : store::Family::blob;
    pointer_.object.id = *id;
    return {};
  }

  Status parse_executable() {
    const text::Value* value = root_.find("exec");
    if (value == nullptr) {
      return {};
    }
    CAIRN_TRY_ASSIGN(pointer_.executable, boolean(*value));
    if (!pointer_.executable || pointer_.is_tree()) {
      return fail(value->begin(), "'exec' stands only in the pointer of a file, and only as true");
    }
    return {};
  }

  Status parse_files() {
    const text::Value* value = root_.find("files");
    if (pointer_.is_tree()) {
      CAIRN_TRY_ASSIGN(pointer_.files, number("files"));
    } else if (value != nullptr) {
      return fail(value->begin(), "'files' stands only in the pointer of a tree");
    }
    return {};
  }

  Status parse_origin() {
    if (const text::Value* value = root_.find("source")) {
      CAIRN_TRY_ASSIGN(pointer_.source, parse_source(*value, path_));
    }
    return {};
  }

  Status parse_user() {
    for (const std::string_view key : kUserKeys) {
      const text::Value* value = root_.find(key);
      if (value == nullptr) {
        continue;
      }
      if (key == "push") {
        CAIRN_TRY(boolean(*value));
      } else if (key == "meta") {
        CAIRN_TRY(value->as_map(path_));
      } else {
        CAIRN_TRY(value->as_string(path_));
      }
      pointer_.user.set(key, *value);
    }
    return {};
  }

  const text::Value& root_;
  std::string_view path_;
  Pointer pointer_;
};

text::Value integer(std::uint64_t value) {
  return text::Value::integer(static_cast<std::int64_t>(value));
}

}  // namespace

std::string write_pointer(const Pointer& pointer) {
  text::Value root = text::Value::map();
  root.set("cairn", text::Value::integer(kVersion));
  root.set("type", text::Value::string(pointer.is_tree() ? "tree" : "file"));
  root.set("hash", text::Value::string(pointer.object.id.text()));
  root.set("size", integer(pointer.object.size));
  if (pointer.executable && !pointer.is_tree()) {
    root.set("exec", text::Value::boolean(true));
  }
  if (pointer.is_tree()) {
    root.set("files", integer(pointer.files));
  }
  if (pointer.source) {
    root.set("source", write_source(*pointer.source));
  }
  for (const std::string_view key : kUserKeys) {
    if (const text::Value* value = pointer.user.find(key)) {
      root.set(key, *value);
    }
  }
  return text::write_yaml(root);
}

Result<Pointer> parse_pointer(std::string_view text, std::string_view path) {
  text::Limits limits;
  limits.bytes = kLongestPointer;
  if (text::has_conflict_markers(text)) {
    return text::in_conflict(path);
  }
  Result<text::Value> root = text::parse_yaml(text, path, limits);
  if (!root.ok()) {
    return root.error().with_hint(
        "restore the file from Git, or remove it and run 'cairn add' on the data again");
  }
  if (!text.ends_with('\n')) {
    return Error(Code::malformed, quoted(path) + " was cut: its last line has no end",
                 "restore the file from Git, or remove it and run 'cairn add' on the data again");
  }
  return PointerParser(*root, path).parse();
}

bool is_pointer_path(std::string_view path) {
  const std::string_view name = os::name_of(path);
  return name.size() > kPointerSuffix.size() && name.ends_with(kPointerSuffix);
}

std::string_view data_path(std::string_view pointer_path) {
  return pointer_path.substr(0, pointer_path.size() - kPointerSuffix.size());
}

std::string pointer_path(std::string_view data_path) {
  return std::string(data_path) + std::string(kPointerSuffix);
}

}  // namespace cairn::project
