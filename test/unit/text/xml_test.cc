// SPDX-License-Identifier: Apache-2.0
#include "text/xml.h"

#include "support/matchers.h"

namespace cairn::text {
namespace {

using cairn::test::FailsWith;

TEST(Xml, ReadsElementsAndTheirTexts) {
  ASSERT_OK_AND_ASSIGN(
      const XmlElement root,
      parse_xml("<?xml version=\"1.0\"?><a x='1'>\n<b>one &amp; &#233;</b><c/><b>two</b></a>"));
  EXPECT_EQ(root.name, "a");
  ASSERT_EQ(root.children.size(), 3u);
  EXPECT_EQ(root.text_of("b"), "one & \xc3\xa9");
  EXPECT_EQ(root.children[2].text, "two");
  EXPECT_NE(root.find("c"), nullptr);
  EXPECT_EQ(root.find("d"), nullptr);
  EXPECT_EQ(root.text_of("d"), "");
}

TEST(Xml, LeavesNamespacesOut) {
  ASSERT_OK_AND_ASSIGN(const XmlElement root, parse_xml("<D:m xmlns:D='DAV:'><D:href>/x</D:href></D:m>"));
  EXPECT_EQ(root.name, "m");
  EXPECT_EQ(root.text_of("href"), "/x");
}

TEST(Xml, RefusesWhatIsNotWhole) {
  for (const char* text :
       {"", "text", "<a>", "<a><b></a></b>", "<a/><b/>", "<a>&unknown;</a>", "<a>\x01</a>"}) {
    EXPECT_THAT(parse_xml(text), FailsWith(Code::malformed, "well-formed")) << text;
  }
}

TEST(Xml, RefusesEntitiesAndDeepNesting) {
  EXPECT_THAT(parse_xml("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), FailsWith(Code::malformed, "accepted"));
  std::string deep;
  for (int i = 0; i < 1000; ++i) {
    deep += "<a>";
  }
  EXPECT_THAT(parse_xml(deep), FailsWith(Code::malformed, "accepted"));
}

}  // namespace
}  // namespace cairn::text
