// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "remote/transfer.h"
#include "support/store_fixture.h"
#include "transport/dir.h"
#include "transport/forwarding.h"

namespace cairn::test {

/// Passes calls on until the n-th, which fails without doing anything, as do all after it: what is there then
/// is what a process killed at that call would leave.
class DyingTransport : public transport::Transport {
 public:
  DyingTransport(std::string folder, int calls_to_live) : inner_(std::move(folder)), left_(calls_to_live) {}
  [[nodiscard]] std::string describe() const override { return inner_.describe(); }
  [[nodiscard]] transport::Capabilities capabilities() const override { return inner_.capabilities(); }
  Status prepare() override;
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override;
  Status put_if_absent(const std::string& name, transport::Source& source) override;
  Status put_replace(const std::string& name, Bytes bytes) override;
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override;
  Status remove(const std::string& name) override;

 private:
  Status live();
  transport::DirTransport inner_;
  std::atomic<int> left_;
};

/// A folder, told of each call before it is made; each list is a call of its own.
class HookedTransport : public transport::ForwardingTransport {
 public:
  using Hook = std::function<Status(const std::string& name)>;
  HookedTransport(std::string folder, Hook hook)
      : ForwardingTransport(std::make_unique<transport::DirTransport>(std::move(folder))),
        hook_(std::move(hook)) {}
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override;
  Status put_if_absent(const std::string& name, transport::Source& source) override;
  Status put_replace(const std::string& name, Bytes bytes) override;
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override;
  Result<std::vector<transport::ObjectInfo>> list_all(const std::vector<std::string>& prefixes) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override;
  Status remove(const std::string& name) override;

 private:
  Hook hook_;
};

/// Local stores and a remote in a folder.
class TransferFixture : public StoreFixture {
 protected:
  class KeptLog : public Log {
   public:
    void warn(std::string_view message) override { warnings.emplace_back(message); }
    void info(std::string_view /*message*/) override {}
    void debug(std::string_view /*message*/) override {}
    std::vector<std::string> warnings;
  };
  Context context(unsigned jobs = 2) { return {log_, progress_, stop_, jobs, nullptr, jobs}; }

  /// A folder of files, stored in one session, and its tree.
  remote::Root put_tree(store::Store& store, const std::string& name,
                        const std::map<std::string, Buffer>& files, codec::Compression compression = {});
  remote::Root put_root(store::Store& store, const std::string& name, Bytes bytes);

  Result<remote::PushReport> push(store::Store& store, const std::vector<remote::Root>& roots,
                                  std::unique_ptr<transport::Transport> transport = nullptr);
  /// Also records the roots as those of a commit.
  Result<remote::PushReport> push_commit(store::Store& store, const std::vector<remote::Root>& roots,
                                         const std::string& commit,
                                         std::unique_ptr<transport::Transport> transport = nullptr);
  Result<remote::FetchReport> fetch(store::Store& store, const std::vector<remote::Root>& roots,
                                    std::unique_ptr<transport::Transport> transport = nullptr);
  /// Fails the test unless everything below the root can be read out of the store.
  void expect_whole(store::Store& store, const remote::Root& root);
  /// A new store that fetches the roots and has all of them then.
  void expect_fetchable(const std::vector<remote::Root>& roots);

  [[nodiscard]] std::vector<std::string> remote_names(const std::string& folder) const;
  /// Replaces a read-only file's content.
  static void overwrite(const std::string& path, Bytes bytes);

  std::string remote_ = dir_ / "remote";
  KeptLog log_;
  int stores_ = 0;
};

}  // namespace cairn::test
