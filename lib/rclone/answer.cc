// SPDX-License-Identifier: Apache-2.0
#include "rclone/answer.h"

#include "base/escape.h"
#include "text/json.h"

namespace cairn::rclone {
namespace {

constexpr int kNotFound = 404;
constexpr std::size_t kMostWords = 400;
/// "2001-02-03T04:05:06.123456789+07:00" and some room.
constexpr std::size_t kLongestTime = 64;
/// Some 200,000 objects; a list needs 11 nodes for each.
constexpr text::Limits kLimits = {.bytes = std::size_t{64} << 20, .nodes = 2'200'000};

Error unexpected(const std::string& what) {
  return {Code::remote, "rclone's answer is not as expected: " + what,
          "a newer rclone may be needed: this was made with 1.60"};
}

Result<text::Value> parse(const std::string& body) {
  auto value = text::parse_json(body, "answer", kLimits);
  return value.ok() ? std::move(value) : unexpected(value.error().message());
}

/// A file of a list; nothing for a folder, and for a document that has no size before it is exported.
Result<std::optional<transport::ObjectInfo>> parse_file(const text::Value& item) {
  const text::Value* path = item.find("Path");
  const text::Value* size = item.find("Size");
  const text::Value* is_folder = item.find("IsDir");
  if (path == nullptr || !path->is(text::Kind::string) || size == nullptr || !size->is(text::Kind::integer) ||
      is_folder == nullptr || !is_folder->is(text::Kind::boolean)) {
    return unexpected("an entry without path and size");
  }
  if (is_folder->bool_value() || size->int_value() < 0) {
    return std::optional<transport::ObjectInfo>();
  }
  return std::optional(
      transport::ObjectInfo{path->string_value(), static_cast<std::uint64_t>(size->int_value())});
}

}  // namespace

std::string words_of(const http::Response& response) {
  const auto value = text::parse_json(response.body, "answer", kLimits);
  const text::Value* words = value.ok() ? value->find("error") : nullptr;
  return words != nullptr && words->is(text::Kind::string)
             ? escaped(std::string_view(words->string_value()).substr(0, kMostWords))
             : "";
}

/// A command that an old rclone does not have is answered with the same status.
bool is_missing(const http::Response& response) {
  return response.status == kNotFound && words_of(response).ends_with("not found");
}

Result<std::optional<transport::ObjectState>> parse_stat(const std::string& body) {
  CAIRN_TRY_ASSIGN(const text::Value answer, parse(body));
  const text::Value* item = answer.find("item");
  if (item == nullptr) {
    return unexpected("no item");
  }
  if (item->is(text::Kind::null)) {
    return std::optional<transport::ObjectState>();
  }
  CAIRN_TRY_ASSIGN(const auto file, parse_file(*item));
  if (!file) {
    return std::optional<transport::ObjectState>();
  }
  transport::ObjectState state;
  state.size = file->size;
  const text::Value* time = item->find("ModTime");
  if (time != nullptr && time->is(text::Kind::string) && time->string_value().size() <= kLongestTime) {
    state.modified = time->string_value();
  }
  return std::optional(std::move(state));
}

Result<std::vector<transport::ObjectInfo>> parse_list(const std::string& body) {
  CAIRN_TRY_ASSIGN(const text::Value answer, parse(body));
  const text::Value* list = answer.find("list");
  if (list == nullptr || !(list->is(text::Kind::list) || list->is(text::Kind::null))) {
    return unexpected("no list");
  }
  std::vector<transport::ObjectInfo> files;
  for (const text::Value& item : list->items()) {
    CAIRN_TRY_ASSIGN(auto file, parse_file(item));
    if (file) {
      files.push_back(*std::move(file));
    }
  }
  return files;
}

Result<bool> parse_can_move(const std::string& body) {
  CAIRN_TRY_ASSIGN(const text::Value answer, parse(body));
  const text::Value* features = answer.find("Features");
  const text::Value* move = features == nullptr ? nullptr : features->find("Move");
  if (move == nullptr || !move->is(text::Kind::boolean)) {
    return unexpected("no word about moving files");
  }
  return move->bool_value();
}

}  // namespace cairn::rclone
