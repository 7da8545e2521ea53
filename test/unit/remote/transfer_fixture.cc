// SPDX-License-Identifier: Apache-2.0
#include "unit/remote/transfer_fixture.h"

#include <filesystem>

namespace cairn::test {

using remote::Remote;
using remote::Root;
using transport::DirTransport;

Status DyingTransport::live() {
  return left_.fetch_sub(1) > 0 ? Status() : Error(Code::remote, "the connection is gone");
}

Status DyingTransport::prepare() {
  CAIRN_TRY(live());
  return inner_.prepare();
}

Status DyingTransport::get(const std::string& name, std::optional<transport::Range> range,
                           const transport::Sink& sink) {
  CAIRN_TRY(live());
  return inner_.get(name, range, sink);
}

Status DyingTransport::put_if_absent(const std::string& name, transport::Source& source) {
  CAIRN_TRY(live());
  return inner_.put_if_absent(name, source);
}

Status DyingTransport::put_replace(const std::string& name, Bytes bytes) {
  CAIRN_TRY(live());
  return inner_.put_replace(name, bytes);
}

Result<std::vector<transport::ObjectInfo>> DyingTransport::list(const std::string& prefix) {
  CAIRN_TRY(live());
  return inner_.list(prefix);
}

Result<std::optional<std::uint64_t>> DyingTransport::stat(const std::string& name) {
  CAIRN_TRY(live());
  return inner_.stat(name);
}

Status DyingTransport::remove(const std::string& name) {
  CAIRN_TRY(live());
  return inner_.remove(name);
}

Status HookedTransport::get(const std::string& name, std::optional<transport::Range> range,
                            const transport::Sink& sink) {
  CAIRN_TRY(hook_(name));
  return ForwardingTransport::get(name, range, sink);
}

Status HookedTransport::put_if_absent(const std::string& name, transport::Source& source) {
  CAIRN_TRY(hook_(name));
  return ForwardingTransport::put_if_absent(name, source);
}

Status HookedTransport::put_replace(const std::string& name, Bytes bytes) {
  CAIRN_TRY(hook_(name));
  return ForwardingTransport::put_replace(name, bytes);
}

Result<std::vector<transport::ObjectInfo>> HookedTransport::list(const std::string& prefix) {
  CAIRN_TRY(hook_(prefix));
  return ForwardingTransport::list(prefix);
}

Result<std::vector<transport::ObjectInfo>> HookedTransport::list_all(
    const std::vector<std::string>& prefixes) {
  return Transport::list_all(prefixes);
}

Result<std::optional<std::uint64_t>> HookedTransport::stat(const std::string& name) {
  CAIRN_TRY(hook_(name));
  return ForwardingTransport::stat(name);
}

Status HookedTransport::remove(const std::string& name) {
  CAIRN_TRY(hook_(name));
  return ForwardingTransport::remove(name);
}

Root TransferFixture::put_tree(store::Store& store, const std::string& name,
                               const std::map<std::string, Buffer>& files, codec::Compression compression) {
  auto tasks = put_files(store, "in-" + name, files, 1, compression);
  store::Tree tree;
  for (const store::FileTask& task : tasks) {
    tree.entries.push_back({task.path, store::TreeKind::file, task.id, task.stat.size, 0, ""});
  }
  return {{store::Family::tree, put(store, tree), tree.total_size()}, name};
}

Root TransferFixture::put_root(store::Store& store, const std::string& name, Bytes bytes) {
  return {{store::Family::blob, put(store, bytes), bytes.size()}, name};
}

Result<remote::PushReport> TransferFixture::push(store::Store& store, const std::vector<Root>& roots,
                                                 std::unique_ptr<transport::Transport> transport) {
  return push_commit(store, roots, "", std::move(transport));
}

Result<remote::PushReport> TransferFixture::push_commit(store::Store& store, const std::vector<Root>& roots,
                                                        const std::string& commit,
                                                        std::unique_ptr<transport::Transport> transport) {
  if (!transport) {
    transport = std::make_unique<transport::DirTransport>(remote_);
  }
  CAIRN_TRY_ASSIGN(Remote opened,
                   Remote::open(std::move(transport), "origin", store.paths(), remote::Purpose::write, log_));
  std::vector<remote::CommitRoots> commits;
  if (!commit.empty()) {
    commits.push_back({commit, {}});
    for (const Root& root : roots) {
      commits.back().objects.push_back(root.object);
    }
  }
  return remote::push(store, opened, roots, "0123456789abcdef", commits, context());
}

Result<remote::FetchReport> TransferFixture::fetch(store::Store& store, const std::vector<Root>& roots,
                                                   std::unique_ptr<transport::Transport> transport) {
  if (!transport) {
    transport = std::make_unique<transport::DirTransport>(remote_);
  }
  CAIRN_TRY_ASSIGN(Remote opened,
                   Remote::open(std::move(transport), "origin", store.paths(), remote::Purpose::read, log_));
  return remote::fetch(store, opened, roots, context());
}

void TransferFixture::expect_whole(store::Store& store, const Root& root) {
  ASSERT_OK(store.reload());
  store::Reader reader(store);
  if (root.object.family == store::Family::blob) {
    EXPECT_OK(reader.read_object(store::Family::blob, root.object.id));
    return;
  }
  EXPECT_OK(store::walk_tree(
      reader, root.object.id, [&](const std::string&, const store::TreeEntry& entry) -> Status {
        if (entry.kind == store::TreeKind::file) {
          CAIRN_TRY_ASSIGN(Buffer bytes, reader.read_object(store::Family::blob, entry.id));
          EXPECT_EQ(bytes.size(), entry.size);
        }
        return {};
      }));
}

void TransferFixture::expect_fetchable(const std::vector<Root>& roots) {
  auto store = open("fetching-" + std::to_string(stores_++));
  ASSERT_OK(fetch(*store, roots));
  for (const Root& root : roots) {
    expect_whole(*store, root);
  }
}

std::vector<std::string> TransferFixture::remote_names(const std::string& folder) const {
  std::string path = remote_ + "/" + folder;
  return std::filesystem::exists(path) ? names_in(path) : std::vector<std::string>();
}

void TransferFixture::overwrite(const std::string& path, Bytes bytes) {
  std::filesystem::remove(path);
  write_bytes(path, bytes);
}

}  // namespace cairn::test
