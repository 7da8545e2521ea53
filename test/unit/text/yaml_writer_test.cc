// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_writer.h"

#include <bit>
#include <cmath>
#include <random>

#include "support/matchers.h"
#include "text/yaml.h"

namespace cairn::text {
namespace {

Value parsed(std::string_view text) {
  Result<Value> value = parse_yaml(text, "written");
  EXPECT_TRUE(value.ok()) << (value.ok() ? "" : value.error().message()) << "\n" << text;
  return value.ok() ? *value : Value::null();
}

/// Writes, reads and writes again: the same value, then the same bytes.
void expect_round_trip(const Value& value) {
  const std::string text = write_yaml(value);
  ASSERT_TRUE(text.ends_with('\n'));
  const Value back = parsed(text);
  ASSERT_EQ(canonical(back), canonical(value)) << text;
  ASSERT_EQ(write_yaml(back), text);
}

TEST(WriteYaml, HasOneCanonicalForm) {
  const std::string_view text =
      "cairn: 1\n"
      "stages:\n"
      "  train:\n"
      "    cmd: |\n"
      "      python train.py\n"
      "      \techo 'done'\n"
      "    deps:\n"
      "    - path: data.csv\n"
      "      hash: b3:0123\n"
      "    - - nested\n"
      "      - {}\n"
      "    - []\n"
      "    empty: \"\"\n"
      "    note: |-\n"
      "      a\n"
      "\n"
      "       b: c # d\n"
      "    tail: |+\n"
      "      x\n"
      "\n"
      "    params:\n"
      "      \"010\": 1.0\n"
      "      \"true\": null\n"
      "      yes: on\n"
      "      http://x: 1e-05\n"
      "    odd: \" x\\t\\x1B\\u202E\\\\\\\"\"\n";
  EXPECT_EQ(write_yaml(parsed(text)), text);
}

TEST(WriteYaml, ScalarsAndEmptyCollectionsMayBeTheRoot) {
  for (const char* text :
       {"{}\n", "[]\n", "null\n", "x\n", "1.0\n", "|\n  a\n  b\n", "- - |-\n    a\n    b\n  - c\n"}) {
    EXPECT_EQ(write_yaml(parsed(text)), text);
  }
}

TEST(WriteYaml, QuotesWhatWouldReadBackAsSomethingElse) {
  for (const char* text : {"",
                           "~",
                           "null",
                           "true",
                           "010",
                           "1e3",
                           ".5",
                           ".inf",
                           "=",
                           "<<",
                           "-",
                           "- a",
                           "a: b",
                           "a #b",
                           "#a",
                           "a:",
                           " a",
                           "a ",
                           "---",
                           "--- a",
                           "...",
                           "*a",
                           "&a",
                           "!a",
                           "|",
                           ">",
                           "%a",
                           "@a",
                           "`a",
                           "'a",
                           "\"a",
                           "[a",
                           "{a",
                           "]",
                           "}",
                           ",a",
                           "99999999999999999999",
                           "1e999",
                           "\t",
                           "a\tb",
                           "\xef\xbb\xbf",
                           "\r"}) {
    EXPECT_EQ(write_yaml(Value::string(text)).front(), '"') << text;
  }
  for (const char* text : {"yes", "a-b", "-a", "--flag", "a#b", "a:b", "a'b\"c", "b3:00", "é😀", "1.2.3",
                           "2024-01-01", "a, [b]", "x=1", "/a/b", "1,000", "0x", "._"}) {
    EXPECT_EQ(write_yaml(Value::string(text)), std::string(text) + "\n");
  }
}

TEST(WriteYaml, LongKeysUseTheExplicitForm) {
  for (std::size_t length : {999u, 1000u, 1001u, 1020u, 5000u}) {
    Value map = Value::map();
    map.set(std::string(length, 'k'), Value::list({Value::string("a\nb"), Value::map()}));
    map.set(std::string(length, '"'), Value::string("a\n\n"));
    Value inner = map;
    map.set(std::string(length, 'm'), std::move(inner));
    expect_round_trip(map);
    expect_round_trip(Value::list({map, map}));
  }
}

TEST(WriteYaml, FloatsReadBackBitForBit) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::bit_cast<double>(random());
    const Value back = parsed(write_yaml(Value::floating(number)));
    ASSERT_TRUE(back.is(Kind::floating));
    ASSERT_EQ(std::isnan(back.float_value()), std::isnan(number));
    if (!std::isnan(number)) {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(back.float_value()), std::bit_cast<std::uint64_t>(number));
    }
  }
  for (double number : {0.0, -0.0, 1.0, 1e15, 1e16, 1e22, 5e-324, 1.7976931348623157e308, 100.0}) {
    expect_round_trip(Value::floating(number));
  }
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string text() {
    static constexpr std::string_view kParts[] = {"a",
                                                  "b ",
                                                  " ",
                                                  "\n",
                                                  "\n",
                                                  "\t",
                                                  ":",
                                                  ": ",
                                                  "#",
                                                  " #",
                                                  "-",
                                                  "- ",
                                                  "?",
                                                  "\"",
                                                  "'",
                                                  "\\",
                                                  "|",
                                                  ">",
                                                  "[",
                                                  "]",
                                                  "{",
                                                  "}",
                                                  ",",
                                                  "&",
                                                  "*",
                                                  "!",
                                                  "%",
                                                  "@",
                                                  "`",
                                                  "~",
                                                  "=",
                                                  "<<",
                                                  "0",
                                                  "1",
                                                  "e3",
                                                  ".",
                                                  "true",
                                                  "null",
                                                  "é",
                                                  "😀",
                                                  "\r",
                                                  "\x1b",
                                                  "\x7f",
                                                  "\xc2\x85",
                                                  "\xe2\x80\xa8",
                                                  "\xe2\x80\xae",
                                                  "\xef\xbb\xbf",
                                                  "\xef\xbf\xbf",
                                                  "---",
                                                  "...",
                                                  "_",
                                                  "+",
                                                  "x",
                                                  "\xee\x80\x80"};
    std::string out;
    for (std::size_t i = below(8); i > 0; --i) {
      out += kParts[below(std::size(kParts))];
    }
    return out + (below(50) == 0 ? std::string(1, '\0') : "");
  }

  Value value(unsigned depth) {
    switch (below(depth > 3 ? 5 : 8)) {
      case 0:
        return Value::integer(static_cast<std::int64_t>(random_()));
      case 1:
        return Value::boolean(below(2) == 0);
      case 2:
        return below(2) == 0 ? Value::null() : Value::floating(static_cast<double>(below(1000)) / 8);
      case 3:
      case 4:
        return Value::string(text());
      case 5:
      case 6: {
        Value map = Value::map();
        for (std::size_t i = below(4); i > 0; --i) {
          map.set(text(), value(depth + 1));
        }
        return map;
      }
      default: {
        Value list = Value::list();
        for (std::size_t i = below(4); i > 0; --i) {
          list.append(value(depth + 1));
        }
        return list;
      }
    }
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::mt19937_64 random_;
};

TEST(WriteYaml, EveryStringReadsBackAsItselfEverywhere) {
  Generator generator(7);
  for (int i = 0; i < 20'000; ++i) {
    const Value text = Value::string(generator.text());
    Value map = Value::map();
    map.set(text.string_value(), text);
    map.set("last", Value::list({text, text, map}));
    ASSERT_NO_FATAL_FAILURE(expect_round_trip(text));
    ASSERT_NO_FATAL_FAILURE(expect_round_trip(map)) << canonical(text);
  }
}

TEST(WriteYaml, EveryTreeReadsBackAsItself) {
  Generator generator(11);
  for (int i = 0; i < 10'000; ++i) {
    const Value value = generator.value(0);
    ASSERT_NO_FATAL_FAILURE(expect_round_trip(value));
    ASSERT_EQ(canonical(parsed(canonical(value))), canonical(value));
  }
}

}  // namespace
}  // namespace cairn::text
