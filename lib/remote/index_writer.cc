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
  CAIRN_TRY_ASSIGN(const auto objects, transport.list(std::string(kIndexesPrefix)));
  std::vector<Id> indexes;
  for (const transport::ObjectInfo& object : objects) {
    if (const auto id = index_of(object.name)) {
      indexes.push_back(*id);
    }
  }
  const std::string text = encode_index_list(std::move(indexes));
  return transport.put_replace(std::string(kIndexListName), as_bytes(text));
}

}  // namespace

std::uint32_t IndexWriter::number_of(const Id& pack) {
  const auto [it, is_new] = numbers_.emplace(pack, static_cast<std::uint32_t>(packs_.size()));
  if (is_new) {
    packs_.push_back(pack);
  }
  return it->second;
}

void IndexWriter::add(const store::PackTable& pack) {
  for (const store::PackEntry& entry : pack.entries) {
    entries_.push_back({entry.key, entry.place, number_of(pack.id)});
  }
}

void IndexWriter::add(const store::Segment& from, std::size_t row) {
  store::SegmentEntry entry = from.at(row);
  if (entry.pack < from.packs().size()) {
    entry.pack = number_of(from.packs()[entry.pack]);
    entries_.push_back(entry);
  }
}

void IndexWriter::add_all(const store::Segment& from) {
  for (std::size_t row = 0; row < from.size(); ++row) {
    add(from, row);
  }
}

std::span<const Id> IndexWriter::merge_many(const RemoteIndex& there) {
  if (there.ids().size() < kMaxIndexes) {
    return {};
  }
  for (const store::Segment& segment : there.segments()) {
    add_all(segment);
  }
  return there.ids();
}

Result<Id> IndexWriter::publish(transport::Transport& transport, std::span<const Id> replaced) {
  const Buffer bytes = store::encode_segment(packs_, std::exchange(entries_, {}));
  packs_.clear();
  numbers_.clear();
  const Id id = codec::hash(bytes, codec::Domain::table);
  transport::BytesSource source(bytes);
  CAIRN_TRY(transport.put_if_absent(index_name(id), source));
  for (const Id& old : replaced) {
    if (old != id) {
      CAIRN_TRY(transport.remove(index_name(old)));
    }
  }
  CAIRN_TRY(write_index_list(transport));
  return id;
}

}  // namespace cairn::remote
