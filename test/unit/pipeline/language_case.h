// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::pipeline {

/// One case of the tables in test/unit/pipeline/language. A table is a text file of cases:
///
///     # a comment, before the first case only
///     === title
///     --- sub/cairn.yaml
///     stages: …
///     --- file sub/params.yaml
///     lr: 1
///     --- variable HOME_DIR=/h
///     --- expect
///     stage s
///       cmd: 'x'
///
/// A section whose name ends in `cairn.yaml` is a pipeline file; most cases have one, and those with several
/// form one graph. In a section marked ` escaped` after its name a line's end counts only as written: `\n`,
/// `\r`, `\t`, `\xHH`, `\\`, and `\{N*TEXT}` is TEXT N times. `expect` is what language_dump() gives, or
/// `error` stands in its place: the whole message. Titles are unique among all tables.
struct LanguageCase {
  std::string title;
  std::string table;  ///< name of the file, for messages
  std::vector<std::pair<std::string, std::string>> pipelines;
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> variables;
  std::string expected;
  bool fails = false;
  std::string problem;  ///< what is wrong with the case itself
};

/// What a failing test shows of its parameter.
void PrintTo(const LanguageCase& test_case, std::ostream* out);

/// Cases of all tables, sorted by the table's name.
std::vector<LanguageCase> load_language_cases();

/// What the case comes to: one canonical text of its stages and of what else its files hold, with only what
/// is not the default; or, after `error: `, its message.
std::string language_result(const LanguageCase& test_case);

}  // namespace cairn::pipeline
