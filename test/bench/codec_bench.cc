// SPDX-License-Identifier: Apache-2.0
// codec_bench [MIB]: what each step of storing costs, as multiples of copying the same bytes in the same run.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "bench/data.h"
#include "codec/chunker.h"
#include "codec/compress.h"
#include "codec/hash.h"

namespace cairn::bench {
namespace {

constexpr int kRounds = 5;

/// One step; `work` returns how many bytes came out, for the ratio of steps that compress.
struct Step {
  std::string name;
  std::function<std::size_t()> work;
  std::array<double, kRounds> seconds{};
  std::size_t out = 0;
};

std::vector<Bytes> cut(const codec::Chunker& chunker, Bytes file) {
  std::vector<Bytes> chunks;
  while (!file.empty()) {
    chunks.push_back(file.first(chunker.next(file)));
    file = file.subspan(chunks.back().size());
  }
  return chunks;
}

struct Packed {
  codec::Codec codec = codec::Codec::raw;
  Buffer bytes;
  std::size_t raw_size = 0;
};

/// Everything that one compression needs, shared by its encoding and decoding step.
class Coder {
 public:
  Coder(codec::Compression compression, const std::vector<Bytes>& chunks)
      : encoder_(compression), chunks_(chunks), out_(codec::Encoder::bound(codec::kChunkSizes.max)) {}

  std::size_t encode() {
    std::size_t total = 0;
    packed_.resize(chunks_.size());
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      const auto encoded = encoder_.encode(chunks_[i], out_).value();
      const auto end = out_.begin() + static_cast<std::ptrdiff_t>(encoded.size);
      packed_[i] = {encoded.codec, Buffer(out_.begin(), end), chunks_[i].size()};
      total += encoded.size;
    }
    return total;
  }

  std::size_t decode() {
    for (const Packed& packed : packed_) {
      CAIRN_CHECK(decoder_.decode(packed.codec, packed.bytes, std::span(out_).first(packed.raw_size)).ok());
    }
    return 0;
  }

 private:
  codec::Encoder encoder_;
  codec::Decoder decoder_;
  const std::vector<Bytes>& chunks_;
  std::vector<Packed> packed_;
  Buffer out_;
};

void add_chunker_steps(std::vector<Step>& steps, Bytes file) {
  struct Form {
    const char* name;
    codec::ChunkerForm form;
  };
  for (const Form& form :
       {Form{"cut, portable", codec::ChunkerForm::portable}, Form{"cut, SSE4.1", codec::ChunkerForm::sse41},
        Form{"cut, AVX2", codec::ChunkerForm::avx2}, Form{"cut, AVX-512", codec::ChunkerForm::avx512}}) {
    if (codec::Chunker::supported(form.form)) {
      const codec::Chunker chunker(codec::kChunkSizes, form.form);
      steps.push_back({form.name, [chunker, file] { return cut(chunker, file).size() == 0 ? 1U : 0U; }});
    }
  }
}

void print(const std::string& data, std::size_t size, std::vector<Step>& steps) {
  std::printf("\n%s, %zu MiB\n%-24s %8s %8s %7s\n", data.c_str(), size >> 20, "step", "GB/s", "x copy",
              "ratio");
  double copy = 0;
  for (Step& step : steps) {
    std::sort(step.seconds.begin(), step.seconds.end());
    const double median = step.seconds[kRounds / 2];
    copy = copy > 0 ? copy : median;
    std::printf("%-24s %8.2f %8.1f", step.name.c_str(), static_cast<double>(size) / median / 1e9,
                median / copy);
    if (step.out > 0) {
      std::printf(" %7.2f", static_cast<double>(size) / static_cast<double>(step.out));
    }
    std::printf("\n");
  }
}

void measure(const std::string& data, Bytes file) {
  const std::vector<Bytes> chunks = cut(codec::Chunker(), file);
  Buffer copy(file.size());
  std::vector<Step> steps;
  steps.push_back({"copy", [&] {
                     std::memcpy(copy.data(), file.data(), file.size());
                     return copy.back() == file.back() ? 0U : 1U;
                   }});
  steps.push_back({"BLAKE3 of the whole", [&] { return codec::hash(file).bytes.empty() ? 1U : 0U; }});
  steps.push_back({"BLAKE3 of each chunk", [&] {
                     std::size_t odd = 0;
                     for (Bytes chunk : chunks) {
                       odd |= codec::hash(chunk).bytes[0];
                     }
                     return odd > 255 ? 1U : 0U;
                   }});
  add_chunker_steps(steps, file);
  Coder fast({codec::Compression::Mode::fast, 0}, chunks);
  Coder one({codec::Compression::Mode::level, 1}, chunks);
  Coder three({codec::Compression::Mode::level, 3}, chunks);
  steps.push_back({"encode fast", [&] { return fast.encode(); }});
  steps.push_back({"decode fast", [&] { return fast.decode(); }});
  steps.push_back({"encode zstd 1", [&] { return one.encode(); }});
  steps.push_back({"decode zstd 1", [&] { return one.decode(); }});
  steps.push_back({"encode zstd 3", [&] { return three.encode(); }});
  steps.push_back({"decode zstd 3", [&] { return three.decode(); }});
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (Step& step : steps) {
      const auto start = std::chrono::steady_clock::now();
      step.out = step.work();
      step.seconds[round] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
  }
  print(data + ", mean chunk " + std::to_string(file.size() / chunks.size()), file.size(), steps);
}

int run(std::size_t mib) {
#ifndef NDEBUG
  std::printf("not an optimised build: the numbers mean little\n");
#endif
  const std::size_t size = mib << 20;
  std::string csv = CsvTable::header();
  CsvTable(1).fill(csv, size);
  measure("CSV", as_bytes(csv));
  Buffer noise;
  test::SplitMix64 random(1);
  fill_random(noise, size, random);
  measure("random", noise);
  return 0;
}

}  // namespace
}  // namespace cairn::bench

int main(int argc, char** argv) {
  const int mib = argc > 1 ? std::atoi(argv[1]) : 64;
  return cairn::bench::run(static_cast<std::size_t>(std::clamp(mib, 1, 4096)));
}
