// SPDX-License-Identifier: Apache-2.0
#include "text/value.h"

#include <cmath>

#include "support/matchers.h"
#include "text/yaml.h"

namespace cairn::text {
namespace {

using cairn::test::FailsWith;

TEST(Value, EqualityKeepsTypesApart) {
  const Value values[] = {Value::null(),        Value::boolean(true),  Value::integer(1),
                          Value::floating(1.0), Value::string("1"),    Value::list(),
                          Value::map(),         Value::floating(0.0),  Value::floating(-0.0),
                          Value::string(""),    Value::string("true"), Value::integer(0)};
  for (std::size_t i = 0; i < std::size(values); ++i) {
    for (std::size_t j = 0; j < std::size(values); ++j) {
      EXPECT_EQ(values[i] == values[j], i == j) << i << " " << j;
      EXPECT_EQ(canonical(values[i]) == canonical(values[j]), i == j) << i << " " << j;
    }
  }
  EXPECT_EQ(Value::floating(std::nan("")), Value::floating(-std::nan("")));
}

TEST(Value, OrderOfKeysDoesNotCountInEqualityAndCanonicalText) {
  Value a = Value::map();
  a.set("x", Value::integer(1));
  a.set("y", Value::list({Value::integer(2)}));
  Value b = Value::map();
  b.set("y", Value::list({Value::integer(2)}));
  b.set("x", Value::integer(1));
  EXPECT_EQ(a, b);
  EXPECT_EQ(canonical(a), canonical(b));
  b.set("x", Value::floating(1));
  EXPECT_NE(a, b);
}

TEST(Value, CanonicalTextShowsTheType) {
  Value map = Value::map();
  map.set("b", Value::list({Value::integer(1), Value::floating(1), Value::string("1"), Value::boolean(false),
                            Value::null(), Value::floating(-HUGE_VAL)}));
  map.set("a", Value::map());
  map.set("q\"", Value::list());
  EXPECT_EQ(canonical(map), R"({"a":{},"b":[1,1.0,"1",false,null,-.inf],"q\"":[]})");
}

TEST(Value, ConversionNamesThePlaceAndBothTypes) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_yaml("a:\n  b: [1]\n", "p.yaml"));
  const Value& b = *root.find("a")->find("b");
  EXPECT_THAT(b.as_string("p.yaml"), FailsWith(Code::malformed, "p.yaml:2:6: expected a string, not a list"));
  EXPECT_THAT(b.items()[0].as_bool("p\n.yaml"),
              FailsWith(Code::malformed, "p\\n.yaml:2:7: expected true or false"));
  EXPECT_THAT(Value::null().as_map("p"), FailsWith(Code::malformed, "p: expected a map, not null"));
  ASSERT_OK_AND_ASSIGN(const double number, b.items()[0].as_double("p.yaml"));
  EXPECT_EQ(number, 1.0);
}

TEST(Value, MapsKeepTheirOrderAndReplaceInPlace) {
  Value map = Value::map();
  map.set("z", Value::integer(1));
  map.set("a", Value::integer(2));
  map.set("z", Value::integer(3));
  ASSERT_EQ(map.entries().size(), 2u);
  EXPECT_EQ(map.entries()[0].key, "z");
  EXPECT_EQ(map.find("z")->int_value(), 3);
  EXPECT_TRUE(map.remove("z"));
  EXPECT_FALSE(map.remove("z"));
  EXPECT_EQ(map.find("z"), nullptr);
}

TEST(Value, RawOfAProgramsValueIsItsCanonicalText) {
  EXPECT_EQ(Value::floating(5e-5).raw(), "5e-05");
  EXPECT_EQ(Value::string("x").raw(), "x");
  EXPECT_EQ(Value::list().raw(), "");
}

}  // namespace
}  // namespace cairn::text
