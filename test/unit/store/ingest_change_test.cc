// SPDX-License-Identifier: Apache-2.0
// Files that change while they are stored: what is stored hashes to its id and stood in the file at one
// moment, or the task says `conflict`.
#include <fcntl.h>

#include <filesystem>
#include <thread>

#include "os/fd.h"
#include "os/file.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

/// Every block of the file holds the number of the last complete pass; a mix of two passes is a torn state.
constexpr std::size_t kBlock = 64u << 10;

Buffer filled(std::size_t size, std::uint64_t pass) {
  Buffer out(size);
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    store_le(out.data() + i, pass * 1000003 + i / kBlock);
  }
  return out;
}

class ChangingFileTest : public test::StoreFixture {
 protected:
  struct Outcome {
    int stored = 0;
    int conflicts = 0;
    bool stored_in_the_end = false;  ///< once nothing changed it any more
  };

  /// Runs `change` in a thread again and again while the file is stored `rounds` times.
  Outcome store_while(const std::function<void(std::uint64_t pass)>& change, unsigned jobs, int rounds,
                      const std::function<void(const Buffer&)>& check) {
    auto store = open();
    auto root = os::Root::open(dir_ / "in");
    EXPECT_OK(root);
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> passes{0};
    std::thread writer([&] {
      while (!done) {
        change(++passes);
      }
    });
    while (passes == 0) {
      std::this_thread::yield();
    }
    Outcome outcome;
    for (int i = 0; i < rounds; ++i) {
      store_once(*store, *root, jobs, outcome, check);
    }
    done = true;
    writer.join();
    Outcome quiet;
    store_once(*store, *root, jobs, quiet, check);
    outcome.stored_in_the_end = quiet.stored == 1;
    return outcome;
  }

  void store_once(Store& store, const os::Root& root, unsigned jobs, Outcome& outcome,
                  const std::function<void(const Buffer&)>& check) {
    std::vector<FileTask> tasks(1);
    tasks[0].path = "f";
    Context with = context(jobs);
    auto session = Writer::open(store, test::raw_codec(), with);
    ASSERT_OK(session);
    ASSERT_OK(session->put_files(root, tasks));
    ASSERT_OK(session->commit());
    if (tasks[0].error) {
      // A name that is gone for a moment is an honest answer too.
      bool honest = tasks[0].error->code() == Code::conflict || tasks[0].error->code() == Code::not_found;
      EXPECT_TRUE(honest) << tasks[0].error->message();
      ++outcome.conflicts;
      return;
    }
    ++outcome.stored;
    auto bytes = get(store, tasks[0].id);
    ASSERT_OK(bytes);
    EXPECT_EQ(bytes->size(), tasks[0].stat.size);
    check(*bytes);
  }

  void overwrite(std::size_t size, std::uint64_t pass) {
    auto fd = os::open_file(dir_ / "in/f", O_WRONLY);
    ASSERT_OK(fd);
    Buffer bytes = filled(size, pass);
    for (std::size_t at = 0; at < size; at += kBlock) {
      ASSERT_OK(os::write_at(fd->get(), Bytes(bytes).subspan(at, std::min(kBlock, size - at)), at, "f"));
    }
  }
};

/// True when `bytes` is a state that passes over the file in order can leave: the start of one pass before
/// the rest of the one before.
bool is_a_state(const Buffer& bytes) {
  const std::uint64_t first = load_le<std::uint64_t>(bytes.data()) / 1000003;
  std::uint64_t current = first;
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t pass = load_le<std::uint64_t>(bytes.data() + i) / 1000003;
    if (pass != current && (current != first || pass + 1 != first)) {
      return false;
    }
    current = pass;
  }
  return true;
}

TEST_F(ChangingFileTest, OfTwoPassesMixedIsNoState) {
  Buffer old_pass = filled(4 * kBlock, 6);
  Buffer bytes = filled(4 * kBlock, 7);
  EXPECT_TRUE(is_a_state(bytes));
  std::copy(old_pass.begin() + 2 * kBlock, old_pass.end(), bytes.begin() + 2 * kBlock);
  EXPECT_TRUE(is_a_state(bytes));
  bytes = filled(4 * kBlock, 7);
  std::copy_n(old_pass.begin() + kBlock, kBlock, bytes.begin() + kBlock);
  EXPECT_FALSE(is_a_state(bytes)) << "an old block between new ones";
  EXPECT_FALSE(is_a_state([&] {
    Buffer mix = old_pass;
    Buffer next = filled(4 * kBlock, 7);
    std::copy(next.begin() + 2 * kBlock, next.end(), mix.begin() + 2 * kBlock);
    return mix;
  }()))
      << "the end of the new pass behind the start of the old one";
}

TEST_F(ChangingFileTest, OverwrittenInPlaceIsOneStateOrAConflict) {
  for (std::size_t size : {std::size_t{300000}, std::size_t{5} << 20}) {
    test::write_bytes(dir_ / "in/f", filled(size, 0));
    Outcome outcome = store_while(
        [&](std::uint64_t pass) { overwrite(size, pass); }, 2, 25,
        [](const Buffer& bytes) { EXPECT_TRUE(is_a_state(bytes)) << "a mix that never stood in the file"; });
    EXPECT_TRUE(outcome.stored_in_the_end);
  }
}

TEST_F(ChangingFileTest, ThatNeverHoldsStillIsAConflictThatNamesIt) {
  // What /proc says has size 0 in fstat and more bytes when it is read, every time.
  auto store = open();
  ASSERT_OK_AND_ASSIGN(os::Root root, os::Root::open("/proc/self"));
  std::vector<FileTask> tasks(1);
  tasks[0].path = "status";
  Context with = context();
  ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, test::raw_codec(), with));
  ASSERT_OK(writer.put_files(root, tasks));
  ASSERT_TRUE(tasks[0].error.has_value());
  EXPECT_EQ(tasks[0].error->code(), Code::conflict);
  EXPECT_EQ(tasks[0].error->message(), "'status' changed while it was read");
}

TEST_F(ChangingFileTest, GrowingIsAPrefixOfWhatWasWritten) {
  test::write_text(dir_ / "in/f", "");
  auto fd = os::open_file(dir_ / "in/f", O_WRONLY | O_APPEND);
  ASSERT_OK(fd);
  std::uint64_t size = 0;
  Outcome outcome = store_while(
      [&](std::uint64_t) {
        if (size > (4u << 20)) {
          ASSERT_EQ(ftruncate(fd->get(), 0), 0);
          size = 0;
        }
        Buffer bytes(10007, 'x');
        ASSERT_OK(os::write_at(fd->get(), bytes, size, "f"));
        size += bytes.size();
      },
      2, 25, [](const Buffer& bytes) { EXPECT_TRUE(bytes == Buffer(bytes.size(), 'x')); });
  EXPECT_TRUE(outcome.stored_in_the_end);
}

TEST_F(ChangingFileTest, ShrinkingIsOneOfItsStates) {
  std::size_t large = 3u << 20;
  Buffer bytes = test::random_bytes(large, 1);
  test::write_bytes(dir_ / "in/f", bytes);
  auto fd = os::open_file(dir_ / "in/f", O_WRONLY);
  ASSERT_OK(fd);
  auto change = [&](std::uint64_t pass) {
    if (pass % 2 == 0) {
      ASSERT_OK(os::write_at(fd->get(), bytes, 0, "f"));
    } else {
      ASSERT_EQ(ftruncate(fd->get(), static_cast<off_t>(pass % 7 * 300000)), 0);
    }
  };
  Outcome outcome = store_while(change, 2, 25, [&](const Buffer& stored) {
    ASSERT_LE(stored.size(), large);
    EXPECT_TRUE(std::equal(stored.begin(), stored.end(), bytes.begin()));
  });
  EXPECT_TRUE(outcome.stored_in_the_end);
}

TEST_F(ChangingFileTest, ReplacedByRenameIsTheOldOrTheNewFile) {
  std::size_t size = 2u << 20;
  test::write_bytes(dir_ / "in/f", filled(size, 0));
  Outcome outcome = store_while(
      [&](std::uint64_t pass) {
        test::write_bytes(dir_ / "new", filled(size, pass));
        ASSERT_OK(os::rename_file(dir_ / "new", dir_ / "in/f"));
      },
      2, 25,
      [&](const Buffer& stored) {
        EXPECT_TRUE(stored == filled(size, load_le<std::uint64_t>(stored.data()) / 1000003));
      });
  EXPECT_TRUE(outcome.stored_in_the_end);
}

TEST_F(ChangingFileTest, ReplacedByASymlinkOrAFolderIsNeverFollowed) {
  test::write_text(dir_ / "outside", "secret");
  test::write_text(dir_ / "in/f", "good");
  store_while(
      [&](std::uint64_t pass) {
        std::filesystem::remove_all(dir_ / "in/f");
        if (pass % 3 == 0) {
          test::write_text(dir_ / "good", "good");
          ASSERT_OK(os::rename_file(dir_ / "good", dir_ / "in/f"));
        } else if (pass % 3 == 1) {
          std::filesystem::create_symlink("../outside", dir_ / "in/f");
        } else {
          std::filesystem::create_directory(dir_ / "in/f");
        }
      },
      2, 50, [](const Buffer& stored) { EXPECT_EQ(as_text(stored), "good"); });
}

}  // namespace
}  // namespace cairn::store
