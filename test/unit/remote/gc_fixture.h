// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "remote/gc.h"
#include "unit/remote/transfer_fixture.h"

namespace cairn::test {

/// A remote in a folder on which garbage is collected. What makes garbage is that a commit is forgotten.
class GcFixture : public TransferFixture {
 protected:
  /// Waits that tests can afford: a lock of an old time is dead at the second look.
  static constexpr remote::LockTimes kTimes{std::chrono::milliseconds(30'000), std::chrono::seconds(3600),
                                            std::chrono::milliseconds(0), std::chrono::milliseconds(60'000),
                                            std::chrono::milliseconds(1)};
  static constexpr remote::Time kNow{std::chrono::seconds(1'800'000'000)};

  /// Without a grace period, at kNow, unless `options` are given.
  static remote::GcOptions at_once();
  Result<remote::GcReport> collect(const remote::GcOptions& options = at_once(),
                                   std::unique_ptr<transport::Transport> transport = nullptr);
  /// Pushes with one thread, so that the order of its calls is always the same.
  Result<remote::PushReport> push_in_order(store::Store& store, const std::vector<remote::Root>& roots,
                                           const std::string& commit,
                                           std::unique_ptr<transport::Transport> transport);
  void forget(const std::string& commit) const;
  /// All names on the remote, but those of its temporary files.
  [[nodiscard]] std::vector<std::string> everything() const;
  /// A file of a pack in which most is not needed: the pack of `commit`, which is forgotten, with eight files
  /// of 60 kB; `part` keeps one of them.
  remote::Root make_mostly_dead(store::Store& store, const std::string& part);
  /// Makes `to` what `from` is. Objects are never changed in place, so links will do for copies.
  static void copy_folder(const std::string& from, const std::string& to);
};

}  // namespace cairn::test
