// SPDX-License-Identifier: Apache-2.0
#include "pipeline/random_sources.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cairn::pipeline {
namespace {

/// "LINE: TEXT", "" for none.
std::string use(std::string_view text, ScriptLanguage language) {
  const std::optional<RandomUse> found = find_random_use(text, language);
  return found ? fmt::format("{}: {}", found->line, found->text) : "";
}
std::string python(std::string_view text) {
  return use(text, ScriptLanguage::python);
}
std::string r(std::string_view text) {
  return use(text, ScriptLanguage::r);
}
std::string julia(std::string_view text) {
  return use(text, ScriptLanguage::julia);
}
std::string shell(std::string_view text) {
  return use(text, ScriptLanguage::shell);
}

TEST(ScriptLanguage, GoesByTheEnding) {
  EXPECT_EQ(script_language("src/a.py"), ScriptLanguage::python);
  EXPECT_EQ(script_language("a.R"), ScriptLanguage::r);
  EXPECT_EQ(script_language("a.r"), ScriptLanguage::r);
  EXPECT_EQ(script_language("a.jl"), ScriptLanguage::julia);
  EXPECT_EQ(script_language("a.sh"), ScriptLanguage::shell);
  EXPECT_EQ(script_language("a.csv"), std::nullopt);
  EXPECT_EQ(script_language("py"), std::nullopt);
}

TEST(FindRandomUse, FindsImportsOfPython) {
  EXPECT_EQ(python("import sys\nimport random\n"), "2: import random");
  EXPECT_EQ(python("import os as o, torch.nn as nn\n"), "1: import torch.nn");
  EXPECT_EQ(python("try: import jax\nexcept ImportError: pass\n"), "1: import jax");
  EXPECT_EQ(python("def f():\n  from random import shuffle, choice\n"), "2: from random import");
  EXPECT_EQ(python("from numpy import linalg, random\n"), "1: from numpy import random");
  EXPECT_EQ(python("import numpy as np\nx = np.random.rand(3)\n"), "2: np.random");
  EXPECT_EQ(python("import secrets"), "1: import secrets");
}

TEST(FindRandomUse, LeavesAloneWhatIsNoSourceInPython) {
  EXPECT_EQ(python(""), "");
  EXPECT_EQ(python("import randomness, torchlight, numpy\nfrom .random import x\n"), "");
  EXPECT_EQ(python("# import random\nx = 'import random' # np.random\n"), "");
  EXPECT_EQ(python("\"\"\"\nimport random\n\"\"\"\n'''\nimport torch'''\nx = \"a\\\"\\nnp.random\"\n"), "");
  EXPECT_EQ(python("raise E from random\n"), "");
}

TEST(FindRandomUse, CountsLinesThroughStringsAndComments) {
  EXPECT_EQ(python("\"\"\"a\nb\"\"\"\n# c\nx = 'it is # no comment'\nimport random\n"), "5: import random");
  EXPECT_EQ(python("x = 'not ended\nimport random\n"), "2: import random");
}

TEST(FindRandomUse, SaysNothingWhereALiteralSeedIsSet) {
  EXPECT_EQ(python("import random\nrandom.seed(42)\n"), "");
  EXPECT_EQ(python("import random\nrandom.seed('text')\n"), "");
  EXPECT_EQ(python("import numpy as np\nrng = np.random.default_rng(seed=7)\n"), "");
  EXPECT_EQ(python("import torch\ntorch.manual_seed( 0 )\n"), "");
  EXPECT_EQ(python("import jax\nkey = jax.random.PRNGKey(0)\n"), "");
  EXPECT_EQ(python("import random\nrandom.seed(time.time())\n"), "1: import random");
  EXPECT_EQ(python("import random\nrandom.seed()\n# random.seed(42)\n"), "1: import random");
}

TEST(FindRandomUse, KnowsR) {
  EXPECT_EQ(r("x <- 1\ny <- rnorm(10)\n"), "2: rnorm(");
  EXPECT_EQ(r("stats::runif (3)"), "1: runif(");
  EXPECT_EQ(r("resample(1); x <- sample; y <- 'sample(1)' # sample(1)\n"), "");
  EXPECT_EQ(r("set.seed(-1)\nsample(5)\n"), "");
  EXPECT_EQ(r("set.seed(Sys.time())\nsample(5)\n"), "2: sample(");
}

TEST(FindRandomUse, KnowsJulia) {
  EXPECT_EQ(julia("#= rand(1)\n rand(2) =#\nx = A'\ny = rand(3)\n"), "4: rand(");
  EXPECT_EQ(julia("c = '\"'; x = Random.shuffle!(y)\n"), "1: Random.shuffle!(");
  EXPECT_EQ(julia("using Random\nRandom.seed!(1)\nrand(3)\n"), "");
  EXPECT_EQ(julia("rng = Xoshiro(5)\nrand(rng)\n"), "");
  EXPECT_EQ(julia("strand(1); \"rand(1)\"; \"\"\"\nrand(2)\"\"\"\n"), "");
}

TEST(FindRandomUse, KnowsShells) {
  EXPECT_EQ(shell("#!/bin/sh\n# shuf\necho $RANDOM\n"), "3: $RANDOM");
  EXPECT_EQ(shell("x=\"it's ${RANDOM}\"\n"), "1: $RANDOM");
  EXPECT_EQ(shell("cat a | shuf -n 3 > b\n"), "1: shuf");
  EXPECT_EQ(shell("sort a | uniq -R\nsort -uR a\n"), "2: sort -R");
  EXPECT_EQ(shell("sort --random-sort a"), "1: sort -R");
  EXPECT_EQ(shell("echo 'shuf $RANDOM' $# shuffle sort -r\n"), "");
  EXPECT_EQ(shell("RANDOM=42\necho $RANDOM\n"), "");
  EXPECT_EQ(shell("shuf --random-source=seed.bin a\n"), "");
}

TEST(FindRandomUse, TakesAnyBytes) {
  for (const ScriptLanguage language :
       {ScriptLanguage::python, ScriptLanguage::r, ScriptLanguage::julia, ScriptLanguage::shell}) {
    for (const std::string_view text : {"'", "\"", "\"\"\"", "#=", "\\", "'\\", "\"\\", "import", "from",
                                        "sort", "$", "\xff\x00'", "\"\"\"\\"}) {
      EXPECT_EQ(use(text, language), "");
    }
  }
}

}  // namespace
}  // namespace cairn::pipeline
