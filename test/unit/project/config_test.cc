// SPDX-License-Identifier: Apache-2.0
#include "project/config.h"

#include <algorithm>

#include "os/file.h"
#include "project/remote_login.h"
#include "support/matchers.h"
#include "support/source_tree.h"
#include "support/temp_dir.h"

namespace cairn::project {
namespace {

using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ConfigFiles : public ::testing::Test {
 protected:
  [[nodiscard]] Config loaded() const {
    Result<Config> config = Config::load(paths_);
    EXPECT_OK(config);
    return std::move(config).value();
  }

  test::TempDir folder_;
  Config::Paths paths_{folder_ / "system", folder_ / "user/config", folder_ / "project/config",
                       folder_ / "local/config"};
};

TEST_F(ConfigFiles, MayAllBeMissing) {
  const Config config = loaded();
  EXPECT_EQ(config.find("core.compress"), std::nullopt);
  EXPECT_EQ(config.get("core.compress"), "auto");
  EXPECT_EQ(config.get_or("core.compress", "raw"), "raw");
  EXPECT_THAT(config.list(), ::testing::IsEmpty());
}

TEST_F(ConfigFiles, LaterLevelsWin) {
  test::write_text(paths_.system, "core:\n  compress: 3\n  jobs: 2\n");
  test::write_text(paths_.user, "core:\n  compress: 4\n");
  test::write_text(paths_.project, "core:\n  compress: 5\n");
  EXPECT_EQ(loaded().get("core.compress"), "5");
  test::write_text(paths_.local, "core:\n  compress: 6\n");
  const Config config = loaded();
  const std::optional<ConfigValue> found = config.find("core.compress");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->value, "6");
  EXPECT_EQ(found->level, ConfigLevel::local);
  EXPECT_EQ(found->path, paths_.local);
  EXPECT_EQ(config.get("core.jobs"), "2");
  EXPECT_EQ(config.list().size(), 2U);
}

TEST_F(ConfigFiles, SetKeepsCommentsAndLayout) {
  test::write_text(paths_.project, "# ours\ncore:\n    compress: 3   # small\n\n# end\n");
  Config config = loaded();
  ASSERT_OK(config.set(ConfigLevel::project, "core.compress", "fast"));
  ASSERT_OK(config.set(ConfigLevel::project, "core.verify_writes", "true"));
  EXPECT_EQ(test::read_text(paths_.project),
            "# ours\ncore:\n    compress: fast   # small\n    verify_writes: true\n\n# end\n");
  EXPECT_EQ(config.get("core.compress"), "fast");
  EXPECT_EQ(loaded().get("core.verify_writes"), "true");
}

TEST_F(ConfigFiles, LocalLevelIsReadableByItsOwnerOnly) {
  Config config = loaded();
  ASSERT_OK(config.set(ConfigLevel::local, "remote.my.disk.url", "/mnt/disk"));
  ASSERT_OK_AND_ASSIGN(auto stat, os::find_stat(paths_.local));
  ASSERT_TRUE(stat.has_value());
  EXPECT_EQ(stat->mode & 0777U, 0600U);
  EXPECT_EQ(loaded().get("remote.my.disk.url"), "/mnt/disk");
  EXPECT_THAT(loaded().remotes(), ElementsAre("my.disk"));
}

TEST_F(ConfigFiles, UnsetRemovesTheNameAndWhatIsEmptyAroundIt) {
  Config config = loaded();
  ASSERT_OK(config.set(ConfigLevel::user, "core.jobs", "2"));
  ASSERT_OK(config.set(ConfigLevel::user, "remote.a.url", "/a"));
  ASSERT_OK(config.unset(ConfigLevel::user, "remote.a.url"));
  EXPECT_EQ(test::read_text(paths_.user), "core:\n  jobs: 2\n");
  EXPECT_THAT(config.unset(ConfigLevel::user, "remote.a.url"), FailsWith(Code::not_found, "user level"));
}

TEST_F(ConfigFiles, UnknownNamesAreRefusedOnSetAndWarnedOfOnRead) {
  Config config = loaded();
  const Status status = config.set(ConfigLevel::user, "core.compres", "1");
  EXPECT_THAT(status, FailsWith(Code::usage, "'core.compres'"));
  EXPECT_THAT(status.error().hint(), HasSubstr("core.compress"));
  test::write_text(paths_.user, "core:\n  colour: red\n");
  EXPECT_THAT(loaded().warnings(), ElementsAre(HasSubstr("user/config:2:11: unknown setting 'core.colour'")));
}

TEST_F(ConfigFiles, WrongValuesAreRefused) {
  Config config = loaded();
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"core.compress", "20"},     {"core.compress", "zip"}, {"core.jobs", "0"},
      {"core.jobs", "-1"},         {"core.jobs", "1x"},      {"core.remote", "a/b"},
      {"core.verify_writes", "1"}, {"cache.dir", ""},        {"remote.a.url", "a\nb"},
      {"resources.db", "many"},    {"resources.mem", "4 G"}, {"resources.cpus", "-1"}};
  for (const auto& [name, value] : wrong) {
    EXPECT_THAT(config.set(ConfigLevel::local, name, value), FailsWith(Code::usage, name)) << value;
  }
  EXPECT_THAT(config.set(ConfigLevel::local, "remote.-a.url", "/x"), FailsWith(Code::usage, "no setting"));
  test::write_text(paths_.user, "core:\n  jobs: many\n");
  EXPECT_THAT(Config::load(paths_), FailsWith(Code::malformed, "user/config:2:9"));
  test::write_text(paths_.user, "core: [1]\n");
  EXPECT_TRUE(Config::load(paths_).ok());
  test::write_text(paths_.user, "core:\n  jobs: [1]\n");
  EXPECT_THAT(Config::load(paths_), FailsWith(Code::malformed, "a list"));
  test::write_text(paths_.user, "- 1\n");
  EXPECT_THAT(Config::load(paths_), FailsWith(Code::malformed, "user/config:1:1"));
}

TEST_F(ConfigFiles, HoldALimitForAnyResource) {
  Config config = loaded();
  EXPECT_OK(config.set(ConfigLevel::project, "resources.db", "2"));
  EXPECT_OK(config.set(ConfigLevel::project, "resources.mem", "16GiB"));
  EXPECT_OK(config.set(ConfigLevel::project, "resources.my.port", "1"));
  const Config read = loaded();
  EXPECT_EQ(read.get_or("resources.db", ""), "2");
  EXPECT_EQ(read.get_or("resources.mem", ""), "16GiB");
  EXPECT_EQ(read.get_or("resources.my.port", ""), "1");
  EXPECT_THAT(read.warnings(), ::testing::IsEmpty());
  EXPECT_EQ(find_setting("resources."), nullptr);
}

TEST_F(ConfigFiles, CommittedLevelMayNotMoveTheStoreOrNamePrograms) {
  Config config = loaded();
  const std::vector<std::pair<std::string, std::string>> forbidden = {{"cache.dir", "/x"},
                                                                      {"remote.a.url", "exec:rm -rf ~"},
                                                                      {"remote.a.url", "rclone::sftp,ssh=x:"},
                                                                      {"remote.a.url", "rclone:lab,ssh=x:y"}};
  for (const auto& [name, value] : forbidden) {
    const Status status = config.set(ConfigLevel::project, name, value);
    EXPECT_THAT(status, FailsWith(Code::usage, "committed"));
    EXPECT_THAT(status.error().hint(), HasSubstr("cairn config --local " + name));
    EXPECT_OK(config.set(ConfigLevel::local, name, value));
  }
  test::write_text(paths_.project, "cache:\n  dir: ../elsewhere\n");
  const auto read = Config::load(paths_);
  EXPECT_THAT(read, FailsWith(Code::usage, "project/config:2:8"));
  EXPECT_THAT(read.error().hint(), HasSubstr("--local cache.dir"));
}

TEST_F(ConfigFiles, KeepSecretsInTheLocalLevelAndNeverShowThem) {
  Config config = loaded();
  const std::string name = "remote.a.secret_access_key";
  for (const ConfigLevel level : {ConfigLevel::system, ConfigLevel::user, ConfigLevel::project}) {
    const Status status = config.set(level, name, "hidden");
    EXPECT_THAT(status, FailsWith(Code::usage, "secret"));
    EXPECT_THAT(status.error().message() + status.error().hint(), Not(HasSubstr("hidden")));
  }
  ASSERT_OK(config.set(ConfigLevel::local, name, "hidden"));
  EXPECT_EQ(config.settings_of_remote("a").at("secret_access_key"), "hidden");
  EXPECT_EQ(shown_value(name, "hidden"), "(secret)");
  EXPECT_EQ(shown_value("remote.a.region", "x"), "x");
  const Status bad = config.set(ConfigLevel::local, name, "hid\nden");
  EXPECT_THAT(bad, FailsWith(Code::usage, "(secret)"));
  EXPECT_THAT(bad.error().message(), Not(HasSubstr("den'")));
}

TEST_F(ConfigFiles, GiveTheSettingsOfOneRemote) {
  Config config = loaded();
  ASSERT_OK(config.set(ConfigLevel::project, "remote.a.url", "s3://b"));
  ASSERT_OK(config.set(ConfigLevel::project, "remote.a.region", "x"));
  ASSERT_OK(config.set(ConfigLevel::local, "remote.a.region", "y"));
  ASSERT_OK(config.set(ConfigLevel::project, "remote.a.b.region", "z"));
  EXPECT_THAT(config.settings_of_remote("a"), ::testing::ElementsAre(::testing::Pair("region", "y")));
  EXPECT_THAT(config.settings_of_remote("none"), ::testing::IsEmpty());
}

TEST_F(ConfigFiles, BindALoginToTheServerOfItsRemote) {
  Config config = loaded();
  ASSERT_OK(config.set(ConfigLevel::project, "remote.a.url", "webdavs://good/data"));
  EXPECT_OK(check_login(config, "a"));
  ASSERT_OK(config.set(ConfigLevel::user, "remote.a.token_command", "print-it"));
  EXPECT_EQ(config.find_at(ConfigLevel::user, "remote.a.login_for"), "webdavs://good");
  EXPECT_OK(check_login(config, "a"));
  ASSERT_OK(config.set(ConfigLevel::project, "remote.a.url", "webdavs://good/other"));
  EXPECT_OK(check_login(config, "a"));
  for (const char* url :
       {"webdavs://evil/data", "webdav://good/data", "https://good/data", "webdavs://good:444"}) {
    ASSERT_OK(config.set(ConfigLevel::project, "remote.a.url", url));
    EXPECT_THAT(check_login(config, "a"), FailsWith(Code::remote, "was given for 'webdavs://good'")) << url;
  }
  ASSERT_OK(config.set(ConfigLevel::project, "remote.a.url", "/mnt/data"));
  EXPECT_OK(check_login(config, "a"));
  EXPECT_THAT(config.set(ConfigLevel::project, "remote.a.login_for", "https://x"),
              FailsWith(Code::usage, ""));
}

TEST_F(ConfigFiles, OfANewerFormatAreUnsupportedWhateverElseTheySay) {
  test::write_text(paths_.project, "core:\n  compress: ultra\n  format: 2\n");
  EXPECT_THAT(Config::load(paths_), FailsWith(Code::unsupported, "format 2"));
}

TEST_F(ConfigFiles, FormatAndProjectIdBelongToTheCommittedLevel) {
  Config config = loaded();
  EXPECT_THAT(config.set(ConfigLevel::local, "core.format", "1"), FailsWith(Code::usage, "project's own"));
  EXPECT_OK(config.set(ConfigLevel::project, "core.project", "0123456789abcdef"));
}

TEST(Settings, AreSortedDescribedAndHaveValidFallbacks) {
  const auto settings = known_settings();
  EXPECT_TRUE(std::is_sorted(settings.begin(), settings.end(),
                             [](const Setting& a, const Setting& b) { return a.name < b.name; }));
  for (const Setting& setting : settings) {
    EXPECT_FALSE(setting.description.empty()) << setting.name;
    EXPECT_EQ(find_setting(setting.name), &setting);
    if (!setting.fallback.empty()) {
      EXPECT_OK(check_value(setting, setting.name, setting.fallback));
    }
  }
}

TEST(Settings, AreAllOnTheReferencePageWithTheirFallbacks) {
  const std::string page = test::read_text(test::source_path("docs/reference/config.md"));
  for (const Setting& setting : known_settings()) {
    const std::size_t begin = page.find("| `" + std::string(setting.name) + "` |");
    ASSERT_NE(begin, std::string::npos) << setting.name;
    const std::string row = page.substr(begin, page.find('\n', begin) - begin);
    if (!setting.fallback.empty()) {
      EXPECT_THAT(row, HasSubstr("| `" + std::string(setting.fallback) + "` |"));
    }
    const std::string_view summary = setting.description.substr(0, setting.description.find_first_of(":;"));
    EXPECT_THAT(row, HasSubstr(std::string(summary)));
  }
}

}  // namespace
}  // namespace cairn::project
