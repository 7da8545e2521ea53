// SPDX-License-Identifier: Apache-2.0
#include "store/tree.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::store {
namespace {

constexpr std::string_view kMagic = "cairntree";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMaxTarget = 4095;

Error corrupt(std::string_view what) {
  return {Code::corrupt, "damaged tree: " + std::string(what)};
}

void append_entry(Buffer& out, const TreeEntry& entry) {
  out.push_back(static_cast<std::uint8_t>(entry.kind));
  out.push_back(static_cast<std::uint8_t>(entry.name.size()));
  append(out, as_bytes(entry.name));
  if (entry.kind == TreeKind::symlink) {
    append_le(out, static_cast<std::uint16_t>(entry.target.size()));
    append(out, as_bytes(entry.target));
    return;
  }
  append(out, entry.id.bytes);
  append_le(out, entry.size);
  if (entry.kind == TreeKind::folder) {
    append_le(out, entry.files);
  }
}

Result<TreeEntry> decode_entry(ByteReader& reader) {
  TreeEntry entry;
  entry.kind = static_cast<TreeKind>(reader.le<std::uint8_t>());
  if (entry.kind < TreeKind::file || entry.kind > TreeKind::folder) {
    return corrupt("an entry has an unknown kind");
  }
  entry.name = as_text(reader.take(reader.le<std::uint8_t>()));
  if (Status checked = os::check_name(entry.name); reader.ok() && !checked.ok()) {
    return corrupt("the entry " + quoted(entry.name) + " is refused: " + checked.error().message());
  }
  if (entry.kind == TreeKind::symlink) {
    entry.target = as_text(reader.take(reader.le<std::uint16_t>()));
    bool valid = !entry.target.empty() && entry.target.size() <= kMaxTarget &&
                 entry.target.find('\0') == std::string::npos;
    return valid ? Result<TreeEntry>(std::move(entry)) : corrupt("a symlink's target is damaged");
  }
  Bytes id = reader.take(32);
  std::copy(id.begin(), id.end(), entry.id.bytes.begin());
  entry.size = reader.le<std::uint64_t>();
  if (entry.kind == TreeKind::folder) {
    entry.files = reader.le<std::uint64_t>();
  }
  return reader.ok() ? Result<TreeEntry>(std::move(entry)) : corrupt("it ends in the middle of an entry");
}

}  // namespace

const TreeEntry* Tree::find(std::string_view name) const {
  auto found =
      std::lower_bound(entries.begin(), entries.end(), name,
                       [](const TreeEntry& entry, std::string_view wanted) { return entry.name < wanted; });
  return found != entries.end() && found->name == name ? &*found : nullptr;
}

std::uint64_t Tree::total_size() const {
  std::uint64_t sum = 0;
  for (const TreeEntry& entry : entries) {
    sum += entry.size;
  }
  return sum;
}

std::uint64_t Tree::total_files() const {
  std::uint64_t sum = 0;
  for (const TreeEntry& entry : entries) {
    sum += entry.kind == TreeKind::folder ? entry.files : 1;
  }
  return sum;
}

Buffer encode_tree(const Tree& tree) {
  Buffer out;
  append(out, as_bytes(kMagic));
  out.push_back(kVersion);
  for (const TreeEntry& entry : tree.entries) {
    append_entry(out, entry);
  }
  return out;
}

Result<Tree> decode_tree(Bytes bytes) {
  ByteReader reader(bytes);
  if (as_text(reader.take(kMagic.size())) != kMagic) {
    return corrupt("it does not start as one");
  }
  auto version = reader.le<std::uint8_t>();
  if (version > kVersion) {
    return Error(Code::unsupported, "the tree has a newer format", "install a newer cairn");
  }
  if (!reader.ok() || version != kVersion) {
    return corrupt("its header is damaged");
  }
  Tree tree;
  while (!reader.at_end()) {
    CAIRN_TRY_ASSIGN(TreeEntry entry, decode_entry(reader));
    if (!tree.entries.empty() && !(tree.entries.back().name < entry.name)) {
      return corrupt("the entry " + quoted(entry.name) + " is out of order or there twice");
    }
    tree.entries.push_back(std::move(entry));
  }
  return tree;
}

Id tree_id(Bytes encoded) {
  return codec::hash(encoded, codec::Domain::tree);
}

}  // namespace cairn::store
