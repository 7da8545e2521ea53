// SPDX-License-Identifier: Apache-2.0
#include "store/ingest_stream.h"

#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::random_bytes;
using cairn::test::raw_codec;

class IngestStreamTest : public test::StoreFixture {
 protected:
  /// Hands the bytes over in pieces of that size.
  static StreamTask stream_of(const Buffer& bytes, std::size_t step) {
    StreamTask task;
    task.read = [&bytes, step](const auto& sink) -> Status {
      for (std::size_t at = 0; at < bytes.size(); at += step) {
        CAIRN_TRY(sink(Bytes(bytes).subspan(at, std::min(step, bytes.size() - at))));
      }
      return {};
    };
    return task;
  }
};

TEST_F(IngestStreamTest, StoresWhatAFileOfTheSameBytesWould) {
  for (std::size_t size :
       {0u, 1u, 16384u, 16385u, 1u << 20, (1u << 20) + (256u << 10), 3u << 20, 5'000'001u}) {
    const Buffer bytes = random_bytes(size, size);
    auto whole = open("whole");
    const Id id = put(*whole, bytes);
    for (std::size_t step : {1000u, 65536u, 8u << 20}) {
      auto store = open("store-" + std::to_string(size) + "-" + std::to_string(step));
      const Context session_context = context();
      ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, raw_codec(), session_context));
      StreamTask task = stream_of(bytes, step);
      ASSERT_OK(writer.put_streams(std::span(&task, 1)));
      ASSERT_OK(writer.commit());
      ASSERT_FALSE(task.error);
      EXPECT_EQ(task.id, id) << size << " by " << step;
      EXPECT_EQ(task.size, size);
      ASSERT_OK_AND_ASSIGN(const Buffer back, get(*store, task.id));
      EXPECT_EQ(back, bytes);
      ASSERT_OK_AND_ASSIGN(const auto pieces, Reader(*store).read_pieces(Family::blob, id));
      ASSERT_OK_AND_ASSIGN(const auto pieces_of_file, Reader(*whole).read_pieces(Family::blob, id));
      EXPECT_EQ(pieces, pieces_of_file);
    }
  }
}

TEST_F(IngestStreamTest, KeepsTheTroubleOfOneStreamToItself) {
  auto store = open();
  const Context session_context = context();
  ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, raw_codec(), session_context));
  const Buffer bytes = random_bytes(3u << 20, 1);
  std::vector<StreamTask> tasks;
  for (int i = 0; i < 8; ++i) {
    tasks.push_back(stream_of(bytes, 100'000));
  }
  tasks[3].read = [&bytes](const auto& sink) -> Status {
    CAIRN_TRY(sink(bytes));
    return Error(Code::remote, "the connection broke");
  };
  ASSERT_OK(writer.put_streams(tasks));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    EXPECT_EQ(tasks[i].error.has_value(), i == 3) << i;
  }
  ASSERT_OK(writer.commit());
  ASSERT_OK_AND_ASSIGN(const Buffer back, get(*store, tasks[0].id));
  EXPECT_EQ(back, bytes);
}

}  // namespace
}  // namespace cairn::store
