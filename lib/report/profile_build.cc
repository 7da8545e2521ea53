// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <mutex>

#include "base/escape.h"
#include "os/parallel.h"
#include "report/profile.h"

namespace cairn::report {
namespace {

char separator_of(RecordFormat format) {
  return format == RecordFormat::tsv ? '\t' : ',';
}

/// What one part holds.
struct PartProfile {
  std::uint64_t rows = 0;
  std::uint64_t lines = 0;
  std::vector<ColumnProfile> columns;
  std::optional<Error> error;  ///< without its place
};

/// Takes parts from the source in turn, profiles them side by side, and merges them in their order.
class Builder {
 public:
  Builder(ByteSource& source, RecordFormat format, std::string_view path, const Context& context)
      : source_(source, hasher_),
        parts_(source_, format, path),
        format_(format),
        path_(path),
        context_(context) {}

  Result<Profile> run() {
    CAIRN_TRY(os::run_workers(std::max(1u, context_.jobs), [this](unsigned) { return work(); }));
    profile_.id = hasher_.finish();
    return std::move(profile_);
  }

 private:
  /// Hashes what is read.
  class HashedSource : public ByteSource {
   public:
    HashedSource(ByteSource& source, codec::Hasher& hasher) : source_(source), hasher_(hasher) {}
    Result<Bytes> next() override {
      auto bytes = source_.next();
      if (bytes.ok()) {
        hasher_.update(*bytes);
      }
      return bytes;
    }

   private:
    ByteSource& source_;
    codec::Hasher& hasher_;
  };

  /// A part and its place in the file.
  struct Job {
    std::uint64_t number = 0;
    Buffer bytes;
    std::size_t begin = 0;         ///< of the first record in `bytes`
    std::uint64_t first_line = 0;  ///< lines of the header
  };

  Status work() {
    Job job;
    while (true) {
      CAIRN_TRY_ASSIGN(const bool more, take(job));
      if (!more) {
        return {};
      }
      CAIRN_TRY(merge(job.number, profile_part(job)));
    }
  }

  /// The next part; false when there is none, or another worker failed.
  Result<bool> take(Job& job) {
    const std::lock_guard lock(take_mutex_);
    if (ended_) {
      return false;
    }
    ended_ = true;  // unless all goes well
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(const bool more, parts_.next(job.bytes));
    if (!more) {
      return false;
    }
    job.number = taken_++;
    job.begin = 0;
    job.first_line = 0;
    context_.progress.bytes_done += job.bytes.size();
    profile_.bytes += job.bytes.size();
    if (job.number == 0) {
      CAIRN_TRY(take_header(job));
    }
    ended_ = false;
    return true;
  }

  Status take_header(Job& job) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    std::string_view text = as_text(job.bytes);
    job.begin = text.starts_with(kMark) ? kMark.size() : 0;
    if (format_ == RecordFormat::json_lines) {
      return {};
    }
    text.remove_prefix(job.begin);
    auto header = read_header(text, separator_of(format_));
    if (!header.ok()) {
      return placed(header.error(), 0);
    }
    columns_ = std::move(header->columns);
    job.begin += header->size;
    job.first_line = header->lines;
    return {};
  }

  [[nodiscard]] Error placed(const Error& error, std::uint64_t lines_before) const {
    return error.with_context(escaped(path_) + ":" + std::to_string(lines_before + 1));
  }

  [[nodiscard]] PartProfile profile_part(const Job& job) const {
    const std::string_view text = as_text(job.bytes).substr(job.begin);
    const std::unique_ptr<RecordReader> reader =
        format_ == RecordFormat::json_lines ? json_lines_reader(text)
                                            : delimited_reader(text, separator_of(format_), columns_);
    PartProfile part;
    while (true) {
      auto more = reader->next();
      if (!more.ok()) {
        part.error = more.error();
        break;
      }
      part.columns.resize(reader->columns().size());
      if (!*more) {
        break;
      }
      ++part.rows;
      for (const Cell& cell : reader->cells()) {
        part.columns[cell.column].add(cell);
      }
    }
    for (std::size_t i = 0; i < part.columns.size(); ++i) {
      part.columns[i].name = reader->columns()[i];
    }
    part.lines = job.first_line + reader->lines();
    return part;
  }

  /// Waits for the parts before it: their workers have begun. After an error nobody waits any more.
  Status merge(std::uint64_t number, PartProfile part) {
    std::unique_lock lock(merge_mutex_);
    turn_.wait(lock, [&] { return merged_ == number; });
    Status status = failed_ ? Status() : add(part);
    if (!status.ok()) {
      failed_ = true;
      const std::lock_guard stop(take_mutex_);
      ended_ = true;
    }
    ++merged_;
    turn_.notify_all();
    return status;
  }

  Status add(const PartProfile& part) {
    if (part.error) {
      return placed(*part.error, lines_ + part.lines);
    }
    lines_ += part.lines;
    profile_.rows += part.rows;
    for (std::size_t i = 0; i < part.columns.size(); ++i) {
      CAIRN_TRY_ASSIGN(ColumnProfile * column, find_column(part.columns[i].name, i));
      column->merge(part.columns[i]);
    }
    return {};
  }

  /// Parts have their columns in one order nearly always.
  Result<ColumnProfile*> find_column(const std::string& name, std::size_t likely) {
    std::vector<ColumnProfile>& columns = profile_.columns;
    if (likely < columns.size() && columns[likely].name == name) {
      return &columns[likely];
    }
    const auto [at, is_new] = places_.emplace(name, columns.size());
    if (is_new) {
      if (columns.size() >= RecordReader::kMostColumns) {
        return Error(Code::unsupported, quoted(path_) + " has more than " +
                                            std::to_string(RecordReader::kMostColumns) + " columns");
      }
      columns.emplace_back().name = name;
    }
    return &columns[at->second];
  }

  codec::Hasher hasher_;
  HashedSource source_;
  RecordParts parts_;
  RecordFormat format_;
  std::string_view path_;
  const Context& context_;
  std::vector<std::string> columns_;  // names of the first line; not changed after the first part

  std::mutex take_mutex_;  // guards parts_, taken_, ended_, profile_.bytes
  std::uint64_t taken_ = 0;
  bool ended_ = false;

  std::mutex merge_mutex_;  // taken before take_mutex_; guards all below
  std::condition_variable turn_;
  std::uint64_t merged_ = 0;
  bool failed_ = false;
  std::uint64_t lines_ = 0;
  Profile profile_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace

Result<Profile> build_profile(ByteSource& source, RecordFormat format, std::string_view path,
                              const Context& context) {
  return Builder(source, format, path, context).run();
}

}  // namespace cairn::report
