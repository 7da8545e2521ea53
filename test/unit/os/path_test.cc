// SPDX-License-Identifier: Apache-2.0
#include "os/path.h"

#include <filesystem>

#include "support/matchers.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kRefused[] = {
    "",
    ".",
    "..",
    "a/b",
    "/",
    "a/",
    ".git",
    ".GIT",
    ".Git",
    ".gIt",
    // Windows: trailing dots and spaces, streams, short name, backslashes
    ".git.",
    ".git ",
    ".git. . ",
    ".git...",
    ".git:",
    ".git::$INDEX_ALLOCATION",
    ".GIT::$index_allocation",
    ".git . :x",
    "git~1",
    "GIT~1",
    "Git~1",
    "git~1.",
    "git~1 ",
    "git~1::$INDEX_ALLOCATION",
    ".git\\hooks",
    "a\\.git",
    "a\\.GIT\\b",
    "a\\b\\git~1",
    "..\\.git",
    ".git.\\x",
    // HFS+: code points that it ignores, anywhere
    ".g\u200cit",
    "\u200d.git",
    ".git\u200e",
    ".g\u200fi\u202at",
    ".\u202bgit",
    ".git\u202c",
    ".git\u202d",
    ".git\u202e",
    "\u206a.git",
    ".\u206bgit",
    ".g\u206cit",
    ".gi\u206dt",
    ".git\u206e",
    ".git\u206f",
    "\ufeff.git",
    ".G\u200cI\u200dT",
    "g\u200cit~1",
    ".git\u200c.",
};

constexpr std::string_view kAllowed[] = {
    "a",
    "data.csv",
    "...",
    ".gitignore",
    ".gitmodules",
    ".gitattributes",
    ".git-x",
    ".gitx",
    "git",
    "git~2",
    "git~10",
    "git~1x",
    "x.git",
    "repo.git",
    ".github",
    ".cairn",
    ".cairnignore",
    " .git",
    "-rf",
    "a b",
    "a\nb",
    "\xff\xfe",
    "a\\b",
    "C:",
    "CON",
    "aux.txt",
    "name.",
    "name ",
    "a:b",
    "\xe2\x80",
    "\xe2\x80\x8c",
    "\xef\xbb",
    "a\u200cb",
    "é",
    "e\u0301",
    "~",
    "*",
    ".g\u00a0it",
    ".gi\u0307t",
};

TEST(CheckName, RefusesWhatNoTreeMayHoldOnAnyFileSystem) {
  for (std::string_view name : kRefused) {
    EXPECT_THAT(check_name(name), FailsWith(Code::malformed, "bad name '")) << "'" << name << "'";
  }
  EXPECT_THAT(check_name(std::string_view("a\0b", 3)), FailsWith(Code::malformed, "NUL"));
  EXPECT_THAT(check_name(std::string_view(".git\0", 5)), FailsWith(Code::malformed, "NUL"));
}

TEST(CheckName, EveryOtherNamePasses) {
  for (std::string_view name : kAllowed) {
    EXPECT_TRUE(check_name(name).ok()) << "'" << name << "'";
  }
}

TEST(CheckName, EverySingleByteButSlashDotAndNulIsAName) {
  for (int byte = 0; byte < 256; ++byte) {
    char c = static_cast<char>(byte);
    bool allowed = c != '/' && c != '\0' && c != '.';
    EXPECT_EQ(check_name(std::string_view(&c, 1)).ok(), allowed) << byte;
  }
}

TEST(CheckName, TheLimitIs255Bytes) {
  EXPECT_OK(check_name(std::string(255, 'x')));
  EXPECT_THAT(check_name(std::string(256, 'x')), FailsWith(Code::malformed, "at most 255 bytes"));
}

TEST(CheckName, NamesTheRuleAndTheName) {
  EXPECT_THAT(check_name(".."), FailsWith(Code::malformed, "bad name '..': '.' and '..' are not names"));
  EXPECT_THAT(check_name(".Git"),
              FailsWith(Code::malformed, "bad name '.Git': some file systems take it for '.git'"));
  EXPECT_THAT(check_name("a/\n"), FailsWith(Code::malformed, "bad name 'a/\\n': a name cannot hold a slash"));
}

TEST(CheckRelative, EveryPartFollowsTheRules) {
  for (std::string_view name : kRefused) {
    if (name.find('/') == std::string_view::npos) {
      EXPECT_FALSE(check_relative("a/" + std::string(name) + "/b").ok()) << "'" << name << "'";
      EXPECT_FALSE(check_relative(name).ok()) << "'" << name << "'";
      EXPECT_FALSE(check_relative("a/" + std::string(name)).ok()) << "'" << name << "'";
    }
  }
  for (std::string_view name : kAllowed) {
    EXPECT_TRUE(check_relative("a/" + std::string(name) + "/b").ok()) << "'" << name << "'";
  }
}

TEST(CheckRelative, RefusesAbsolutePathsAndEmptyParts) {
  EXPECT_THAT(check_relative("/a"), FailsWith(Code::malformed, "bad path '/a': it is not relative"));
  EXPECT_THAT(check_relative("/"), FailsWith(Code::malformed, "not relative"));
  EXPECT_THAT(check_relative(""), FailsWith(Code::malformed, "cannot be empty"));
  EXPECT_THAT(check_relative("a/"), FailsWith(Code::malformed, "cannot be empty"));
  EXPECT_THAT(check_relative("a//b"), FailsWith(Code::malformed, "bad path 'a//b': a name cannot be empty"));
}

TEST(CheckRelative, CairnsOwnFolderIsRefusedAtTheTopInAnyDisguise) {
  for (std::string_view path : {".cairn", ".cairn/config", ".CAIRN/x", ".cairn.", ".cairn /x", "cairn~1",
                                "CAIRN~1/x", ".cairn::$DATA", ".ca\u200cirn/x", ".cairn\\config"}) {
    EXPECT_THAT(check_relative(path), FailsWith(Code::malformed, "belongs to cairn")) << path;
  }
  for (std::string_view path : {"a/.cairn", ".cairnignore", ".cairn2/x", "cairn", "cairn~2"}) {
    EXPECT_TRUE(check_relative(path).ok()) << path;
  }
}

TEST(CheckRelative, TheLimitsAre4096BytesAnd256Parts) {
  std::string parts = "x";
  for (int i = 1; i < 256; ++i) {
    parts += "/x";
  }
  EXPECT_OK(check_relative(parts));
  EXPECT_THAT(check_relative(parts + "/x"), FailsWith(Code::malformed, "at most 256 parts"));
  std::string bytes;
  for (int i = 0; i < 16; ++i) {
    bytes += std::string(255, 'y') + "/";
  }
  bytes.back() = 'z';  // 4096 bytes; the last name is too long
  EXPECT_THAT(check_relative(bytes), FailsWith(Code::malformed, "at most 255 bytes"));
  bytes[4000] = '/';
  EXPECT_OK(check_relative(bytes));
  EXPECT_THAT(check_relative(bytes + "a"), FailsWith(Code::malformed, "at most 4096 bytes"));
}

TEST(IsPortableName, RefusesWhatWindowsOrMacCannotHold) {
  for (std::string_view name :
       {"",     "CON",     "con",       "prn.txt",  "Aux",     "NUL.tar.gz", "com1", "COM9.log",
        "lpt0", "LPT1 .x", "com\u00b9", "conin$",   "CONOUT$", "a.",         "a ",   "...",
        "a<b",  "a>b",     "a:b",       "a\"b",     "a|b",     "a?b",        "a*b",  "a\\b",
        "a\nb", "a\x7f",   "\xff",      "a\u200cb", "\ufeff"}) {
    EXPECT_FALSE(is_portable_name(name)) << "'" << name << "'";
  }
}

TEST(IsPortableName, TakesOrdinaryNames) {
  for (std::string_view name :
       {"a", "data.csv", "console", "com", "com10", "comx", "lpt", "aux2", "null", "naïve 数据.txt",
        ".hidden", "a b", "it's", "x.con", "a,b;c=d+[e]{f}!@#$%^&()`~-_"}) {
    EXPECT_TRUE(is_portable_name(name)) << "'" << name << "'";
  }
}

TEST(Path, JoinsAndTakesApart) {
  EXPECT_EQ(join("a", "b"), "a/b");
  EXPECT_EQ(join("", "b"), "b");
  EXPECT_EQ(join("/", "b"), "/b");
  EXPECT_EQ(join("a/", "b"), "a/b");
  EXPECT_EQ(parent_of("a/b/c"), "a/b");
  EXPECT_EQ(parent_of("a"), "");
  EXPECT_EQ(parent_of("/a"), "");
  EXPECT_EQ(name_of("a/b/c"), "c");
  EXPECT_EQ(name_of("a"), "a");
  EXPECT_EQ(name_of("a/"), "");
}

TEST(Path, PartsKeepEmptyOnes) {
  EXPECT_THAT(parts_of(""), IsEmpty());
  EXPECT_THAT(parts_of("a"), ElementsAre("a"));
  EXPECT_THAT(parts_of("a/b"), ElementsAre("a", "b"));
  EXPECT_THAT(parts_of("/a//b/"), ElementsAre("", "a", "", "b", ""));
}

TEST(Path, IsWithinKnowsWholePartsOnly) {
  EXPECT_TRUE(is_within("a/b", "a"));
  EXPECT_TRUE(is_within("a", "a"));
  EXPECT_TRUE(is_within("a/b", ""));
  EXPECT_TRUE(is_within("", ""));
  EXPECT_TRUE(is_within("/a", "/"));
  EXPECT_FALSE(is_within("ab", "a"));
  EXPECT_FALSE(is_within("a", "a/b"));
  EXPECT_FALSE(is_within("", "a"));
}

TEST(Path, NormalisesByTextAlone) {
  EXPECT_EQ(normalized("a/./b//c/"), "a/b/c");
  EXPECT_EQ(normalized("a/../b"), "b");
  EXPECT_EQ(normalized("a/b/../../c"), "c");
  EXPECT_EQ(normalized("../a"), "../a");
  EXPECT_EQ(normalized("a/../../b"), "../b");
  EXPECT_EQ(normalized("../../a/.."), "../..");
  EXPECT_EQ(normalized("/a/../.."), "/");
  EXPECT_EQ(normalized("/../a"), "/a");
  EXPECT_EQ(normalized("//a"), "/a");
  EXPECT_EQ(normalized("."), "");
  EXPECT_EQ(normalized(""), "");
  EXPECT_EQ(normalized("a/.."), "");
}

TEST(Path, AbsoluteStartsFromTheCurrentFolder) {
  std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(absolute("x/../y").value(), join(here, "y"));
  EXPECT_EQ(absolute("").value(), here);
  EXPECT_EQ(absolute("..").value(), normalized(here + "/.."));
  EXPECT_EQ(absolute("/a/./b").value(), "/a/b");
}

TEST(Path, RelativeToGoesUpAsFarAsNeeded) {
  EXPECT_EQ(relative_to("/a/b/c", "/a"), "b/c");
  EXPECT_EQ(relative_to("/a", "/a"), ".");
  EXPECT_EQ(relative_to("/a/x", "/a/b/c"), "../../x");
  EXPECT_EQ(relative_to("/a", "/a/b"), "..");
  EXPECT_EQ(relative_to("/ab", "/a"), "../ab");
  EXPECT_EQ(relative_to("/a", "/"), "a");
  EXPECT_EQ(relative_to("/", "/a"), "..");
  EXPECT_EQ(relative_to("/", "/"), ".");
}

}  // namespace
}  // namespace cairn::os
