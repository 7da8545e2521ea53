// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace cairn::report {

/// When two numbers count as equal, as numpy.isclose with equal_nan: |value - reference| <= atol + rtol *
/// |reference|.
struct Tolerance {
  double rtol = 0;
  double atol = 0;

  /// Works on long double, which holds every 64-bit integer.
  [[nodiscard]] bool close(long double reference, long double value) const {
    if (std::isnan(reference) || std::isnan(value)) {
      return std::isnan(reference) && std::isnan(value);
    }
    if (std::isinf(reference) || std::isinf(value)) {
      return reference == value;
    }
    return std::fabs(value - reference) <= atol + rtol * std::fabs(reference);
  }
};

}  // namespace cairn::report
