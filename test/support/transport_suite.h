// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "support/matchers.h"
#include "transport/transport.h"

namespace cairn::test {

/// A place for objects that is new for each test, and goes with it.
class TransportPlace {
 public:
  virtual ~TransportPlace() = default;
  /// Another client of the same place, not prepared.
  virtual std::unique_ptr<transport::Transport> open() = 0;
  /// Adds `count` empty objects PREFIX0, PREFIX1 …, in any way that is fast.
  virtual void fill(const std::string& prefix, int count) = 0;
};

/// How to make a backend's place; the name shows in the test's name.
struct TransportCase {
  std::string name;
  std::function<std::unique_ptr<TransportPlace>()> make;
  /// Why there can be none here, such as a server that is not installed: the tests are skipped. "" else.
  std::function<std::string()> missing = [] { return std::string(); };
};

/// What every backend must do. A backend's test file instantiates it:
/// INSTANTIATE_TEST_SUITE_P(Dir, TransportSuite, ::testing::Values(TransportCase{"dir", …}),
/// transport_case_name);
class TransportSuite : public ::testing::TestWithParam<TransportCase> {
 protected:
  void SetUp() override;

  void put(const std::string& name, std::string_view content);
  /// An object's whole content; fails the test when it is not there.
  std::string get(const std::string& name);

  std::unique_ptr<TransportPlace> place_;
  std::unique_ptr<transport::Transport> transport_;
};

inline std::string transport_case_name(const ::testing::TestParamInfo<TransportCase>& info) {
  return info.param.name;
}

}  // namespace cairn::test
