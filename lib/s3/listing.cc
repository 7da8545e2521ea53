// SPDX-License-Identifier: Apache-2.0
#include "s3/listing.h"

#include <algorithm>
#include <charconv>

#include "os/path.h"
#include "text/percent.h"
#include "text/xml.h"

namespace cairn::s3 {
namespace {

/// A hostile service could go on for ever.
constexpr std::size_t kMostObjects = 10'000'000;

Error unsound(const std::string& why) {
  return {Code::remote, "the list of objects is not sound: " + why, "try again"};
}

/// Keys are sent percent-encoded, since XML cannot hold every byte; some services write a space as "+".
std::optional<std::string> decoded_key(std::string_view key) {
  std::string text(key);
  std::replace(text.begin(), text.end(), '+', ' ');
  return text::percent_decoded(text);
}

Status add_object(const text::XmlElement& element, const std::string& own_prefix, const std::string& prefix,
                  std::vector<transport::ObjectInfo>& out) {
  const auto key = decoded_key(element.text_of("Key"));
  const std::string_view size_text = element.text_of("Size");
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(size_text.data(), size_text.data() + size_text.size(), size);
  if (!key || !key->starts_with(prefix) || size_text.empty() || error != std::errc{} ||
      end != size_text.data() + size_text.size()) {
    return unsound("an entry of it cannot be read");
  }
  std::string name = key->substr(own_prefix.size());
  if (os::check_relative(name).ok()) {
    out.push_back({std::move(name), size});
  }
  return {};
}

}  // namespace

Result<std::string> list_page(Client& client, const std::string& prefix, const std::string& token,
                              std::vector<transport::ObjectInfo>& out) {
  Query query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix}};
  if (!token.empty()) {
    query.emplace_back("continuation-token", token);
  }
  CAIRN_TRY_ASSIGN(const http::Response response, client.send({"GET", "", std::move(query), {}, nullptr}));
  if (!response.ok()) {
    return client.refusal(response);
  }
  const auto document = text::parse_xml(response.body);
  if (!document.ok() || document->name != "ListBucketResult") {
    return unsound("it is cut short or of another kind");
  }
  for (const text::XmlElement& element : document->children) {
    if (element.name == "Contents") {
      CAIRN_TRY(add_object(element, client.config().prefix, prefix, out));
    }
  }
  if (document->find("IsTruncated") == nullptr) {
    return unsound("it does not say whether it ends");
  }
  const bool goes_on = document->text_of("IsTruncated") == "true";
  std::string next = goes_on ? std::string(document->text_of("NextContinuationToken")) : "";
  return goes_on && next.empty() ? Result<std::string>(unsound("it has no end")) : std::move(next);
}

Status list_objects(Client& client, const std::string& prefix, std::vector<transport::ObjectInfo>& out) {
  std::string token;
  do {
    CAIRN_TRY_ASSIGN(std::string next, list_page(client, prefix, token, out));
    if ((!next.empty() && next == token) || out.size() > kMostObjects) {
      return unsound("it has no end");
    }
    token = std::move(next);
  } while (!token.empty());
  return {};
}

}  // namespace cairn::s3
