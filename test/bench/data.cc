// SPDX-License-Identifier: Apache-2.0
#include "bench/data.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace cairn::bench {
namespace {

using test::SplitMix64;

constexpr std::array<std::string_view, 32> kSyllables{
    "ba", "co", "de", "fi", "gu", "ha", "in", "jo", "ka",  "lo",  "me", "no", "or", "pa", "qui", "re",
    "sa", "ti", "un", "va", "we", "xi", "yo", "zu", "ter", "ing", "ed", "ly", "st", "on", "al",  "er"};
constexpr std::array<std::string_view, 12> kCountries{"US", "DE", "FR", "GB", "IN", "BR",
                                                      "CN", "JP", "CA", "AU", "ES", "IT"};
constexpr std::array<std::string_view, 5> kStates{"active", "pending", "cancelled", "shipped", "returned"};

/// Powers of two from which a word or number is taken: each is equally likely, so small ones are frequent.
constexpr unsigned kVocabularyBits = 14;

std::uint64_t skewed(unsigned bits, SplitMix64& random) {
  const std::uint64_t start = std::uint64_t{1} << random.below(bits);
  return start - 1 + random.below(start);
}

/// Between -4 * scale and 4 * scale, bell-shaped.
std::int64_t bell(std::int64_t scale, SplitMix64& random) {
  std::int64_t sum = -4 * scale;
  for (int i = 0; i < 4; ++i) {
    sum += static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * scale)));
  }
  return sum;
}

/// The smaller of two picks, so that the first values are frequent.
template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& values, SplitMix64& random) {
  const std::uint64_t first = random.below(N);
  return values[std::min(first, random.below(N))];
}

void append_number(std::string& out, std::uint64_t number, std::size_t width = 0) {
  std::array<char, 20> digits;
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const auto count = static_cast<std::size_t>(end - digits.data());
  if (count < width) {
    out.append(width - count, '0');
  }
  out.append(digits.data(), count);
}

/// `number` / 10^decimals in decimal notation.
void append_decimal(std::string& out, std::int64_t number, std::size_t decimals) {
  std::uint64_t unit = 1;
  for (std::size_t i = 0; i < decimals; ++i) {
    unit *= 10;
  }
  if (number < 0) {
    out += '-';
  }
  const auto magnitude = static_cast<std::uint64_t>(number < 0 ? -number : number);
  append_number(out, magnitude / unit);
  out += '.';
  append_number(out, magnitude % unit, decimals);
}

struct Date {
  std::uint64_t year;
  std::uint64_t month;
  std::uint64_t day;
};

/// Gregorian date of a day counted from 1970-01-01; the year is taken to start in March, so that leap days
/// end it.
Date date_of(std::uint64_t days) {
  const std::uint64_t shifted = days + 719468;
  const std::uint64_t era = shifted / 146097;
  const std::uint64_t day_of_era = shifted % 146097;
  const std::uint64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::uint64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {era * 400 + year_of_era + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

}  // namespace

Vocabulary::Vocabulary() {
  SplitMix64 random(20000);
  words_.resize((std::size_t{1} << kVocabularyBits) - 1);
  for (std::string& word : words_) {
    for (std::uint64_t left = 1 + random.below(4); left > 0; --left) {
      word += kSyllables[random.below(kSyllables.size())];
    }
  }
}

const std::string& Vocabulary::pick(SplitMix64& random) const {
  return words_[skewed(kVocabularyBits, random)];
}

const std::string& Vocabulary::pick_of(std::size_t count, SplitMix64& random) const {
  return words_[random.below(count)];
}

std::string CsvTable::header() {
  return "id,created_at,user_id,country,category,price,quantity,lat,lon,score,status,is_new,comment\n";
}

void CsvTable::append_time(std::string& out) {
  seconds_ += random_.below(30);
  const Date date = date_of(seconds_ / 86400);
  append_number(out, date.year, 4);
  out += '-';
  append_number(out, date.month, 2);
  out += '-';
  append_number(out, date.day, 2);
  out += ' ';
  append_number(out, seconds_ / 3600 % 24, 2);
  out += ':';
  append_number(out, seconds_ / 60 % 60, 2);
  out += ':';
  append_number(out, seconds_ % 60, 2);
}

void CsvTable::append_comment(std::string& out) {
  const std::uint64_t words = random_.below(9);
  for (std::uint64_t i = 0; i < words; ++i) {
    out += i == 0 ? "" : " ";
    out += vocabulary_.pick(random_);
  }
}

void CsvTable::append_row(std::string& out) {
  append_number(out, id_++);
  out += ',';
  append_time(out);
  out += ",u";
  append_number(out, skewed(20, random_), 6);
  out += ',';
  out += pick(kCountries, random_);
  out += ',';
  out += vocabulary_.pick_of(60, random_);
  out += ',';
  append_decimal(out, static_cast<std::int64_t>(200 + skewed(14, random_)), 2);
  out += ',';
  append_number(out, 1 + random_.below(1 + random_.below(20)));
  out += ',';
  append_decimal(out, 40000000 + bell(8000000, random_), 6);
  out += ',';
  append_decimal(out, bell(45000000, random_), 6);
  out += ",0.";
  append_number(out, random_.next() % 1000000000000000, 15);
  out += ',';
  out += pick(kStates, random_);
  out += random_.below(3) == 0 ? ",False," : ",True,";
  append_comment(out);
  out += '\n';
}

void CsvTable::fill(std::string& out, std::size_t size) {
  while (out.size() < size) {
    append_row(out);
  }
}

std::string small_text(const Vocabulary& vocabulary, std::size_t size, SplitMix64& random) {
  std::string text;
  for (std::uint64_t line = 1; text.size() < size; ++line) {
    append_number(text, line);
    text += ' ';
    append_number(text, random.next() % 1000000, 6);
    text += random.below(10) == 0 ? " warning" : " info";
    const std::uint64_t words = 4 + random.below(12);
    for (std::uint64_t i = 0; i < words; ++i) {
      text += ' ';
      text += vocabulary.pick(random);
    }
    text += '\n';
  }
  text.resize(size);
  return text;
}

void fill_random(Buffer& out, std::size_t size, SplitMix64& random) {
  out.resize((size + 7) / 8 * 8);
  for (std::size_t i = 0; i < out.size(); i += 8) {
    store_le(out.data() + i, random.next());
  }
}

}  // namespace cairn::bench
