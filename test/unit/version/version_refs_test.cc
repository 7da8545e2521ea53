// SPDX-License-Identifier: Apache-2.0
#include "version/version_refs.h"

#include "codec/hash.h"
#include "git/shared_refs.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::version {
namespace {

using test::FailsWith;
using ::testing::HasSubstr;

class VersionRefs : public test::ProjectFixture {
 protected:
  void SetUp() override {
    ProjectFixture::SetUp();
    write("cairn.lock", "cairn: 1\n");
    commit("one");
  }
  void commit(const std::string& message) {
    git("add -A && git commit -qm " + message);
    reopen();
  }
  Manifest manifest(const std::string& name) {
    Manifest made;
    made.name = name;
    made.commit = (*(*(*workspace().git())->head())).hex();
    made.cairn = "1";
    made.system = text::Value::map();
    made.locks = {{"cairn.lock", codec::hash(as_bytes("cairn: 1\n"))}};
    return made;
  }
  Version save(const std::string& name) {
    auto saved = write_version(workspace(), manifest(name));
    EXPECT_OK(saved);
    return *saved;
  }
  Verdict verdict(const Version& version, std::int64_t time_ms) {
    Verdict made;
    made.version = version.name;
    made.commit = version.commit.hex();
    made.time_ms = time_ms;
    made.cairn = "1";
    made.system = text::Value::map();
    return made;
  }
};

TEST(VersionName, IsAPlainWord) {
  for (const char* good : {"v1.0", "1", "a_b-c.d"}) {
    EXPECT_OK(check_version_name(good));
  }
  for (const std::string bad :
       {"", "HEAD", "-a", ".a", "a b", "a/b", "a..b", "x.lock", "a~1", "gr\xc3\xbc"}) {
    EXPECT_THAT(check_version_name(bad), FailsWith(Code::usage, "")) << bad;
    EXPECT_THAT(check_alias_name(bad), FailsWith(Code::usage, "")) << bad;
  }
  EXPECT_OK(check_version_name(std::string(100, 'a')));
  EXPECT_THAT(check_version_name(std::string(101, 'a')), FailsWith(Code::usage, ""));
}

TEST_F(VersionRefs, AreWrittenOnceAndFound) {
  const Version saved = save("v1.0");
  ASSERT_OK_AND_ASSIGN(const Version found, find_version(workspace(), "v1.0"));
  EXPECT_EQ(found.tag, saved.tag);
  EXPECT_EQ(write_manifest(found.manifest), write_manifest(manifest("v1.0")));
  EXPECT_THAT(write_version(workspace(), manifest("v1.0")), FailsWith(Code::exists, "'v1.0'"));
  ASSERT_OK_AND_ASSIGN(const Version same, find_version(workspace(), "v1.0"));
  EXPECT_EQ(same.tag, saved.tag);
}

TEST_F(VersionRefs, AnUnknownOneIsToldWithTheNearestName) {
  save("v1.0");
  auto found = find_version(workspace(), "v1.1");
  EXPECT_THAT(found, FailsWith(Code::not_found, "'v1.1'"));
  EXPECT_THAT(found.error().hint(), HasSubstr("'v1.0'"));
}

TEST_F(VersionRefs, ForeignAndTamperedRefsAreRefused) {
  save("v1.0");
  git("update-ref refs/cairn/versions/plain HEAD");
  EXPECT_THAT(find_version(workspace(), "plain"), FailsWith(Code::malformed, ""));
  git("tag -a -m hello other && git update-ref refs/cairn/versions/other refs/tags/other");
  EXPECT_THAT(find_version(workspace(), "other"), FailsWith(Code::malformed, ""));
  git("update-ref refs/cairn/versions/v2.0 refs/cairn/versions/v1.0");
  EXPECT_THAT(find_version(workspace(), "v2.0"), FailsWith(Code::corrupt, "v1.0"));
  ASSERT_OK_AND_ASSIGN(const VersionList list, list_versions(workspace()));
  EXPECT_EQ(list.versions.size(), 1U);
  EXPECT_EQ(list.left_out.size(), 3U);
}

TEST_F(VersionRefs, AnotherLockIsFound) {
  Manifest wrong = manifest("v1.0");
  wrong.locks.front().hash = codec::hash(as_bytes("other"));
  ASSERT_OK(write_version(workspace(), wrong));
  EXPECT_THAT(find_version(workspace(), "v1.0"), FailsWith(Code::corrupt, "cairn.lock"));
}

TEST_F(VersionRefs, AnAliasMovesAndKeepsItsHistory) {
  const Version one = save("v1.0");
  const Version two = save("v2.0");
  ASSERT_OK(set_alias(workspace(), "stable", one));
  ASSERT_OK(set_alias(workspace(), "stable", two));
  ASSERT_OK(set_alias(workspace(), "stable", one));  // in the same second too
  ASSERT_OK_AND_ASSIGN(auto found, find_alias(workspace(), "stable"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->version, "v1.0");
  ASSERT_OK_AND_ASSIGN(const Version by_alias, find_version(workspace(), "stable"));
  EXPECT_EQ(by_alias.tag, one.tag);
  ASSERT_OK(remove_alias(workspace(), "stable"));
  EXPECT_THAT(find_version(workspace(), "stable"), FailsWith(Code::not_found, ""));
  EXPECT_THAT(remove_alias(workspace(), "stable"), FailsWith(Code::not_found, ""));
  ASSERT_OK_AND_ASSIGN(auto history, alias_history(workspace(), "stable"));
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(history.at(1).version, "v2.0");
  EXPECT_EQ(history.at(3).version, "");
}

TEST_F(VersionRefs, AVersionAndAnAliasNeverShareAName) {
  const Version one = save("v1.0");
  EXPECT_THAT(set_alias(workspace(), "v1.0", one), FailsWith(Code::exists, ""));
  ASSERT_OK(set_alias(workspace(), "stable", one));
  EXPECT_THAT(write_version(workspace(), manifest("stable")), FailsWith(Code::exists, ""));
}

TEST_F(VersionRefs, TheNewestVerdictIsTheLastOne) {
  const Version one = save("v1.0");
  ASSERT_OK_AND_ASSIGN(auto none, newest_verdict(workspace(), one.commit));
  EXPECT_FALSE(none.has_value());
  for (std::int64_t time = 1; time <= 12; ++time) {  // past 9: numbers, not text, order them
    ASSERT_OK(add_verdict(workspace(), verdict(one, time)));
  }
  ASSERT_OK_AND_ASSIGN(auto newest, newest_verdict(workspace(), one.commit));
  EXPECT_EQ(newest->time_ms, 12);
  ASSERT_OK_AND_ASSIGN(auto all, list_verdicts(workspace(), one.commit));
  EXPECT_EQ(all.size(), 12U);
}

TEST_F(VersionRefs, WhatAFetchBroughtComesBeforeWhatIsHere) {
  const Version one = save("v1.0");
  ASSERT_OK(add_verdict(workspace(), verdict(one, 1)));
  const std::string ref = "refs/cairn/verdicts/" + one.commit.hex() + "/";
  const std::string fetched = "refs/cairn/remotes/origin/verdicts/" + one.commit.hex() + "/";
  git("update-ref " + fetched + "1 " + ref + "1 && git update-ref -d " + ref + "1");
  ASSERT_OK(add_verdict(workspace(), verdict(one, 2)));
  ASSERT_OK_AND_ASSIGN(auto newest, newest_verdict(workspace(), one.commit));
  EXPECT_EQ(newest->time_ms, 2);
  git("update-ref " + ref + "9 " + fetched + "1");  // the same object here too: counts once
  ASSERT_OK_AND_ASSIGN(auto all, list_verdicts(workspace(), one.commit));
  EXPECT_EQ(all.size(), 2U);
}

TEST_F(VersionRefs, ARemovedOneIsGoneAndItsNameFree) {
  save("v1.0");
  git("update-ref refs/cairn/remotes/origin/versions/v1.0 refs/cairn/versions/v1.0");
  ASSERT_OK(remove_version(workspace(), "v1.0"));
  EXPECT_THAT(find_version(workspace(), "v1.0"), FailsWith(Code::not_found, ""));
  EXPECT_THAT(remove_version(workspace(), "v1.0"), FailsWith(Code::not_found, ""));
  save("v1.0");
}

TEST_F(VersionRefs, AVerdictIsKeptWhereAKilledProcessLeftALock) {
  const Version version = save("v1");
  write(".git/refs/cairn/verdicts/" + version.commit.hex() + "/1.lock", "");
  ASSERT_OK(add_verdict(workspace(), verdict(version, 1)));
  ASSERT_OK(add_verdict(workspace(), verdict(version, 2)));
  const auto kept = list_verdicts(workspace(), version.commit);
  ASSERT_OK(kept);
  ASSERT_EQ(kept->size(), 2);
  EXPECT_EQ(kept->back().time_ms, 2);
}

}  // namespace
}  // namespace cairn::version
