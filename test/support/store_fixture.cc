// SPDX-License-Identifier: Apache-2.0
#include "support/store_fixture.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "os/file.h"
#include "support/random.h"

namespace cairn::test {
namespace {

constexpr uid_t kNobody = 65534;

std::vector<std::string> paths_in(const std::string& folder) {
  std::vector<std::string> paths = names_in(folder);
  for (std::string& path : paths) {
    path = folder + "/" + path;
  }
  return paths;
}

}  // namespace

Buffer random_bytes(std::size_t size, std::uint64_t seed) {
  SplitMix64 random(seed);
  Buffer out(size + 8);
  for (std::size_t i = 0; i < size; i += 8) {
    store_le(out.data() + i, random.next());
  }
  out.resize(size);
  return out;
}

Buffer text_bytes(std::size_t size, std::uint64_t seed) {
  SplitMix64 random(seed);
  static constexpr std::string_view kWords[] = {"alpha", "beta", "gamma", "delta"};
  Buffer out;
  out.reserve(size + 64);
  while (out.size() < size) {
    std::uint64_t x = random.next();
    append(out, as_bytes(std::to_string(x % 100000) + "," + std::string(kWords[x >> 62]) + "\n"));
  }
  out.resize(size);
  return out;
}

Buffer read_bytes(const std::string& path) {
  auto bytes = os::read_file(path, 1u << 30);
  EXPECT_OK(bytes);
  return bytes.ok() ? *bytes : Buffer();
}

void write_bytes(const std::string& path, Bytes bytes) {
  write_text(path, as_text(bytes));
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  auto entries = os::list_folder(folder);
  EXPECT_OK(entries);
  if (entries.ok()) {
    for (const os::DirEntry& entry : *entries) {
      names.push_back(entry.name);
    }
  }
  return names;
}

std::unique_ptr<store::Store> StoreFixture::open(const std::string& name) {
  auto store = store::Store::open(dir_ / name);
  EXPECT_OK(store);
  return store.ok() ? std::move(*store) : nullptr;
}

store::Id StoreFixture::put(store::Store& store, Bytes bytes, codec::Compression compression) {
  Context with = context();
  auto writer = store::Writer::open(store, compression, with);
  EXPECT_OK(writer);
  auto id = writer->put_blob(bytes);
  EXPECT_OK(id);
  EXPECT_OK(writer->commit());
  return *id;
}

store::Id StoreFixture::put(store::Store& store, const store::Tree& tree) {
  Context with = context();
  auto writer = store::Writer::open(store, raw_codec(), with);
  EXPECT_OK(writer);
  auto id = writer->put_tree(tree);
  EXPECT_OK(id);
  EXPECT_OK(writer->commit());
  return *id;
}

std::vector<store::FileTask> StoreFixture::put_files(store::Store& store, const std::string& folder,
                                                     const std::map<std::string, Buffer>& content,
                                                     unsigned jobs, codec::Compression compression) {
  std::vector<store::FileTask> tasks;
  for (const auto& [name, bytes] : content) {
    write_bytes(dir_ / (folder + "/" + name), bytes);
    tasks.emplace_back().path = name;
    tasks.back().stat.size = bytes.size();
  }
  auto root = os::Root::open(dir_ / folder);
  EXPECT_OK(root);
  Context with = context(jobs);
  auto writer = store::Writer::open(store, compression, with);
  EXPECT_OK(writer);
  EXPECT_OK(writer->put_files(*root, tasks));
  EXPECT_OK(writer->commit());
  return tasks;
}

Result<Buffer> StoreFixture::get(store::Store& store, const store::Id& id) {
  store::Reader reader(store);
  return reader.read_object(store::Family::blob, id);
}

std::vector<std::string> StoreFixture::packs_of(const store::Store& store) {
  return paths_in(store.paths().packs());
}

std::vector<std::string> StoreFixture::segments_of(const store::Store& store) {
  return paths_in(store.paths().index());
}

FolderTarget::FolderTarget(std::string folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

Result<os::Fd> FolderTarget::create(std::size_t i) {
  return os::open_file(path(i) + ".part", O_WRONLY | O_CREAT | O_EXCL);
}

Status FolderTarget::publish(std::size_t i, os::Fd file) {
  CAIRN_TRY(file.close(path(i)));
  if (before_publish) {
    CAIRN_TRY(before_publish(i));
  }
  return os::rename_file(path(i) + ".part", path(i));
}

void FolderTarget::discard(std::size_t i) {
  ++discarded;
  EXPECT_OK(os::remove_file(path(i) + ".part"));
}

OrdinaryUser::OrdinaryUser(const std::string& folder) {
  if (geteuid() == 0) {
    EXPECT_EQ(chown(folder.c_str(), kNobody, kNobody), 0);
    EXPECT_EQ(seteuid(kNobody), 0);
    changed_ = true;
  }
}

OrdinaryUser::~OrdinaryUser() {
  if (changed_) {
    EXPECT_EQ(seteuid(0), 0);
  }
}

FileSizeLimit::FileSizeLimit(std::uint64_t bytes) {
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit {};
  EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  old_ = limit.rlim_cur;
  limit.rlim_cur = bytes;
  EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

FileSizeLimit::~FileSizeLimit() {
  struct rlimit limit {};
  EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = old_;
  EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

}  // namespace cairn::test
