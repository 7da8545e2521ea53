// SPDX-License-Identifier: Apache-2.0
#include "unit/remote/gc_fixture.h"

#include <filesystem>

#include "remote/push.h"

namespace cairn::test {

namespace fs = std::filesystem;
using remote::Remote;
using remote::Root;

namespace {
constexpr const char* kProject = "0123456789abcdef";
}

remote::GcOptions GcFixture::at_once() {
  remote::GcOptions options;
  options.grace = std::chrono::seconds(0);
  options.now = kNow;
  options.lock_times = kTimes;
  return options;
}

Result<remote::GcReport> GcFixture::collect(const remote::GcOptions& options,
                                            std::unique_ptr<transport::Transport> transport) {
  if (!transport) {
    transport = std::make_unique<transport::DirTransport>(remote_);
  }
  auto store = open("collector");
  CAIRN_TRY_ASSIGN(const Remote opened,
                   Remote::open(std::move(transport), "origin", store->paths(), remote::Purpose::read, log_));
  return remote::collect_garbage(*store, opened, options, context(1));
}

Result<remote::PushReport> GcFixture::push_in_order(store::Store& store, const std::vector<Root>& roots,
                                                    const std::string& commit,
                                                    std::unique_ptr<transport::Transport> transport) {
  CAIRN_TRY_ASSIGN(const Remote opened,
                   Remote::open(std::move(transport), "origin", store.paths(), remote::Purpose::write, log_));
  std::vector<remote::CommitRoots> commits{{commit, {}}};
  for (const Root& root : roots) {
    commits.back().objects.push_back(root.object);
  }
  return remote::push_waiting(store, opened, roots, kProject, commits, context(1), {}, kTimes);
}

void GcFixture::forget(const std::string& commit) const {
  ASSERT_TRUE(fs::remove(remote_ + "/roots/" + kProject + "/" + commit));
}

std::vector<std::string> GcFixture::everything() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(remote_)) {
    const std::string name = fs::relative(entry.path(), remote_).string();
    if (entry.is_regular_file() && !name.starts_with("tmp/")) {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Root GcFixture::make_mostly_dead(store::Store& store, const std::string& part) {
  std::map<std::string, Buffer> files;
  for (std::uint64_t i = 0; i < 8; ++i) {
    files["f" + std::to_string(i)] = random_bytes(60'000, 500 + i);
  }
  const Root all = put_tree(store, "mostly", files);
  Root kept{{store::Family::blob, codec::hash(files["f3"]), 60'000}, "f3"};
  EXPECT_OK(push_commit(store, {all}, part + "-all"));
  EXPECT_OK(push_commit(store, {kept}, part));
  forget(part + "-all");
  return kept;
}

void GcFixture::copy_folder(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::create_hard_links);
}

}  // namespace cairn::test
