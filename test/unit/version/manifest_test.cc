// SPDX-License-Identifier: Apache-2.0
#include "version/manifest.h"

#include "codec/hash.h"
#include "support/golden.h"
#include "support/matchers.h"

namespace cairn::version {
namespace {

using test::FailsWith;

store::Id id_of(std::string_view text) {
  return codec::hash(as_bytes(text));
}

/// The one of docs/format/version.md.
Manifest sample() {
  Manifest manifest;
  manifest.name = "v1.0";
  manifest.message = "first model";
  manifest.commit = std::string(40, 'a');
  manifest.cairn = "0.1.0";
  manifest.locks = {{"cairn.lock", id_of("lock")}};
  ManifestStage train;
  train.stage = "cairn.yaml:train";
  train.key = id_of("key");
  train.seed = 7;
  train.environment = store::Object{store::Family::blob, id_of("environment"), 120};
  train.start_ms = 1'764'000'000'123;
  train.conditions.locale = "C.UTF-8";
  train.conditions.time_zone = "UTC";
  train.conditions.cpus = 4;
  train.conditions.variables = {{"PYTHONHASHSEED", "7"}};
  manifest.stages = {train};
  manifest.params["params.yaml"]["lr"] = text::Value::floating(0.1);
  manifest.metrics["m.json"]["acc"] = text::Value::floating(1);
  manifest.environments[id_of("environment").text()] = text::Value::map();
  manifest.system = text::Value::map();
  manifest.system.set("os", text::Value::string("Debian 12"));
  manifest.data = {{"data.csv", {{store::Family::blob, id_of("data"), 4}, 0, false}},
                   {"photos", {{store::Family::tree, id_of("tree"), 999}, 3, false}},
                   {"run.sh", {{store::Family::blob, id_of("run"), 3}, 0, true}}};
  return manifest;
}

TEST(Manifest, IsWrittenAsItsPageSays) {
  test::expect_golden("version/manifest.yaml", write_manifest(sample()));
}

TEST(Manifest, ReadsBackWhatItWrote) {
  const std::string text = write_manifest(sample());
  EXPECT_TRUE(is_manifest(text));
  ASSERT_OK_AND_ASSIGN(const Manifest back, parse_manifest(text, "m"));
  EXPECT_EQ(write_manifest(back), text);
  EXPECT_EQ(back.stages.front().conditions, sample().stages.front().conditions);
  EXPECT_EQ(back.data.at(1).state, sample().data.at(1).state);
  EXPECT_TRUE(back.data.at(2).state.executable);
}

TEST(Manifest, KeepsEveryPath) {
  for (const std::string path :
       {"a b", "a\nb", "a\\nb", "\xff\xfe", "gr\xc3\xbc\xc3\x9f", "tab\t", "\\", " "}) {
    Manifest manifest = sample();
    manifest.data = {{path, manifest.data.front().state}};
    manifest.stages.front().stage = path;
    ASSERT_OK_AND_ASSIGN(const Manifest back, parse_manifest(write_manifest(manifest), "m"));
    EXPECT_EQ(back.data.front().path, path);
    EXPECT_EQ(back.stages.front().stage, path);
  }
}

/// The last list may end early: Git's own name of the object tells a cut text from a whole one.
TEST(Manifest, RefusesAPrefixUnlessItIsWholeItself) {
  const std::string text = write_manifest(sample());
  for (std::size_t size = 0; size < text.size(); ++size) {
    auto back = parse_manifest(text.substr(0, size), "m");
    EXPECT_TRUE(!back.ok() || write_manifest(*back) == text.substr(0, size)) << size;
  }
}

TEST(Manifest, NeverReadsAChangedByteAsTheSame) {
  const std::string text = write_manifest(sample());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    auto back = parse_manifest(changed, "m");
    EXPECT_TRUE(!back.ok() || write_manifest(*back) == changed) << i;
  }
}

TEST(Manifest, RefusesANewerOneByItsNumber) {
  std::string text = write_manifest(sample());
  text.replace(0, 8, "cairn: 2");
  EXPECT_THAT(parse_manifest(text, "m"), FailsWith(Code::unsupported, "format 2"));
}

TEST(Manifest, NamesTheLineOfAnUnknownKey) {
  const std::string text = write_manifest(sample()) + "more: 1\n";
  EXPECT_THAT(parse_manifest(text, "m"), FailsWith(Code::malformed, "unknown key 'more'"));
}

TEST(Manifest, RefusesDataThatIsNone) {
  for (const char* line : {"", "b3:00 file 1 0 a", "x"}) {
    Manifest manifest = sample();
    std::string text = write_manifest(manifest);
    const std::size_t at = text.find("data: |");
    text = text.substr(0, at) + "data: |\n  " + line + "\n  " + line + "\n";
    EXPECT_THAT(parse_manifest(text, "m"), FailsWith(Code::malformed, "")) << line;
  }
}

}  // namespace
}  // namespace cairn::version
