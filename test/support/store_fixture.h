// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "store/extract.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/writer.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::test {

/// `size` bytes from a seed: incompressible, or lines of words and numbers.
Buffer random_bytes(std::size_t size, std::uint64_t seed);
Buffer text_bytes(std::size_t size, std::uint64_t seed);

Buffer read_bytes(const std::string& path);
void write_bytes(const std::string& path, Bytes bytes);
/// Names in a folder, sorted.
std::vector<std::string> names_in(const std::string& folder);

inline codec::Compression raw_codec() {
  return {codec::Compression::Mode::raw, 0};
}

/// A file that holds bytes from memory, and what a Context needs.
class StoreFixture : public ::testing::Test {
 protected:
  Context context(unsigned jobs = 1) { return {log_, progress_, stop_, jobs}; }

  /// Opens (or makes) a store below the test's folder; fails the test on error.
  std::unique_ptr<store::Store> open(const std::string& name = "store");
  /// One writer, one blob, one commit.
  store::Id put(store::Store& store, Bytes bytes, codec::Compression compression = raw_codec());
  store::Id put(store::Store& store, const store::Tree& tree);
  /// Writes `content` to files below the test's folder `folder` and stores them in one session.
  std::vector<store::FileTask> put_files(store::Store& store, const std::string& folder,
                                         const std::map<std::string, Buffer>& content, unsigned jobs = 1,
                                         codec::Compression compression = raw_codec());
  /// A whole blob by a new reader.
  static Result<Buffer> get(store::Store& store, const store::Id& id);
  /// Paths of the files in a folder of a store.
  static std::vector<std::string> packs_of(const store::Store& store);
  static std::vector<std::string> segments_of(const store::Store& store);

  TempDir dir_;
  std::atomic<bool> stop_{false};
  Progress progress_;

 private:
  class SilentLog : public Log {
   public:
    void warn(std::string_view) override {}
    void info(std::string_view) override {}
    void debug(std::string_view) override {}
  };
  SilentLog log_;
};

/// Extracts to FOLDER/NUMBER.part and names it FOLDER/NUMBER when published.
class FolderTarget : public store::ExtractTarget {
 public:
  explicit FolderTarget(std::string folder);
  Result<os::Fd> create(std::size_t i) override;
  Status publish(std::size_t i, os::Fd file) override;
  void discard(std::size_t i) override;
  [[nodiscard]] std::string path(std::size_t i) const { return folder_ + "/" + std::to_string(i); }
  std::atomic<int> discarded{0};
  std::function<Status(std::size_t)> before_publish;  ///< may fail the publication

 private:
  std::string folder_;
};

/// While it lives the process has the rights of an ordinary user, who owns `folder`. Does nothing where the
/// tests do not run as root.
class OrdinaryUser {
 public:
  explicit OrdinaryUser(const std::string& folder);
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;
  ~OrdinaryUser();

 private:
  bool changed_ = false;
};

/// While it lives every write behind `bytes` of a file fails (EFBIG).
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uint64_t bytes);
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit();

 private:
  std::uint64_t old_ = 0;
};

}  // namespace cairn::test
