// SPDX-License-Identifier: Apache-2.0
// Compares IgnoreRules with what `git check-ignore` says of random patterns.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "git/wildmatch.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using test::GitFixture;
using test::write_text;

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return engine_() % n; }
  std::string_view one_of(const std::vector<std::string_view>& words) { return words[below(words.size())]; }

 private:
  std::mt19937 engine_;
};

std::string random_part(Random& random) {
  static const std::vector<std::string_view> pieces = {
      "a",   "b",           "ab",   "c.x", "*",   "?",   "[ab]",     "[!a]",   "[a-c]", "*.x", "a*",  "*b",
      "\\a", "[[:alpha:]]", "[]a]", "[",   "\\*", "d e", "\xc3\xa9", "[\\]a]", "b\\",   "a?",  "[a-", "*.*"};
  std::string part(random.one_of(pieces));
  if (random.below(4) == 0) {
    part += random.one_of(pieces);
  }
  // Git up to 2.52 takes "**" right behind literal text for "**/" in some places, against its own manual.
  return part.find("**") == std::string::npos ? part : "*";
}

std::string random_pattern(Random& random) {
  std::string pattern = random.below(4) == 0 ? "!" : "";
  pattern += random.below(4) == 0 ? "/" : "";
  std::size_t parts = 1 + random.below(3);
  for (std::size_t i = 0; i < parts; ++i) {
    pattern += i == 0 ? "" : "/";
    pattern += random.below(5) == 0 ? "**" : random_part(random);
  }
  pattern += random.below(4) == 0 ? "/" : "";
  pattern += random.below(6) == 0 ? "  " : "";
  return pattern;
}

std::string random_ignore_file(Random& random) {
  std::string text;
  for (std::size_t i = 0; i < 6; ++i) {
    text += random_pattern(random) + (random.below(8) == 0 ? "\r\n" : "\n");
  }
  return text;
}

/// Makes folders and files three levels deep; all their paths.
std::vector<std::string> make_tree(const std::string& top, const std::string& folder, int depth) {
  std::vector<std::string> paths;
  for (const char* name : {"a", "b", "ab", "c.x", "d e", "\xc3\xa9", "*", "]"}) {
    std::string path = folder.empty() ? name : folder + "/" + name;
    paths.push_back(path);
    bool is_folder = depth > 0 && (std::string_view(name) == "a" || std::string_view(name) == "b");
    if (is_folder) {
      std::filesystem::create_directories(top + "/" + path);
      std::vector<std::string> inner = make_tree(top, path, depth - 1);
      paths.insert(paths.end(), inner.begin(), inner.end());
    } else {
      write_text(top + "/" + path, "");
    }
  }
  return paths;
}

std::vector<std::string> split_at_nul(const std::string& text) {
  std::vector<std::string> fields;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\0', at);
    fields.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return fields;
}

TEST(IgnoreRules, agree_with_git_on_random_patterns) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::vector<std::string> paths = make_tree(top, "", 2);
  std::string input;
  for (const std::string& path : paths) {
    input += path + std::string(1, '\0');
  }
  std::size_t decided = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    Random random(seed);
    IgnoreRules rules;
    for (const char* file : {".gitignore", "a/.gitignore", "a/b/.gitignore"}) {
      std::string text = random_ignore_file(random);
      write_text(top + "/" + file, text);
      rules.add_file(file, text);
    }
    auto ran =
        fixture.run(top, {"git", "check-ignore", "-v", "-n", "-z", "--no-index", "--stdin"}, {}, input);
    std::vector<std::string> fields = split_at_nul(ran.out);
    ASSERT_EQ(fields.size(), paths.size() * 4) << ran.err;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      bool is_folder = std::filesystem::is_directory(top + "/" + paths[i]);
      const IgnoreRule* rule = rules.match(paths[i], is_folder ? PathKind::folder : PathKind::file);
      std::string ours = rule == nullptr ? ":" : rule->file + ":" + std::to_string(rule->line);
      decided += rule == nullptr ? 0 : 1;
      ASSERT_EQ(ours, fields[4 * i] + ":" + fields[4 * i + 1])
          << "seed " << seed << ", path " << paths[i] << ", git's pattern " << fields[4 * i + 2] << ", ours "
          << (rule == nullptr ? "none" : rule->pattern);
    }
  }
  EXPECT_GT(decided, 1000u);
}

}  // namespace
}  // namespace cairn::git
