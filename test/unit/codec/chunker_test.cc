// SPDX-License-Identifier: Apache-2.0
#include "codec/chunker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>
#include <set>

#include "codec/hash.h"
#include "support/source_tree.h"
#include "support/temp_dir.h"
#include "unit/codec/chunker_inputs.h"

namespace cairn::codec {
namespace {

using cairn::test::NamedInput;

constexpr std::size_t kWholeFile = std::numeric_limits<std::size_t>::max();

/// Ends of all chunks of a file, when the chunker sees at most `window` bytes at a time.
std::vector<std::size_t> cuts_of(const Chunker& chunker, Bytes file, std::size_t window = kWholeFile) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = 0; at < file.size();) {
    at += chunker.next(file.subspan(at, std::min(window, file.size() - at)));
    cuts.push_back(at);
  }
  return cuts;
}

std::vector<ChunkerForm> supported_forms() {
  std::vector<ChunkerForm> forms;
  for (ChunkerForm form : {ChunkerForm::best, ChunkerForm::portable, ChunkerForm::sse41, ChunkerForm::avx2,
                           ChunkerForm::avx512}) {
    if (Chunker::supported(form)) {
      forms.push_back(form);
    }
  }
  return forms;
}

std::string as_line(const NamedInput& input, const std::vector<std::size_t>& cuts) {
  std::string line = input.name + ":";
  for (std::size_t cut : cuts) {
    line += " " + std::to_string(cut);
  }
  return line + "\n";
}

std::string vectors_of(const Chunker& chunker, std::size_t window) {
  std::string text;
  for (const NamedInput& input : test::vector_inputs()) {
    text += as_line(input, cuts_of(chunker, input.bytes, window));
  }
  return text;
}

TEST(ChunkerVectors, HoldForEveryFormAndLookAhead) {
  const std::string path = test::source_path("test/golden/codec/chunker.txt");
  if (const char* accept = std::getenv("CAIRN_TEST_ACCEPT");
      accept != nullptr && std::string(accept) == "1") {
    test::write_text(path, vectors_of(Chunker(kChunkSizes, ChunkerForm::portable), kWholeFile));
  }
  const std::string expected = test::read_text(path);
  for (ChunkerForm form : supported_forms()) {
    const Chunker chunker(kChunkSizes, form);
    for (std::size_t window : {std::size_t{kChunkSizes.max}, std::size_t{kChunkSizes.max} + 1,
                               std::size_t{kChunkSizes.max} + 77777, kWholeFile}) {
      EXPECT_EQ(vectors_of(chunker, window), expected)
          << "form " << static_cast<int>(form) << ", look-ahead " << window;
    }
  }
}

// docs/format/chunking.md again, one rule after the other, as somebody would write it from that page alone.
namespace by_the_page {

__extension__ using Wide = unsigned __int128;

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product % (Wide{1} << 64)) ^ static_cast<std::uint64_t>(product >> 64);
}

std::int64_t word(Bytes data, std::size_t at) {
  const std::int64_t value = data[at] + 256 * data[at + 1];
  return value < 32768 ? value : value - 65536;
}

bool filter(Bytes data, std::size_t length) {
  const std::int64_t sum = 27189 * word(data, length - 8) - 15689 * word(data, length - 6) +
                           23691 * word(data, length - 4) - 29039 * word(data, length - 2) + 461845907;
  return (static_cast<std::uint64_t>(sum) >> 14) % 1024 == 0;
}

std::uint64_t strong(Bytes data, std::size_t length) {
  const auto x = [&](std::size_t back) { return load_le<std::uint64_t>(data.data() + length - back); };
  const std::uint64_t a = fold(x(48) ^ 0xa0761d6478bd642f, x(40) ^ 0xe7037ed1a0b428db);
  const std::uint64_t b = fold(x(32) ^ 0x8ebc6af09c88c6e3, x(24) ^ 0x589965cc75374cc3);
  const std::uint64_t c = fold(x(16) ^ 0x1d8e4e27c47d124f, x(8) ^ 0xeb44accab455d165);
  return fold(a ^ std::rotl(b, 21) ^ 0x9e3779b97f4a7c15, c ^ 0xd6e8feb86659fd93);
}

std::uint64_t gear(Bytes data, std::size_t length) {
  static const std::vector<std::uint64_t> table = [] {
    std::vector<std::uint64_t> numbers;
    test::SplitMix64 random(42);
    for (int i = 0; i < 256; ++i) {
      numbers.push_back(random.next());
    }
    return numbers;
  }();
  std::uint64_t sum = 0;
  for (unsigned k = 0; k < 64; ++k) {
    sum += table[data[length - 1 - k]] << k;
  }
  return sum;
}

std::size_t chunk_length(Bytes rest) {
  if (rest.size() <= 16384) {
    return rest.size();
  }
  const std::size_t n = std::min<std::size_t>(rest.size(), 262144);
  for (std::size_t length = 16384; length < std::min<std::size_t>(n, 131072); ++length) {
    const std::uint64_t threshold = length < 57016 ? 82825285584215750U : 1325204569347452003U;
    if (filter(rest, length) && strong(rest, length) < threshold) {
      return length;
    }
  }
  if (n <= 131072) {
    return n;
  }
  for (std::size_t length = 16384; length < n; ++length) {
    const std::uint64_t threshold = length < 57016 ? 80884067953335U : 1294145087253371U;
    if (gear(rest, length) < threshold) {
      return length;
    }
  }
  return n;
}

}  // namespace by_the_page

TEST(ChunkerVectors, FollowFromTheFormatPage) {
  std::string text;
  for (const NamedInput& input : test::vector_inputs()) {
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at < input.bytes.size();) {
      at += by_the_page::chunk_length(Bytes(input.bytes).subspan(at));
      cuts.push_back(at);
    }
    text += as_line(input, cuts);
  }
  EXPECT_EQ(text, test::read_text(test::source_path("test/golden/codec/chunker.txt")));
}

TEST(Chunker, TakesShortFilesWhole) {
  for (ChunkerForm form : supported_forms()) {
    const Chunker chunker(kChunkSizes, form);
    for (std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{63}, kSingleChunkLimit - 1, kSingleChunkLimit}) {
      EXPECT_EQ(chunker.next(test::random_bytes(size, 6)), size);
    }
  }
}

TEST(Chunker, KeepsLengthsBetweenMinAndMax) {
  const Chunker chunker;
  for (const NamedInput& input : test::vector_inputs()) {
    const std::vector<std::size_t> cuts = cuts_of(chunker, input.bytes);
    ASSERT_EQ(cuts.back(), input.bytes.size());
    for (std::size_t i = 0, start = 0; i + 1 < cuts.size(); start = cuts[i++]) {
      EXPECT_GE(cuts[i] - start, kChunkSizes.min) << input.name;
      EXPECT_LE(cuts[i] - start, kChunkSizes.max) << input.name;
    }
  }
}

TEST(Chunker, HasTheNamedMeanOnRandomAndTextData) {
  const Chunker chunker;
  constexpr std::size_t kSize = std::size_t{32} << 20;
  for (const Buffer& file : {test::random_bytes(kSize, 7), test::csv_bytes(kSize, 8)}) {
    const std::size_t mean = file.size() / cuts_of(chunker, file).size();
    EXPECT_GT(mean, 55U << 10);
    EXPECT_LT(mean, 75U << 10);
  }
}

TEST(Chunker, GivesTheSameCutsInEveryFormAtAnyLengthAndAlignment) {
  const std::vector<ChunkSizes> all_sizes{kChunkSizes, {64, 4800, 9600}, {1000, 8192, 40000}};
  test::SplitMix64 random(9);
  for (const NamedInput& input : test::vector_inputs()) {
    for (int round = 0; round < 8; ++round) {
      // A copy of exact size, so that address sanitizer sees reads beyond the end.
      const std::size_t start = random.next() % (input.bytes.size() / 2);
      const std::size_t size = random.next() % (input.bytes.size() / 2);
      const Buffer file(input.bytes.begin() + static_cast<std::ptrdiff_t>(start),
                        input.bytes.begin() + static_cast<std::ptrdiff_t>(start + size));
      for (const ChunkSizes& sizes : all_sizes) {
        const std::vector<std::size_t> expected = cuts_of(Chunker(sizes, ChunkerForm::portable), file);
        for (ChunkerForm form : supported_forms()) {
          ASSERT_EQ(cuts_of(Chunker(sizes, form), file), expected)
              << input.name << ", form " << static_cast<int>(form) << ", bytes " << start << "+" << size;
        }
      }
    }
  }
}

TEST(Chunker, NeverReadsBeyondTheDataForAnyLengthNearTheMinimum) {
  const ChunkSizes sizes{64, 4800, 9600};
  for (ChunkerForm form : supported_forms()) {
    const Chunker chunker(sizes, form);
    for (std::size_t size = 60; size < 300; ++size) {
      const Buffer file = test::csv_bytes(size, size);
      EXPECT_EQ(chunker.next(file), Chunker(sizes, ChunkerForm::portable).next(file)) << size;
    }
  }
}

std::set<Id> chunk_ids(Bytes file) {
  std::set<Id> ids;
  std::size_t start = 0;
  for (std::size_t cut : cuts_of(Chunker(), file)) {
    ids.insert(hash(file.subspan(start, cut - start)));
    start = cut;
  }
  return ids;
}

TEST(Chunker, FindsTheOldCutsAgainSoonAfterAnInsertion) {
  constexpr std::size_t kSize = std::size_t{8} << 20;
  for (const Buffer& old_file : {test::random_bytes(kSize, 10), test::csv_bytes(kSize, 11)}) {
    const std::set<Id> known = chunk_ids(old_file);
    for (std::size_t at : {std::size_t{0}, kSize / 3, kSize - 100}) {
      Buffer new_file = old_file;
      const Bytes row = as_bytes("one more row that was not there before\n");
      new_file.insert(new_file.begin() + static_cast<std::ptrdiff_t>(at), row.begin(), row.end());
      std::size_t unknown = 0;
      for (const Id& id : chunk_ids(new_file)) {
        unknown += known.contains(id) ? 0U : 1U;
      }
      EXPECT_GE(unknown, 1U);
      EXPECT_LE(unknown, 6U);
    }
  }
}

TEST(Chunker, SupportsThePortableFormEverywhere) {
  EXPECT_TRUE(Chunker::supported(ChunkerForm::best));
  EXPECT_TRUE(Chunker::supported(ChunkerForm::portable));
}

}  // namespace
}  // namespace cairn::codec
