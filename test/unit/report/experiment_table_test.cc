// SPDX-License-Identifier: Apache-2.0
#include "report/experiment_table.h"

#include <gtest/gtest.h>

#include "text/yaml.h"

namespace cairn::report {
namespace {

std::vector<Document> documents(std::string path, std::string_view yaml) {
  text::Value value = text::parse_yaml(yaml, path).value();
  return {{std::move(path), std::move(value)}};
}

ExperimentRow row(std::string name, std::string_view params, std::string_view metrics) {
  return {std::move(name),
          "main",
          "done",
          "today",
          documents("params.yaml", params),
          documents("m.json", metrics)};
}

TEST(ExperimentsTable, HasMetricsAndTheParamsThatDiffer) {
  EXPECT_EQ(as_text(experiments_table({row("a", "{lr: 0.1, n: 3}", "{acc: 0.9}"),
                                       row("b", "{lr: 0.2, n: 3}", "{acc: 0.8, loss: 1}")},
                                      {5, true})),
            "Experiment  Base  Status  Created  acc  loss  lr\n"
            "a           main  done    today    0.9  -     0.1\n"
            "b           main  done    today    0.8  1     0.2\n");
}

TEST(ExperimentsTable, NamesTheFileOfAKeyThatSeveralHave) {
  ExperimentRow one = row("a", "{}", "{acc: 1}");
  one.metrics.push_back(documents("n.json", "{acc: 2}").front());
  EXPECT_EQ(experiments_table({one}, {5, true}).header,
            (Row{"Experiment", "Base", "Status", "Created", "m.json:acc", "n.json:acc"}));
}

TEST(FindValue, TakesAKeyWithOrWithoutItsFile) {
  ExperimentRow one = row("a", "{train: {lr: 0.1}}", "{acc: 0.9}");
  EXPECT_EQ(find_value(one, "acc")->float_value(), 0.9);
  EXPECT_EQ(find_value(one, "params.yaml:train.lr")->float_value(), 0.1);
  EXPECT_EQ(find_value(one, "train.lr")->float_value(), 0.1);
  EXPECT_EQ(find_value(one, "train"), nullptr);
  EXPECT_EQ(find_value(one, "other.json:acc"), nullptr);
}

TEST(SortsBefore, PutsNumbersFirstAndNothingLast) {
  text::Value two = text::Value::integer(2);
  text::Value half = text::Value::floating(0.5);
  text::Value word = text::Value::string("0");
  EXPECT_TRUE(sorts_before(&half, &two));
  EXPECT_FALSE(sorts_before(&two, &half));
  EXPECT_TRUE(sorts_before(&two, &word));
  EXPECT_TRUE(sorts_before(&word, nullptr));
  EXPECT_FALSE(sorts_before(nullptr, nullptr));
}

}  // namespace
}  // namespace cairn::report
