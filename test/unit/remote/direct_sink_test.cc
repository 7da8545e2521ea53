// SPDX-License-Identifier: Apache-2.0
#include "remote/direct_sink.h"

#include <filesystem>

#include "unit/remote/transfer_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::DyingTransport;
using cairn::test::names_in;
using cairn::test::random_bytes;

/// More calls than one of these sends makes.
constexpr int kManyCalls = 100;

class DirectSinkTest : public test::TransferFixture {
 protected:
  /// Writes blobs to the remote alone; bytes that were new there.
  Result<std::uint64_t> send(store::Store& store, const std::vector<Buffer>& blobs,
                             std::unique_ptr<transport::Transport> transport = nullptr) {
    if (!transport) {
      transport = std::make_unique<transport::DirTransport>(remote_);
    }
    const Context with = context();
    CAIRN_TRY_ASSIGN(const Remote opened,
                     Remote::open(std::move(transport), "origin", store.paths(), Purpose::write, log_));
    CAIRN_TRY_ASSIGN(const RemoteIndex index, RemoteIndex::load(opened, with));
    DirectSink sink(opened, index, with);
    CAIRN_TRY_ASSIGN(store::Writer writer,
                     store::Writer::open_to(sink, store, test::raw_codec(), with, store::VerifyWrites::no));
    for (const Buffer& bytes : blobs) {
      CAIRN_TRY_ASSIGN([[maybe_unused]] const store::Id id, writer.put_blob(bytes));
    }
    CAIRN_TRY(writer.commit());
    return writer.stored_bytes();
  }
  static Root root_of(const Buffer& bytes) {
    return {{store::Family::blob, codec::hash(bytes), bytes.size()}, "data"};
  }
};

TEST_F(DirectSinkTest, TheRemoteGetsAllAndTheStoreNothing) {
  auto store = open("a");
  const Buffer bytes = random_bytes(3'000'000, 1);
  ASSERT_OK(send(*store, {bytes}));
  expect_fetchable({root_of(bytes)});
  EXPECT_TRUE(packs_of(*store).empty());
  EXPECT_TRUE(names_in(store->paths().temporary()).empty());
}

TEST_F(DirectSinkTest, WhatTheRemoteHasIsNotSentAgain) {
  auto store = open("a");
  Buffer bytes = random_bytes(3'000'000, 1);
  ASSERT_OK(send(*store, {bytes}));
  ASSERT_OK_AND_ASSIGN(const std::uint64_t again, send(*store, {bytes}));
  EXPECT_EQ(again, 0u);
  EXPECT_EQ(remote_names("indexes").size(), 1u);
  bytes[1'500'000] ^= 1;
  ASSERT_OK_AND_ASSIGN(const std::uint64_t edited, send(*store, {bytes}));
  EXPECT_GT(edited, 0u);
  EXPECT_LT(edited, 600'000u);
  expect_fetchable({root_of(bytes)});
}

TEST_F(DirectSinkTest, WhatTheStoreHasIsSentAllTheSame) {
  auto store = open("a");
  const Buffer bytes = random_bytes(300'000, 1);
  put(*store, bytes);
  ASSERT_OK(send(*store, {bytes}));
  expect_fetchable({root_of(bytes)});
}

TEST_F(DirectSinkTest, WhatALostPackHeldIsSentAgain) {
  auto store = open("a");
  const Buffer first = random_bytes(1'000'000, 1);
  ASSERT_OK(send(*store, {first}));
  for (const std::string& pack : remote_names("packs")) {
    fs::remove_all(remote_ + "/packs/" + pack);
  }
  ASSERT_OK(send(*store, {first}));
  expect_fetchable({root_of(first)});
}

TEST_F(DirectSinkTest, KilledAtAnyCallItShowsNothingAndTheNextOneCompletes) {
  const Buffer old = random_bytes(200'000, 1);
  const Buffer bytes = random_bytes(900'000, 2);
  ASSERT_OK(send(*open("first"), {old}));
  fs::copy(remote_, remote_ + ".saved", fs::copy_options::recursive);
  bool completed = false;
  int calls = 0;
  for (; !completed && calls < kManyCalls; ++calls) {
    SCOPED_TRACE(calls);
    fs::remove_all(remote_);
    fs::copy(remote_ + ".saved", remote_, fs::copy_options::recursive);
    auto store = open("a" + std::to_string(calls));
    completed = send(*store, {bytes}, std::make_unique<DyingTransport>(remote_, calls)).ok();
    EXPECT_TRUE(names_in(store->paths().temporary()).empty());
    expect_fetchable({root_of(old)});
    ASSERT_OK(send(*store, {bytes}));
    expect_fetchable({root_of(old), root_of(bytes)});
  }
  EXPECT_TRUE(completed);
  EXPECT_GT(calls, 4);
}

}  // namespace
}  // namespace cairn::remote
