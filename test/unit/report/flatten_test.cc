// SPDX-License-Identifier: Apache-2.0
#include "report/flatten.h"

#include "support/matchers.h"
#include "text/yaml.h"

namespace cairn::report {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> flat(std::string_view yaml) {
  std::vector<std::string> out;
  for (const FlatValue& one : flatten(text::parse_yaml(yaml, "p.yaml").value())) {
    out.push_back(one.key + "=" + text::canonical(one.value));
  }
  return out;
}

TEST(Flatten, JoinsTheKeysOfInnerMapsByDots) {
  EXPECT_THAT(flat("lr: 0.1\nmodel:\n  depth: 3\n  tree: {kind: a}\n"),
              ElementsAre("lr=0.1", "model.depth=3", "model.tree.kind=\"a\""));
}

TEST(Flatten, KeepsListsAndEmptyMapsWhole) {
  EXPECT_THAT(flat("a: [1, {b: 2}]\nc: {}\nd:\n"), ElementsAre("a=[1,{\"b\":2}]", "c={}", "d=null"));
}

TEST(Flatten, ADocumentThatIsOneValueHasAnEmptyKey) {
  EXPECT_THAT(flat("0.5"), ElementsAre("=0.5"));
  EXPECT_THAT(flat("{}"), IsEmpty());
}

TEST(Nest, MakesMapsOfDottedKeys) {
  const text::Value one = text::Value::integer(1);
  EXPECT_EQ(text::canonical(nest({{"a.b", one}, {"a.c.d", one}, {"e", one}})),
            R"({"a":{"b":1,"c":{"d":1}},"e":1})");
}

TEST(Nest, KeepsAKeyWholeThatLeadsThroughAnotherValue) {
  const text::Value one = text::Value::integer(1);
  EXPECT_EQ(text::canonical(nest({{"a", one}, {"a.b", one}})), R"({"a":1,"a.b":1})");
}

}  // namespace
}  // namespace cairn::report
