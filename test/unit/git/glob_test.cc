// SPDX-License-Identifier: Apache-2.0
#include "git/glob.h"

#include <gtest/gtest.h>

namespace cairn::git {
namespace {

struct Case {
  bool fits;
  const char* pattern;
  const char* text;
};

bool name_matches(std::string_view pattern, std::string_view text) {
  auto glob = Glob::compile(pattern);
  return glob && glob->matches(text);
}

bool path_matches(std::string_view pattern, std::string_view text) {
  auto glob = PathGlob::compile(pattern);
  return glob && glob->matches(text);
}

TEST(Glob, matches_one_part_of_a_path) {
  const Case cases[] = {
      {true, "data", "data"},
      {false, "data", "dato"},
      {false, "data", "data2"},
      {true, "", ""},
      {false, "", "x"},
      {true, "d?ta", "data"},
      {false, "d?ta", "dta"},
      {true, "*", ""},
      {true, "*", "anything"},
      {true, "d*a", "da"},
      {true, "d*a", "daaa"},
      {false, "d*a", "dab"},
      {true, "*a*b*", "xaxbx"},
      {false, "*a*b*", "xbxa"},
      {true, "**", "x"},
      {true, "a**b", "axyb"},
      {true, "\\*", "*"},
      {false, "\\*", "x"},
      {true, "\\a\\?", "a?"},
      {true, "x\\ ", "x "},
      {true, "*.csv.cairn", "a.csv.cairn"},
      {true, "caf\xc3\xa9", "caf\xc3\xa9"},
      {true, "caf??", "caf\xc3\xa9"},
      {false, "caf?", "caf\xc3\xa9"},
      {true, "\xff*", "\xff\xfe"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(name_matches(c.pattern, c.text), c.fits) << c.pattern << " on " << c.text;
  }
}

TEST(Glob, matches_bracket_expressions) {
  const Case cases[] = {
      {true, "[ab]", "b"},          {false, "[ab]", "c"},        {true, "[a-c]x", "bx"},
      {false, "[a-c]", "d"},        {true, "[!a-c]", "d"},       {false, "[!a-c]", "b"},
      {true, "[^a]", "b"},          {true, "[]]", "]"},          {true, "[]-]", "-"},
      {false, "[!]]", "]"},         {true, "[!]]", "x"},         {true, "[a-]", "-"},
      {true, "[-a]", "-"},          {true, "[\\]]", "]"},        {true, "[a\\-z]", "-"},
      {false, "[a\\-z]", "m"},      {true, "[[]", "["},          {true, "[[:digit:]]", "7"},
      {false, "[[:digit:]]", "a"},  {true, "[![:digit:]]", "a"}, {true, "[[:alpha:]_]", "_"},
      {true, "[[:space:]]", " "},   {true, "[[:xdigit:]]", "F"}, {false, "[[:upper:]]", "f"},
      {true, "[[:digit:]-z]", "-"}, {true, "[[:punct:]]", "!"},  {false, "[[:alnum:]]", "\xe9"},
      {true, "[[:d]x", ":x"},       {true, "[z-a]", "z"},        {false, "[z-a]", "m"},
      {true, "[a-c-e]", "-"},       {false, "[a-c-e]", "d"},     {true, "[\x80-\xff]", "\xe9"},
      {false, "[!/]", "/"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(name_matches(c.pattern, c.text), c.fits) << c.pattern << " on " << c.text;
  }
}

TEST(Glob, refuses_patterns_that_can_never_match) {
  for (const char* pattern :
       {"[", "[a", "[!", "[]", "a\\", "[a\\", "[a-\\", "[[:nosuch:]]", "[[::]]", "[[:digit:]"}) {
    EXPECT_FALSE(Glob::compile(pattern).has_value()) << pattern;
  }
}

TEST(Glob, needs_no_exponential_time) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) {
    pattern += "a*";
  }
  EXPECT_FALSE(name_matches(pattern + "b", std::string(5000, 'a')));
  EXPECT_TRUE(name_matches(pattern, std::string(5000, 'a')));
}

TEST(PathGlob, keeps_stars_within_a_part) {
  const Case cases[] = {
      {true, "a/b", "a/b"},    {false, "a/b", "x/a/b"},    {false, "a/*", "a/b/c"},   {true, "*/c", "a/c"},
      {false, "*/c", "a/b/c"}, {false, "a*c", "a/c"},      {false, "a?c", "a/c"},     {false, "a[/]c", "a/c"},
      {true, "a\\/b", "a/b"},  {false, "a**c/d", "a/c/d"}, {true, "a**c/d", "abc/d"}, {false, "a//b", "a/b"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(path_matches(c.pattern, c.text), c.fits) << c.pattern << " on " << c.text;
  }
}

TEST(PathGlob, gives_double_star_any_number_of_folders) {
  const Case cases[] = {
      {true, "**/c", "c"},
      {true, "**/c", "a/b/c"},
      {false, "**/c", "a/bc"},
      {true, "a/**/c", "a/c"},
      {true, "a/**/c", "a/b/b/c"},
      {false, "a/**/c", "ac"},
      {true, "a/**", "a/b/c"},
      {false, "a/**", "a"},
      {false, "a/**", "ab"},
      {true, "**/b/**", "a/b/c"},
      {true, "**/b/**", "b/c"},
      {false, "**/b/**", "a/b"},
      {true, "**/**/c", "c"},
      {true, "a/***/c", "a/x/y/c"},
      {true, "**/a/**/b/*.x", "q/a/b/n.x"},
      {true, "**/a/**/b", "a/a/x/b"},
      {false, "**/a/**/b", "b/a"},
      {true, "**/foo/*.bin", "foo/a.bin"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(path_matches(c.pattern, c.text), c.fits) << c.pattern << " on " << c.text;
  }
}

}  // namespace
}  // namespace cairn::git
