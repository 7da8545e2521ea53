// SPDX-License-Identifier: Apache-2.0
#include "version/environment_diff.h"

#include "support/matchers.h"
#include "text/yaml.h"

namespace cairn::version {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> words(std::string_view before, std::string_view after) {
  auto a = text::parse_yaml(before, "before");
  auto b = text::parse_yaml(after, "after");
  EXPECT_OK(a);
  EXPECT_OK(b);
  std::vector<std::string> out;
  for (const EnvironmentChange& change : compare_environments(*a, *b)) {
    out.push_back(change.text);
  }
  return out;
}

TEST(EnvironmentDiff, NamesPackagesAndVersions) {
  EXPECT_THAT(
      words("python: {interpreter: v, version: 3.11.7, packages: {numpy: 1.26.4, torch: '2.1', a: '1'}}",
            "python: {interpreter: v, version: 3.12.1, packages: {numpy: 2.0.1, zlib: '1', a: '1'}}"),
      ElementsAre("python 3.11.7 -> 3.12.1", "numpy 1.26.4 -> 2.0.1", "torch removed", "zlib added 1"));
}

TEST(EnvironmentDiff, IsEmptyForEqualRecords) {
  const char* record = "cairn: 1\npython: {interpreter: v, packages: {a: '1'}}\nsystem: {cpus: 2}";
  EXPECT_THAT(words(record, record), IsEmpty());
}

TEST(EnvironmentDiff, FindsTheVersionInWhatAToolPrints) {
  EXPECT_THAT(words("tools: [{command: gcc --version, output: 'gcc (Debian 12.2.0-14) 12.2.0'}]",
                    "tools: [{command: gcc --version, output: 'gcc (Debian 13.1.0-2) 13.1.0'}]"),
              ElementsAre("gcc 12.2.0 -> 13.1.0 (gcc --version)"));
}

TEST(EnvironmentDiff, ShowsTheLinesOfAToolWithoutAVersion) {
  EXPECT_THAT(
      words("tools: [{command: t, output: \"same\\nold\"}]", "tools: [{command: t, output: \"same\\nnew\"}]"),
      ElementsAre("t: 'old' -> 'new'"));
  EXPECT_THAT(words("tools: [{command: t, output: a}]", "tools: [{command: t, status: 1, output: a}]"),
              ElementsAre("t: exit status 0 -> 1"));
  EXPECT_THAT(words("tools: [{command: t, output: a}]", "tools: [{command: t, missing: true}]"),
              ElementsAre("t is missing"));
  EXPECT_THAT(words("tools: [{command: t, output: a}]", "tools: [{command: u, output: a}]"),
              ElementsAre("t removed", "u added"));
}

TEST(EnvironmentDiff, SaysWhatPinsOfALockChanged) {
  EXPECT_THAT(words("uv: {file: {path: uv.lock, hash: 'b3:a', pins: {numpy: 1.26.4}}}",
                    "uv: {file: {path: uv.lock, hash: 'b3:b', pins: {numpy: 2.0.1}}}"),
              ElementsAre("numpy 1.26.4 -> 2.0.1 (uv.lock)"));
  EXPECT_THAT(words("node: {version: 20.1.0, file: {path: yarn.lock, hash: 'b3:a'}}",
                    "node: {version: 22.0.0, file: {path: yarn.lock, hash: 'b3:b'}}"),
              ElementsAre("node 20.1.0 -> 22.0.0", "yarn.lock changed"));
}

TEST(EnvironmentDiff, SaysWhatIsMissing) {
  EXPECT_THAT(words("python: {interpreter: .venv, version: 3.11.7, packages: {}}",
                    "python: {interpreter: .venv, missing: true}"),
              ElementsAre(".venv is missing"));
  EXPECT_THAT(words("files: [{path: a, missing: true}, {path: b, hash: 'b3:1'}]",
                    "files: [{path: a, hash: 'b3:1'}, {path: c, hash: 'b3:1'}]"),
              ElementsAre("a is there now", "b removed", "c added"));
}

TEST(EnvironmentDiff, ComparesImagesCondaAndFacts) {
  EXPECT_THAT(words("image: {name: 'python:3.11', digest: 'sha256:a'}",
                    "image: {name: 'python:3.11', digest: 'sha256:b'}"),
              ElementsAre("image digest sha256:a -> sha256:b"));
  EXPECT_THAT(words("conda: {name: e, packages: {numpy: 1.26.4 py311_0}}",
                    "conda: {name: e, packages: {numpy: 2.0.1 py311_0}}"),
              ElementsAre("numpy 1.26.4 py311_0 -> 2.0.1 py311_0"));
  EXPECT_THAT(
      words("system: {kernel: 6.1.0, cpus: 2}", "system: {kernel: 6.5.0, cpus: 2, gpus: [A100, A100]}"),
      ElementsAre("gpus added A100, A100", "kernel 6.1.0 -> 6.5.0"));
}

TEST(EnvironmentDiff, NamesAKindThatIsNewOrGone) {
  EXPECT_THAT(words("tools: []", "files: []"), ElementsAre("'tools' no longer declared", "'files' declared"));
}

TEST(EnvironmentDiff, SaysThatSomethingUnknownChanged) {
  EXPECT_THAT(words("uv: {later: 1}", "uv: {later: 2}"), ElementsAre("'uv' changed"));
}

}  // namespace
}  // namespace cairn::version
