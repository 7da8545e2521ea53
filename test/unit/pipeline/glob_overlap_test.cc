// SPDX-License-Identifier: Apache-2.0
#include "pipeline/glob_overlap.h"

#include <gtest/gtest.h>

#include "git/glob.h"
#include "os/path.h"
#include "pipeline/glob_index.h"

namespace cairn::pipeline {
namespace {

PathPattern pattern(std::string_view text) {
  return text.find_first_of("*?[\\") == std::string_view::npos ? PathPattern::path(text)
                                                               : PathPattern::glob(text);
}

struct Case {
  std::string_view a;
  std::string_view b;
  bool equal;
  bool holds;  ///< a holds b
  bool held;   ///< b holds a
};

TEST(PathPattern, KnowsWhatTwoCanStandFor) {
  const Case cases[] = {
      {"a/b", "a/b", true, false, false},
      {"a", "a/b", false, true, false},
      {"a", "ab", false, false, false},
      {"a/*", "a/b", true, false, false},
      {"a/*", "a", false, false, true},
      {"a/*", "a/b/c", false, true, false},
      {"a/*.csv", "a/b.csv", true, false, false},
      {"a/*.csv", "a/b.txt", false, false, false},
      {"a/*.csv", "a/b.csv/c", false, true, false},
      {"a/x*", "a/*y", true, false, false},
      {"a/x*", "a/y*", false, false, false},
      {"a/?b", "a/cb", true, false, false},
      {"a/?b", "a/b", false, false, false},
      {"a/[xy]", "a/x", true, false, false},
      {"a/[!]]b", "a/xb", true, false, false},
      {"a/\\*", "a/x", false, false, false},
      {"**/*.csv", "x.csv", true, false, false},
      {"**/*.csv", "a/b/x.csv", true, false, false},
      {"**/*.csv", "a/b/x.txt", false, false, false},
      {"**/*.csv", "a/b", false, false, true},
      {"**/*.csv", "a/*.txt", false, false, false},
      {"**/*.csv", "a/*", true, false, true},
      {"a/**", "a", false, false, true},
      {"a/**", "a/b", true, false, true},
      {"a/**", "a/b/c", true, true, true},
      {"a/**/z", "a/z", true, false, true},
      {"a/**/z", "a/b", false, false, true},
      {"a/*/x.csv", "a/report.txt", false, false, false},
      {"a/report.txt/*", "a/report.txt", false, false, true},
      {"a/*/x", "a/.cache", false, false, true},
      {"data.v1/*", "data.v1", false, false, true},
      {"run*/out", "run1", false, false, true},
      {"*", "a", true, false, false},
  };
  for (const Case& one : cases) {
    const PathPattern a = pattern(one.a);
    const PathPattern b = pattern(one.b);
    EXPECT_EQ(a.can_equal(b), one.equal) << one.a << " " << one.b;
    EXPECT_EQ(b.can_equal(a), one.equal) << one.b << " " << one.a;
    EXPECT_EQ(a.can_hold(b), one.holds) << one.a << " holds " << one.b;
    EXPECT_EQ(b.can_hold(a), one.held) << one.b << " holds " << one.a;
    EXPECT_EQ(a.can_touch(b), one.equal || one.holds || one.held) << one.a << " " << one.b;
  }
}

TEST(PathPattern, KnowsItsFixedBeginning) {
  EXPECT_EQ(pattern("a/b").prefix(), "a/b");
  EXPECT_EQ(pattern("a/b").base(), "a/b");
  EXPECT_EQ(pattern("a/b*c").prefix(), "a/b");
  EXPECT_EQ(pattern("a/b*c").base(), "a");
  EXPECT_EQ(pattern("a/b/*").base(), "a/b");
  EXPECT_EQ(pattern("a/\\*b/?").base(), "a/*b");
  EXPECT_EQ(pattern("**/x").prefix(), "");
  EXPECT_EQ(pattern("**/x").base(), "");
}

/// All paths of up to three names from a small alphabet.
std::vector<std::string> small_paths() {
  const std::string names[] = {"a", "b", "ab", "ba", "aab"};
  std::vector<std::string> paths(std::begin(names), std::end(names));
  for (std::size_t begin = 0, depth = 0; depth < 2; ++depth) {
    const std::size_t end = paths.size();
    for (std::size_t i = begin; i < end; ++i) {
      for (const std::string& name : names) {
        paths.push_back(paths[i] + "/" + name);
      }
    }
    begin = end;
  }
  return paths;
}

TEST(PathPattern, NeverSaysNoWhereAPathIsMeantByBoth) {
  const std::string globs[] = {"*",  "a*",     "*b",   "?",     "a/*",    "*/b",    "**/b",  "a/**",
                               "**", "a/**/b", "*/a*", "?b/**", "**/a/*", "[ab]/b", "a?b/*", "a/b/*"};
  const std::vector<std::string> paths = small_paths();
  for (const std::string& a : globs) {
    for (const std::string& b : globs) {
      const auto glob_a = git::PathGlob::compile(a);
      const auto glob_b = git::PathGlob::compile(b);
      ASSERT_TRUE(glob_a.has_value() && glob_b.has_value());
      for (const std::string& path : paths) {
        if (glob_a->matches(path) && glob_b->matches(path)) {
          EXPECT_TRUE(PathPattern::glob(a).can_equal(PathPattern::glob(b))) << a << " " << b << " " << path;
        }
        if (glob_a->matches(path)) {
          EXPECT_TRUE(PathPattern::glob(a).can_equal(PathPattern::path(path))) << a << " " << path;
        }
        for (std::string_view above = os::parent_of(path); !above.empty(); above = os::parent_of(above)) {
          if (glob_a->matches(above) && glob_b->matches(path)) {
            EXPECT_TRUE(PathPattern::glob(a).can_hold(PathPattern::glob(b))) << a << " " << b << " " << path;
          }
        }
      }
    }
  }
}

TEST(GlobIndex, FindsAllThatCanTouchAndNotAll) {
  const std::string globs[] = {"out/a-*.csv", "out/b-*.csv", "out/*",    "**/x.csv",
                               "data/**",     "d*",          "out/a-1/*"};
  GlobIndex index;
  for (std::size_t i = 0; i < std::size(globs); ++i) {
    index.add(PathPattern::glob(globs[i]), i);
  }
  index.finish();
  for (const std::string& path : {std::string("out"), std::string("out/a-1.csv"), std::string("out/a-1/z"),
                                  std::string("data"), std::string("data/x/y"), std::string("e")}) {
    std::vector<std::size_t> near;
    index.each_near(PathPattern::path(path),
                    [&near](const GlobIndex::Item& item) { near.push_back(item.id); });
    EXPECT_LT(near.size(), std::size(globs)) << path;
    for (std::size_t i = 0; i < std::size(globs); ++i) {
      if (PathPattern::glob(globs[i]).can_touch(PathPattern::path(path))) {
        EXPECT_EQ(std::count(near.begin(), near.end(), i), 1) << path << " " << globs[i];
      }
    }
  }
}

}  // namespace
}  // namespace cairn::pipeline
