// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "os/file.h"
#include "os/parallel.h"
#include "os/path.h"
#include "remote/layout.h"
#include "remote/pack_check.h"
#include "remote/plan.h"
#include "remote/transfer.h"
#include "transport/at_once.h"

namespace cairn::remote {
namespace {

/// Whole packs are published once this many bytes of them are there: a publication costs a few fsyncs.
constexpr std::uint64_t kPublishStep = store::kPackSize;
/// What a fetch is after while it is moved on the remote is found again by a new list.
constexpr int kTries = 5;

/// Streams whole packs into files below a folder and publishes them as they come. Threads: fetch() may be
/// called at once.
class PackFetcher {
 public:
  PackFetcher(store::Store& store, transport::Transport& transport, std::string folder,
              const Context& context)
      : store_(store), transport_(transport), folder_(std::move(folder)), context_(context) {}

  Status fetch(const store::Id& id, std::uint64_t size) {
    auto pack = download(id, size);
    if (!pack.ok()) {
      return pack.error().code() == Code::corrupt
                 ? Error(Code::corrupt,
                         "pack " + id.hex() + " on " + transport_.describe() + ": " + pack.error().message(),
                         "run cairn push on a machine that has the data")
                 : pack.error();
    }
    ++context_.progress.items_done;
    std::lock_guard lock(mutex_);
    waiting_bytes_ += size;
    waiting_.push_back(std::move(*pack));
    return waiting_bytes_ >= kPublishStep ? publish() : Status();
  }

  /// Publishes what is complete; also after a failure, so that the next fetch goes on from there.
  Status finish() {
    std::lock_guard lock(mutex_);
    return publish();
  }

 private:
  /// Table and footer come first, so that every block can be checked while it arrives.
  Result<store::PackTable> read_table(const store::Id& id, std::uint64_t size) {
    std::string name = pack_name(id);
    Buffer footer_bytes(store::kPackFooterSize);
    if (size < footer_bytes.size()) {
      return Error(Code::corrupt, "damaged pack: it is too short");
    }
    CAIRN_TRY(transport::read_range(transport_, name, size - footer_bytes.size(), footer_bytes));
    CAIRN_TRY_ASSIGN(store::PackFooter footer, store::decode_pack_footer(footer_bytes, size));
    Buffer rows(footer.entry_count * store::kPackEntrySize);
    CAIRN_TRY(transport::read_range(transport_, name, footer.blocks_end, rows));
    CAIRN_TRY_ASSIGN(store::PackTable table, store::decode_pack_table(rows, footer));
    return table.id == id ? Result(std::move(table))
                          : Error(Code::corrupt, "damaged pack: its name does not match its table");
  }

  Result<store::Store::FinishedPack> download(const store::Id& id, std::uint64_t size) {
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(store::PackTable table, read_table(id, size));
    std::string path = os::join(folder_, id.hex() + ".pack");
    CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0444));
    PackCheck check(table);
    std::uint64_t done = 0;
    auto take = [&](Bytes piece) -> Status {
      CAIRN_TRY(context_.check_stop());
      CAIRN_TRY(check.add(piece));
      CAIRN_TRY(os::write_at(file.get(), piece, done, path));
      done += piece.size();
      context_.progress.bytes_done += piece.size();
      return {};
    };
    CAIRN_TRY(transport_.get(pack_name(id), std::nullopt, take));
    CAIRN_TRY(check.finish());
    CAIRN_TRY(file.close(path));
    return store::Store::FinishedPack{path, std::move(table)};
  }

  Status publish() {
    waiting_bytes_ = 0;
    return store_.publish(std::exchange(waiting_, {}));
  }

  store::Store& store_;
  transport::Transport& transport_;
  std::string folder_;
  const Context& context_;
  std::mutex mutex_;
  std::vector<store::Store::FinishedPack> waiting_;
  std::uint64_t waiting_bytes_ = 0;
};

class Fetch {
 public:
  Fetch(store::Store& store, const Remote& remote, const Context& context)
      : store_(store), remote_(remote), transport_(remote.transport()), context_(context) {}

  Result<FetchReport> run(std::span<const Root> roots) {
    CAIRN_TRY_ASSIGN(os::FileLock lock, store_.lock_for_writing());
    CAIRN_TRY(store_.reload());
    CAIRN_TRY_ASSIGN(RemoteIndex index, RemoteIndex::load(remote_, context_));
    for (int attempt = 1;; ++attempt) {
      const Status fetched = fetch_missing(roots, index);
      if (fetched.ok()) {
        return report_;
      }
      const bool can_list = transport_.capabilities().list;
      if (fetched.error().code() != Code::not_found || !can_list || attempt == kTries) {
        return fetched.error();
      }
      // A collection or a push that merges may have moved what was listed. What came meanwhile is kept.
      CAIRN_TRY_ASSIGN(const bool unchanged, are_there(transport_, index.names()));
      if (unchanged) {
        return fetched.error();
      }
      CAIRN_TRY_ASSIGN(index, RemoteIndex::load(remote_, context_));
    }
  }

 private:
  Status fetch_missing(std::span<const Root> roots, const RemoteIndex& index) {
    CAIRN_TRY_ASSIGN(const os::TempFolder folder, os::TempFolder::make(store_.paths().temporary(), "fetch-"));
    Stage stage(transport_, folder.path(), context_);
    Entries entries(store_, index, stage);
    CAIRN_TRY_ASSIGN(const Difference difference, compare(entries, roots, remote_.describe(), context_));
    if (report_.objects == 0) {  // what an attempt brought is here at the next
      report_.objects = difference.only_there.size();
      report_.already_here = difference.both + difference.only_here.size();
      report_.paths = paths_of(difference, &Shares::only_there, roots);
    }
    if (difference.only_there.empty()) {
      return {};
    }
    CAIRN_TRY(fetch_all(difference.only_there, index, stage, folder.path()));
    return check_complete(difference.only_there);
  }

  Status fetch_all(const std::vector<store::Key>& keys, const RemoteIndex& index, Stage& stage,
                   const std::string& folder) {
    std::vector<store::CopyEntry> wanted;
    for (const store::Key& key : keys) {
      if (auto location = index.find(key)) {
        wanted.push_back({key, *location});
      }
    }
    std::vector<std::pair<store::Id, std::uint64_t>> whole;
    std::vector<store::CopyEntry> rest;
    std::uint64_t bytes = 0;
    for (PackNeed& need : group_by_pack(std::move(wanted))) {
      CAIRN_TRY_ASSIGN(std::uint64_t size, size_of(need.pack, index));
      if (need.is_whole(size)) {
        whole.emplace_back(need.pack, size);
        bytes += size;
      } else {
        rest.insert(rest.end(), need.entries.begin(), need.entries.end());
        bytes += need.bytes;
      }
    }
    context_.progress.start("fetching", bytes, whole.size());
    CAIRN_TRY(fetch_whole(whole, folder));
    CAIRN_TRY(fetch_rest(std::move(rest), stage, folder));
    report_.bytes += stage.fetched_bytes();
    return {};
  }

  Result<std::uint64_t> size_of(const store::Id& pack, const RemoteIndex& index) {
    std::uint64_t listed = index.pack_size(pack).value_or(0);
    if (listed > 0) {
      return listed;
    }
    CAIRN_TRY_ASSIGN(auto size, transport_.stat(pack_name(pack)));
    return size
               ? Result<std::uint64_t>(*size)
               : Error(Code::remote, "pack " + pack.hex() + " is not on " + remote_.describe() + " any more");
  }

  Status fetch_whole(const std::vector<std::pair<store::Id, std::uint64_t>>& packs,
                     const std::string& folder) {
    PackFetcher fetcher(store_, transport_, folder, context_);
    Status fetched = transport::each_at_once(packs.size(), context_, [&](std::size_t i) {
      return fetcher.fetch(packs[i].first, packs[i].second);
    });
    Status published = fetcher.finish();
    CAIRN_TRY(std::move(fetched));
    report_.packs += packs.size();
    for (const auto& pack : packs) {
      report_.bytes += pack.second;
    }
    return published;
  }

  /// Single entries: their blocks are staged, regrouped to new packs, and each is decoded and checked there.
  Status fetch_rest(std::vector<store::CopyEntry> entries, Stage& stage, const std::string& folder) {
    std::vector<store::Location> places;
    for (const store::CopyEntry& entry : entries) {
      places.push_back(entry.from);
    }
    CAIRN_TRY(stage.fetch(places));
    CAIRN_TRY_ASSIGN(auto packs, store::copy_entries(std::move(entries), stage, folder));
    CAIRN_TRY(os::parallel_for(packs.size(), context_.jobs, 1,
                               [&](std::size_t i) { return check_entries(packs[i], context_); }));
    return store_.publish(std::move(packs));
  }

  /// A pack whose table lacks what an index promised of it would leave a hole.
  Status check_complete(const std::vector<store::Key>& keys) {
    auto local = store_.index();
    for (const store::Key& key : keys) {
      if (!local->contains(key)) {
        return Error(Code::corrupt,
                     "an index on " + remote_.describe() + " is wrong: no pack holds " + key.id.text(),
                     "run cairn push on a machine that has the data");
      }
    }
    return {};
  }

  store::Store& store_;
  const Remote& remote_;
  transport::Transport& transport_;
  const Context& context_;
  FetchReport report_;
};

}  // namespace

Result<FetchReport> fetch(store::Store& store, const Remote& remote, std::span<const Root> roots,
                          const Context& context) {
  return Fetch(store, remote, context).run(roots);
}

}  // namespace cairn::remote
