// SPDX-License-Identifier: Apache-2.0
#include "store/writer.h"

#include <optional>

#include "store/ingest.h"
#include "store/ingest_stream.h"
#include "store/lane.h"
#include "store/merge_packs.h"

namespace cairn::store {

struct Writer::State {
  State(Store& the_store, os::FileLock the_lock, codec::Compression compression, VerifyWrites verify,
        PackSink* sink, const Context& the_context)
      : context(the_context),
        lock(std::move(the_lock)),
        session{the_store,   the_store.index(),
                compression, PackWriter(the_store.paths().temporary(), handing_to(sink)),
                {},          verify,
                sink} {
    for (unsigned i = 0; i < std::max(1u, context.jobs); ++i) {
      lanes.push_back(std::make_unique<Lane>(session));
    }
  }
  static PackWriter::FullPack handing_to(PackSink* sink) {
    if (sink == nullptr) {
      return {};
    }
    return [sink](Store::FinishedPack pack) { return sink->take(std::move(pack)); };
  }
  Status publish();
  Status publish_here(std::vector<Store::FinishedPack> packs);

  Context context;
  os::FileLock lock;
  Session session;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::optional<Error> failure;  // of a commit: what it should have published is lost
};

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Writer::open(Store& store, codec::Compression compression, const Context& context,
                            VerifyWrites verify) {
  CAIRN_TRY_ASSIGN(os::FileLock lock, store.lock_for_writing());
  // What the index said before may have been collected since; from here on nobody collects.
  CAIRN_TRY(store.reload());
  return Writer(std::make_unique<State>(store, std::move(lock), compression, verify, nullptr, context));
}

Result<Writer> Writer::open_to(PackSink& sink, Store& store, codec::Compression compression,
                               const Context& context, VerifyWrites verify) {
  CAIRN_TRY_ASSIGN(os::FileLock lock, store.lock_for_writing());
  return Writer(std::make_unique<State>(store, std::move(lock), compression, verify, &sink, context));
}

Status Writer::put_files(const os::Root& root, std::span<FileTask> tasks) {
  return ingest_files(state_->lanes, root, tasks, state_->context);
}

Status Writer::put_streams(std::span<StreamTask> tasks) {
  return ingest_streams(state_->lanes, tasks, state_->context);
}

Result<Id> Writer::put_blob(Bytes bytes) {
  return state_->lanes.front()->put_object(Family::blob, bytes);
}

Result<Id> Writer::put_tree(const Tree& tree) {
  return state_->lanes.front()->put_object(Family::tree, encode_tree(tree));
}

Status Writer::commit() {
  if (state_->failure) {
    return *state_->failure;
  }
  Status done = state_->publish();
  if (!done.ok()) {
    state_->failure = done.error();
  }
  return done;
}

Status Writer::State::publish() {
  for (const auto& lane : lanes) {
    CAIRN_TRY(lane->flush());
  }
  CAIRN_TRY_ASSIGN(auto packs, session.packs.finish());
  if (session.sink == nullptr) {
    return publish_here(std::move(packs));
  }
  for (Store::FinishedPack& pack : packs) {
    CAIRN_TRY(session.sink->take(std::move(pack)));
  }
  return session.sink->commit();
}

Status Writer::State::publish_here(std::vector<Store::FinishedPack> packs) {
  CAIRN_TRY(session.store.publish(std::move(packs)));
  if (Status merged = merge_small_packs(session.store, context); !merged.ok()) {
    // What was committed is durable all the same; the next commit tries again.
    context.log.debug("small packs were not merged: " + merged.error().message());
  }
  session.index = session.store.index();
  return {};
}

bool Writer::has(const Object& object) const {
  const Session& session = state_->session;
  return session.has({content_kind(object.family), object.id}) ||
         session.has({recipe_kind(object.family), object.id});
}

std::uint64_t Writer::stored_bytes() const {
  return state_->session.packs.stored_bytes();
}

}  // namespace cairn::store
