// SPDX-License-Identifier: Apache-2.0
#include "remote/layout.h"

#include "codec/hash.h"
#include "support/matchers.h"

namespace cairn::remote {
namespace {

using cairn::test::FailsWith;
using store::Family;
using store::Object;

const std::string kId = "0123456789abcdef0123456789abcdef";

TEST(RemoteLayout, NamesPacksAndIndexesByTheirIds) {
  Id id = codec::hash(as_bytes("x"));
  EXPECT_EQ(pack_name(id), "packs/" + id.hex() + ".pack");
  EXPECT_EQ(index_name(id), "indexes/" + id.hex() + ".idx");
  EXPECT_EQ(pack_of(pack_name(id)), id);
  EXPECT_EQ(index_of(index_name(id)), id);
  EXPECT_FALSE(pack_of(index_name(id)).has_value());
  EXPECT_FALSE(pack_of("packs/x.pack").has_value());
  EXPECT_FALSE(pack_of("packs/.pack").has_value());
  EXPECT_FALSE(pack_of("packs/pack").has_value());
  EXPECT_EQ(roots_name("p1", "abc"), "roots/p1/abc");
}

TEST(RemoteLayout, WritesTheFormatAsThePageSays) {
  EXPECT_EQ(encode_format(kId), "cairn remote 1\nid " + kId + "\n");
  ASSERT_OK_AND_ASSIGN(std::string id, decode_format(encode_format(kId)));
  EXPECT_EQ(id, kId);
}

TEST(RemoteLayout, RefusesANewerFormatByItsNumber) {
  EXPECT_THAT(decode_format("cairn remote 2\nwhatever\n"), FailsWith(Code::unsupported, "format 2"));
}

TEST(RemoteLayout, RefusesWhatIsNoFormat) {
  for (const std::string& text :
       {std::string(), std::string("cairn remote 1\n"), std::string("cairn store 1\n"),
        "cairn remote 01\nid " + kId + "\n", "cairn remote 1\nid " + kId,
        "cairn remote 1\nid " + kId + "\nmore\n", "cairn remote 1\nid " + kId.substr(1) + "\n",
        std::string("cairn remote 1\nid ../../../../../../../../etc/passwd\n")}) {
    EXPECT_THAT(decode_format(text), FailsWith(Code::remote, "damaged")) << text;
  }
}

TEST(RemoteLayout, WritesRootsSortedAndOnce) {
  Object blob{Family::blob, codec::hash(as_bytes("b")), 12};
  Object tree{Family::tree, codec::hash(as_bytes("t")), 345};
  std::string text = encode_roots(std::vector<Object>{tree, blob, tree});
  EXPECT_EQ(text, "cairn roots 1\nblob " + blob.id.text() + " 12\ntree " + tree.id.text() + " 345\n");
  ASSERT_OK_AND_ASSIGN(auto objects, decode_roots(text));
  EXPECT_EQ(objects, (std::vector<Object>{blob, tree}));
}

TEST(RemoteLayout, RefusesRootsThatAreNotCanonical) {
  std::string id = codec::hash(as_bytes("b")).text();
  std::string heading = "cairn roots 1\n";
  for (const std::string& body :
       {"blob " + id + " 12", "blob " + id + " 012\n", "blob " + id + "\n", "node " + id + " 1\n",
        "blob " + id + " 1x\n", "tree " + id + " 1\nblob " + id + " 1\n",
        "blob " + id + " 1\nblob " + id + " 1\n", std::string("\n")}) {
    EXPECT_THAT(decode_roots(heading + body), FailsWith(Code::remote, "damaged")) << body;
  }
}

TEST(RemoteLayout, WritesTheIndexListSorted) {
  Id a = codec::hash(as_bytes("a"));
  Id b = codec::hash(as_bytes("b"));
  std::string text = encode_index_list({a, b});
  EXPECT_EQ(text, encode_index_list({b, a}));
  ASSERT_OK_AND_ASSIGN(auto ids, decode_index_list(text));
  EXPECT_EQ(ids.size(), 2u);
  EXPECT_THAT(decode_index_list("cairn index list 1\nx\n"), FailsWith(Code::remote, "damaged"));
}

}  // namespace
}  // namespace cairn::remote
