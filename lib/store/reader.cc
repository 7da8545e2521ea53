// SPDX-License-Identifier: Apache-2.0
#include "store/reader.h"

#include <algorithm>

#include "base/escape.h"
#include "codec/compress.h"

namespace cairn::store {

struct Reader::State {
  explicit State(Store& the_store) : store(the_store), index(the_store.index()) {}

  Store& store;
  std::shared_ptr<const Index> index;
  codec::Decoder decoder;
  // The pack last read from.
  Id pack;
  std::shared_ptr<os::Fd> pack_file;
  // The shared block last decoded, and where it is.
  Id block_pack;
  std::uint64_t block_offset = 0;
  Buffer block;
  Buffer stored;
};

namespace {

codec::Domain domain_of(EntryKind kind) {
  switch (kind) {
    case EntryKind::node:
      return codec::Domain::node;
    case EntryKind::tree:
      return codec::Domain::tree;
    default:
      return codec::Domain::data;
  }
}

/// Other processes may move an entry to another pack, again and again; a fresh index settles it.
constexpr int kLocateTries = 5;

Error too_large(const Id& id, std::uint64_t limit) {
  return {Code::unsupported, id.text() + " is larger than " + std::to_string(limit) + " bytes"};
}

bool is_hashed(EntryKind kind) {
  return kind != EntryKind::recipe && kind != EntryKind::tree_recipe;
}

}  // namespace

Reader::Reader(Store& store) : state_(std::make_unique<State>(store)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Location> Reader::locate(const Key& key) {
  for (int tries = 1;; ++tries) {
    auto location = state_->index->find(key);
    if (!location) {
      CAIRN_TRY_ASSIGN(location, state_->store.locate(key));
      state_->index = state_->store.index();
    }
    Status opened = open_pack(location->pack);
    if (opened.ok()) {
      return *location;
    }
    if (opened.error().code() != Code::not_found || tries == kLocateTries) {
      return opened.error();
    }
    CAIRN_TRY(state_->store.reload());
    state_->index = state_->store.index();
  }
}

Status Reader::open_pack(const Id& pack) {
  if (!state_->pack_file || state_->pack != pack) {
    CAIRN_TRY_ASSIGN(state_->pack_file, state_->store.open_pack(pack));
    state_->pack = pack;
  }
  return {};
}

Status Reader::read_stored(const Location& location) {
  state_->stored.resize(location.place.stored_size);
  return os::read_exactly_at(state_->pack_file->get(), state_->stored, location.place.offset,
                             state_->store.paths().pack(location.pack));
}

Error Reader::damaged(const Key& key, const Location& location) const {
  return {
      Code::corrupt,
      "stored data is damaged: " + key.id.text() + " in " + quoted(state_->store.paths().pack(location.pack)),
      "cairn fsck"};
}

Status Reader::decode_block(const Key& key, const Location& location, std::span<std::uint8_t> out) {
  CAIRN_TRY(read_stored(location));
  Status decoded = state_->decoder.decode(location.place.codec, state_->stored, out);
  return decoded.ok() || decoded.error().code() == Code::unsupported ? decoded
                                                                     : Status(damaged(key, location));
}

Status Reader::decode_at(const Key& key, const Location& location, std::span<std::uint8_t> out) {
  const Place& place = location.place;
  if (place.size != out.size() || place.block_size > kMaxBlockSize || place.size > place.block_size ||
      place.in_block > place.block_size - place.size) {
    return damaged(key, location);
  }
  if (place.in_block == 0 && place.size == place.block_size) {
    return decode_block(key, location, out);
  }
  bool cached = state_->block_offset == place.offset && state_->block_pack == location.pack &&
                state_->block.size() == place.block_size && place.offset != 0;
  if (!cached) {
    state_->block_offset = 0;
    state_->block.resize(place.block_size);
    CAIRN_TRY(decode_block(key, location, state_->block));
    state_->block_offset = place.offset;
    state_->block_pack = location.pack;
  }
  std::copy_n(state_->block.begin() + place.in_block, place.size, out.begin());
  return {};
}

Result<Buffer> Reader::read_entry(const Key& key) {
  CAIRN_TRY_ASSIGN(Location location, locate(key));
  if (location.place.size > kMaxBlockSize) {
    return damaged(key, location);
  }
  Buffer bytes(location.place.size);
  CAIRN_TRY(decode_at(key, location, bytes));
  if (is_hashed(key.kind) && codec::hash(bytes, domain_of(key.kind)) != key.id) {
    return damaged(key, location);
  }
  return bytes;
}

Status Reader::decode_piece(Family family, const Piece& piece, std::span<std::uint8_t> out) {
  Key key{content_kind(family), piece.id};
  CAIRN_TRY_ASSIGN(Location location, locate(key));
  return decode_at(key, location, out);
}

Status Reader::append_pieces(const Node& node, unsigned level, std::vector<Piece>& out) {
  if (level == 0) {
    out.insert(out.end(), node.pieces.begin(), node.pieces.end());
    return {};
  }
  for (const Piece& child : node.pieces) {
    CAIRN_TRY_ASSIGN(Buffer bytes, read_entry({EntryKind::node, child.id}));
    CAIRN_TRY_ASSIGN(Node decoded, decode_node(bytes));
    std::uint64_t sum = 0;
    for (const Piece& piece : decoded.pieces) {
      sum += piece.size;
    }
    if (decoded.level != level - 1 || sum != child.size) {
      return Error(Code::corrupt, "damaged recipe: node " + child.id.text() + " does not fit its parent",
                   "cairn fsck");
    }
    CAIRN_TRY(append_pieces(decoded, level - 1, out));
  }
  return {};
}

Result<std::vector<Piece>> Reader::read_pieces(Family family, const Id& id, std::uint64_t limit) {
  Key whole{content_kind(family), id};
  if (auto location = state_->index->find(whole)) {
    return std::vector<Piece>{{id, location->place.size}};
  }
  Key recipe{recipe_kind(family), id};
  if (!state_->index->contains(recipe)) {
    CAIRN_TRY(state_->store.reload());
    state_->index = state_->store.index();
    if (auto location = state_->index->find(whole)) {
      return std::vector<Piece>{{id, location->place.size}};
    }
  }
  CAIRN_TRY_ASSIGN(Buffer bytes, read_entry(recipe));
  CAIRN_TRY_ASSIGN(RecipeRoot root, decode_recipe(bytes));
  if (root.size > limit) {
    return too_large(id, limit);
  }
  std::vector<Piece> pieces;
  CAIRN_TRY(append_pieces({root.level, root.pieces}, root.level, pieces));
  return pieces;
}

Result<Buffer> Reader::read_object(Family family, const Id& id, std::uint64_t limit) {
  CAIRN_TRY_ASSIGN(std::vector<Piece> pieces, read_pieces(family, id, limit));
  std::uint64_t size = 0;
  for (const Piece& piece : pieces) {
    size += piece.size;
  }
  if (size > limit) {
    return too_large(id, limit);
  }
  Buffer bytes(size);
  std::size_t offset = 0;
  for (const Piece& piece : pieces) {
    CAIRN_TRY(decode_piece(family, piece, std::span(bytes).subspan(offset, piece.size)));
    offset += piece.size;
  }
  if (codec::hash(bytes, content_domain(family)) != id) {
    return Error(Code::corrupt,
                 "stored data is damaged: " + id.text() + " does not have the content of its name",
                 "cairn fsck");
  }
  return bytes;
}

Result<Tree> Reader::read_tree(const Id& id) {
  CAIRN_TRY_ASSIGN(Buffer bytes, read_object(Family::tree, id));
  return decode_tree(bytes);
}

namespace {

Status walk_below(Reader& reader, const Id& tree, const std::string& prefix, unsigned depth,
                  const std::function<Status(const std::string&, const TreeEntry&)>& visit) {
  constexpr unsigned kMaxDepth = 256;
  if (depth > kMaxDepth) {
    return Error(Code::corrupt, "damaged tree: folders are nested more than 256 deep");
  }
  CAIRN_TRY_ASSIGN(Tree folder, reader.read_tree(tree));
  for (const TreeEntry& entry : folder.entries) {
    std::string path = prefix + entry.name;
    CAIRN_TRY(visit(path, entry));
    if (entry.kind == TreeKind::folder) {
      CAIRN_TRY(walk_below(reader, entry.id, path + "/", depth + 1, visit));
    }
  }
  return {};
}

}  // namespace

Status walk_tree(Reader& reader, const Id& tree,
                 const std::function<Status(const std::string& path, const TreeEntry& entry)>& visit) {
  return walk_below(reader, tree, "", 0, visit);
}

}  // namespace cairn::store
