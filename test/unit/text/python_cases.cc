// SPDX-License-Identifier: Apache-2.0
#include "python_cases.h"

#include <ostream>

namespace cairn::text {
namespace {

constexpr auto kDiffers = PythonCase::Reference::differs;

const PythonCase kGood[] = {
    // Scalars
    {"Empty", "", "{}"},
    {"OnlyComments", "# a = 1\n\n   # b\n", "{}"},
    {"Integer", "a = 1\n", R"({"a":1})"},
    {"NoLineBreakAtTheEnd", "a = 1", R"({"a":1})"},
    {"Bases", "a = 0x1F\nb = 0o17\nc = 0b1_0\nd = 0XfF\ne = 0x_f", R"({"a":31,"b":15,"c":2,"d":255,"e":15})"},
    {"Underscores", "a = 1_000_000\nb = 1_0.0_1e1_0", R"({"a":1000000,"b":1.001e+11})"},
    {"Zeros", "a = 0\nb = 00\nc = 0_0\nd = 012.5\ne = 01e1", R"({"a":0,"b":0,"c":0,"d":12.5,"e":10.0})"},
    {"Floats", "a = 1.\nb = .5\nc = 1e3\nd = 1E-3\ne = 2.5e+2\nf = 5e-324",
     R"({"a":1.0,"b":0.5,"c":1000.0,"d":0.001,"e":250.0,"f":5e-324})"},
    {"FloatsBeyondTheRange", "a = 1e400\nb = -1e400\nc = 1e-400\nd = 0.00001e-99999999999999999999",
     R"({"a":.inf,"b":-.inf,"c":0.0,"d":0.0})"},
    {"Signs", "a = -1\nb = +1\nc = -1.5\nd = - 2\ne = -0.0\nf = -0",
     R"({"a":-1,"b":1,"c":-1.5,"d":-2,"e":-0.0,"f":0})"},
    {"LimitsOfIntegers", "a = 9223372036854775807\nb = -9223372036854775808\nc = -0x8000_0000_0000_0000",
     R"({"a":9223372036854775807,"b":-9223372036854775808,"c":-9223372036854775808})"},
    {"Constants", "a = True\nb = False\nc = None", R"({"a":true,"b":false,"c":null})"},
    {"WordsOfYamlAreNames", "a = true\nb = null\nc = nan\nd = inf", "{}"},
    // Strings
    {"Quotes", "a = 'x'\nb = \"y\"\nc = \"it's\"\nd = ''\ne = \"\"",
     R"({"a":"x","b":"y","c":"it's","d":"","e":""})"},
    {"TripleQuotes", "a = '''x\n'y' ''z\n'''\nb = \"\"\"\n\"a\"\n\"\"\"\nc = ''''x'''",
     R"({"a":"x\n'y' ''z\n","b":"\n\"a\"\n","c":"'x"})"},
    {"Concatenation", "a = 'x' \"y\" '''z'''\nb = ('1'\n  '2'  # c\n  r'\\3')", R"({"a":"xyz","b":"12\\3"})"},
    {"Escapes", R"(a = '\n\t\\\'\"\a\b\f\r\v\x41\101\0\u00e9\U0001F600')",
     R"({"a":"\n\t\\'\"\x07\x08\x0C\x0D\x0BAA\x00é😀"})"},
    {"UnknownEscapesAreKept", R"(a = '\q\ \8\d'
b = '\777\1234')",
     R"({"a":"\\q\\ \\8\\d","b":"ǿS4"})"},
    {"JoinedLineInString", "a = 'x\\\ny'\nb = 'x\\\r\ny'", R"({"a":"xy","b":"xy"})"},
    {"RawStrings", R"(a = r'\n\x'
b = R"a\"b"
c = u'\x41'
d = r'\u0041')",
     R"({"a":"\\n\\x","b":"a\\\"b","c":"A","d":"\\u0041"})"},
    {"RawStringKeepsItsLineBreak", "a = r'x\\\r\ny'", R"({"a":"x\\\ny"})"},
    {"StringsWithMarks", "a = '# no comment'\nb = 'x = 1; y = ['\nc = '\t'",
     R"({"a":"# no comment","b":"x = 1; y = [","c":"\t"})"},
    {"Unicode", "é = 'ü'\nπ_1 = 3\n数 = '😀'", R"({"é":"ü","π_1":3,"数":"😀"})"},
    {"LineBreaksInStrings", "a = '''x\r\ny\rz\n'''\r\n", R"({"a":"x\ny\nz\n"})"},
    // Collections
    {"Lists", "a = []\nb = [1, 'x', None,]\nc = [[1], [[]]]\nd = [\n  1,\n\n  # c\n 2\n]",
     R"({"a":[],"b":[1,"x",null],"c":[[1],[[]]],"d":[1,2]})"},
    {"Tuples", "a = ()\nb = (1,)\nc = (1, 2)\nd = 1, 2\ne = 1,\nf = (1)\ng = ((1, 2), 3)\nh = ((('x')))",
     R"({"a":[],"b":[1],"c":[1,2],"d":[1,2],"e":[1],"f":1,"g":[[1,2],3],"h":"x"})"},
    {"Sets", "a = {1, 2}\nb = {'x',}\nc = {(1, 2)}", R"({"a":[1,2],"b":["x"],"c":[[1,2]]})"},
    {"Dicts", "a = {}\nb = {'x': 1, \"y\": [2],}\nc = {'x': {'y': {}}}\nd = {'x' 'y': 1, ('z'): 2}",
     R"({"a":{},"b":{"x":1,"y":[2]},"c":{"x":{"y":{}}},"d":{"xy":1,"z":2}})"},
    {"KeysBecomeText", "a = {1: 1, 0x10: 2, -1: 3, 1.5: 4, 1e0: 5, None: 7}",
     R"({"a":{"-1":3,"1":1,"1.0":5,"1.5":4,"16":2,"None":7}})", kDiffers},
    {"BooleanKeys", "a = {True: 1, False: 2}", R"({"a":{"False":2,"True":1}})"},
    {"LastOfEqualKeysWins", "a = {'x': 1, 'y': 2, 'x': 3}", R"({"a":{"x":3,"y":2}})"},
    {"BracketsJoinLines", "a = {\n'x':\n1,\n    'y'  :  (\n2\n)}\nb = 3", R"({"a":{"x":1,"y":2},"b":3})"},
    // Assignments
    {"LastAssignmentWins", "a = 1\nb = 2\na = 'x'", R"({"a":"x","b":2})"},
    {"NonLiteralLeavesTheLastLiteral", "a = 1\na = f()\na += 1\ndel b", R"({"a":1})"},
    {"Chained", "a = b = 1\nc = d.e = f[0] = (g, h) = [2]", R"({"a":1,"b":1,"c":[2]})"},
    {"Annotated", "a: int = 1\nb: Dict[str, int] = {'x': 1}\nc: 'T'\nd: Optional[int] = None\ne : x.y=2",
     R"({"a":1,"b":{"x":1},"d":null,"e":2})"},
    {"AnnotatedTuple", "a: tuple = 1, 2", R"({"a":[1,2]})"},
    {"Semicolons", "a = 1; b = 2;c=3 ;\nimport os; d = 4", R"({"a":1,"b":2,"c":3,"d":4})"},
    {"OtherTargets",
     "a, b = 1, 2\n[c] = [1]\nd.e = 1\nf[0] = 1\n*g, h = [1]\nf[0]: int = 1\nd.e: int = 1\n(i, j) = (1, 2)",
     "{}"},
    {"Augmented", "a = 1\na += 1\nb -= 1\nb @= 1\nb **= 1\nb //= 1\nb >>= 1\nb |= 1", R"({"a":1})"},
    {"Calls", "a = f(1)\nb = dict(x=1)\nc = [f()]\nd = {'x': f(y=1)}\ne = 'x'.upper()\ng = set()", "{}"},
    {"Names", "a = b\nb = x.y\nc = x[1]\nd = [1, a]\ne = {a: 1}\nf = {**a}\ng = [*a]\nh = Ellipsis\ni = ...",
     "{}"},
    {"Arithmetic",
     "a = 1 + 1\nb = 2 ** 3\nc = 'x' * 2\nd = -a\ne = ~1\nf = not True\ng = 1 < 2\nh = 1 == 1\ni = --1\nj = "
     "-True\nk = 'x' % 1\nl = [-1 ** 2]",
     "{}"},
    {"Conditions", "a = 1 if x else 2\nb = 1if x else 2\nc = x or 1\nd = 1 in [1]\ne = 1 and 2", "{}"},
    {"Comprehensions",
     "a = [1 for x in y]\nb = {1: 2 for x in y}\nc = {1 for x in y}\nd = (1 for x in y)\ne = [x for x in y]",
     "{}"},
    {"Lambdas", "a = lambda: 1\nb = lambda x=1: 2\nc = lambda x=1, y=2: (x, y)\nd = lambda *a, **k: 0", "{}"},
    {"Subscripts", "a = [1][0]\nb = {'x': 1}['x']\nc = (1, 2)[0]\nd = 'abc'[1:2]", "{}"},
    {"OtherLiterals",
     "a = b'x'\nb = Rb'y'\nc = f'x{1}'\nd = 'x' f'{y}'\ne = 1j\ng = 1.5J\nh = [1, 2j]\ni = fR'{x}'", "{}"},
    {"FormattedStrings",
     "a = f'{x!r:>{w}} {{ { {1: 2}[1] } }}'\nb = f'''{\nx\n:\n}'''\nc = f\"{d['x']:{'>'}}\"\nd = f'\\N{EM "
     "DASH} "
     "{x}'\n"
     "e = f'{x:%H:%M}'\ng = F'''{d[\"a\"]} '' '''\nh = rf'\\{x}'\ni = f'{a:=5} {(y:=2)} {x[1:2]}'\nz = 1",
     R"({"z":1})"},
    {"SameQuotesInFormattedStrings", "a = f'{d['x']}'\nb = f\"{f\"{f\"{1}\"}\"}\"\nc = f'{x # c\n}'\nz = 1",
     R"({"z":1})", kDiffers},
    {"TemplateStrings", "a = t'{x}'\nz = 1", R"({"z":1})", kDiffers},
    {"TooLargeButNotLiteral",
     "a = 99999999999999999999 + 1\nb = f(99999999999999999999)\nc = [99999999999999999999, x]", "{}"},
    {"WalrusAndKeywordArguments", "(a := 1)\nprint(b := 2, c=3)\nf(d=1)", "{}"},
    // Blocks
    {"IfAndLoopsDoNotCount",
     "if x:\n    a = 1\nelif y:\n  a = 2\nelse:\n\ta = 3\nfor i in z:\n  b = 1\nelse:\n  b = 2\nwhile 1:\n  "
     "c = 1\n  break\nz = 1",
     R"({"z":1})"},
    {"TryAndWithDoNotCount",
     "try:\n  a = 1\nexcept (A, B) as e:\n  a = 2\nfinally:\n  a = 3\nwith x as y, z:\n  b = 1\nz = 1",
     R"({"z":1})"},
    {"ExceptionGroups", "try: x\nexcept* C: a = 1\nz = 1", R"({"z":1})"},
    {"OneLineBlocksDoNotCount",
     "if x: a = 1; b = 2\nfor i in y: c = d = 1\nelse: e = f = 1\nwhile 0: g = h = 1\nz = 1", R"({"z":1})"},
    {"FunctionsDoNotCount",
     "def f(x=1, *, y: int = 2) -> int:\n  a = 1\n  def g(): b = 1\n  return a\nasync def h():\n  c = 1\n  "
     "async with x: d = 1\ndef self(): self.x = 1\nz = 1",
     R"({"z":1})"},
    {"MatchDoesNotCount",
     "match x:\n  case 1 | 2: a = b = 1\n  case [y, *z] if y:\n    c = 1\n  case {'k': v}:\n    d = 1\n  "
     "case P(x=0):\n    pass\nz = 1",
     R"({"z":1})"},
    {"SoftKeywordsAreNames",
     "match = 1\ncase = 2\ntype = 3\n_ = 4\nprint = 5\nmatch.x = 1\ntype(x)\nmatch(x)",
     R"({"_":4,"case":2,"match":1,"print":5,"type":3})"},
    {"TypeStatement", "type X = int\ntype Y[T] = list[T]\nz = 1", R"({"z":1})", kDiffers},
    {"SimpleStatements",
     "import os, sys as s\nfrom a.b import (c,\n d)\nfrom . import *\nfrom ...b import c\nfrom .... import "
     "d\nassert x == 1, 'm'\nglobal "
     "g\npass\nraise X from y\n'doc'\nz = 1",
     R"({"z":1})"},
    // Classes
    {"Class",
     "class A:\n    x = 1\n    y: str = 'b'\n    z: int\n    def f(self):\n        w = 1\n    v = [2]\nb = 2",
     R"({"A":{"v":[2],"x":1,"y":"b"},"b":2})"},
    {"EmptyClass", "class A: pass\nclass B:\n  'doc'\nclass C: ...", R"({"A":{},"B":{},"C":{}})"},
    {"ClassInOneLine", "class A: x = 1; y = 2\nz = 3", R"({"A":{"x":1,"y":2},"z":3})"},
    {"ClassHeaders",
     "class A(B, metaclass=M(x=1), **{'a': 1}): x = 1\nclass C(\n  D,\n):\n  y = 2\nclass E(): z = 3",
     R"({"A":{"x":1},"C":{"y":2},"E":{"z":3}})"},
    {"TypeParameters", "class A[T: int](B): x = 1", R"({"A":{"x":1}})", kDiffers},
    {"Decorators",
     "@dataclass(frozen=True)\n@a.b\nclass A:\n  x: int = 1\n  @property\n  def y(self): return 1\n@f\ndef "
     "g(): a = 1",
     R"({"A":{"x":1}})"},
    {"NestedClasses", "class A:\n  class B:\n    x = 1\n    class C: y = 2\n  z = 3",
     R"({"A":{"B":{"C":{"y":2},"x":1},"z":3}})"},
    {"Init",
     "class A:\n  x = 0\n  def __init__(self, a=1, *b: int, **c) -> None:\n    'doc'\n    "
     "super().__init__()\n    self.x = 1\n    self.y: int = 2\n    z = 3\n    self.a.b = 4\n    self.l = "
     "self.m = 5\n    n = self.n = 6\n    other.o = 7\n    self.p += 8\n    if x:\n      self.q = 9\n    "
     "self.r, s = 1, 2\n    self.t[0] = 1\n  w = 10",
     R"({"A":{"l":5,"m":5,"n":6,"w":10,"x":1,"y":2}})"},
    {"InitInOneLine", "class A:\n  def __init__(self): self.x = 1; self.y = 'a'\n  z = 2",
     R"({"A":{"x":1,"y":"a","z":2}})"},
    {"InitHidesItsOwnBlocks",
     "class A:\n  def __init__(self):\n    class B: x = 1\n    def f(): self.y = 1\n    self.z = 1\n",
     R"({"A":{"z":1}})"},
    {"DecoratedInit", "class A:\n  @f(x=1)\n  def __init__(self):\n    self.x = 1", R"({"A":{"x":1}})"},
    {"LaterAttributeWinsOverInit", "class A:\n  def __init__(self):\n    self.x = 1\n  x = 2",
     R"({"A":{"x":2}})"},
    {"ClassReplacesAndIsReplaced", "A = 1\nclass A: x = 1\nclass A: y = 2\nclass B: z = 3\nB = 4",
     R"({"A":{"y":2},"B":4})"},
    {"ClassesInBlocksDoNotCount", "if x:\n  class A: y = 1\ndef f():\n  class B: y = 1", "{}"},
    {"InitOutsideOfClasses", "def __init__(self):\n  self.x = 1\n  y = 2", "{}"},
    // Lines
    {"JoinedLines", "a = \\\n  1\nb \\\n= 2\nc = [1, \\\n2]\nd = 'x' \\\n 'y'",
     R"({"a":1,"b":2,"c":[1,2],"d":"xy"})"},
    {"CommentsAfterValues", "a = 1 # c\nb = 'x'# d\nc = [1, # ]\n2]", R"({"a":1,"b":"x","c":[1,2]})"},
    {"TypeComments", "a = 1  # type: int", R"({"a":1})"},
    {"CarriageReturns", "class A:\r\n  x = 1\r\n\r\n  y = 2\r\nb = [\r\n1]\r\nc = \\\r\n3\r\n",
     R"({"A":{"x":1,"y":2},"b":[1],"c":3})"},
    {"OldMacLines", "a = 1\rclass B:\r  x = 2\rc = 3", R"({"B":{"x":2},"a":1,"c":3})"},
    {"FormFeeds", "\fa = 1\n\f\nclass B:\n \f  x = 2\nc =\f3\n", R"({"B":{"x":2},"a":1,"c":3})"},
    {"Tabs", "class A:\n\tx = 1\n\tclass B:\n\t\ty = 2\n\tz\t=\t3", R"({"A":{"B":{"y":2},"x":1,"z":3}})"},
    {"BlankLinesHaveNoIndentation", "class A:\n  x = 1\n\n# c\n        # d\n\t\n  y = 2\n",
     R"({"A":{"x":1,"y":2}})"},
    {"BracketsHideIndentation", "class A:\n    x = [\n1,\n  2\n]\n    y = 3", R"({"A":{"x":[1,2],"y":3}})"},
    {"ByteOrderMark",
     "\xef\xbb\xbf"
     "a = 1\n",
     R"({"a":1})"},
    {"EncodingComment", "#!/usr/bin/python3\n# -*- coding: utf-8 -*-\na = 'é'", R"({"a":"é"})"},
    {"EncodingOfAsciiIsOfNoInterest", "# vim: set fileencoding=latin-1 :\na = 'e'", R"({"a":"e"})"},
    {"EncodingCountsInTwoLinesOnly", "\n\n# coding: latin-1\na = 'é'", R"({"a":"é"})"},
    {"EncodingCountsBeforeCodeOnly", "x = 1\n# coding: latin-1\na = 'é'", R"({"a":"é","x":1})"},
    {"OperatorsOfAllKinds",
     "x != y <= z >= 1 << 2 >> 3 // 4 % 5 ^ 6 & 7 | ~8 @ a\nf(*a, **b)\ny[...]\nx = -1", R"({"x":-1})"},
};

const PythonCase kBad[] = {
    {"OpenBracket", "a = 1\nb = [1,\nc = 2\n", "p.py:2:5: '[' is never closed"},
    {"OpenBraceInCall", "f({1)\n", "p.py:1:5: ')' cannot close '{' at 1:3"},
    {"ClosingNothing", "a = 1)\n", "p.py:1:6: ')' closes nothing"},
    {"UnterminatedString", "a = 1\nb = 'x\nc = 2\n", "p.py:2:5: string has no end"},
    {"UnterminatedAtTheEnd", "é = \"", "p.py:1:5: string has no end"},
    {"BackslashAtTheEndOfString", "a = 'x\\", "p.py:1:5: string has no end"},
    {"UnterminatedTriple", "a = '''x\n''\n", "p.py:1:5: string has no end"},
    {"UnterminatedInSkippedCode", "def f():\n  x = g(\"a)\n", "p.py:2:9: string has no end"},
    {"UnterminatedFormatted", "a = f'{x\n", "p.py:1:5: string has no end"},
    {"BracketsInFormatted", "a = f'{x)}'\n", "p.py:1:5: string has no end"},
    {"UnexpectedIndentation", "a = 1\n  b = 2\n", "p.py:2:3: unexpected indentation"},
    {"IndentationAtTheStart", "  a = 1\n", "p.py:1:3: unexpected indentation"},
    {"MissingBlock", "class A:\nx = 1\n", "p.py:2:1: expected an indented block"},
    {"MissingBlockAtTheEnd", "if x:\n  # c\n", "p.py:3:1: expected an indented block"},
    {"UnknownDedent", "if x:\n    a = 1\n  b = 2\n", "p.py:3:3: indentation fits no line above"},
    {"MixedTabs", "if x:\n        a = 1\n\tb = 2\n", "p.py:3:2: tabs and spaces are mixed"},
    {"MixedTabsDeeper", "if x:\n    if y:\n\ta = 2\n", "p.py:3:2: tabs and spaces are mixed"},
    {"BlockWithoutStatement", "a = x:\n  b = 1\n", "p.py:1:6: unexpected ':'"},
    {"BlockAfterCall", "f(x):  # c\n  b = 1\n", "p.py:1:5: unexpected ':' at the end of the line"},
    {"NoValue", "a = \nb = 1\n", "p.py:1:5: unexpected end of the line"},
    {"NoValueInList", "a = [1,,2]\n", "p.py:1:8: unexpected ','"},
    {"NoValueInDict", "a = {'x': }\n", "p.py:1:11: unexpected '}'"},
    {"KeyWithoutValue", "a = {'x': 1, 'y'}\n", "p.py:1:17: unexpected '}'"},
    {"TwoValues", "a = 1 2\n", "p.py:1:7: unexpected '2' after '1'"},
    {"ForgottenComma", "a = [\n  1\n  True]\n", "p.py:3:3: unexpected 'True' after '1'"},
    {"ForgottenCommaInCall", "f(a\n  b)\n", "p.py:2:3: unexpected 'b' after 'a'"},
    {"PrintStatement", "print 'x'\n", "p.py:1:7: unexpected ''x'' after 'print'"},
    {"OldOctal", "a = 012\n", "p.py:1:5: '012' is not a number of Python"},
    {"OldLong", "a = 1L\n", "p.py:1:5: '1L' is not a number of Python"},
    {"DoubleUnderscore", "a = 1__0\n", "p.py:1:5: '1__0' is not"},
    {"TrailingUnderscore", "a = 1_\n", "p.py:1:5: '1_' is not"},
    {"NoDigits", "a = 0x\n", "p.py:1:5: '0x' is not"},
    {"DigitOfNoBase", "a = 0b12\n", "p.py:1:5: '0b12' is not"},
    {"NoExponent", "a = 1e\n", "p.py:1:5: '1e' is not"},
    {"NumberThenName", "a = f(3px)\n", "p.py:1:7: '3px' is not"},
    {"UnknownCharacter", "a = 1 ? 2\n", "p.py:1:7: character '?' is not Python"},
    {"Dollar", "a = $x\n", "p.py:1:5: character '$' is not Python"},
    {"LoneExclamation", "!ls\n", "p.py:1:1: character '!' is not Python"},
    {"TypographicQuotes", "a = “x”\n", "p.py:1:5: character U+201C is not Python"},
    {"NoBreakSpace",
     "a =\xc2\xa0"
     "1\n",
     "p.py:1:4: character U+00A0 is not Python"},
    {"BackslashInLine", "a = \\ 1\n", "p.py:1:5: unexpected '\\': a line break must follow it"},
    {"BackslashAtTheEnd", "a = 1 \\", "p.py:1:7: unexpected '\\': a line break must follow it"},
    {"NullByte", std::string("a = 1\n\0b", 8), "p.py:2:1: a null byte is not Python"},
    {"Keyword", "a = 1\nlambda = 0.1\n", "p.py:2:1: 'lambda' is a keyword"},
    {"LiteralAsTarget", "'lr' = 0.1\n", "p.py:1:1: a literal cannot be assigned to"},
    {"CompoundAfterSemicolon", "a = 1; if x: b = 2\n", "p.py:1:8: unexpected 'if'"},
    {"ClassWithoutName", "class: x = 1\n", "p.py:1:6: unexpected ':'"},
    {"ClassWithoutColon", "class A\n", "p.py:1:8: unexpected end of the line"},
    {"LeadingSemicolon", "; a = 1\n", "p.py:1:1: unexpected ';'"},
    {"FewHexDigits", "a = 'x\\x4'\n", "p.py:1:7: escape '\\x4' has fewer than 2 hex digits"},
    {"NoCharacter", "a = '\\U00110000'\n", "p.py:1:6: escape '\\U00110000' is no character"},
    // Fine in Python, but no Value can hold them.
    {"TooLarge", "a = 1\nb = [\n 9223372036854775808]\n",
     "p.py:3:2: number '9223372036854775808' does not fit in 64 bits", kDiffers},
    {"TooSmall", "a = -9223372036854775809\n",
     "p.py:1:5: number '9223372036854775809' does not fit in 64 bits", kDiffers},
    {"TooLargeInHex", "class A:\n  x = 0x1_0000_0000_0000_0000",
     "p.py:2:7: number '0x1_0000_0000_0000_0000' does not fit", kDiffers},
    {"Surrogate", "a = '\\ud83d'\n", "p.py:1:6: escape '\\ud83d' is half a character", kDiffers},
    {"NamedCharacter", "a = '\\N{EM DASH}'\n",
     "p.py:1:6: escape '\\N{...}' is not supported: write the character itself", kDiffers},
    {"Latin1", "# coding: latin-1\na = 'é'\n",
     "p.py:2:6: the file says that its encoding is 'latin-1': only UTF-8 is read", kDiffers},
    {"NotUtf8", "a = '\xe9'\n", "p.py:1:6: byte 0xe9 is not UTF-8", kDiffers},
};

}  // namespace

void PrintTo(const PythonCase& one, std::ostream* out) {
  *out << one.name;
}

std::span<const PythonCase> good_python_cases() {
  return kGood;
}

std::span<const PythonCase> bad_python_cases() {
  return kBad;
}

}  // namespace cairn::text
