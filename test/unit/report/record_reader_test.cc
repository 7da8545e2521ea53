// SPDX-License-Identifier: Apache-2.0
#include "report/record_reader.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace cairn::report {
namespace {

using Records = std::vector<std::vector<std::string>>;

/// The texts of all records.
Records read_all(RecordReader& reader) {
  Records records;
  while (true) {
    auto more = reader.next();
    EXPECT_OK(more);
    if (!more.ok() || !*more) {
      return records;
    }
    std::vector<std::string>& record = records.emplace_back(reader.columns().size());
    for (const Cell& cell : reader.cells()) {
      record[cell.column] = cell.text;
    }
  }
}

Records delimited(std::string_view text, char separator = ',') {
  return read_all(*delimited_reader(text, separator, {"a", "b", "c"}));
}

TEST(DelimitedReader, ReadsCellsAsRfc4180HasThem) {
  EXPECT_EQ(
      delimited("1,2,3\n"
                "\"x,y\",\"a\nb\",\"say \"\"hi\"\"\"\n"
                "5\" pipe,a \"b\" c,\n"
                ",,\n"),
      (Records{{"1", "2", "3"}, {"x,y", "a\nb", "say \"hi\""}, {"5\" pipe", "a \"b\" c", ""}, {"", "", ""}}));
}

TEST(DelimitedReader, TakesLineEndsOfAllKinds) {
  EXPECT_EQ(delimited("1,2,3\r\n\r\n\n4,5,\"6\"\r\n7,8,9"),
            (Records{{"1", "2", "3"}, {"4", "5", "6"}, {"7", "8", "9"}}));
  EXPECT_EQ(delimited("a\rb,c,d\r"), (Records{{"a\rb", "c", "d"}}));
}

TEST(DelimitedReader, NamesCellsBeyondTheHeaderAndLeavesOutMissingOnes) {
  EXPECT_EQ(delimited("1,2,3,4\n5\n"), (Records{{"1", "2", "3", "4"}, {"5", "", "", ""}}));
}

TEST(DelimitedReader, FindsCellsOfEveryLength) {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string cell(length, 'x');
    EXPECT_EQ(delimited(cell + "\t" + cell + "\t" + cell + "\n", '\t'), (Records{{cell, cell, cell}}));
  }
}

TEST(DelimitedReader, RefusesAQuoteThatIsNotClosed) {
  auto reader = delimited_reader("1,2,3\n\"a\nb\",x,y\n4,\"5\n6\n", ',', {"a", "b", "c"});
  ASSERT_OK(reader->next());
  ASSERT_OK(reader->next());
  EXPECT_THAT(reader->next(), test::FailsWith(Code::malformed, "is not closed"));
  EXPECT_EQ(reader->lines(), 3U);
}

TEST(ReadHeader, MakesNamesUnique) {
  ASSERT_OK_AND_ASSIGN(const Header header, read_header("\na,,a,\"b,c\"\r\n1,2,3,4\n", ','));
  EXPECT_EQ(header.columns, (std::vector<std::string>{"a", "2", "a (2)", "b,c"}));
  EXPECT_EQ(header.size, 13U);
  EXPECT_EQ(header.lines, 2U);
}

TEST(JsonLinesReader, ReadsObjectsWithKeysInAnyOrder) {
  auto reader = json_lines_reader(
      "{\"a\": 1, \"b\": \"x\\ty\\u00e9\\ud83d\\ude00\"}\n"
      "\n"
      "  {\"b\":null,\"c\":[1,{\"d\":\"}\"}],\"a\":true}\r\n"
      "{}");
  EXPECT_EQ(read_all(*reader),
            (Records{{"1", "x\ty\u00e9\U0001F600"}, {"true", "null", "[1,{\"d\":\"}\"}]"}, {"", "", ""}}));
  EXPECT_EQ(reader->columns(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(JsonLinesReader, RefusesWhatIsNoObject) {
  for (const char* bad : {"[1]", "{\"a\":1", "{\"a\"}", "{\"a\":x}", "{\"a\":1}}", "{\"a\":1,\"a\":2}",
                          "{\"a\":\"x}", "{\"a\":\"\\q\"}", "{\"a\":[1}", "{\"a\":}", "{\"a\":\"\\u12\"}"}) {
    auto reader = json_lines_reader(bad);
    auto read = reader->next();
    EXPECT_THAT(read, test::FailsWith(Code::malformed, "not a JSON object in one line")) << bad;
  }
}

TEST(RecordReader, RefusesTooManyColumns) {
  std::string line(RecordReader::kMostColumns, ',');
  EXPECT_THAT(delimited_reader(line, ',', {})->next(), test::FailsWith(Code::unsupported, "more than 2048"));
}

/// Gives bytes in pieces of one length.
class Pieces : public ByteSource {
 public:
  Pieces(std::string_view text, std::size_t size) : rest_(text), size_(size) {}
  Result<Bytes> next() override {
    const std::string_view piece = rest_.substr(0, size_);
    rest_.remove_prefix(piece.size());
    return as_bytes(piece);
  }

 private:
  std::string_view rest_;
  std::size_t size_;
};

std::vector<std::string> parts_of(std::string_view text, RecordFormat format, std::size_t piece) {
  Pieces source(text, piece);
  RecordParts parts(source, format, "a.csv");
  std::vector<std::string> out;
  Buffer bytes;
  while (true) {
    auto more = parts.next(bytes);
    EXPECT_OK(more);
    if (!more.ok() || !*more) {
      return out;
    }
    out.emplace_back(as_text(bytes));
  }
}

TEST(RecordParts, CutsAtRecordsOfWhateverPieces) {
  std::string text = "id,note\n";
  while (text.size() < 3 * RecordParts::kPartSize) {
    text += std::to_string(text.size()) + ",\"two\nlines, \"\"quoted\"\"\"\n7,an inch is 1\"\n";
  }
  text += "1,last";
  const auto parts = parts_of(text, RecordFormat::csv, 100000);
  EXPECT_EQ(parts, parts_of(text, RecordFormat::csv, 4096));
  ASSERT_EQ(parts.size(), 4U);
  std::string all;
  for (const std::string& part : parts) {
    all += part;
    EXPECT_LE(part.size(), RecordParts::kPartSize);
    EXPECT_TRUE(part.ends_with("inch is 1\"\n") || part.ends_with("quoted\"\"\"\n") ||
                part.ends_with("last"));
  }
  EXPECT_EQ(all, text);
}

TEST(RecordParts, RefusesARecordWithoutAnEnd) {
  const std::string text = "a,b\n1,\"" + std::string(RecordParts::kLongestRecord, '\n');
  Pieces source(text, 1 << 20);
  RecordParts parts(source, RecordFormat::csv, "a.csv");
  Buffer bytes;
  ASSERT_OK(parts.next(bytes));
  EXPECT_EQ(as_text(bytes), "a,b\n");
  EXPECT_THAT(parts.next(bytes),
              test::FailsWith(Code::malformed, "'a.csv': the record at byte 4 is longer than 16"));
}

}  // namespace
}  // namespace cairn::report
