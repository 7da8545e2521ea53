// SPDX-License-Identifier: Apache-2.0
#include "version/run_journal.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::version {
namespace {

constexpr std::chrono::seconds kPatience{5};
/// What is read at once; a longer record is read whole.
constexpr std::size_t kReadStep = 4u << 20;
/// Below this many bytes a journal is never cut.
constexpr std::uint64_t kSmallJournal = 256u << 10;

std::uint64_t frame_size(const RunPlace& place) {
  return kRunHeadSize + place.head.text_size + place.head.private_size + kRunTailSize;
}

}  // namespace

Result<std::unique_ptr<RunJournal>> RunJournal::open(const std::string& folder) {
  CAIRN_TRY(os::make_folders(folder));
  std::unique_ptr<RunJournal> journal(new RunJournal(os::join(folder, "log")));
  CAIRN_TRY(journal->refresh());
  return journal;
}

Result<os::FileLock> RunJournal::lock() const {
  return os::FileLock::acquire(path_ + ".lock", os::LockMode::exclusive, kPatience);
}

Status RunJournal::refresh() {
  std::lock_guard guard(append_mutex_);
  return load();
}

/// REQUIRES: append_mutex_ is held.
Status RunJournal::load() {
  CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(path_));
  if (stat && stat->inode == inode_ && stat->size <= end_) {
    return {};
  }
  if (!stat || stat->inode != inode_) {
    std::lock_guard guard(mutex_);
    file_.reset();
    runs_.clear();
    by_key_.clear();
    by_id_.clear();
    inode_ = 0;
    end_ = 0;
  }
  if (!stat) {
    return {};
  }
  if (inode_ == 0) {
    CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(path_, O_RDONLY));
    CAIRN_TRY_ASSIGN(const os::FileStat opened, os::stat_fd(file.get(), path_));
    inode_ = opened.inode;
    std::lock_guard guard(mutex_);
    file_ = std::make_shared<const os::Fd>(std::move(file));
  }
  return scan(stat->size);
}

Status RunJournal::scan(std::uint64_t size) {
  if (size < kSegmentHeaderSize) {
    return {};
  }
  if (end_ == 0) {
    Buffer header(kSegmentHeaderSize);
    CAIRN_TRY(os::read_exactly_at(file_->get(), header, 0, path_));
    CAIRN_TRY_ASSIGN(const bool current, check_segment_header(header, path_));
    if (!current) {
      return {};
    }
    end_ = kSegmentHeaderSize;
  }
  std::uint64_t position = end_;
  std::size_t step = kReadStep;
  while (position < size) {
    Buffer bytes(std::min<std::uint64_t>(step, size - position));
    CAIRN_TRY_ASSIGN(const std::size_t got, os::read_at(file_->get(), bytes, position, path_));
    Bytes rest = Bytes(bytes).first(got);
    Frame frame = read_frame(rest);
    const bool stuck = frame.state == Frame::State::cut;
    for (; frame.state != Frame::State::cut; frame = read_frame(rest)) {
      if (frame.state == Frame::State::whole) {
        std::lock_guard guard(mutex_);
        add({position + kRunHeadSize, frame.head});
        end_ = position + frame.size;
      }
      // Behind a damaged one there may be whole ones.
      position += frame.size;
      rest = rest.subspan(frame.size);
    }
    if (stuck && (got < step || step > kMaxRunFrame)) {
      break;  // torn by a killed writer: the next append goes to end_
    }
    step = stuck ? kMaxRunFrame + 1 : kReadStep;
  }
  return {};
}

/// REQUIRES: mutex_ is held.
void RunJournal::add(const RunPlace& place) {
  if (!by_id_.emplace(place.head.id, runs_.size()).second) {
    return;
  }
  if (place.head.reusable) {
    by_key_[place.head.key].push_back(runs_.size());
  }
  runs_.push_back(place);
}

Result<std::size_t> RunJournal::append(std::span<const EncodedRun> runs) {
  std::lock_guard guard(append_mutex_);
  CAIRN_TRY_ASSIGN(const os::FileLock held, lock());
  CAIRN_TRY(load());
  Buffer frames;
  std::set<store::Id> taken;
  for (const EncodedRun& run : runs) {
    if (!contains(run.id) && taken.insert(run.id).second) {
      append_run(frames, run);
    }
  }
  if (!taken.empty()) {
    CAIRN_TRY(write(frames));
    CAIRN_TRY(load());
  }
  return taken.size();
}

/// REQUIRES: append_mutex_ and the file's lock are held, and load() has seen all.
Status RunJournal::write(Bytes frames) {
  if (end_ == 0) {
    Buffer whole = encode_segment_header();
    cairn::append(whole, frames);
    return os::write_atomic(path_, whole);
  }
  CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(path_, O_WRONLY));
  CAIRN_TRY_ASSIGN(const os::FileStat stat, os::stat_fd(file.get(), path_));
  if (stat.size > end_ && ::ftruncate(file.get(), static_cast<off_t>(end_)) != 0) {
    return Error::from_errno(errno, "cannot cut", path_);
  }
  CAIRN_TRY(os::write_at(file.get(), frames, end_, path_));
  CAIRN_TRY(os::sync_data(file.get(), path_));
  return file.close(path_);
}

std::vector<RunPlace> RunJournal::results(const store::Id& key) const {
  std::lock_guard guard(mutex_);
  std::vector<RunPlace> places;
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    return places;
  }
  for (const std::size_t number : found->second) {
    const RunPlace& place = runs_[number];
    const bool known = std::any_of(places.begin(), places.end(), [&](const RunPlace& other) {
      return other.head.result == place.head.result;
    });
    if (!known) {
      places.push_back(place);
    }
  }
  return places;
}

std::vector<RunPlace> RunJournal::runs_of(std::string_view address) const {
  std::lock_guard guard(mutex_);
  const std::uint64_t mark = stage_mark(address);
  std::vector<RunPlace> places;
  std::copy_if(runs_.begin(), runs_.end(), std::back_inserter(places),
               [mark](const RunPlace& place) { return place.head.stage == mark; });
  return places;
}

std::vector<RunPlace> RunJournal::all() const {
  std::lock_guard guard(mutex_);
  return runs_;
}

std::vector<RunPlace> RunJournal::find(std::string_view digits) const {
  std::vector<RunPlace> places;
  std::string first(digits);
  first.resize(2 * sizeof(store::Id::bytes), '0');
  const auto from = store::Id::from_hex(first);
  if (!from || digits.empty() || digits.size() > first.size()) {
    return places;
  }
  std::lock_guard guard(mutex_);
  for (auto at = by_id_.lower_bound(*from); at != by_id_.end() && at->first.hex().starts_with(digits); ++at) {
    places.push_back(runs_[at->second]);
  }
  return places;
}

bool RunJournal::contains(const store::Id& id) const {
  std::lock_guard guard(mutex_);
  return by_id_.contains(id);
}

Result<EncodedRun> RunJournal::read_encoded(const RunPlace& place) const {
  std::shared_ptr<const os::Fd> file;
  {
    std::lock_guard guard(mutex_);
    file = file_;
  }
  if (file == nullptr) {
    return Error(Code::not_found, "the run " + place.head.id.hex() + " is not remembered any more");
  }
  Buffer bytes(frame_size(place));
  CAIRN_TRY(os::read_exactly_at(file->get(), bytes, place.offset - kRunHeadSize, path_));
  const Frame frame = read_frame(bytes);
  if (frame.state != Frame::State::whole || frame.head.id != place.head.id) {
    return Error(Code::corrupt,
                 "the record of run " + place.head.id.hex() + " in " + quoted(path_) + " is damaged");
  }
  return run_of(frame);
}

Result<RunRecord> RunJournal::read(const RunPlace& place, const std::optional<std::string>& folder) const {
  CAIRN_TRY_ASSIGN(const EncodedRun run, read_encoded(place));
  return parse_run(run.text + run.private_text, folder);
}

std::vector<RunPlace> RunJournal::kept(std::size_t keep) const {
  std::lock_guard guard(mutex_);
  std::vector<char> wanted(runs_.size(), 0);
  std::unordered_map<std::uint64_t, std::size_t> counts;
  for (std::size_t i = runs_.size(); i-- > 0;) {
    wanted[i] = ++counts[runs_[i].head.stage] <= keep ? 1 : 0;
  }
  for (const auto& entry : by_key_) {
    wanted[entry.second.front()] = 1;
    wanted[entry.second.back()] = 1;
  }
  std::vector<RunPlace> places;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (wanted[i] != 0) {
      places.push_back(runs_[i]);
    }
  }
  return places;
}

Status RunJournal::trim(std::size_t keep) {
  std::lock_guard guard(append_mutex_);
  if (end_ <= kSmallJournal) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const os::FileLock held, lock());
  CAIRN_TRY(load());
  const std::vector<RunPlace> places = kept(keep);
  std::uint64_t bytes = kSegmentHeaderSize;
  for (const RunPlace& place : places) {
    bytes += frame_size(place);
  }
  if (end_ <= 2 * bytes) {
    return {};
  }
  CAIRN_TRY(rewrite(places));
  return load();
}

Status RunJournal::rewrite(const std::vector<RunPlace>& places) {
  const std::string path = path_ + "." + os::random_name();
  CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(path, O_WRONLY | O_CREAT | O_EXCL));
  const auto copy = [&]() -> Status {
    CAIRN_TRY(os::write_at(file.get(), encode_segment_header(), 0, path));
    std::uint64_t position = kSegmentHeaderSize;
    for (const RunPlace& place : places) {
      Buffer frame(frame_size(place));
      CAIRN_TRY(os::read_exactly_at(file_->get(), frame, place.offset - kRunHeadSize, path_));
      CAIRN_TRY(os::write_at(file.get(), frame, position, path));
      position += frame.size();
    }
    CAIRN_TRY(os::sync_data(file.get(), path));
    CAIRN_TRY(file.close(path));
    return os::rename_file(path, path_);
  };
  if (Status copied = copy(); !copied.ok()) {
    (void)os::remove_file(path);
    return copied;
  }
  return os::sync_folder(std::string(os::parent_of(path_)));
}

}  // namespace cairn::version
