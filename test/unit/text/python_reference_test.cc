// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <cstdlib>

#include "python_cases.h"
#include "support/matchers.h"
#include "support/temp_dir.h"
#include "text/json.h"
#include "text/python.h"

namespace cairn::text {
namespace {

/// Reads a JSON list of Python files, parses each with Python's own parser, and prints a JSON list of what
/// they assign; null for what is not Python.
constexpr std::string_view kScript = R"PY(
import ast, json, sys, warnings

class NoLiteral(Exception):
    pass

def literal(node):
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [literal(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {str(literal(key)): literal(value) for key, value in zip(node.keys, node.values)}
    try:
        value = ast.literal_eval(node)
    except Exception:
        raise NoLiteral
    if value is None or type(value) in (bool, int, float, str):
        return value
    raise NoLiteral

def name_of(target, attribute):
    if attribute:
        of_self = isinstance(target, ast.Attribute) and getattr(target.value, 'id', '') == 'self'
        return target.attr if of_self else None
    return target.id if isinstance(target, ast.Name) else None

def body(statements, names, in_class=False, in_init=False):
    for node in statements:
        if isinstance(node, ast.ClassDef) and not in_init:
            names[node.name] = body(node.body, {}, in_class=True)
        elif isinstance(node, ast.FunctionDef) and in_class and not in_init and node.name == '__init__':
            body(node.body, names, in_class=True, in_init=True)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            try:
                value = literal(node.value)
            except NoLiteral:
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (name_of(target, in_init) for target in targets):
                if name is not None:
                    names[name] = value
    return names

def document(text):
    try:
        return body(ast.parse(text.encode()).body, {})
    except (SyntaxError, ValueError):  # some Pythons say ValueError of null bytes
        return None

warnings.simplefilter('ignore')
print(json.dumps([document(text) for text in json.load(open(sys.argv[1], encoding='utf-8'))]))
)PY";

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"' || c == '\\') {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
      out += escape.data();
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// What Python says to each of the files.
Result<Value> ask_python(const std::vector<std::string_view>& files) {
  const cairn::test::TempDir folder;
  std::string list;
  for (std::string_view file : files) {
    list += (list.empty() ? "[" : ",") + json_string(file);
  }
  cairn::test::write_text(folder / "files.json", list + "]");
  cairn::test::write_text(folder / "reference.py", kScript);
  const std::string command = "python3 '" + (folder / "reference.py") + "' '" + (folder / "files.json") +
                              "' > '" + (folder / "answer.json") + "'";
  if (std::system(command.c_str()) != 0) {
    return Error(Code::io, "the reference failed");
  }
  return parse_json(cairn::test::read_text(folder / "answer.json"), "answer");
}

bool has_python() {
  // The type parameters and patterns of the cases need a version that has the match statement at least.
  return std::system("python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2> /dev/null") == 0;
}

std::vector<std::string_view> comparable(std::span<const PythonCase> cases) {
  std::vector<std::string_view> files;
  for (const PythonCase& one : cases) {
    if (one.python == PythonCase::Reference::same) {
      files.push_back(one.text);
    }
  }
  return files;
}

TEST(ParsePython, ReadsWhatPythonItselfReads) {
  if (!has_python()) {
    GTEST_SKIP() << "no python3 of 3.10 or newer";
  }
  const std::vector<std::string_view> files = comparable(good_python_cases());
  ASSERT_OK_AND_ASSIGN(const Value answers, ask_python(files));
  ASSERT_EQ(answers.items().size(), files.size());
  ASSERT_GT(files.size(), 60u);
  for (std::size_t i = 0; i < files.size(); ++i) {
    ASSERT_OK_AND_ASSIGN(const Value mine, parse_python(files[i], "p.py"));
    EXPECT_EQ(canonical(mine), canonical(answers.items()[i])) << files[i];
  }
}

TEST(ParsePython, RefusesNothingThatPythonTakes) {
  if (!has_python()) {
    GTEST_SKIP() << "no python3 of 3.10 or newer";
  }
  const std::vector<std::string_view> files = comparable(bad_python_cases());
  ASSERT_OK_AND_ASSIGN(const Value answers, ask_python(files));
  ASSERT_EQ(answers.items().size(), files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(answers.items()[i].kind(), Kind::null) << files[i];
  }
}

}  // namespace
}  // namespace cairn::text
