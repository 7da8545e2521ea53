// SPDX-License-Identifier: Apache-2.0
#include "support/matchers.h"
#include "text/json.h"
#include "text/python.h"
#include "text/toml.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"

namespace cairn::text {
namespace {

using Parse = Result<Value> (*)(std::string_view, std::string_view, const Limits&);

/// Whatever is accepted must be writable and read back; whatever is refused must say where.
void feed(Parse parse, std::string_view text) {
  // An exact copy on the heap, so that a sanitizer sees a read behind the end.
  const std::vector<char> copy(text.begin(), text.end());
  Result<Value> value = parse({copy.data(), copy.size()}, "f", Limits{});
  if (!value.ok()) {
    ASSERT_TRUE(value.error().message().starts_with("f:")) << value.error().message();
    return;
  }
  Result<Value> back = parse_yaml(write_yaml(*value), "written");
  ASSERT_TRUE(back.ok()) << text << "\n" << back.error().message();
  ASSERT_EQ(*back, *value) << text;
}

void feed_damaged(Parse parse, const std::string& text) {
  for (std::size_t i = 0; i <= text.size(); ++i) {
    ASSERT_NO_FATAL_FAILURE(feed(parse, std::string_view(text).substr(0, i)));
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(byte);
      ASSERT_NO_FATAL_FAILURE(feed(parse, damaged)) << "byte " << byte << " at " << i;
    }
  }
}

TEST(ParseYaml, SurvivesEveryPrefixAndEveryDamagedByte) {
  feed_damaged(parse_yaml,
               "%YAML 1.1\n---\n# c\na: &x {b: [1, 'q', \"\\u00e9\\n\"], <<: {c: 2}}\n? k\n: |+\n  t\n\n"
               "l:\n- *x\n- >-\n  f\n   g\n- !!int \"1\"\n- -.5e+3\n...\n");
  feed_damaged(parse_yaml, "\xef\xbb\xbfs:\r\n  é: 0x1F # d\r\n  😀:\t~\r\n");
}

TEST(ParseJson, SurvivesEveryPrefixAndEveryDamagedByte) {
  feed_damaged(parse_json,
               "{\"a\\n\\u00e9\": [1, -2.5e3, NaN, -Infinity, true, null, {}], \"é\": {\"b\": \"😀\"}}\n");
}

TEST(ParseToml, SurvivesEveryPrefixAndEveryDamagedByte) {
  feed_damaged(parse_toml,
               "a.b = 1_0 # c\n[t.'u']\nx = \"\"\"\ny\\\n z\"\"\"\nd = 2024-01-01T10:00:00Z\n[[l]]\ni = "
               "[0x1F, -inf, { k = '\xc3\xa9' }]\n");
}

TEST(ParsePython, SurvivesEveryPrefixAndEveryDamagedByte) {
  feed_damaged(
      parse_python,
      "# coding: utf-8\nclass A(B):\n\tx: int = {1: [-0x1F, 2.5e3, True], 'k': (r'\\q', \"\\u00e9\\n\"\n"
      "'''t''')}\n\tdef __init__(self, a=[]):\n\t  self.é = f'{x!r:>{w}}{{' ; self.b = 1_0\n"
      "if x: y = 1\nc = d = None, \\\n  .5 # c\n");
  feed_damaged(parse_python,
               "\xef\xbb\xbf@f\r\ndef g():\r\n  \"\"\"x\r\ny\"\"\"\r\nπ = '\\x41\\101' b'x'\fz = 1j\r\n");
}

}  // namespace
}  // namespace cairn::text
