// SPDX-License-Identifier: Apache-2.0
#include "pipeline/out_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/compare_reader.h"
#include "pipeline/glob_text.h"
#include "pipeline/key_table.h"
#include "pipeline/plot_properties.h"
#include "project/ignore_files.h"
#include "project/pointer.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Position;
using text::Value;

/// Names of files that say what cairn and Git do with others; as data they would do so wherever they go.
bool steers(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kNames = {
      kPipelineFile, kLockFile, project::kIgnoreFile, ".gitignore", ".gitattributes", ".gitmodules"};
  return project::is_pointer_path(name) || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

void read_flag(std::string_view key, bool Out::*flag, const Value& value, Out& out, ValueReader& reader) {
  out.*flag = reader.boolean(key, value).value_or(out.*flag);
}

constexpr std::array<KeyReader<Out>, 11> kFlags{{
    {"cache", [](const Value& v, Out& out, ValueReader& r) { read_flag("cache", &Out::cached, v, out, r); }},
    {"persist",
     [](const Value& v, Out& out, ValueReader& r) { read_flag("persist", &Out::persist, v, out, r); }},
    {"push", [](const Value& v, Out& out, ValueReader& r) { read_flag("push", &Out::push, v, out, r); }},
    {"optional",
     [](const Value& v, Out& out, ValueReader& r) { read_flag("optional", &Out::optional, v, out, r); }},
    {"remote",
     [](const Value& v, Out& out, ValueReader& r) { out.remote = r.filled("remote", v).value_or(""); }},
    {"desc", [](const Value& v, Out& out, ValueReader& r) { out.desc = r.string("desc", v).value_or(""); }},
    {"type", [](const Value& v, Out& out, ValueReader& r) { out.type = r.string("type", v).value_or(""); }},
    {"labels", [](const Value& v, Out& out, ValueReader& r) { out.labels = r.strings("labels", v); }},
    {"meta", [](const Value& v, Out& out, ValueReader&) { out.meta = v; }},
    {"compare", [](const Value& v, Out& out, ValueReader& r) { out.compare = read_compare(v, r); }},
    // DVC's, from older versions; means nothing any more.
    {"checkpoint", [](const Value& v, Out&, ValueReader& r) { r.boolean("checkpoint", v); }, true},
}};

/// Reads the flags of one out; of a plot, the properties among them are collected.
class OutReader {
 public:
  OutReader(Stage& stage, ValueReader& reader) : stage_(stage), reader_(reader) {}

  Out& add(std::string_view written, const Position& at, OutKind kind) {
    Out& out = stage_.outs.emplace_back();
    out.kind = kind;
    out.at = at;
    Result<WrittenPattern> pattern = resolve_pattern(written, stage_.wdir);
    if (!pattern.ok()) {
      reader_.problem(at, pattern.error().message());
    } else if (pattern->path.empty()) {
      reader_.problem(at, fmt::format("path {} is the project's own folder", quoted(written)));
    } else if (steers(os::name_of(pattern->path))) {
      reader_.problem(at,
                      fmt::format("out {} steers cairn or Git: a stage must not write it", quoted(written)));
    } else {
      out.path = std::move(pattern->path);
      out.glob = pattern->glob;
    }
    return out;
  }

  void read(const Entry& entry, OutKind kind) {
    Out& out = add(entry.key, entry.key_begin, kind);
    const bool variants = kind == OutKind::plot && entry.value.is(Kind::list);
    if (variants) {
      out.plot = Value::list();
      for (const Value& variant : entry.value.items()) {
        out.plot.append(read_flags(entry, variant, out));
      }
      return;
    }
    Value properties = read_flags(entry, entry.value, out);
    if (!properties.entries().empty()) {
      out.plot = std::move(properties);
    }
  }

 private:
  /// Reads the flags in `value` and returns the plot's properties in it.
  Value read_flags(const Entry& entry, const Value& value, Out& out) {
    Value properties = Value::map();
    if (!value.is(Kind::map)) {
      reader_.wrong_type(entry.key, "a map such as {cache: false}", value);
      return properties;
    }
    std::vector<Entry> flags;
    for (const Entry& flag : value.entries()) {
      if (out.kind == OutKind::plot && read_plot_property(flag, reader_)) {
        properties.append_entry(flag);
      } else {
        flags.push_back(flag);
      }
    }
    read_keys<Out>(flags, kFlags, fmt::format("for out {}", quoted(entry.key)), out, reader_);
    return properties;
  }

  Stage& stage_;
  ValueReader& reader_;
};

}  // namespace

void read_outs(const Value& value, OutKind kind, Stage& stage, ValueReader& reader) {
  static constexpr std::string_view kKeys[] = {"outs", "metrics", "plots"};
  const std::string_view key = kKeys[static_cast<std::size_t>(kind)];
  OutReader outs(stage, reader);
  for (const Value& item : reader.list(key, value)) {
    if (item.is(Kind::map) && !item.entries().empty()) {
      for (const Entry& out : item.entries()) {
        outs.read(out, kind);
      }
    } else if (item.is(Kind::map) || item.is(Kind::list) || item.is(Kind::null)) {
      reader.wrong_type(key, "a list of paths or of {path: {cache: false}}", item);
    } else if (const std::optional<std::string> written = reader.string(key, item)) {
      outs.add(*written, item.begin(), kind);
    }
  }
}

}  // namespace cairn::pipeline
