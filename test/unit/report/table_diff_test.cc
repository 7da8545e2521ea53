// SPDX-License-Identifier: Apache-2.0
#include "report/table_diff.h"

#include "report/table_diff_text.h"
#include "support/matchers.h"

namespace cairn::report {
namespace {

TableFile table(std::string text, TableFormat format = TableFormat::csv, std::string name = "t.csv") {
  auto shared = std::make_shared<const std::string>(std::move(text));
  return {std::move(name),
          [shared]() -> Result<std::unique_ptr<ByteSource>> {
            return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(*shared));
          },
          format};
}

Result<TableDiff> diff(std::string before, std::string after, std::vector<std::string> key = {},
                       std::size_t rows = 10) {
  return diff_tables(table(std::move(before)), table(std::move(after)), {std::move(key), true, rows});
}

TEST(DiffTables, ShowsAddedRemovedAndChangedRows) {
  const auto found = diff("id,name,price\n1,a,3\n2,b,4\n3,c,5\n", "id,name,price\n3,c,5\n2,b,4.5\n4,d,6\n");
  ASSERT_OK(found);
  EXPECT_EQ(table_diff_text(*found),
            "3 rows became 3, matched by id: 1 added, 1 removed, 1 changed\n"
            "\n"
            "columns\n"
            "Column  Before   After\n"
            "price   integer  number\n"
            "\n"
            "changed columns\n"
            "Column  Rows\n"
            "price   1\n"
            "\n"
            "changed rows\n"
            "id  Column  Before  After\n"
            "2   price   4       4.5\n"
            "\n"
            "added rows\n"
            "Line  id  name  price\n"
            "4     4   d     6\n"
            "\n"
            "removed rows\n"
            "Line  id  name  price\n"
            "2     1   a     3\n");
  EXPECT_EQ(found->changed_rows.front().line_before, 3U);
  EXPECT_EQ(found->changed_rows.front().line_after, 3U);
}

TEST(DiffTables, TheOrderOfRowsAndColumnsDoesNotCount) {
  const auto found = diff("id,x\n1,a\n2,b\n", "x,id\nb,2\na,1\n");
  ASSERT_OK(found);
  EXPECT_TRUE(found->same_content());
  EXPECT_EQ(table_diff_text(*found), "");
}

TEST(DiffTables, NewColumnsDoNotChangeRows) {
  const auto found = diff("id,x,old\n1,a,1\n", "id,x,new\n1,a,true\n");
  ASSERT_OK(found);
  EXPECT_EQ(found->changed, 0U);
  EXPECT_FALSE(found->same_content());
  ASSERT_EQ(found->columns.size(), 2U);
  EXPECT_EQ(found->columns[0].name + found->columns[0].before + found->columns[0].after, "oldinteger");
  EXPECT_EQ(found->columns[1].name + found->columns[1].before + found->columns[1].after, "newboolean");
}

TEST(DiffTables, FindsTheKey) {
  EXPECT_EQ(diff("name,user_id\na,1\nb,2\n", "name,user_id\na,1\nb,2\n")->key,
            std::vector<std::string>{"user_id"});
  EXPECT_EQ(diff("x,name\n1,a\n1,b\n", "x,name\n1,a\n1,b\n")->key, std::vector<std::string>{"name"});
  EXPECT_EQ(diff("id,name\n1,a\n2,b\n", "id,name\n1,a\n1,b\n")->key, std::vector<std::string>{"name"});
  // Neither numbers with a fraction nor columns with gaps name rows.
  EXPECT_TRUE(diff("x,y\n1.5,a\n2.5,\n", "x,y\n1.5,a\n2.5,\n")->key.empty());
}

TEST(DiffTables, WithoutAKeyWholeRowsCount) {
  const auto found = diff("x,y\n1,1\n1,1\n2,1\n", "x,y\n1,1\n2,1\n2,1\n2,1\n");
  ASSERT_OK(found);
  EXPECT_TRUE(found->key.empty());
  EXPECT_EQ(found->added, 2U);
  EXPECT_EQ(found->removed, 1U);
  EXPECT_EQ(found->changed, 0U);
  EXPECT_EQ(found->removed_rows.size(), 1U);
}

TEST(DiffTables, AKeyMayHaveSeveralColumns) {
  const auto found = diff("a,b,x\n1,1,p\n1,2,q\n", "a,b,x\n1,2,r\n1,1,p\n", {"a", "b"});
  ASSERT_OK(found);
  EXPECT_EQ(found->changed, 1U);
  EXPECT_EQ(key_words(found->changed_rows.front().key), "a=1, b=2");
}

TEST(DiffTables, CellsAreNotMixedUp) {
  const auto found = diff("a,b,x\n1,12,p\n11,2,p\n", "a,b,x\n11,2,p\n1,12,q\n", {"a", "b"});
  ASSERT_OK(found);
  EXPECT_EQ(found->changed, 1U);
}

TEST(DiffTables, OnlySomeRowsAreShownAndAllAreCounted) {
  std::string before = "id,x\n";
  std::string after = before;
  for (int i = 0; i < 100; ++i) {
    before += std::to_string(i) + ",a\n";
    after += std::to_string(i + 50) + (i % 2 == 0 ? ",a\n" : ",b\n");
  }
  const auto found = diff(before, after, {"id"}, 2);
  ASSERT_OK(found);
  EXPECT_EQ(found->added, 50U);
  EXPECT_EQ(found->removed, 50U);
  EXPECT_EQ(found->changed, 25U);
  EXPECT_EQ(found->changed_columns, (std::vector<std::pair<std::string, std::uint64_t>>{{"x", 25}}));
  EXPECT_EQ(found->changed_rows.size(), 2U);
  EXPECT_EQ(found->changed_rows[1].key[0].value, "53");
  EXPECT_EQ(found->changed_rows[1].cells[0].before, "a");
  EXPECT_EQ(found->changed_rows[1].cells[0].after, "b");
  EXPECT_EQ(found->added_rows.size(), 2U);
  EXPECT_EQ(found->removed_rows.size(), 2U);
  EXPECT_THAT(table_diff_text(*found), testing::HasSubstr("\n… and 48 more\n"));
  EXPECT_THAT(table_diff_markdown(*found), testing::HasSubstr("**added rows**"));
}

TEST(DiffTables, NoRowsNeedBeShown) {
  const auto found = diff("id,x\n1,a\n", "id,x\n1,b\n", {"id"}, 0);
  ASSERT_OK(found);
  EXPECT_EQ(found->changed, 1U);
  EXPECT_TRUE(found->changed_rows.empty());
}

TEST(DiffTables, EmptyTablesAreTables) {
  EXPECT_TRUE(diff("", "")->same_content());
  EXPECT_TRUE(diff("id,x\n", "id,x")->same_content());
  EXPECT_EQ(diff("", "id\n1\n")->added, 1U);
  EXPECT_EQ(diff("id\n1\n", "")->removed, 1U);
}

TEST(DiffTables, ReadsJsonLines) {
  const auto before = table("{\"id\":1,\"x\":1}\n{\"id\":2,\"x\":null}\n", TableFormat::json_lines);
  const auto after = table("{\"x\":\"1\",\"id\":1}\n\n{\"id\":2,\"y\":[1]}\n", TableFormat::json_lines);
  const auto found = diff_tables(before, after, {{"id"}, true, 10});
  ASSERT_OK(found);
  EXPECT_EQ(found->changed, 2U);
  EXPECT_EQ(found->changed_rows[0].cells[0].before, "1");
  EXPECT_EQ(found->changed_rows[0].cells[0].after, "\"1\"");
  EXPECT_EQ(found->columns[0].before, "integer");
  EXPECT_EQ(found->columns[0].after, "string");
  EXPECT_EQ(found->columns[1].name, "y");
}

TEST(DiffTables, RefusesWhatItCannotMatch) {
  EXPECT_THAT(diff("id\n1\n", "id\n1\n", {"key"}),
              test::FailsWith(Code::malformed, "'t.csv' has no column 'key'"));
  EXPECT_THAT(diff("id,x\n1,\"a\nb\"\n2,a\n1,b\n", "id\n1\n", {"id"}),
              test::FailsWith(Code::malformed, "'t.csv': lines 2 and 5 have the same key, id=1"));
  EXPECT_THAT(diff("id\n1\n2\n", "id\n1\n3\n3\n", {"id"}),
              test::FailsWith(Code::malformed, "'t.csv': lines 3 and 4 have the same key, id=3"));
  EXPECT_THAT(diff("id\n1,2\n", "id\n"),
              test::FailsWith(Code::malformed, "t.csv:2: 2 cells in a table of 1 columns"));
  EXPECT_THAT(diff("id,id\n", "id\n"),
              test::FailsWith(Code::malformed, "t.csv:1: the column 'id' stands twice"));
  EXPECT_THAT(diff("id\n\"1\n", "id\n"),
              test::FailsWith(Code::malformed, "t.csv:2: a quoted cell is not closed"));
}

TEST(TableFormats, AreFoundByNameAndContent) {
  EXPECT_EQ(table_format_of_name("a.csv"), TableFormat::csv);
  EXPECT_EQ(table_format_of_name("a.jsonl"), TableFormat::json_lines);
  EXPECT_EQ(table_format_of_name("a.txt"), std::nullopt);
  EXPECT_EQ(sniff_table_format("a,b\n1,2\n"), TableFormat::csv);
  EXPECT_EQ(sniff_table_format("a\tb, c\n1\t2, 3, 4\n"), TableFormat::tsv);
  EXPECT_EQ(sniff_table_format("{\"a\": 1}\n"), TableFormat::json_lines);
  EXPECT_EQ(sniff_table_format("{\n\"a\": 1}\n"), std::nullopt);
  EXPECT_EQ(sniff_table_format("Some words, and\nmore of them\n"), std::nullopt);
}

TEST(TableSchemas, TypesComeFromAllCells) {
  const auto schema = read_table_schema(table("i,n,b,s,e,m\n1,1,true,x,,1\n-2,2.5,False,1,,true\n"));
  ASSERT_OK(schema);
  std::vector<std::string> words;
  for (const TableColumn& column : schema->columns) {
    words.push_back(column.type_words());
  }
  EXPECT_EQ(words, (std::vector<std::string>{"integer", "number", "boolean", "string", "empty", "string"}));
  EXPECT_EQ(schema->rows, 2U);
}

/// Bytes in portions of one, so that every state of the reader is met at a border.
class Drip : public ByteSource {
 public:
  explicit Drip(std::string_view text) : text_(text) {}
  Result<Bytes> next() override {
    const Bytes all = as_bytes(text_);
    return at_ < all.size() ? all.subspan(at_++, 1) : Bytes();
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

TEST(DelimitedReader, DoesNotDependOnPortions) {
  constexpr std::string_view kText = "a,\"b \"\"c\"\"\nd\"\r\n\r\n\"\"x,5\" y,\n,\n\"end\"";
  std::vector<std::vector<std::string>> rows[2];
  std::vector<std::uint64_t> lines[2];
  Drip drip(kText);
  MemorySource memory(kText);
  ByteSource* const sources[] = {&drip, &memory};
  for (std::size_t i = 0; i < 2; ++i) {
    DelimitedReader reader(*sources[i], ',', "t.csv");
    std::vector<std::string> cells;
    for (auto more = reader.next(cells); more.ok() && *more; more = reader.next(cells)) {
      rows[i].push_back(cells);
      lines[i].push_back(reader.line());
    }
  }
  EXPECT_EQ(rows[0], rows[1]);
  EXPECT_EQ(rows[0], (std::vector<std::vector<std::string>>{
                         {"a", "b \"c\"\nd"}, {"x", "5\" y", ""}, {"", ""}, {"end"}}));
  EXPECT_EQ(lines[0], (std::vector<std::uint64_t>{1, 4, 5, 6}));
  EXPECT_EQ(lines[0], lines[1]);
}

}  // namespace
}  // namespace cairn::report
