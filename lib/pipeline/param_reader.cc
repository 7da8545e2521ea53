// SPDX-License-Identifier: Apache-2.0
#include "pipeline/param_reader.h"

#include <unordered_map>
#include <unordered_set>

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Position;
using text::Value;

class ParamReader {
 public:
  ParamReader(Stage& stage, ValueReader& reader) : stage_(stage), reader_(reader) {}

  void read_item(const Value& item) {
    if (item.is(Kind::map) && !item.entries().empty()) {
      for (const Entry& file : item.entries()) {
        read_file(file);
      }
    } else if (item.is(Kind::string) || item.style() == text::Style::none) {
      if (ParamFile* file = file_of(kDefaultParams, item.begin()); file != nullptr) {
        add_key(*file, item);
      }
    } else {
      reader_.wrong_type("params", "a list of keys or of {file: [keys]}", item);
    }
  }

 private:
  void read_file(const Entry& entry) {
    ParamFile* file = file_of(entry.key, entry.key_begin);
    if (file == nullptr) {
      return;
    }
    const Value& keys = entry.value;
    if (keys.is(Kind::null) || (keys.is(Kind::list) && keys.items().empty())) {
      file->whole = true;
      file->keys.clear();
      return;
    }
    for (const Value& key : reader_.list(entry.key, keys)) {
      add_key(*file, key);
    }
  }

  /// The stage's entry for a params file, made when it is new.
  ParamFile* file_of(std::string_view written, const Position& at) {
    std::optional<std::string> resolved = reader_.path(written, at, stage_.wdir);
    if (!resolved) {
      return nullptr;
    }
    const auto [known, is_new] = files_.try_emplace(*resolved, stage_.params.size());
    if (is_new) {
      ParamFile& file = stage_.params.emplace_back();
      file.file = std::move(*resolved);
      file.at = at;
    }
    return &stage_.params[known->second];
  }

  void add_key(ParamFile& file, const Value& value) {
    std::optional<std::string> key = reader_.filled("params", value);
    if (!key || file.whole) {
      return;
    }
    if (seen_.insert(file.file + '\0' + *key).second) {
      file.keys.push_back({std::move(*key), value.begin()});
    }
  }

  Stage& stage_;
  ValueReader& reader_;
  std::unordered_map<std::string, std::size_t> files_;  // numbers in stage_.params
  std::unordered_set<std::string> seen_;                // file, NUL, key
};

}  // namespace

void read_params(const Value& value, Stage& stage, ValueReader& reader) {
  ParamReader params(stage, reader);
  for (const Value& item : reader.list("params", value)) {
    params.read_item(item);
  }
}

}  // namespace cairn::pipeline
