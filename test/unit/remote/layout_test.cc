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

TEST(RemoteLayout, KnowsTheLocksOfCollections) {
  EXPECT_TRUE(is_gc_lock(new_gc_lock_name()));
  EXPECT_NE(new_gc_lock_name(), new_gc_lock_name());
  EXPECT_FALSE(is_gc_lock(kDoomedName));
  const Time time(std::chrono::seconds(1'796'031'273));
  EXPECT_EQ(encode_gc_lock(time), "cairn gc 1\ntime 1796031273\n");
  EXPECT_EQ(*decode_gc_lock(encode_gc_lock(time)), time);
  EXPECT_THAT(decode_gc_lock("cairn gc 2\n"), FailsWith(Code::unsupported, "format 2"));
  for (const char* text :
       {"", "cairn gc 1\n", "cairn gc 1\ntime 1", "cairn gc 1\ntime 01\n", "cairn gc 1\ntime -1\n",
        "cairn gc 1\ntime 1\nmore\n", "cairn gc 1\ntime 18446744073709551615\n"}) {
    EXPECT_THAT(decode_gc_lock(text), FailsWith(Code::remote, "damaged")) << text;
  }
}

TEST(RemoteLayout, WritesWhatIsDoomedAsThePageSays) {
  const Id pack = codec::hash(as_bytes("p"));
  const Doomed doomed{{{pack, Time(std::chrono::seconds(7))}},
                      {{"roots/p1/c1", Time(std::chrono::seconds(8))}}};
  const std::string text = "cairn doomed 1\npack " + pack.hex() + " 7\nroot roots/p1/c1 8\n";
  EXPECT_EQ(encode_doomed(doomed), text);
  ASSERT_OK_AND_ASSIGN(const Doomed read, decode_doomed(text));
  EXPECT_EQ(read, doomed);
  ASSERT_OK_AND_ASSIGN(const Doomed none, decode_doomed("cairn doomed 1\n"));
  EXPECT_TRUE(none.empty());
}

TEST(RemoteLayout, RefusesWhatIsNoListOfDoomedThings) {
  const std::string pack = "pack " + codec::hash(as_bytes("p")).hex();
  for (const std::string& body :
       {std::string("\n"), std::string("p\n"), std::string("pack 7\n"), pack + "\n", pack + " 7",
        pack + " 07\n", pack + " 7\n" + pack + " 8\n", std::string("root packs/x 7\n"),
        std::string("root  7\n"), std::string("node roots/p/c 7\n")}) {
    EXPECT_THAT(decode_doomed("cairn doomed 1\n" + body), FailsWith(Code::remote, "damaged")) << body;
  }
  EXPECT_THAT(decode_doomed("cairn doomed 2\n"), FailsWith(Code::unsupported, "format 2"));
}

}  // namespace
}  // namespace cairn::remote
