// SPDX-License-Identifier: Apache-2.0
#include "text/xml.h"

#include <expat.h>

#include <algorithm>
#include <memory>

namespace cairn::text {
namespace {

constexpr std::size_t kMostDepth = 32;
constexpr char kSeparator = '\n';  // between namespace and name

/// The tree while it grows.
struct Builder {
  XML_Parser parser = nullptr;
  std::vector<XmlElement> open;  // the way from the document to the current element
  bool refused = false;

  void refuse() {
    refused = true;
    XML_StopParser(parser, XML_FALSE);
  }
};

Builder& as_builder(void* data) {
  return *static_cast<Builder*>(data);
}

void on_start(void* data, const char* name, const char** /*attributes*/) {
  Builder& builder = as_builder(data);
  if (builder.open.size() > kMostDepth) {
    builder.refuse();
    return;
  }
  const std::string_view full = name;
  builder.open.push_back({std::string(full.substr(full.find(kSeparator) + 1)), {}, {}});
}

void on_end(void* data, const char* /*name*/) {
  std::vector<XmlElement>& open = as_builder(data).open;
  XmlElement done = std::move(open.back());
  open.pop_back();
  open.back().children.push_back(std::move(done));
}

void on_text(void* data, const char* text, int size) {
  as_builder(data).open.back().text.append(text, static_cast<std::size_t>(size));
}

void on_doctype(void* data, const char* /*name*/, const char* /*system*/, const char* /*public*/,
                int /*internal*/) {
  as_builder(data).refuse();
}

}  // namespace

const XmlElement* XmlElement::find(std::string_view child) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [child](const XmlElement& one) { return one.name == child; });
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::text_of(std::string_view child) const {
  const XmlElement* found = find(child);
  return found == nullptr ? std::string_view() : found->text;
}

Result<XmlElement> parse_xml(std::string_view text) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreateNS("UTF-8", kSeparator), &XML_ParserFree);
  CAIRN_CHECK(parser != nullptr);
  Builder builder;
  builder.parser = parser.get();
  builder.open.emplace_back();
  XML_SetUserData(parser.get(), &builder);
  XML_SetElementHandler(parser.get(), &on_start, &on_end);
  XML_SetCharacterDataHandler(parser.get(), &on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), &on_doctype);
  const bool whole =
      XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) == XML_STATUS_OK;
  if (!whole || builder.refused) {
    return Error(Code::malformed,
                 builder.refused ? "XML of a kind that is not accepted" : "not well-formed XML");
  }
  return std::move(builder.open.front().children.front());
}

}  // namespace cairn::text
