// SPDX-License-Identifier: Apache-2.0
#include "rclone/answer.h"

#include "support/matchers.h"

namespace cairn::rclone {
namespace {

using cairn::test::FailsWith;
using ::testing::ElementsAre;
using transport::ObjectInfo;

TEST(RcloneAnswer, TellsAMissingObjectFromAMissingCommand) {
  EXPECT_TRUE(is_missing({404, {}, R"({"error": "object not found", "status": 404})"}));
  EXPECT_TRUE(is_missing({404, {}, R"({"error": "error in ListJSON: directory not found"})"}));
  EXPECT_FALSE(is_missing({404, {}, R"({"error": "couldn't find method \"operations/stat\""})"}));
  EXPECT_FALSE(is_missing({500, {}, R"({"error": "object not found"})"}));
  EXPECT_FALSE(is_missing({404, {}, "404 page not found"}));
}

TEST(RcloneAnswer, ShowsWordsSafely) {
  EXPECT_EQ(words_of({500, {}, "{\"error\": \"no \\u001b[31m\"}"}), "no \\x1b[31m");
  EXPECT_EQ(words_of({500, {}, "{\"error\": 5}"}), "");
  EXPECT_EQ(words_of({500, {}, "nothing"}), "");
}

TEST(RcloneAnswer, ReadsSizesAndLists) {
  ASSERT_OK_AND_ASSIGN(const auto size,
                       parse_stat(R"({"item": {"Path": "x/a", "Name": "a", "Size": 7, "IsDir": false}})"));
  EXPECT_EQ(size.value().size, 7u);
  EXPECT_EQ(size.value().modified, "");
  ASSERT_OK_AND_ASSIGN(const auto dated, parse_stat(R"({"item":
    {"Path": "a", "Size": 7, "IsDir": false, "ModTime": "2026-11-30T09:00:00.5+02:00"}})"));
  EXPECT_EQ(dated.value().modified, "2026-11-30T09:00:00.5+02:00");
  ASSERT_OK_AND_ASSIGN(const auto none, parse_stat(R"({"item": null})"));
  EXPECT_FALSE(none.has_value());
  ASSERT_OK_AND_ASSIGN(const auto list, parse_list(R"({"list": [
    {"Path": "x", "Size": -1, "IsDir": true}, {"Path": "x/a", "Size": 7, "IsDir": false},
    {"Path": "x/document", "Size": -1, "IsDir": false}]})"));
  EXPECT_THAT(list, ElementsAre(ObjectInfo{"x/a", 7}));
  ASSERT_OK_AND_ASSIGN(const bool can_move, parse_can_move(R"({"Features": {"Move": true}})"));
  EXPECT_TRUE(can_move);
}

TEST(RcloneAnswer, RefusesWhatIsNotAsExpected) {
  for (const char* body :
       {"", "[]", "{", "{}", R"({"item": 1, "list": 1, "Features": {"Move": 1}})",
        R"({"item": {"Path": "a"}, "list": [{"Path": "a", "Size": "7", "IsDir": false}]})"}) {
    EXPECT_THAT(parse_stat(body), FailsWith(Code::remote, "not as expected")) << body;
    EXPECT_THAT(parse_list(body), FailsWith(Code::remote, "not as expected")) << body;
    EXPECT_THAT(parse_can_move(body), FailsWith(Code::remote, "not as expected")) << body;
  }
}

}  // namespace
}  // namespace cairn::rclone
