// SPDX-License-Identifier: Apache-2.0
#include "report/value_tables.h"

#include <gtest/gtest.h>

#include "text/yaml.h"

namespace cairn::report {
namespace {

Document document(std::string path, std::string_view yaml) {
  text::Value value = text::parse_yaml(yaml, path).value();
  return {std::move(path), std::move(value)};
}

TEST(DiffTable, HasARowForEachValue) {
  auto diffs = compare({document("m.json", "{acc: 0.9, n: 1}")}, {document("m.json", "{acc: 0.95, n: 1}")},
                       Unchanged::hide);
  EXPECT_EQ(as_text(diff_table(diffs, {"Metric", "HEAD", "workspace", "Change"}, {5, true})),
            "Path    Metric  HEAD  workspace  Change\n"
            "m.json  acc     0.9   0.95       0.05\n");
}

TEST(DiffTable, LeavesOutWhatIsNotWanted) {
  auto diffs = compare({document("p.yaml", "a: 1")}, {}, Unchanged::hide);
  EXPECT_EQ(as_csv(diff_table(diffs, {"Param", "HEAD", "workspace", ""}, {{}, false})),
            "Param,HEAD,workspace\na,1,\n");
}

TEST(MetricsTable, HasAColumnForEachKey) {
  std::vector<Revision> revisions = {{"main", {document("m.json", "{acc: 0.9}")}},
                                     {"dev", {document("m.json", "{loss: 1, acc: 0.8}")}}};
  EXPECT_EQ(as_text(metrics_table(revisions, {5, true})),
            "Revision  Path    acc  loss\n"
            "main      m.json  0.9  -\n"
            "dev       m.json  0.8  1\n");
}

TEST(MetricsTable, NamesNoRevisionWhenOnlyTheWorkspaceIsShown) {
  EXPECT_EQ(as_text(metrics_table({{"", {document("acc.txt", "0.5")}}}, {5, true})),
            "Path     acc.txt\n"
            "acc.txt  0.5\n");
}

TEST(ParamsTable, HasAColumnForEachRevision) {
  std::vector<Revision> revisions = {{"main", {document("p.yaml", "{a: 1, b: {c: x}}")}},
                                     {"dev", {document("p.yaml", "{a: 2}")}}};
  EXPECT_EQ(as_text(params_table(revisions, {5, true})),
            "Path    Param  main  dev\n"
            "p.yaml  a      1     2\n"
            "p.yaml  b.c    x     -\n");
}

}  // namespace
}  // namespace cairn::report
