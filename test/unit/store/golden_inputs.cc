// SPDX-License-Identifier: Apache-2.0
#include "unit/store/golden_inputs.h"

#include "os/file.h"
#include "store/lane.h"
#include "support/store_fixture.h"

namespace cairn::test {

using store::Piece;
using store::TreeKind;

store::Tree golden_tree() {
  codec::Id empty_folder = store::tree_id(store::encode_tree({}));
  return {{{"a.txt", TreeKind::file, codec::hash(as_bytes(kHello)), 6, 0, ""},
           {"b.sh", TreeKind::executable, codec::hash(as_bytes(kWorld)), 6, 0, ""},
           {"link", TreeKind::symlink, {}, 0, 0, "a.txt"},
           {"sub", TreeKind::folder, empty_folder, 0, 0, ""}}};
}

store::RecipeRoot golden_recipe() {
  std::vector<Piece> pieces{{codec::hash(as_bytes("chunk 0")), 65536},
                            {codec::hash(as_bytes("chunk 1")), 70000}};
  return {codec::kChunkSizes, 135536, 0, pieces};
}

std::vector<Piece> golden_node() {
  return {{codec::hash(as_bytes("node 0"), codec::Domain::node), 8388608},
          {codec::hash(as_bytes("node 1"), codec::Domain::node), 5000000000}};
}

Result<GoldenPack> golden_pack(const std::string& folder) {
  CAIRN_TRY_ASSIGN(auto store, store::Store::open(folder));
  store::Session session{
      *store, store->index(), raw_codec(), store::PackWriter(store->paths().temporary()), {}};
  store::Lane lane(session);
  CAIRN_TRY(lane.put_object(store::Family::blob, as_bytes(kHello)));
  CAIRN_TRY(lane.put_object(store::Family::blob, as_bytes(kWorld)));
  CAIRN_TRY(lane.put_object(store::Family::tree, store::encode_tree(golden_tree())));
  CAIRN_TRY(lane.flush());
  CAIRN_TRY_ASSIGN(auto packs, session.packs.finish());
  CAIRN_TRY_ASSIGN(Buffer bytes, os::read_file(packs.at(0).path));
  return GoldenPack{std::move(bytes), packs.at(0).table};
}

Buffer golden_segment(const store::PackTable& pack) {
  std::vector<store::SegmentEntry> entries;
  for (const store::PackEntry& entry : pack.entries) {
    entries.push_back({entry.key, entry.place, 0});
  }
  return store::encode_segment(std::vector<store::Id>{pack.id}, entries);
}

}  // namespace cairn::test
