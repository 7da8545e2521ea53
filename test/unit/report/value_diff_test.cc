// SPDX-License-Identifier: Apache-2.0
#include "report/value_diff.h"

#include "support/matchers.h"
#include "text/yaml.h"

namespace cairn::report {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Document> documents(std::string_view path, std::string_view yaml) {
  return {{std::string(path), text::parse_yaml(yaml, path).value()}};
}

std::string word(const std::optional<text::Value>& value) {
  return value ? text::canonical(*value) : "-";
}

std::vector<std::string> lines(const std::vector<DocumentDiff>& diffs) {
  std::vector<std::string> out;
  for (const DocumentDiff& file : diffs) {
    for (const ValueDiff& diff : file.values) {
      out.push_back(file.path + " " + diff.key + " " + word(diff.before) + " " + word(diff.after) + " " +
                    word(diff.difference));
    }
  }
  return out;
}

std::vector<std::string> compared(std::string_view before, std::string_view after,
                                  Unchanged unchanged = Unchanged::hide) {
  return lines(compare(documents("p", before), documents("p", after), unchanged));
}

TEST(Compare, NamesWhatWasAddedRemovedAndChanged) {
  EXPECT_THAT(compared("a: 1\nb: x\nc: same\n", "b: y\nc: same\nd: {e: 2}\n"),
              ElementsAre("p a 1 - -", "p b \"x\" \"y\" -", "p d.e - 2 -"));
}

TEST(Compare, GivesTheDifferenceOfNumbers) {
  EXPECT_THAT(compared("a: 1\nb: 0.5\nc: 2\n", "a: 3\nb: 0.25\nc: 2.5\n"),
              ElementsAre("p a 1 3 2", "p b 0.5 0.25 -0.25", "p c 2 2.5 0.5"));
}

TEST(Compare, ADifferenceBeyondIntegersIsANumber) {
  EXPECT_THAT(compared("a: -9223372036854775808\n", "a: 9223372036854775807\n"),
              ElementsAre("p a -9223372036854775808 9223372036854775807 18446744073709551616.0"));
}

TEST(Compare, TruthIsNoNumber) {
  EXPECT_THAT(compared("a: false\n", "a: true\n"), ElementsAre("p a false true -"));
}

TEST(Compare, ShowsUnchangedValuesWhenAsked) {
  EXPECT_THAT(compared("a: 1\n", "a: 1\n"), IsEmpty());
  EXPECT_THAT(compared("a: 1\n", "a: 1\n", Unchanged::show), ElementsAre("p a 1 1 0"));
}

TEST(Compare, AFileOnOneSideOnlyIsAllNewOrAllGone) {
  EXPECT_THAT(lines(compare(documents("b", "x: 1"), documents("a", "y: 2"), Unchanged::hide)),
              ElementsAre("a y - 2 -", "b x 1 - -"));
}

}  // namespace
}  // namespace cairn::report
