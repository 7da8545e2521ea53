// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "version/engine.h"
#include "version/environment_kinds.h"

namespace cairn::version {
namespace {

using text::Value;

/// The image's own id, then what it is called in registries.
constexpr const char* kFormat = "{{.Id}}{{range .RepoDigests}} {{.}}{{end}}";
constexpr std::string_view kSha = "sha256:";

Value describe(const std::string& name, std::string_view key, const std::string& digest) {
  Value out = Value::map();
  out.set("name", Value::string(name));
  out.set(key, Value::string(digest));
  return out;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (char c : text + " ") {
    if (c != ' ' && c != '\n' && c != '\r') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

/// The digest under which the image's own registry has it, else any registry's; "" for a local build.
std::string registry_digest(const std::vector<std::string>& words, std::string_view name) {
  std::vector<std::string> all;
  for (std::size_t i = 1; i < words.size(); ++i) {
    ImageName found = split_reference(words[i]);
    std::string_view repository = repository_of(name);
    if (found.name == repository || found.name.ends_with("/" + std::string(repository))) {
      return found.digest;
    }
    all.push_back(found.digest);
  }
  std::sort(all.begin(), all.end());
  return all.empty() ? "" : all.front();
}

Error no_digest(const std::string& engine, const std::string& name, const std::string& why) {
  return {Code::unsupported, "the image " + quoted(name) + " has no digest: " + why,
          digest_command(engine, name) + ", then write NAME@sha256:... under 'environment: image:'"};
}

}  // namespace

std::optional<Engine> find_engine(const pipeline::ImageSpec& spec, const std::string& root) {
  std::vector<std::string> names = {"docker", "podman"};
  if (!spec.engine.empty()) {
    names = {spec.engine};
  }
  for (const std::string& name : names) {
    auto program = find_program(name, root);
    if (program && !program->in_repository) {
      return Engine{name, program->path};
    }
  }
  return std::nullopt;
}

ImageName split_reference(const std::string& reference) {
  std::size_t at = reference.rfind('@');
  return at == std::string::npos ? ImageName{reference, ""}
                                 : ImageName{reference.substr(0, at), reference.substr(at + 1)};
}

std::string_view repository_of(std::string_view name) {
  std::size_t slash = name.rfind('/');
  std::size_t colon = name.rfind(':');
  bool tagged = colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  return tagged ? name.substr(0, colon) : name;
}

std::string digest_command(const std::string& engine, const std::string& name) {
  std::string shown = escaped(name);
  return engine + " pull " + shown + " && " + engine + " image inspect --format '{{index .RepoDigests 0}}' " +
         shown;
}

Result<Value> capture_image(const pipeline::ImageSpec& spec, const CaptureContext& context) {
  ImageName image = split_reference(spec.reference);
  if (!image.digest.empty()) {
    return describe(image.name, "digest", image.digest);
  }
  auto engine = find_engine(spec, context.root);
  std::string name = spec.engine.empty() ? "docker" : spec.engine;
  if (!engine) {
    if (context.executing == Executing::no) {
      context.unchecked.push_back("image: " + image.name);
      return Value::null();
    }
    return no_digest(
        name, image.name,
        "no " + (spec.engine.empty() ? "docker or podman" : spec.engine) + " is installed to tell it");
  }
  CAIRN_TRY_ASSIGN(os::Captured answer,
                   ask({engine->path, "image", "inspect", "--format", kFormat, "--", image.name}, context));
  std::vector<std::string> words = words_of(answer.out);
  if (!answer.exit.ok() || words.empty() || !is_utf8(answer.out)) {
    if (context.executing == Executing::no) {
      context.unchecked.push_back("image: " + image.name);
      return Value::null();
    }
    return no_digest(engine->name, image.name, "it is not on this machine");
  }
  std::string digest = registry_digest(words, image.name);
  if (digest.empty()) {
    std::string id = words.front().starts_with(kSha) ? words.front() : std::string(kSha) + words.front();
    return describe(image.name, "id", id);
  }
  return describe(image.name, "digest", digest);
}

}  // namespace cairn::version
