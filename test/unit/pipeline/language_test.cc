// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "unit/pipeline/language_case.h"

/// The language of cairn.yaml, case by case: tables in test/unit/pipeline/language, whose form is described
/// at LanguageCase. With CAIRN_TEST_ACCEPT=1 a failing case prints what came out in the form of the table.
namespace cairn::pipeline {
namespace {

const std::vector<LanguageCase>& cases() {
  static const std::vector<LanguageCase> all = load_language_cases();
  return all;
}

/// A test's name is made of letters, digits and underscores.
std::string test_name(const std::string& title) {
  std::string name;
  for (char c : title) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += word ? c : '_';
  }
  return name;
}

class Language : public ::testing::TestWithParam<LanguageCase> {};

TEST_P(Language, MeansWhatTheTableSays) {
  const LanguageCase& test_case = GetParam();
  ASSERT_EQ(test_case.problem, "");
  ASSERT_FALSE(test_case.pipelines.empty());
  const std::string actual = language_result(test_case);
  const std::string expected = (test_case.fails ? "error: " : "") + test_case.expected;
  EXPECT_EQ(actual, expected) << test_case.table << ": " << test_case.title;
  const char* accept = std::getenv("CAIRN_TEST_ACCEPT");
  if (actual != expected && accept != nullptr && std::string_view(accept) == "1") {
    const bool failed = actual.starts_with("error: ");
    std::cout << "--- " << (failed ? "error" : "expect") << "\n" << actual.substr(failed ? 7 : 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, Language, ::testing::ValuesIn(cases()),
                         [](const auto& param) { return test_name(param.param.title); });

TEST(LanguageTable, HasManyCasesOfUniqueTitles) {
  EXPECT_GE(cases().size(), 250U);
  std::set<std::string> titles;
  std::size_t bad = 0;
  for (const LanguageCase& test_case : cases()) {
    EXPECT_TRUE(titles.insert(test_name(test_case.title)).second) << test_case.title;
    EXPECT_FALSE(test_case.title.empty());
    bad += test_case.fails ? 1U : 0U;
  }
  EXPECT_GE(bad, 100U);
}

}  // namespace

}  // namespace cairn::pipeline
