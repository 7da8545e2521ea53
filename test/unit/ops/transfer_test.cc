// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include "ops/fetch.h"
#include "ops/pull.h"
#include "ops/push.h"
#include "remote/layout.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using cairn::test::read_text;

class TransferTest : public test::ProjectFixture {
 protected:
  void SetUp() override {
    ProjectFixture::SetUp();
    set("remote.origin.url", "../remote");
    set("core.remote", "origin");
  }
  void set(const std::string& name, const std::string& value) {
    ASSERT_OK(workspace().config().set(project::ConfigLevel::project, name, value));
    reopen();
  }
  /// A tracked file, in a commit.
  store::Object commit_file(const std::string& path, const std::string& content) {
    write(path, content);
    store::Object object = track(path);
    git("add '" + path + ".cairn' .cairn && git commit -q -m x");
    return object;
  }
  [[nodiscard]] std::string head() {
    auto repository = workspace().git();
    EXPECT_OK(repository);
    auto commit = (*repository)->head();
    EXPECT_OK(commit);
    return (*commit)->hex();
  }
  /// Drops all local data, as if this were a fresh clone.
  void drop_store() {
    fs::remove_all(workspace().paths().store + "/packs");
    fs::remove_all(workspace().paths().store + "/index");
    reopen();
  }
  Result<remote::PushReport> push_all(const TransferRequest& request = {}) {
    CAIRN_TRY_ASSIGN(const PushResult pushed, push(workspace(), nullptr, request, context()));
    return pushed.report;
  }
  [[nodiscard]] std::string roots_of(const std::string& commit) {
    return outer() + "/remote/roots/" + workspace().config().get_or("core.project", "") + "/" + commit;
  }
};

TEST_F(TransferTest, PushAndPullBringDataToAFreshClone) {
  commit_file("a.csv", "one");
  commit_file("sub/b.csv", "two");
  ASSERT_OK_AND_ASSIGN(remote::PushReport pushed, push_all());
  EXPECT_EQ(pushed.objects, 2u);
  drop_store();
  fs::remove(root() + "/a.csv");
  fs::remove(root() + "/sub/b.csv");
  ASSERT_OK_AND_ASSIGN(PullReport pulled, pull(workspace(), nullptr, {}, context()));
  EXPECT_EQ(pulled.fetched.objects, 2u);
  EXPECT_EQ(pulled.checkout.failed(), 0u);
  EXPECT_EQ(read_text(root() + "/a.csv"), "one");
  EXPECT_EQ(read_text(root() + "/sub/b.csv"), "two");
}

TEST_F(TransferTest, PushRecordsTheRootsOfHeadWhereTheWorkspaceIsHead) {
  store::Object object = commit_file("a.csv", "one");
  ASSERT_OK(push_all());
  EXPECT_EQ(read_text(roots_of(head())), remote::encode_roots(std::vector{object}));
}

TEST_F(TransferTest, PushRecordsNoRootsForAWorkspaceThatDiffersOrIsNarrowed) {
  commit_file("a.csv", "one");
  TransferRequest narrowed;
  narrowed.targets = {"a.csv"};
  ASSERT_OK(push_all(narrowed));
  EXPECT_FALSE(fs::exists(roots_of(head())));
  write("a.csv", "changed");
  track("a.csv");
  ASSERT_OK(push_all());
  EXPECT_FALSE(fs::exists(roots_of(head())));
}

TEST_F(TransferTest, PushIsNarrowedByGlobAndBySize) {
  commit_file("a.csv", "one");
  commit_file("b.csv", "twelve bytes");
  TransferRequest small;
  small.max_size = 11;
  ASSERT_OK_AND_ASSIGN(remote::PushReport one, push_all(small));
  EXPECT_EQ(one.objects, 1u);
  EXPECT_FALSE(fs::exists(roots_of(head())));
  small.revisions = {"HEAD"};
  ASSERT_OK_AND_ASSIGN(one, push_all(small));
  EXPECT_EQ(one.objects, 0u);
  EXPECT_FALSE(fs::exists(roots_of(head())));
  TransferRequest matched;
  matched.targets = {"[b-z].csv"};
  ASSERT_OK_AND_ASSIGN(one, push_all(matched));
  EXPECT_EQ(one.objects, 1u);
  matched.targets = {"*.tsv"};
  EXPECT_THAT(push_all(matched), FailsWith(Code::not_found, "'*.tsv' is not tracked"));
  TransferRequest made;
  made.stages = {"train"};
  EXPECT_THAT(push_all(made), FailsWith(Code::not_found, "stage 'train'"));
}

TEST_F(TransferTest, PushOfBranchesTagsAndRevisionsSendsTheirCommits) {
  commit_file("a.csv", "one");
  std::string first = head();
  git("tag v1");
  commit_file("a.csv", "two");
  std::string second = head();
  git("checkout -q -b side");
  commit_file("a.csv", "three");
  TransferRequest request;
  request.revisions = {"HEAD~1"};
  ASSERT_OK_AND_ASSIGN(remote::PushReport one, push_all(request));
  EXPECT_EQ(one.objects, 1u);
  EXPECT_TRUE(fs::exists(roots_of(second)));
  request = {};
  request.all_tags = true;
  ASSERT_OK_AND_ASSIGN(remote::PushReport tags, push_all(request));
  EXPECT_EQ(tags.objects, 1u);
  EXPECT_TRUE(fs::exists(roots_of(first)));
  request = {};
  request.all_branches = true;
  ASSERT_OK_AND_ASSIGN(remote::PushReport branches, push_all(request));
  EXPECT_EQ(branches.objects, 1u);
  EXPECT_EQ(branches.commits, 1u);
}

TEST_F(TransferTest, PushNamesThePathAndCommitOfWhatIsNowhere) {
  commit_file("a.csv", "one");
  drop_store();
  EXPECT_THAT(push_all(), FailsWith(Code::not_found, "'a.csv'"));
  TransferRequest request;
  request.revisions = {"HEAD"};
  EXPECT_THAT(push_all(request), FailsWith(Code::not_found, "a.csv (in " + head().substr(0, 9) + ")"));
}

TEST_F(TransferTest, FetchOfTargetsBringsOnlyThem) {
  store::Object a = commit_file("a.csv", std::string(300'000, 'a'));
  store::Object b = commit_file("b.csv", std::string(300'000, 'b'));
  ASSERT_OK(push_all());
  drop_store();
  TransferRequest request;
  request.targets = {"b.csv"};
  ASSERT_OK_AND_ASSIGN(FetchResult fetched, fetch(workspace(), nullptr, request, context()));
  ASSERT_EQ(fetched.tracked.size(), 1u);
  ASSERT_OK_AND_ASSIGN(store::Store * store, workspace().store());
  EXPECT_FALSE(store->has(a));
  EXPECT_TRUE(store->has(b));
}

TEST_F(TransferTest, AnUnknownTargetIsAnError) {
  commit_file("a.csv", "one");
  TransferRequest request;
  request.targets = {"none.csv"};
  EXPECT_THAT(push_all(request), FailsWith(Code::not_found, "none.csv"));
  request.all_branches = true;
  EXPECT_THAT(push_all(request), FailsWith(Code::not_found, "none.csv"));
  request = {};
  request.revisions = {"nowhere"};
  EXPECT_THAT(push_all(request), FailsWith(Code::not_found, "nowhere"));
}

TEST_F(TransferTest, AMissingRemoteSaysHowToAddOne) {
  commit_file("a.csv", "one");
  TransferRequest request;
  request.remote = "other";
  auto pushed = push_all(request);
  EXPECT_THAT(pushed, FailsWith(Code::not_found, "'other'"));
  EXPECT_EQ(pushed.error().hint(), "cairn remote add other URL");
  ASSERT_OK(workspace().config().unset(project::ConfigLevel::project, "core.remote"));
  reopen();
  pushed = push_all();
  EXPECT_THAT(pushed, FailsWith(Code::not_found, "no default remote"));
  EXPECT_EQ(pushed.error().hint(), "cairn remote default origin");
}

TEST_F(TransferTest, FetchOfNothingNeedsNoRemote) {
  ASSERT_OK_AND_ASSIGN(FetchResult fetched, fetch(workspace(), nullptr, {}, context()));
  EXPECT_EQ(fetched.report.objects, 0u);
}

TEST_F(TransferTest, PullKeepsWhatTheUserChanged) {
  commit_file("a.csv", "one");
  ASSERT_OK(push_all());
  write("a.csv", "mine");
  ASSERT_OK_AND_ASSIGN(PullReport pulled, pull(workspace(), nullptr, {}, context()));
  EXPECT_EQ(read_text(root() + "/a.csv"), "mine");
}

/// Adds lines with the user's keys to a pointer.
void append(const std::string& path, std::string_view lines) {
  std::ofstream(path, std::ios::app) << lines;
}

TEST_F(TransferTest, WhatNamesARemoteGoesThereAndComesFromThere) {
  set("remote.other.url", "../other");
  commit_file("a.csv", "one");
  store::Object own = commit_file("b.csv", "two");
  commit_file("c.csv", "three");
  append(root() + "/b.csv.cairn", "remote: other\n");
  append(root() + "/c.csv.cairn", "push: false\n");
  git("commit -q -am flags");
  ASSERT_OK_AND_ASSIGN(const remote::PushReport pushed, push_all());
  EXPECT_EQ(pushed.objects, 2U);
  EXPECT_EQ(pushed.commits, 2U);
  const std::string project = workspace().config().get_or("core.project", "");
  EXPECT_EQ(read_text(outer() + "/other/roots/" + project + "/" + head()),
            remote::encode_roots(std::vector{own}));
  drop_store();
  for (const char* path : {"a.csv", "b.csv", "c.csv"}) {
    fs::remove(root() + "/" + path);
  }
  ASSERT_OK_AND_ASSIGN(const PullReport pulled, pull(workspace(), nullptr, {}, context()));
  EXPECT_EQ(pulled.fetched.objects, 2U);
  EXPECT_EQ(pulled.checkout.failed(), 0U);
  EXPECT_EQ(read_text(root() + "/b.csv"), "two");
  EXPECT_FALSE(fs::exists(root() + "/c.csv"));
}

TEST_F(TransferTest, ARemoteThatDoesNotExistIsNamedWithWhatNamesIt) {
  commit_file("a.csv", "one");
  append(root() + "/a.csv.cairn", "remote: third\n");
  EXPECT_THAT(push_all(), FailsWith(Code::not_found,
                                    "a.csv.cairn: 'a.csv' belongs to remote 'third', which does not exist"));
  EXPECT_FALSE(fs::exists(outer() + "/remote/packs"));
}

}  // namespace
}  // namespace cairn::ops
