// SPDX-License-Identifier: Apache-2.0
// Every edit of every stage of oddly written files: outside of the edited stage no byte changes, and the
// result reads as what was meant; or the edit is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "pipeline/stage_edit.h"
#include "support/matchers.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Value;

/// Each has a stage "a" with dep "x" and out "o", and others around it.
const std::vector<std::string>& corpus() {
  static const std::vector<std::string> texts = {
      "stages:\n  a:\n    cmd: c\n    deps: [x]\n    outs: [o]\n",
      "stages:\n  z: {cmd: z}\n  a:\n    cmd: c\n    deps: [x]\n    outs: [o]\n  b: {cmd: b}\n",
      "# head\n\nstages: # of all\n  # of z\n  z: {cmd: z} # z\n\n  # of a\n  # more of a\n  a: # here\n    "
      "# cmd\n    cmd: c "
      "# tail\n    deps: # d\n      # one\n      - x # x\n    outs:\n      - o\n    # end of a\n\n  # of b\n "
      " b: {cmd: b}\n# foot\n",
      "stages: {z: {cmd: z}, a: {cmd: c, deps: [x], outs: [o]}, b: {cmd: b}}\n",
      "stages: {a: {cmd: c, deps: [x], outs: [o]}}",
      "{stages: {z: {cmd: z}, a: {cmd: c, deps: [x], outs: [o]}}}\n",
      "stages: {\n  z: {cmd: z}, # z\n  a: {cmd: c, deps: [x],\n    outs: [o]}, # a\n  b: {cmd: b}\n}\n",
      "{\"stages\": {\"a\": {\"cmd\": \"c\", \"deps\": [\"x\"], \"outs\": [\"o\"]}, \"b\": {\"cmd\": "
      "\"b\"}}}",
      "stages:\r\n  z:\r\n    cmd: z\r\n  # of a\r\n  a:\r\n    cmd: c\r\n    deps:\r\n    - x\r\n    "
      "outs:\r\n    - o\r\n  "
      "b:\r\n    cmd: b\r\n",
      "stages:\r\n  a:\r\n    cmd: c\r\n    deps: [x]\r\n    outs: [o]",
      "stages:\n  a:\n    cmd: c\n    deps: [x]\n    outs: [o]\n  b:\n    cmd: b",
      "stages:\n  b:\n    cmd: b\n  a:\n    cmd: c\n    deps:\n    - x\n    outs:\n    - o",
      "stages:\n        a:\n            cmd: c\n            deps:\n                -   x\n            "
      "outs:\n            -   o\n "
      "       b:\n                cmd: b\n",
      "stages:\n a:\n  cmd: c\n  deps:\n  - x\n  outs:\n   - o\n b:\n  cmd: b\n",
      "stages:\n  a:\n    cmd: c\t\n    deps:\t# tab\n      - x\t\n    outs: [o]\t\n  b: {cmd: b}\t\n",
      "stages:   \n  a:   \n    cmd: c   \n    deps:   \n      - x   \n    outs: [ o ]   \n  b: {cmd: b}   "
      "\n",
      "stages:\n  'a':\n    'cmd': \"c\"\n    \"deps\": ['x']\n    outs: [\"o\"]\n  \"b\": {cmd: b}\n",
      "stages:\n  größe:\n    cmd: echo ß # ü\n    desc: 日本語\n  a:\n    cmd: echo ✓\n    deps: [x]\n    "
      "outs: [o]\n  # ende "
      "— fin\n  ñ: {cmd: b}\n",
      "stages:\n  a:\n    cmd: |\n      line one\n      line two\n\n    deps:\n      - x\n    outs:\n      - "
      "o\n  b:\n    cmd: "
      ">-\n      folded\n      text\n",
      "stages:\n  a:\n    deps: [x]\n    outs: [o]\n    cmd: |+\n      keep\n\n\n  b:\n    cmd: b\n",
      "stages:\n  a:\n    deps: [x]\n    outs: [o]\n    cmd: >\n      folded\n\n      text\n\n\n\n  b:\n    "
      "cmd: b\n\n\n",
      "stages:\n  a:\n    cmd: c\n    deps: [x]\n    outs:\n      - o:\n          cache: false # kept\n      "
      "    desc: 'it''s'\n  b: "
      "{cmd: b}\n",
      "stages:\n  a:\n    cmd: c\n    deps: [x]\n    metrics:\n    - o: {cache: false}\n    - m.json\n  b: "
      "{cmd: b}\n",
      "stages:\n  z: &base\n    cmd: z\n  a:\n    cmd: c\n    deps: [x]\n    outs: [o]\n  b: {cmd: b}\n",
      "meta: &d [x]\nstages:\n  a:\n    cmd: c\n    deps: *d\n    outs: [o]\n  b: {cmd: b, deps: *d}\n",
      "stages:\n  a: &a\n    cmd: c\n    deps: [x]\n    outs: [o]\n  b:\n    <<: *a\n    outs: [p]\n",
      "stages:\n  z: &z {cmd: z, desc: d}\n  a:\n    <<: *z\n    cmd: c\n    deps: [x]\n    outs: [o]\n",
      "stages:\n  a:\n    cmd: c\n    deps: &deps\n    - x\n    outs: [o]\n  b:\n    cmd: b\n    deps: "
      "*deps\n",
      "---\nstages:\n  a:\n    cmd: c\n    deps: [x]\n    outs: [o]\n  b: {cmd: b}\n...\n",
      "%YAML 1.2\n---\nstages:\n  a:\n    cmd: c\n    deps: [x]\n    outs: [o]\n",
      "\xef\xbb\xbfstages:\n  a:\n    cmd: c\n    deps: [x]\n    outs: [o]\n  b: {cmd: b}\n",
      "params:\n- p.yaml\nstages:\n\n\n  a:\n\n    cmd: c\n\n    deps:\n\n      - x\n\n    outs:\n\n      - "
      "o\n\n\n\n  b:\n    cmd: "
      "b\n\n\nmetrics:\n- m.json\n",
      "stages:\n  a: {cmd: c, deps: [x, ], outs: [o, ], }\n  b: {cmd: b}\n",
      "stages:\n  a:\n    {cmd: c,\n     deps: [x], # d\n     outs: [o]}\n  b:\n    {cmd: b}\n",
      "stages:\n  ? a\n  : cmd: c\n    deps: [x]\n    outs: [o]\n  b: {cmd: b}\n",
      "stages:\n  a:\n    cmd:\n      - one\n      - two # 2\n    deps:\n    # before\n    - x\n    # "
      "after\n    outs:\n    - o\n  # "
      "b's\n  b:\n    cmd: [b]\n",
      "stages:\n  a:\n    frozen: false # not yet\n    cmd: c\n    deps: [x]\n    outs: [o]\n    desc: "
      "\"two\n      lines\"\n  b: {cmd: "
      "b}\n",
      "stages:\n    b:\n        cmd: b\n# at the left\n    a:\n        cmd: c\n# at the left too\n        "
      "deps: [x]\n        outs: "
      "[o]\n",
      "stages:\n  a:\n    cmd: c\n    deps: [\n      x,\n      y # why\n    ]\n    outs: [o]\n  b: {cmd: "
      "b}\n",
      "stages:\n  a: !!map\n    cmd: !!str c\n    deps: [x]\n    outs: [o]\n  b: {cmd: b}\n",
  };
  return texts;
}

struct Named {
  std::string name;
  std::function<Result<std::string>(const text::Document&)> apply;
  std::function<void(Value& stages)> meant;  ///< the same on the tree of `stages`
};

Value strings(const std::vector<std::string>& items) {
  Value list = Value::list();
  for (const std::string& item : items) {
    list.append(Value::string(item));
  }
  return list;
}

void take_item(Value& stage, std::string_view key, const std::string& path) {
  Value* list = stage.find(key);
  if (list == nullptr) {
    return;
  }
  Value kept = Value::list();
  for (const Value& item : list->items()) {
    const bool is_it = item == Value::string(path) || item.find(path) != nullptr;
    if (!is_it) {
      kept.append(item);
    }
  }
  if (kept.items().empty()) {
    stage.remove(key);
  } else {
    stage.set(key, std::move(kept));
  }
}

Named changed(std::string name, const StageChanges& changes, std::function<void(Value&)> on_stage) {
  return {std::move(name),
          [changes](const text::Document& document) {
            Surroundings nothing;
            return edit_stage(document, "a", changes, nothing);
          },
          [on_stage](Value& stages) { on_stage(*stages.find("a")); }};
}

std::vector<Named> edits_of_lists() {
  StageChanges add_dep;
  add_dep.add.deps = {"new dep: #1"};
  StageChanges add_outs;
  add_outs.add.outs_no_cache = {"n"};
  StageChanges remove_dep;
  remove_dep.remove_deps = {"x"};
  StageChanges remove_out;
  remove_out.remove_outs = {"o"};
  StageChanges add_param;
  add_param.add.params = {"lr"};
  return {
      changed("add dep", add_dep,
              [](Value& stage) {
                Value deps = stage.find("deps") == nullptr ? Value::list() : *stage.find("deps");
                deps.append(Value::string("new dep: #1"));
                stage.set("deps", std::move(deps));
              }),
      changed("add out", add_outs,
              [](Value& stage) {
                Value flags = Value::map();
                flags.set("cache", Value::boolean(false));
                Value out = Value::map();
                out.set("n", std::move(flags));
                Value outs = stage.find("outs") == nullptr ? Value::list() : *stage.find("outs");
                outs.append(std::move(out));
                stage.set("outs", std::move(outs));
              }),
      changed("add param", add_param, [](Value& stage) { stage.set("params", strings({"lr"})); }),
      changed("remove dep", remove_dep, [](Value& stage) { take_item(stage, "deps", "x"); }),
      changed("remove out", remove_out,
              [](Value& stage) {
                take_item(stage, "outs", "o");
                take_item(stage, "metrics", "o");
              }),
  };
}

std::vector<Named> edits_of_keys() {
  StageChanges cmd;
  cmd.add.cmd = "new: 'cmd' # not a comment";
  StageChanges lines;
  lines.add.cmd = "one\ntwo\n";
  StageChanges timeout;
  timeout.set = {"timeout=90s"};
  StageChanges env;
  env.add.env = {"A=1"};
  return {
      changed("cmd", cmd,
              [](Value& stage) { stage.set("cmd", Value::string("new: 'cmd' # not a comment")); }),
      changed("lines", lines, [](Value& stage) { stage.set("cmd", Value::string("one\ntwo\n")); }),
      changed("timeout", timeout, [](Value& stage) { stage.set("timeout", Value::string("90s")); }),
      changed("env", env,
              [](Value& stage) {
                Value map = Value::map();
                map.set("A", Value::string("1"));
                stage.set("env", std::move(map));
              }),
      {"freeze",
       [](const text::Document& document) {
         Surroundings nothing;
         return set_frozen(document, "a", Frozen::yes, nothing);
       },
       [](Value& stages) { stages.find("a")->set("frozen", Value::boolean(true)); }},
      {"remove",
       [](const text::Document& document) {
         Surroundings nothing;
         return remove_stage(document, "a", nothing);
       },
       [](Value& stages) { stages.remove("a"); }},
      {"add stage",
       [](const text::Document& document) {
         Surroundings nothing;
         StageDraft draft;
         draft.name = "fresh";
         draft.cmd = "f";
         return add_stage(document, draft, Overwrite::refuse, nothing);
       },
       [](Value& stages) {
         Value stage = Value::map();
         stage.set("cmd", Value::string("f"));
         stages.set("fresh", std::move(stage));
       }},
  };
}

/// Bytes at the start and the end that may not change: all before the comments right above the stage's key,
/// and all behind the line where the stage ends; of a stage in brackets all outside of its entry.
struct Bounds {
  std::size_t before = 0;
  std::size_t after = 0;
};

std::size_t line_start(const std::string& text, std::size_t at) {
  const std::size_t newline = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  return newline == std::string::npos ? 0 : newline + 1;
}

/// Start of the line after `at`; `at` itself at the start of a line.
std::size_t next_line(const std::string& text, std::size_t at) {
  if (line_start(text, at) == at) {
    return at;
  }
  const std::size_t newline = text.find('\n', at);
  return newline == std::string::npos ? text.size() : newline + 1;
}

/// The end of a stage's text: the next line that is not empty, or a comment deeper than its key, behind its
/// value.
Bounds bounds_of(const std::string& text, const Value& document, std::string_view name) {
  const Value& stages = *document.find("stages");
  const auto entries = stages.entries();
  const auto own =
      std::find_if(entries.begin(), entries.end(), [name](const text::Entry& e) { return e.key == name; });
  if (own == entries.end()) {
    return {std::min(text.find_last_not_of(" \t\r\n}.#") + 1, stages.end().offset), 0};  // added at the end
  }
  Bounds bounds;
  if (stages.style() == text::Style::flow) {
    bounds.before = own == entries.begin() ? own->key_begin.offset : (own - 1)->value.end().offset;
    bounds.after = own + 1 == entries.end() ? own->value.end().offset : (own + 1)->key_begin.offset;
  } else {
    bounds.before = line_start(text, own->key_begin.offset);
    const std::size_t column = own->key_begin.column - 1;
    while (bounds.before > 0) {
      const std::size_t above = line_start(text, bounds.before - 1);
      if (text.find_first_not_of(' ', above) != above + column || text[above + column] != '#') {
        break;
      }
      bounds.before = above;
    }
    bounds.after = own + 1 == entries.end() ? next_line(text, stages.end().offset)
                                            : line_start(text, (own + 1)->key_begin.offset);
    // Comments of the next stage and blank lines are outside.
    while (bounds.after > own->value.begin().offset) {
      const std::size_t above = line_start(text, bounds.after - 1);
      const std::size_t first = text.find_first_not_of(" \r", above);
      const bool kept = text.find("|+") != std::string::npos;  // blank lines belong to the text above them
      const bool blank = !kept && (first == std::string::npos || text[first] == '\n');
      const bool comment = !blank && text[first] == '#' && first - above <= column;
      if (above <= own->value.begin().offset || !(blank || comment)) {
        break;
      }
      bounds.after = above;
    }
  }
  bounds.after = text.size() - std::min(bounds.after, text.size());
  return bounds;
}

class EveryEdit {
 public:
  EveryEdit(const std::string& text, const Named& edit) : text_(text), edit_(edit) {}

  /// True if it was made.
  bool check() {
    SCOPED_TRACE(edit_.name + "\n" + text_);
    Result<Value> before = text::parse_yaml(text_, "cairn.yaml");
    EXPECT_OK(before);
    Result<std::string> after = edit_.apply({text_, "cairn.yaml"});
    if (!after.ok()) {
      EXPECT_EQ(after.error().code(), Code::malformed) << after.error().message();
      EXPECT_NE(after.error().message().find("cairn.yaml"), std::string::npos) << after.error().message();
      return false;
    }
    Result<Value> read = text::parse_yaml(*after, "cairn.yaml");
    EXPECT_OK(read);
    if (before.ok() && read.ok()) {
      Value wanted = *before;
      edit_.meant(*wanted.find("stages"));
      EXPECT_EQ(text::canonical(*read), text::canonical(wanted)) << *after;
      check_bytes(*before, *after);
    }
    return true;
  }

 private:
  void check_bytes(const Value& before, const std::string& after) const {
    const std::string_view name = edit_.name == "add stage" ? "fresh" : "a";
    const Bounds bounds = bounds_of(text_, before, name);
    std::string prefix = text_.substr(0, bounds.before);
    if (edit_.name == "remove" && before.find("stages")->entries().size() == 1 &&
        after.find("stages: {}") != std::string::npos) {
      prefix.resize(prefix.find("stages:"));  // "stages:" becomes "stages: {}"
    }
    EXPECT_EQ(after.substr(0, prefix.size()), prefix);
    // A file without a line break at its end gets one when lines are put behind its last.
    const std::string suffix = text_.substr(text_.size() - bounds.after);
    EXPECT_TRUE(after.ends_with(suffix)) << "lost: " << suffix << "\nnow: " << after;
    EXPECT_GE(after.size(), prefix.size() + suffix.size());
  }

  const std::string& text_;
  const Named& edit_;
};

TEST(StageEditLayout, NothingOutsideTheStageChanges) {
  std::vector<Named> edits = edits_of_lists();
  for (Named& edit : edits_of_keys()) {
    edits.push_back(std::move(edit));
  }
  std::size_t made = 0;
  for (const std::string& text : corpus()) {
    for (const Named& edit : edits) {
      made += EveryEdit(text, edit).check() ? 1U : 0U;
    }
  }
  // Refused are only edits that would change what an anchor gives to others, or keys written as "? a".
  const std::size_t all = corpus().size() * edits.size();
  EXPECT_GE(corpus().size(), 30U);
  EXPECT_GT(made * 10, all * 9) << made << " of " << all;
}

}  // namespace
}  // namespace cairn::pipeline
