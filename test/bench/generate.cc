// SPDX-License-Identifier: Apache-2.0
// cairn_generate: seeded data for measurements, with its own zstd -1 ratio. The same bytes on every machine.
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/data.h"

namespace cairn::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: cairn_generate KIND SIZE OUT [SEED]\n"
    "  csv          a table of at least SIZE bytes, in whole rows\n"
    "  csv-v2       the same table with 10 rows inserted at seeded places and 1 % appended\n"
    "  random       SIZE bytes that do not compress\n"
    "  small-files  a folder of SIZE files (a number of files, not of bytes) of 1 to 20 kB, half of them "
    "random\n";

constexpr std::size_t kBlock = std::size_t{1} << 20;

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "cairn_generate: %s\n", message.c_str());
  std::exit(1);
}

/// Sizes before and after zstd -1.
struct Ratio {
  double raw = 0;
  double packed = 0;

  void add(std::string_view sample) {
    packed_bytes.resize(ZSTD_compressBound(sample.size()));
    packed += static_cast<double>(
        ZSTD_compress(packed_bytes.data(), packed_bytes.size(), sample.data(), sample.size(), 1));
    raw += static_cast<double>(sample.size());
  }
  [[nodiscard]] double value() const { return packed > 0 ? raw / packed : 0; }

  std::string packed_bytes;
};

void write_all(std::FILE* file, std::string_view bytes, const std::string& path) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) {
    fail("cannot write " + path);
  }
}

class Output {
 public:
  explicit Output(std::string path) : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb")) {
    if (file_ == nullptr) {
      fail("cannot open " + path_);
    }
    std::setvbuf(file_, nullptr, _IONBF, 0);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { std::fclose(file_); }

  /// Every sixteenth block is a sample for the ratio.
  void write(std::string_view block) {
    write_all(file_, block, path_);
    size_ += block.size();
    if (blocks_++ % 16 == 0) {
      ratio_.add(block);
    }
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  void report() const {
    std::printf("%s: %llu bytes, zstd -1 ratio %.2f\n", path_.c_str(), static_cast<unsigned long long>(size_),
                ratio_.value());
  }

 private:
  std::string path_;
  std::FILE* file_;
  std::uint64_t size_ = 0;
  std::uint64_t blocks_ = 0;
  Ratio ratio_;
};

/// Writes rows of `table`, and rows of `extra` after the offsets `places`, until `size` bytes of `table` are
/// out.
void write_csv(Output& out, std::uint64_t size, std::uint64_t seed, std::vector<std::uint64_t> places,
               std::uint64_t appended) {
  CsvTable table(seed);
  CsvTable extra(seed + 1);
  std::sort(places.begin(), places.end(), std::greater<>());
  std::string block = CsvTable::header();
  std::uint64_t table_bytes = block.size();
  const auto row = [&](CsvTable& source) {
    const std::size_t before = block.size();
    source.append_row(block);
    const std::size_t added = block.size() - before;
    if (block.size() >= kBlock) {
      out.write(block);
      block.clear();
    }
    return added;
  };
  while (table_bytes < size + appended) {
    while (!places.empty() && table_bytes >= places.back()) {
      places.pop_back();
      row(extra);
    }
    table_bytes += row(table);
  }
  out.write(block);
}

void make_csv(const std::string& path, std::uint64_t size, std::uint64_t seed) {
  Output out(path);
  write_csv(out, size, seed, {}, 0);
  out.report();
}

void make_csv_v2(const std::string& path, std::uint64_t size, std::uint64_t seed) {
  test::SplitMix64 random(seed + 2);
  std::vector<std::uint64_t> places(10);
  for (std::uint64_t& place : places) {
    place = random.next() % std::max<std::uint64_t>(size, 1);
  }
  Output out(path);
  write_csv(out, size, seed, places, size / 100);
  out.report();
}

void make_random(const std::string& path, std::uint64_t size, std::uint64_t seed) {
  test::SplitMix64 random(seed);
  Output out(path);
  Buffer block;
  while (out.size() < size) {
    fill_random(block, kBlock, random);
    out.write(as_text(block).substr(0, size - out.size()));
  }
  out.report();
}

/// Folders of 500 files; every second file is text.
void make_small_files(const std::string& path, std::uint64_t count, std::uint64_t seed) {
  test::SplitMix64 random(seed);
  const Vocabulary vocabulary;
  Ratio ratio;
  Buffer noise;
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string folder = path + "/part-" + std::to_string(i / 500);
    if (i % 500 == 0) {
      std::error_code error;
      std::filesystem::create_directories(folder, error);
    }
    const std::size_t size = 1000 + random.below(19001);
    const bool is_text = i % 2 == 0;
    const std::string name = folder + "/" + std::to_string(i) + (is_text ? ".txt" : ".bin");
    std::string content;
    if (is_text) {
      content = small_text(vocabulary, size, random);
      ratio.add(content);
    } else {
      fill_random(noise, size, random);
      content = as_text(noise).substr(0, size);
    }
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(name.c_str(), "wb"), std::fclose);
    if (file == nullptr) {
      fail("cannot open " + name);
    }
    write_all(file.get(), content, name);
    total += size;
  }
  std::printf("%s: %llu files, %llu bytes, zstd -1 ratio of each text file alone %.2f\n", path.c_str(),
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(total), ratio.value());
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end) {
    fail("not a number: " + std::string(text));
  }
  return value;
}

int run(const std::vector<std::string_view>& args) {
  if (args.size() != 3 && args.size() != 4) {
    std::fputs(kUsage.data(), stderr);
    return 2;
  }
  const std::uint64_t size = number(args[1]);
  const std::string out(args[2]);
  const std::uint64_t seed = args.size() == 4 ? number(args[3]) : 1;
  struct Kind {
    std::string_view name;
    void (*make)(const std::string&, std::uint64_t, std::uint64_t);
  };
  for (const Kind& kind : {Kind{"csv", make_csv}, Kind{"csv-v2", make_csv_v2}, Kind{"random", make_random},
                           Kind{"small-files", make_small_files}}) {
    if (kind.name == args[0]) {
      kind.make(out, size, seed);
      return 0;
    }
  }
  std::fputs(kUsage.data(), stderr);
  return 2;
}

}  // namespace
}  // namespace cairn::bench

int main(int argc, char** argv) {
  return cairn::bench::run({argv + 1, argv + argc});
}
