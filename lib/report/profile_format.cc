// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "report/profile.h"

namespace cairn::report {
namespace {

constexpr std::string_view kMagic = "cairnprf";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kMostLevels = 64;

bool is_numeric_column(const ColumnProfile& column) {
  return column.cells[static_cast<std::size_t>(ValueType::integer)] > 0 ||
         column.cells[static_cast<std::size_t>(ValueType::number)] > 0;
}

void write_text(Buffer& out, std::string_view text) {
  append_le(out, static_cast<std::uint32_t>(text.size()));
  append(out, as_bytes(text));
}

void write_numbers(Buffer& out, const ColumnProfile& column) {
  const Moments& moments = column.moments;
  append_le(out, moments.count());
  append_le(out, moments.count() > 0 ? moments.mean() : 0.0);
  append_le(out, moments.squared_distances());
  append_le(out, moments.low());
  append_le(out, moments.high());
  append_le(out, static_cast<std::uint32_t>(column.quantiles.levels().size()));
  for (std::vector<double> level : column.quantiles.levels()) {
    std::sort(level.begin(), level.end());
    append_le(out, static_cast<std::uint32_t>(level.size()));
    for (double value : level) {
      append_le(out, value);
    }
  }
}

void write_column(Buffer& out, const ColumnProfile& column) {
  write_text(out, column.name);
  std::for_each(column.cells.begin() + 1, column.cells.end(),
                [&](std::uint64_t count) { append_le(out, count); });
  if (is_numeric_column(column)) {
    write_numbers(out, column);
  }
  if (column.filled() == 0) {
    return;
  }
  append(out, column.cardinality.registers());
  append_le(out, column.top.error());
  append_le(out, static_cast<std::uint32_t>(column.top.size()));
  for (const TopValues::Item& item : column.top.items()) {
    append_le(out, item.hash);
    append_le(out, item.count);
    write_text(out, item.text);
  }
}

/// Reads what was written; the caller compares what that gives with what was read.
class ProfileReader {
 public:
  explicit ProfileReader(Bytes bytes) : reader_(bytes) {}

  /// Nothing where it is no profile.
  std::optional<Profile> read() {
    Profile profile;
    const auto columns = reader_.le<std::uint32_t>();
    const Bytes id = reader_.take(profile.id.bytes.size());
    if (!reader_.ok() || columns > RecordReader::kMostColumns) {
      return std::nullopt;
    }
    std::copy(id.begin(), id.end(), profile.id.bytes.begin());
    profile.bytes = reader_.le<std::uint64_t>();
    profile.rows = reader_.le<std::uint64_t>();
    for (std::uint32_t i = 0; i < columns && good(); ++i) {
      profile.columns.push_back(column());
    }
    return good() && reader_.at_end() ? std::optional(std::move(profile)) : std::nullopt;
  }

 private:
  [[nodiscard]] bool good() const { return good_ && reader_.ok(); }

  std::string text() { return std::string(as_text(reader_.take(reader_.le<std::uint32_t>()))); }

  double number() {
    const auto value = reader_.le<double>();
    good_ = good_ && !std::isnan(value);
    return value;
  }

  ColumnProfile column() {
    ColumnProfile column;
    column.name = text();
    std::for_each(column.cells.begin() + 1, column.cells.end(),
                  [&](std::uint64_t& count) { count = reader_.le<std::uint64_t>(); });
    if (is_numeric_column(column)) {
      numbers(column);
    }
    if (column.filled() > 0) {
      values(column);
    }
    return column;
  }

  void numbers(ColumnProfile& column) {
    const auto count = reader_.le<std::uint64_t>();
    const double mean = number();
    const double squares = number();
    const double low = number();
    const double high = number();
    column.moments = Moments::of(count, mean, squares, low, high);
    std::vector<std::vector<double>> levels(std::min(reader_.le<std::uint32_t>(), kMostLevels));
    for (std::vector<double>& level : levels) {
      const auto size = reader_.le<std::uint32_t>();
      for (std::uint32_t i = 0; i < size && good(); ++i) {
        level.push_back(number());
      }
    }
    column.quantiles = QuantileSketch::of(std::move(levels));
  }

  void values(ColumnProfile& column) {
    const Bytes ranks = reader_.take(CardinalitySketch::kRegisters);
    good_ = good_ && std::all_of(ranks.begin(), ranks.end(),
                                 [](std::uint8_t rank) { return rank <= CardinalitySketch::kHighestRank; });
    column.cardinality = CardinalitySketch::of({ranks.begin(), ranks.end()});
    const auto error = reader_.le<std::uint64_t>();
    const auto count = reader_.le<std::uint32_t>();
    std::vector<TopValues::Item> items;
    for (std::uint32_t i = 0; i < count && good(); ++i) {
      TopValues::Item item;
      item.hash = reader_.le<std::uint64_t>();
      item.count = reader_.le<std::uint64_t>();
      item.text = text();
      good_ = good_ && item.count > 0 && items.size() < TopValues::kCapacity;
      items.push_back(std::move(item));
    }
    if (good()) {
      column.top = TopValues::of(items, error);
    }
  }

  ByteReader reader_;
  bool good_ = true;
};

}  // namespace

Buffer write_profile(const Profile& profile) {
  Buffer out;
  append(out, as_bytes(kMagic));
  append_le(out, kVersion);
  append_le(out, static_cast<std::uint32_t>(profile.columns.size()));
  append(out, profile.id.bytes);
  append_le(out, profile.bytes);
  append_le(out, profile.rows);
  for (const ColumnProfile& column : profile.columns) {
    write_column(out, column);
  }
  append_le(out, codec::checksum(out));
  return out;
}

Result<Profile> parse_profile(Bytes bytes) {
  constexpr std::size_t kStart = kMagic.size() + sizeof kVersion;
  const Error damaged(Code::corrupt, "damaged profile");
  if (bytes.size() < kStart + sizeof(std::uint64_t) || as_text(bytes.first(kMagic.size())) != kMagic) {
    return damaged;
  }
  const auto version = load_le<std::uint32_t>(bytes.data() + kMagic.size());
  if (version != kVersion) {
    return Error(Code::unsupported, "profile of version " + std::to_string(version));
  }
  const Bytes content = bytes.first(bytes.size() - sizeof(std::uint64_t));
  if (codec::checksum(content) != load_le<std::uint64_t>(bytes.data() + content.size())) {
    return damaged;
  }
  std::optional<Profile> profile = ProfileReader(content.subspan(kStart)).read();
  if (!profile || !std::ranges::equal(write_profile(*profile), bytes)) {
    return damaged;
  }
  return std::move(*profile);
}

}  // namespace cairn::report
