// SPDX-License-Identifier: Apache-2.0
#include "report/compare_rules.h"

#include "compare_fixture.h"

namespace cairn::report {
namespace {

using namespace std::string_literals;

CompareRule tolerance(double rtol, double atol) {
  CompareRule rule;
  rule.kind = CompareRule::Kind::tolerance;
  rule.rtol = rtol;
  rule.atol = atol;
  return rule;
}

CompareRule by_rows(std::vector<std::string> key) {
  CompareRule rule;
  rule.kind = CompareRule::Kind::rows;
  rule.rows = std::move(key);
  return rule;
}

CompareRule ignoring(std::vector<std::string> places) {
  CompareRule rule;
  rule.kind = CompareRule::Kind::ignore;
  rule.ignore = std::move(places);
  return rule;
}

using Numbers = CompareFixture;

TEST_F(Numbers, MayDifferByTheTolerance) {
  EXPECT_EQ(words("acc,0.81\n", "acc,0.8100001\n", tolerance(1e-6, 0)), "equal");
  EXPECT_EQ(words("acc,0.81\n", "acc,0.82\n", tolerance(1e-6, 0)), "line 1, column 5: '0.81' became '0.82'");
  EXPECT_EQ(words("0", "1e-9", tolerance(1e-6, 0)), "line 1, column 1: '0' became '1e-9'");
  EXPECT_EQ(words("0", "1e-9", tolerance(0, 1e-8)), "equal");
}

TEST_F(Numbers, TheRecordedOneIsTheReference) {
  EXPECT_EQ(words("100", "110", tolerance(0.1, 0)), "equal");
  EXPECT_EQ(words("110", "99", tolerance(0.1, 0)), "equal");
  EXPECT_NE(words("99", "110", tolerance(0.1, 0)), "equal");
}

TEST_F(Numbers, MayBeWrittenInOtherWays) {
  EXPECT_EQ(words("[1.0, 2e3, -0.0]", "[1,2000,  +0]", tolerance(0, 0)), "equal");
  EXPECT_EQ(words("nan -inf\n", "NaN -Infinity\n", tolerance(0, 0)), "equal");
  EXPECT_EQ(words("nan", "1", tolerance(1, 1)), "line 1, column 1: 'nan' became '1'");
  EXPECT_EQ(words("inf", "1e300", tolerance(1, 1)), "line 1, column 1: 'inf' became '1e300'");
}

TEST_F(Numbers, LargeIntegersAreExact) {
  EXPECT_EQ(words("9007199254740993", "9007199254740992", tolerance(0, 0)),
            "line 1, column 1: '9007199254740993' became '9007199254740992'");
}

TEST_F(Numbers, WordsMustBeEqual) {
  EXPECT_EQ(words("name loss\nx 1\n", "name loss\ny 1\n", tolerance(1, 1)),
            "line 2, column 1: 'x' became 'y'");
  EXPECT_EQ(words("12ms", "13ms", tolerance(1, 1)), "line 1, column 1: '12ms' became '13ms'");
  EXPECT_EQ(words("a,1", "a;1", tolerance(1, 1)), "line 1, column 2: ',' became ';'");
  EXPECT_EQ(words("1 2", "1", tolerance(1, 1)), "line 1, column 3: '2' is missing");
  EXPECT_EQ(words("1", "1 2", tolerance(1, 1)), "line 1, column 3: '2' was added");
}

TEST_F(Numbers, LinesCountButNotHowTheyEnd) {
  EXPECT_EQ(words("1\r\n2\r\n", "1\n2", tolerance(0, 0)), "equal");
  EXPECT_EQ(words("1\n2\n", "1\n\n2\n", tolerance(0, 0)), "line 2, column 1: '2' stands in line 3 now");
  EXPECT_EQ(words("1\t\t2", "1\t2", tolerance(0, 0)), "line 1, column 3: '\\t' became '2'");
}

TEST_F(Numbers, ExtentCountsThem) {
  EXPECT_EQ(extent("1 2 3\n4 5 6 x\n", "1 2 3.5\n4 5 7 x\n", tolerance(0, 0.1)), "2 of 6 numbers");
  EXPECT_EQ(extent("1 2 3\n", "1.5 2 x\n", tolerance(0, 0.1)), "");
  EXPECT_EQ(words("", "1", tolerance(0, 0)), "line 1, column 1: '1' was added");
}

TEST_F(Numbers, LongWordsAreComparedInParts) {
  const std::string word(1000, 'x');
  EXPECT_EQ(words(word + "1 0.5", word + "1 0.50", tolerance(0, 0)), "equal");
  EXPECT_NE(words(std::string(300, '1'), std::string(299, '1') + "2", tolerance(1, 1)), "equal");
  EXPECT_NE(words(std::string(256, 'x') + "1", std::string(256, 'x') + " 1", tolerance(1, 1)), "equal");
}

TEST_F(Numbers, AreComparedAcrossChunks) {
  std::string before;
  std::string after;
  for (int i = 0; i < 60'000; ++i) {
    before += std::to_string(i) + ".25 ";
    after += std::to_string(i) + (i == 50'000 ? ".75 " : ".2500 ");
  }
  EXPECT_EQ(words(before, after, tolerance(0, 0)), "line 1, column 438891: '50000.25' became '50000.75'");
  EXPECT_EQ(extent(before, after, tolerance(0, 0)), "1 of 60000 numbers");
}

TEST_F(Numbers, OfOtherFilesTheBytesCount) {
  EXPECT_EQ(
      words("\0\1"s, "\0\2"s, tolerance(1, 1)),
      "byte 1 of 2: 01 became 02 (compared as bytes: neither texts nor .npy arrays of little-endian floats)");
}

template <class Number>
std::string npy(const std::string& type, const std::string& shape, std::vector<Number> values,
                char version = 1, const std::string& order = "False") {
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header.resize(117, ' ');
  header += '\n';
  std::string out = "\x93NUMPY"s + version + '\0';
  out += static_cast<char>(header.size());
  out += version == 1 ? "\0"s : "\0\0\0"s;
  out += header;
  return out + std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number));
}

TEST_F(Numbers, ArraysAreComparedValueByValue) {
  const std::string before = npy<double>("<f8", "(2, 3)", {1, 2, 3, 4, 5, 6});
  const std::string close = npy<double>("<f8", "(2, 3)", {1, 2, 3, 4, 5.0000001, 6}, 2);
  EXPECT_EQ(words(before, close, tolerance(1e-6, 0)), "equal");
  EXPECT_EQ(words(before, close, tolerance(1e-9, 0)), "[1, 1]: 5 became 5.0000001");
  EXPECT_EQ(extent(before, close, tolerance(1e-9, 0)), "1 of 6 values");
}

TEST_F(Numbers, ArraysMayBeOfOtherFloats) {
  EXPECT_EQ(
      words(npy<float>("<f4", "(2,)", {1, 2}), npy<float>("<f4", "(2,)", {1, 2.5F}, 3), tolerance(0, 0)),
      "[1]: 2 became 2.5");
  EXPECT_EQ(words(npy<std::uint16_t>("<f2", "()", {0x3c00}), npy<std::uint16_t>("<f2", "()", {0x3c01}),
                  tolerance(1e-3, 0)),
            "equal");
  EXPECT_EQ(words(npy<std::uint16_t>("<f2", "()", {0x3c00}), npy<std::uint16_t>("<f2", "()", {0xbc00}),
                  tolerance(1e-3, 0)),
            "[]: 1 became -1");
}

TEST_F(Numbers, PlacesOfColumnMajorArrays) {
  EXPECT_EQ(words(npy<float>("<f4", "(2, 3)", {1, 2, 3, 4, 5, 6}, 1, "True"),
                  npy<float>("<f4", "(2, 3)", {1, 2, 3, 9, 5, 6}, 1, "True"), tolerance(0, 0)),
            "[1, 1]: 4 became 9");
}

TEST_F(Numbers, ShapesAndTypesCount) {
  EXPECT_EQ(words(npy<float>("<f4", "(2, 1)", {1, 2}), npy<float>("<f4", "(1, 2)", {1, 2}), tolerance(1, 1)),
            "shape: (2, 1) became (1, 2)");
  EXPECT_EQ(words(npy<float>("<f4", "(1,)", {1}), npy<double>("<f8", "(1,)", {1}), tolerance(1, 1)),
            "type: f4 became f8");
  EXPECT_THAT(
      words(npy<std::int64_t>("<i8", "(1,)", {1}), npy<std::int64_t>("<i8", "(1,)", {2}), tolerance(1, 1)),
      testing::StartsWith("byte 128 of 136: 01 00"));
}

TEST_F(Numbers, AnArrayThatIsCutOffDiffers) {
  const std::string before = npy<float>("<f4", "(2,)", {1, 2});
  EXPECT_EQ(words(before, before.substr(0, before.size() - 1), tolerance(1, 1)), "[1]: 2 became nothing");
}

using Rows = CompareFixture;

TEST_F(Rows, MayStandInAnyOrder) {
  EXPECT_EQ(words("id,x\n1,a\n2,b\n", "id,x\n2,b\n1,a\n", by_rows({"id"})), "equal");
  EXPECT_EQ(words("id,x\n1,a\n2,b\n", "x,id\r\na,1\r\nb,2", by_rows({"id"})), "equal");
  EXPECT_EQ(words("id\tx\n1\ta\n2\tb\n", "id\tx\n2\tb\n1\ta\n", by_rows({"id"})), "equal");
  EXPECT_EQ(words("{\"id\":1,\"x\":2}\n{\"id\":2}\n", "{\"id\":2}\n{\"x\":2,\"id\":1}\n", by_rows({"id"})),
            "equal");
}

TEST_F(Rows, TheFirstDifferenceNamesRowAndColumn) {
  const std::string before = "id,day,price\n17,1,3.5\n17,2,4\n18,1,5\n";
  const std::string after = "id,day,price\n18,1,6\n17,2,4\n17,1,3.6\n";
  const auto out = compare(file(before), file(after), by_rows({"id", "day"}));
  ASSERT_OK(out);
  EXPECT_EQ(out->first->text, "row id=18, day=1, column 'price': 5 became 6");
  EXPECT_EQ(out->first->key, "id=18, day=1");
  EXPECT_EQ(out->first->column, "price");
  EXPECT_EQ(out->first->line, 4U);
  EXPECT_EQ(out->extent, "2 of 3 rows");
}

TEST_F(Rows, AddedAndMissingRowsAreTold) {
  EXPECT_EQ(words("id,x\n1,a\n", "id,x\n1,a\n2,b\n", by_rows({"id"})), "row id=2 was added");
  EXPECT_EQ(words("id,x\n1,a\n2,b\n", "id,x\n1,a\n", by_rows({"id"})), "row id=2 is missing");
  EXPECT_EQ(extent("id,x\n1,a\n2,b\n", "id,x\n1,a\n3,b\n", by_rows({"id"})), "2 of 3 rows");
}

TEST_F(Rows, ColumnsCount) {
  EXPECT_EQ(words("id,x\n1,a\n", "id,x,y\n1,a,2\n", by_rows({"id"})), "column 'y' was added");
  EXPECT_EQ(words("id,x\n1,a\n", "id\n1\n", by_rows({"id"})), "column 'x' is missing");
}

TEST_F(Rows, ADoubleKeyIsTold) {
  EXPECT_EQ(words("id,x\n1,a\n1,b\n", "id,x\n1,a\n1,c\n", by_rows({"id"})),
            "line 3, column 3: 'b' became 'c' (compared as bytes: 'recorded': lines 2 and 3 have the same "
            "key, id=1)");
  EXPECT_THAT(words("id,x\n1,a\n", "id,x\n1,a\n1,b\n", by_rows({"id"})),
              testing::HasSubstr("'new': lines 2 and 3 have the same key, id=1"));
  EXPECT_THAT(words("id,x\n", "id,x\n1,a\n1,b\n", by_rows({"id"})),
              testing::HasSubstr("'new': lines 2 and 3 have the same key, id=1"));
}

TEST_F(Rows, OfOtherFilesTheBytesCount) {
  EXPECT_EQ(words("a\nb\n", "a\nc\n", by_rows({"id"})),
            "line 2, column 1: 'b' became 'c' (compared as bytes: 'recorded' has no column 'id')");
  EXPECT_EQ(words("", "id\n1\n", by_rows({"id"})),
            "line 1, column 1: 'id\\n' was added (compared as bytes: 'recorded' has no column 'id')");
}

TEST_F(Rows, WhatIsMissingIsAnError) {
  auto gone = file("id\n1\n");
  gone.object.id = codec::hash(as_bytes("elsewhere"));
  EXPECT_THAT(compare(file("id\n2\n"), gone, by_rows({"id"})), test::FailsWith(Code::not_found, ""));
}

using Documents = CompareFixture;

TEST_F(Documents, IgnoredPlacesDoNotCount) {
  EXPECT_EQ(words(R"({"time": 1, "acc": 0.9})", R"({"acc": 0.9, "time": 2})", ignoring({"time"})), "equal");
  EXPECT_EQ(words(R"({"a": {"t": 1, "x": 1}})", R"({"a": {"t": 2, "x": 2}})", ignoring({"a.t"})),
            "a.x: 1 became 2");
  EXPECT_EQ(words("a: {t: 1}\nb: {t: 1}\n", "a: {t: 2}\nb: {t: 3}\n", ignoring({"*.t"})), "equal");
  EXPECT_EQ(words("[x]\nt = 1\n", "[x]\nt = 2\n", ignoring({"x.t"})), "equal");
  EXPECT_EQ(words(R"({"a": [{"t": 1}, {"t": 1}]})", R"({"a": [{"t": 2}, {"t": 1}]})", ignoring({"a[0].t"})),
            "equal");
  EXPECT_EQ(words(R"({"a": [{"t": 1}, {"t": 1}]})", R"({"a": [{"t": 2}, {"t": 2}]})", ignoring({"a[0].t"})),
            "a[1].t: 1 became 2");
  EXPECT_EQ(words(R"({"a": [{"t": 1}, {"t": 1}]})", R"({"a": [{"t": 2}, {"t": 2}]})", ignoring({"a[*].t"})),
            "equal");
}

TEST_F(Documents, AnIgnoredPlaceMayBeMissing) {
  EXPECT_EQ(words(R"({"a": 1, "t": 1})", R"({"a": 1})", ignoring({"t"})), "equal");
  EXPECT_EQ(words(R"({"a": 1})", R"({"a": 1, "t": {"u": 2}})", ignoring({"t"})), "equal");
}

TEST_F(Documents, OthersDo) {
  EXPECT_EQ(words(R"({"a": 1, "b": 2})", R"({"a": 1})", ignoring({"t"})), "b: 2 is missing");
  EXPECT_EQ(words(R"({"a": 1})", R"({"a": 1, "b": [1, 2]})", ignoring({"t"})), "b: [1,2] was added");
  EXPECT_EQ(words(R"({"a": [1, 2]})", R"({"a": [1]})", ignoring({"t"})), "a[1]: 2 is missing");
  EXPECT_EQ(words(R"({"a": 1})", R"({"a": "1"})", ignoring({"t"})), "a: 1 became \"1\"");
  EXPECT_EQ(words(R"({"a": {"b": 1}})", R"({"a": 1})", ignoring({"t"})), "a: {\"b\":1} became 1");
  EXPECT_EQ(extent(R"({"a": 1, "b": [1, 2], "t": 1})", R"({"a": 2, "b": [1, 3], "t": 2})", ignoring({"t"})),
            "2 of 3 values");
}

TEST_F(Documents, TheLineIsToldToo) {
  const auto out = compare(file("a: 1\nb: 2\n"), file("a: 1\nb: 3\n"), ignoring({"t"}));
  ASSERT_OK(out);
  EXPECT_EQ(out->first->line, 2U);
  EXPECT_EQ(out->first->key, "b");
}

TEST_F(Documents, OfOtherFilesTheBytesCount) {
  EXPECT_EQ(words("just words", "other words", ignoring({"t"})),
            "line 1, column 1: 'just' became 'other' (compared as bytes: no JSON, YAML or TOML documents of "
            "at most 16 "
            "MiB)");
}

using FolderRules = CompareFixture;

TEST_F(FolderRules, HoldForEachFile) {
  const auto before = folder({entry("a.txt", "1.0"), entry("b.txt", "2.0"), entry("c.txt", "3.0")});
  const auto after = folder({entry("a.txt", "1.00"), entry("b.txt", "2.5"), entry("c.txt", "3.0")});
  EXPECT_EQ(words(before, after, tolerance(0, 0.1)), "b.txt: line 1, column 1: '2.0' became '2.5'");
  EXPECT_EQ(compare(before, after, tolerance(0, 0.1))->extent, "1 of 3 files");
  const auto out = compare(before, after, tolerance(0, 1));
  EXPECT_TRUE(out->equal);
  EXPECT_FALSE(out->identical);
}

}  // namespace
}  // namespace cairn::report
