// SPDX-License-Identifier: Apache-2.0
#include "project/pointer_source.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::project {
namespace {

constexpr std::string_view kRepository = "repository";
constexpr std::string_view kUrl = "url";

/// A key with the place of its text.
template <class Source>
struct Field {
  std::string_view key;
  std::string Source::*text;
  bool required = false;
};

constexpr std::array<Field<RepositorySource>, 4> kRepositoryFields = {{
    {"url", &RepositorySource::url, true},
    {"path", &RepositorySource::path, true},
    {"rev", &RepositorySource::revision},
    {"commit", &RepositorySource::commit, true},
}};
constexpr std::array<Field<UrlSource>, 5> kUrlFields = {{
    {"url", &UrlSource::url, true},
    {"etag", &UrlSource::etag},
    {"version", &UrlSource::version},
    {"modified", &UrlSource::modified},
    {"listing", &UrlSource::listing},
}};

Error malformed(std::string_view path, const text::Position& at, const std::string& message) {
  return {Code::malformed, text::place(path, at) + ": " + message,
          "restore the file from Git, or import the data again"};
}

bool is_commit(std::string_view text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return (text.size() == 40 || text.size() == 64) && std::all_of(text.begin(), text.end(), is_hex);
}

template <class Source>
Result<Source> parse_fields(const text::Value& value, std::span<const Field<Source>> fields,
                            std::string_view path) {
  Source source;
  for (const text::Entry& entry : value.entries()) {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field<Source>& known) { return known.key == entry.key; });
    if (entry.key == "kind") {
      continue;
    }
    if (field == fields.end()) {
      return malformed(path, entry.key_begin, "unknown key " + quoted(entry.key) + " in 'source'");
    }
    CAIRN_TRY_ASSIGN(source.*(field->text), entry.value.as_string(path));
    if ((source.*(field->text)).empty()) {
      return malformed(path, entry.value.begin(), quoted(entry.key) + " of 'source' is empty");
    }
  }
  for (const Field<Source>& field : fields) {
    if (field.required && (source.*(field.text)).empty()) {
      return malformed(path, value.begin(), quoted(field.key) + " of 'source' is missing");
    }
  }
  return source;
}

Result<PointerSource> parse_repository(const text::Value& value, std::string_view path) {
  CAIRN_TRY_ASSIGN(RepositorySource source,
                   parse_fields(value, std::span<const Field<RepositorySource>>(kRepositoryFields), path));
  if (!is_commit(source.commit)) {
    return malformed(path, value.find("commit")->begin(), "'commit' of 'source' is no commit of Git");
  }
  if (const Status checked = os::check_relative(source.path); !checked.ok()) {
    return malformed(path, value.find("path")->begin(), "'path' of 'source': " + checked.error().message());
  }
  return PointerSource(std::move(source));
}

template <class Source>
text::Value write_fields(const Source& source, std::string_view kind, std::span<const Field<Source>> fields) {
  text::Value value = text::Value::map();
  value.set("kind", text::Value::string(kind));
  for (const Field<Source>& field : fields) {
    if (const std::string& text = source.*(field.text); !text.empty()) {
      value.set(field.key, text::Value::string(text));
    }
  }
  return value;
}

}  // namespace

text::Value write_source(const PointerSource& source) {
  if (const auto* repository = std::get_if<RepositorySource>(&source)) {
    return write_fields(*repository, kRepository,
                        std::span<const Field<RepositorySource>>(kRepositoryFields));
  }
  return write_fields(std::get<UrlSource>(source), kUrl, std::span<const Field<UrlSource>>(kUrlFields));
}

Result<PointerSource> parse_source(const text::Value& value, std::string_view path) {
  CAIRN_TRY(value.as_map(path));
  const text::Value* const kind = value.find("kind");
  if (kind == nullptr) {
    return malformed(path, value.begin(), "'kind' of 'source' is missing");
  }
  CAIRN_TRY_ASSIGN(const std::string word, kind->as_string(path));
  if (word == kRepository) {
    return parse_repository(value, path);
  }
  if (word == kUrl) {
    CAIRN_TRY_ASSIGN(UrlSource source,
                     parse_fields(value, std::span<const Field<UrlSource>>(kUrlFields), path));
    return PointerSource(std::move(source));
  }
  return Error(Code::unsupported,
               text::place(path, kind->begin()) + ": this cairn has no imports of the kind " + quoted(word),
               "install a newer cairn");
}

const std::string& url_of(const PointerSource& source) {
  return std::visit([](const auto& one) -> const std::string& { return one.url; }, source);
}

}  // namespace cairn::project
