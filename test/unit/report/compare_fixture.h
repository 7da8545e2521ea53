// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "report/output_compare.h"
#include "support/store_fixture.h"

namespace cairn::report {

/// A store with what is compared.
class CompareFixture : public test::StoreFixture {
 protected:
  void SetUp() override { store_ = open(); }

  pipeline::PathState file(std::string_view content, bool executable = false) {
    return {{store::Family::blob, put(*store_, as_bytes(content)), content.size()}, 0, executable};
  }
  store::TreeEntry entry(std::string_view name, std::string_view content,
                         store::TreeKind kind = store::TreeKind::file) {
    store::TreeEntry entry;
    entry.name = name;
    entry.kind = kind;
    if (kind == store::TreeKind::symlink) {
      entry.target = content;
    } else {
      entry.id = put(*store_, as_bytes(content));
      entry.size = content.size();
    }
    return entry;
  }
  /// REQUIRES: entries are sorted by name.
  pipeline::PathState folder(std::vector<store::TreeEntry> entries) {
    store::Tree tree{std::move(entries)};
    const store::Id id = put(*store_, tree);
    return {{store::Family::tree, id, tree.total_size()}, tree.total_files(), false};
  }
  store::TreeEntry subfolder(std::string_view name, std::vector<store::TreeEntry> entries) {
    const pipeline::PathState state = folder(std::move(entries));
    return {std::string(name), store::TreeKind::folder, state.object.id, state.object.size, state.files, ""};
  }

  Result<OutputComparison> compare(const pipeline::PathState& before, const pipeline::PathState& after,
                                   const CompareRule& rule = {}) {
    store::Reader reader(*store_);
    return compare_outputs(reader, before, after, rule);
  }
  /// The words of the first difference; "equal", "identical", or the error.
  std::string words(const pipeline::PathState& before, const pipeline::PathState& after,
                    const CompareRule& rule = {}) {
    auto out = compare(before, after, rule);
    if (!out.ok()) {
      return "error: " + out.error().message();
    }
    EXPECT_EQ(out->equal, !out->first.has_value());
    return out->identical ? "identical" : out->equal ? "equal" : out->first->text;
  }
  std::string words(std::string_view before, std::string_view after, const CompareRule& rule = {}) {
    return words(file(before), file(after), rule);
  }
  std::string extent(std::string_view before, std::string_view after, const CompareRule& rule) {
    auto out = compare(file(before), file(after), rule);
    return out.ok() ? out->extent : "error: " + out.error().message();
  }

  std::unique_ptr<store::Store> store_;
};

}  // namespace cairn::report
