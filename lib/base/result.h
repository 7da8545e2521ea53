// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"

namespace cairn {

/// Aborts when an invariant of our own code is broken. Never for input, disk or network data. On in release
/// builds too: wrong data is worse than no answer.
#define CAIRN_CHECK(condition)                                                                       \
  do {                                                                                               \
    if (!(condition)) [[unlikely]] {                                                                 \
      std::fprintf(stderr, "cairn: bug: %s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                                  \
    }                                                                                                \
  } while (false)

/// A value or an Error. Threads: as T.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value. REQUIRES: ok().
  [[nodiscard]] T& value() & {
    CAIRN_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const& {
    CAIRN_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    CAIRN_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The error. REQUIRES: !ok().
  [[nodiscard]] Error& error() {
    CAIRN_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] const Error& error() const {
    CAIRN_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// Success or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] Error& error() {
    CAIRN_CHECK(!ok());
    return *error_;
  }
  [[nodiscard]] const Error& error() const {
    CAIRN_CHECK(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

#define CAIRN_CONCAT_(a, b) a##b
#define CAIRN_CONCAT(a, b) CAIRN_CONCAT_(a, b)

/// Returns the error of `expression` from the enclosing function, or goes on.
#define CAIRN_TRY(expression)                             \
  do {                                                    \
    if (auto cairn_try = (expression); !cairn_try.ok()) { \
      return std::move(cairn_try.error());                \
    }                                                     \
  } while (false)

/// `CAIRN_TRY_ASSIGN(auto x, f())`: x is the value of f(), or its error is returned.
#define CAIRN_TRY_ASSIGN(lhs, expression) \
  CAIRN_TRY_ASSIGN_(CAIRN_CONCAT(cairn_result_, __LINE__), lhs, expression)
#define CAIRN_TRY_ASSIGN_(result, lhs, expression) \
  auto result = (expression);                      \
  if (!result.ok()) {                              \
    return std::move(result.error());              \
  }                                                \
  lhs = std::move(result).value()

}  // namespace cairn
