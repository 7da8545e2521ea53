// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "base/escape.h"
#include "text/diagnostics.h"
#include "text/yaml.h"
#include "version/field_reader.h"
#include "version/manifest.h"
#include "version/plain_path.h"

namespace cairn::version {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;  // some 8 million pointers

/// Takes the next word of a line off, with the blank behind it.
std::string_view take_word(std::string_view& line) {
  std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(word.size() + 1, line.size()));
  return word;
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<ManifestData> parse_data_line(std::string_view line) {
  auto id = store::Id::from_text(take_word(line));
  const std::string_view kind = take_word(line);
  auto size = to_number(take_word(line));
  auto files = to_number(take_word(line));
  auto path = parse_plain_path(line);
  const bool known = kind == "tree" || kind == "exec" || kind == "file";
  if (!id || !known || !size || !files || !path || path->empty()) {
    return std::nullopt;
  }
  const auto family = kind == "tree" ? store::Family::tree : store::Family::blob;
  return ManifestData{*path, {{family, *id, *size}, *files, kind == "exec"}};
}

class ManifestReader {
 public:
  explicit ManifestReader(text::Diagnostics& problems) : fields_(problems) {}

  Manifest read(const Value& document) {
    for (const Entry& entry : document.entries()) {
      read_entry(entry);
    }
    fields_.require(document, "",
                    {"version", "commit", "cairn_version", "locks", "stages", "params", "metrics",
                     "environments", "system", "data"});
    return std::move(manifest_);
  }

 private:
  void read_entry(const Entry& entry) {
    if (entry.key == "version") {
      manifest_.name = fields_.text_of(entry);
    } else if (entry.key == "message") {
      manifest_.message = fields_.text_of(entry);
    } else if (entry.key == "commit") {
      manifest_.commit = fields_.text_of(entry);
    } else if (entry.key == "cairn_version") {
      manifest_.cairn = fields_.text_of(entry);
    } else if (entry.key == "params") {
      manifest_.params = by_file(entry);
    } else if (entry.key == "metrics") {
      manifest_.metrics = by_file(entry);
    } else if (entry.key == "system") {
      manifest_.system = entry.value;
    } else if (entry.key == "data") {
      read_data(entry);
    } else {
      read_list(entry);
    }
  }

  void read_list(const Entry& entry) {
    if (entry.key == "locks" && fields_.is(entry, Kind::list, "a list")) {
      for (const Value& item : entry.value.items()) {
        read_lock(item);
      }
    } else if (entry.key == "stages" && fields_.is(entry, Kind::list, "a list")) {
      for (const Value& item : entry.value.items()) {
        read_stage(item);
      }
    } else if (entry.key == "environments" && fields_.is(entry, Kind::map, "a map")) {
      for (const Entry& one : entry.value.entries()) {
        manifest_.environments.emplace(one.key, one.value);
      }
    } else if (entry.key != "cairn") {
      fields_.unknown_key(entry);
    }
  }

  void read_lock(const Value& item) {
    ManifestLock lock;
    for (const Entry& entry : item.entries()) {
      if (entry.key == "path") {
        lock.path = fields_.path_of(entry);
      } else if (entry.key == "hash") {
        lock.hash = fields_.id_of(entry);
      } else {
        fields_.unknown_key(entry);
      }
    }
    fields_.require(item, "locks", {"path", "hash"});
    manifest_.locks.push_back(std::move(lock));
  }

  void read_stage(const Value& item) {
    ManifestStage stage;
    for (const Entry& entry : item.entries()) {
      if (entry.key == "stage") {
        stage.stage = fields_.path_of(entry);
      } else if (entry.key == "key") {
        stage.key = fields_.id_of(entry);
      } else if (entry.key == "seed") {
        stage.seed = fields_.is(entry, Kind::integer, "an integer") ? entry.value.int_value() : 0;
      } else if (entry.key == "environment") {
        stage.environment = fields_.object_of(entry, store::Family::blob);
      } else if (entry.key == "start") {
        stage.start_ms = fields_.time_of(entry);
      } else if (entry.key == "conditions") {
        stage.conditions = conditions_from(entry.value);
      } else {
        fields_.unknown_key(entry);
      }
    }
    fields_.require(item, "stages", {"stage", "key"});
    manifest_.stages.push_back(std::move(stage));
  }

  std::map<std::string, std::map<std::string, Value>> by_file(const Entry& entry) {
    std::map<std::string, std::map<std::string, Value>> out;
    if (!fields_.is(entry, Kind::map, "a map")) {
      return out;
    }
    for (const Entry& file : entry.value.entries()) {
      auto path = parse_plain_path(file.key);
      if (!path || !fields_.is(file, Kind::map, "a map")) {
        fields_.problem(file.key_begin, quoted(file.key) + " is no file with values");
        continue;
      }
      for (const Entry& value : file.value.entries()) {
        out[*path].emplace(value.key, value.value);
      }
    }
    return out;
  }

  void read_data(const Entry& entry) {
    const std::string lines = fields_.text_of(entry);
    std::string_view rest = lines;
    for (unsigned line = 1; !rest.empty(); ++line) {
      std::size_t end = std::min(rest.find('\n'), rest.size());
      auto data = parse_data_line(rest.substr(0, end));
      if (!data) {
        fields_.problem(entry.value.begin(), "line " + std::to_string(line) + " of 'data' names no data");
        return;
      }
      manifest_.data.push_back(std::move(*data));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  FieldReader fields_;
  Manifest manifest_;
};

}  // namespace

Result<Manifest> parse_manifest(std::string_view text, std::string_view named) {
  text::Limits limits;
  limits.bytes = kMostBytes;
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, named, limits));
  CAIRN_TRY(check_record_version(document, "manifest"));
  text::Diagnostics problems(named, text);
  Manifest manifest = ManifestReader(problems).read(document);
  CAIRN_TRY(problems.status());
  if (write_manifest(manifest) != text) {
    return Error(Code::malformed, escaped(named) + " is not in the form in which cairn writes it");
  }
  return manifest;
}

}  // namespace cairn::version
