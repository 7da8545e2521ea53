// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/byte_source.h"

namespace cairn::report {

/// What the header of a .npy file says (numpy.lib.format, versions 1 to 3).
struct NpyHeader {
  unsigned width = 0;  ///< bytes of a value: 2, 4 or 8
  bool column_major = false;
  std::vector<std::uint64_t> shape;

  /// "[2, 3]" of value number `i` as they stand in the file.
  [[nodiscard]] std::string place(std::uint64_t i) const;
};

/// Values of a .npy file of little-endian floats, in the order of the file. Memory: bounded.
class NpyValues {
 public:
  /// Nothing for any other file. `source` must outlive it.
  static Result<std::optional<NpyValues>> open(ByteSource& source);

  [[nodiscard]] const NpyHeader& header() const { return header_; }
  /// Nothing at the end; what is left of a value there counts as none.
  Result<std::optional<double>> next();

 private:
  NpyValues(ByteCursor cursor, NpyHeader header) : cursor_(cursor), header_(std::move(header)) {}

  ByteCursor cursor_;
  NpyHeader header_;
  Buffer values_;
  std::size_t at_ = 0;
};

}  // namespace cairn::report
