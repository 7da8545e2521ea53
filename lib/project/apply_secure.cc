// SPDX-License-Identifier: Apache-2.0
// Stores whatever the plans would lose, before anything is changed.
#include <algorithm>

#include "base/escape.h"
#include "project/apply_target.h"

namespace cairn::project {
namespace {

/// A writer that is opened when first needed: most checkouts need none.
class LazyWriter {
 public:
  LazyWriter(Workspace& workspace, const Context& context) : workspace_(workspace), context_(context) {}

  Result<store::Writer*> get() {
    if (!writer_) {
      CAIRN_TRY_ASSIGN(store::Writer writer, workspace_.open_writer(context_));
      writer_.emplace(std::move(writer));
    }
    return &*writer_;
  }

  Result<std::uint64_t> commit() {
    if (!writer_) {
      return std::uint64_t{0};
    }
    CAIRN_TRY(writer_->commit());
    return writer_->stored_bytes();
  }

 private:
  Workspace& workspace_;
  const Context& context_;
  std::optional<store::Writer> writer_;
};

struct Doomed {
  Target* target = nullptr;
  const Node* node = nullptr;
};

Status store_doomed(Workspace& workspace, std::vector<Target>& targets, LazyWriter& writer) {
  std::vector<Doomed> doomed;
  std::vector<store::FileTask> tasks;
  for (Target& target : targets) {
    for (const Step& step : target.plan) {
      if (!target.failed() && step.store_first) {
        doomed.push_back({&target, step.present});
        store::FileTask task;
        task.path = path_of(target.path(), step.path());
        task.stat = step.present->stat;
        tasks.push_back(std::move(task));
      }
    }
  }
  if (tasks.empty()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(store::Writer * session, writer.get());
  CAIRN_TRY(session->put_files(workspace.files(), tasks));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].error) {
      doomed[i].target->fail(*tasks[i].error);
    } else if (tasks[i].id != doomed[i].node->id) {
      doomed[i].target->fail({Code::conflict, quoted(tasks[i].path) + " changed while it was being stored",
                              "run the command again"});
    }
  }
  return {};
}

/// True when the object is one that the target comes from or goes to, so it is in the store already.
bool is_known(const Target& target, const Materialised::Entry& entry) {
  const auto& base = target.transition->base;
  return target.transition->wanted == entry ||
         std::any_of(base.begin(), base.end(),
                     [&](const Transition::Record& record) { return record.entry == entry; });
}

Status keep_before(Workspace& workspace, Target& target, LazyWriter& writer) {
  const Listing before = listing_before(target.plan);
  CAIRN_TRY_ASSIGN(target.before, object_of(before, nullptr));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  const bool stored = target.before && is_known(target, *target.before) && store->has(target.before->object);
  if (target.before && target.before->object.family == store::Family::tree && !stored) {
    CAIRN_TRY_ASSIGN(store::Writer * session, writer.get());
    CAIRN_TRY_ASSIGN(target.before, object_of(before, session));
  }
  return {};
}

}  // namespace

Result<std::uint64_t> secure_targets(Workspace& workspace, std::vector<Target>& targets,
                                     const Context& context) {
  LazyWriter writer(workspace, context);
  CAIRN_TRY(store_doomed(workspace, targets, writer));
  for (Target& target : targets) {
    if (!target.acts()) {
      continue;
    }
    CAIRN_TRY(keep_before(workspace, target, writer));
  }
  return writer.commit();
}

}  // namespace cairn::project
