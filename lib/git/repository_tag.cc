// SPDX-License-Identifier: Apache-2.0
// Annotated tags as objects, which any ref may lead to.
#include "git/repository_state.h"

namespace cairn::git {

Result<Oid> Repository::write_tag(const NewTag& tag) {
  CAIRN_TRY_ASSIGN(ObjectHandle target, state_->find_object(from_oid(tag.target), GIT_OBJECT_ANY));
  CAIRN_TRY_ASSIGN(SignatureHandle person, default_person(state_->repository.get()));
  git_oid id;
  int code = git2().tag_annotation_create(&id, state_->repository.get(), tag.name.c_str(), target.get(),
                                          person.get(), tag.message.c_str());
  if (code < 0) {
    return library_error(code, "cannot write a Git tag");
  }
  return to_oid(id);
}

Result<std::optional<Tag>> Repository::read_tag(const Oid& id) {
  CAIRN_TRY_ASSIGN(ObjectHandle object, state_->find_object(from_oid(id), GIT_OBJECT_ANY));
  if (git2().object_type(object.get()) != GIT_OBJECT_TAG) {
    return std::optional<Tag>();
  }
  const auto* raw = reinterpret_cast<const git_tag*>(object.get());  // NOLINT: libgit2's own downcast
  Tag tag{id, to_oid(*git2().tag_target_id(raw)), git2().tag_name(raw), {}, {}, 0};
  if (const char* message = git2().tag_message(raw); message != nullptr) {
    tag.message = message;
  }
  if (const git_signature* tagger = git2().tag_tagger(raw); tagger != nullptr) {
    tag.tagger = std::string(tagger->name) + " <" + tagger->email + ">";
    tag.time = tagger->when.time;
  }
  return std::optional<Tag>(std::move(tag));
}

}  // namespace cairn::git
