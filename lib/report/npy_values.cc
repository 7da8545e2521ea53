// SPDX-License-Identifier: Apache-2.0
#include "report/npy_values.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "text/python.h"

namespace cairn::report {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
/// A header names a type and a shape; a longer one is none of ours.
constexpr std::size_t kLongestHeader = 64u << 10;
constexpr std::size_t kBatch = 4096;  ///< values

/// IEEE 754 binary16.
double half_value(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1f;
  const int fraction = bits & 0x3ff;
  double value = 0;
  if (exponent == 0x1f) {
    value = fraction == 0 ? HUGE_VAL : std::nan("");
  } else {
    value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 0x400, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

double value_at(const std::uint8_t* bytes, unsigned width) {
  switch (width) {
    case 2:
      return half_value(load_le<std::uint16_t>(bytes));
    case 4:
      return load_le<float>(bytes);
    default:
      return load_le<double>(bytes);
  }
}

/// The header's text; nothing for what is no .npy file.
Result<std::optional<std::string>> read_text(ByteCursor& cursor) {
  CAIRN_TRY_ASSIGN(const Buffer start, cursor.read(kMagic.size() + 2));
  if (!as_text(start).starts_with(kMagic) || start.size() < kMagic.size() + 2) {
    return std::optional<std::string>();
  }
  const std::uint8_t version = start[kMagic.size()];
  const std::size_t width = version == 1 ? 2 : 4;
  CAIRN_TRY_ASSIGN(Buffer length, cursor.read(width));
  if (version < 1 || version > 3 || length.size() < width) {
    return std::optional<std::string>();
  }
  length.resize(4);
  const auto size = load_le<std::uint32_t>(length.data());
  if (size > kLongestHeader) {
    return std::optional<std::string>();
  }
  CAIRN_TRY_ASSIGN(const Buffer text, cursor.read(size));
  return text.size() == size ? std::optional(std::string(as_text(text))) : std::nullopt;
}

std::optional<unsigned> float_width(const text::Value* type) {
  if (type == nullptr || !type->is(text::Kind::string)) {
    return std::nullopt;
  }
  const std::string& name = type->string_value();
  return name == "<f2"   ? std::optional(2U)
         : name == "<f4" ? std::optional(4U)
         : name == "<f8" ? std::optional(8U)
                         : std::nullopt;
}

std::optional<NpyHeader> parse_header(const std::string& text) {
  const auto parsed = text::parse_python("header = " + text, "header");
  const text::Value* const header = parsed.ok() ? parsed->find("header") : nullptr;
  if (header == nullptr) {
    return std::nullopt;
  }
  const auto width = float_width(header->find("descr"));
  const text::Value* const order = header->find("fortran_order");
  const text::Value* const shape = header->find("shape");
  if (!width || order == nullptr || !order->is(text::Kind::boolean) || shape == nullptr ||
      !shape->is(text::Kind::list)) {
    return std::nullopt;
  }
  NpyHeader out{*width, order->bool_value(), {}};
  for (const text::Value& length : shape->items()) {
    if (!length.is(text::Kind::integer) || length.int_value() < 0) {
      return std::nullopt;
    }
    out.shape.push_back(static_cast<std::uint64_t>(length.int_value()));
  }
  return out;
}

}  // namespace

std::string NpyHeader::place(std::uint64_t i) const {
  std::vector<std::uint64_t> index(shape.size());
  for (std::size_t k = 0; k < shape.size(); ++k) {
    const std::size_t axis = column_major ? k : shape.size() - 1 - k;
    index[axis] = shape[axis] == 0 ? 0 : i % shape[axis];
    i = shape[axis] == 0 ? 0 : i / shape[axis];
  }
  return fmt::format("[{}]", fmt::join(index, ", "));
}

Result<std::optional<NpyValues>> NpyValues::open(ByteSource& source) {
  ByteCursor cursor(source);
  CAIRN_TRY_ASSIGN(const auto text, read_text(cursor));
  auto header = text ? parse_header(*text) : std::nullopt;
  return header ? std::optional(NpyValues(cursor, std::move(*header))) : std::nullopt;
}

Result<std::optional<double>> NpyValues::next() {
  if (at_ == values_.size()) {
    CAIRN_TRY_ASSIGN(values_, cursor_.read(kBatch * header_.width));
    values_.resize(values_.size() - values_.size() % header_.width);
    at_ = 0;
    if (values_.empty()) {
      return std::optional<double>();
    }
  }
  at_ += header_.width;
  return std::optional(value_at(values_.data() + at_ - header_.width, header_.width));
}

}  // namespace cairn::report
