// SPDX-License-Identifier: Apache-2.0
#include "remote/index_writer.h"

#include <utility>

#include "remote/layout.h"

namespace cairn::remote {
namespace {

/// A push that would leave more indexes than this merges them all into one.
constexpr std::size_t kMaxIndexes = 32;

/// Refreshes the hint for readers that cannot list.
Status write_index_list(transport::Transport& transport) {
  CAIRN_TRY_ASSIGN(auto objects, transport.list(std::string(kIndexesPrefix)));
  std::vector<store::Id> indexes;
  for (const transport::ObjectInfo& object : objects) {
    if (auto id = index_of(object.name)) {
      indexes.push_back(*id);
    }
  }
  std::string text = encode_index_list(std::move(indexes));
  return transport.put_replace(std::string(kIndexListName), as_bytes(text));
}

}  // namespace

std::uint32_t IndexWriter::number_of(const store::Id& pack) {
  auto [it, is_new] = numbers_.emplace(pack, static_cast<std::uint32_t>(packs_.size()));
  if (is_new) {
    packs_.push_back(pack);
  }
  return it->second;
}

void IndexWriter::add(const store::PackTable& table) {
  const std::uint32_t number = number_of(table.id);
  for (const store::PackEntry& entry : table.entries) {
    entries_.push_back({entry.key, entry.place, number});
  }
}

void IndexWriter::add_all(const store::Segment& from) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    store::SegmentEntry entry = from.at(i);
    if (entry.pack < from.packs().size()) {
      entry.pack = number_of(from.packs()[entry.pack]);
      entries_.push_back(entry);
    }
  }
}

Status IndexWriter::write(transport::Transport& transport, const RemoteIndex& there) {
  const bool merges = there.ids().size() >= kMaxIndexes;
  for (std::size_t i = 0; merges && i < there.segments().size(); ++i) {
    add_all(there.segments()[i]);
  }
  const Buffer bytes = store::encode_segment(packs_, std::exchange(entries_, {}));
  packs_.clear();
  numbers_.clear();
  const store::Id id = codec::hash(bytes, codec::Domain::table);
  transport::BytesSource source(bytes);
  CAIRN_TRY(transport.put_if_absent(index_name(id), source));
  for (std::size_t i = 0; merges && i < there.ids().size(); ++i) {
    if (there.ids()[i] != id) {
      CAIRN_TRY(transport.remove(index_name(there.ids()[i])));
    }
  }
  return write_index_list(transport);
}

}  // namespace cairn::remote
