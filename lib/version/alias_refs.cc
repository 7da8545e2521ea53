// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"
#include "git/shared_refs.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"
#include "version/version_refs.h"

namespace cairn::version {
namespace {

using git::SharedKind;
using git::SharedRef;
using text::Value;

/// `version` "": the alias is taken away. `previous` makes a chain of the moves, so that no two are alike.
std::string write_move(const std::string& alias, const std::string& version,
                       const std::vector<SharedRef>& before) {
  Value record = Value::map();
  record.set("cairn", Value::integer(1));
  record.set("alias", Value::string(alias));
  record.set("version", version.empty() ? Value::null() : Value::string(version));
  if (!before.empty()) {
    record.set("previous", Value::string(before.back().target.hex()));
  }
  return text::write_yaml(record);
}

Result<AliasMove> read_move(git::Repository& git, const SharedRef& shared) {
  const Error foreign(Code::malformed, quoted(shared.ref) + " is no alias that cairn made",
                      "git update-ref -d " + escaped(shared.ref) + ", if nobody needs it");
  CAIRN_TRY_ASSIGN(std::optional<git::Tag> tag, git.read_tag(shared.target));
  auto record = text::parse_yaml(tag ? tag->message : "", shared.ref);
  const Value* version = record.ok() ? record->find("version") : nullptr;
  if (version == nullptr || tag->name != shared.name) {
    return foreign;
  }
  AliasMove move{shared.name, {}, tag->target, shared.commit, tag->tagger, tag->time};
  if (version->is(text::Kind::null)) {
    return move;
  }
  CAIRN_TRY_ASSIGN(std::optional<git::Tag> named, git.read_tag(tag->target));
  if (!named || !version->is(text::Kind::string) || named->name != version->string_value()) {
    return foreign;
  }
  move.version = named->name;
  return move;
}

Status append_move(git::Repository& git, const std::string& alias, const std::string& version,
                   const git::Oid& target) {
  CAIRN_TRY_ASSIGN(auto before, git::shared_refs(git, SharedKind::alias, alias));
  CAIRN_TRY_ASSIGN(git::Oid tag, git.write_tag({target, alias, write_move(alias, version, before)}));
  return git::append_shared(git, SharedKind::alias, alias, tag);
}

}  // namespace

Status set_alias(project::Workspace& workspace, const std::string& alias, const Version& version) {
  CAIRN_TRY(check_alias_name(alias));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto versions, git::shared_refs(*git, SharedKind::version, alias));
  if (!versions.empty()) {
    return Error(Code::exists, "there is a version " + quoted(alias), "choose another name for the alias");
  }
  return append_move(*git, alias, version.name, version.tag);
}

Result<std::optional<AliasMove>> find_alias(project::Workspace& workspace, const std::string& alias) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, SharedKind::alias, alias));
  if (refs.empty()) {
    return std::optional<AliasMove>();
  }
  CAIRN_TRY_ASSIGN(AliasMove move, read_move(*git, refs.back()));
  return move.version.empty() ? std::nullopt : std::optional(std::move(move));
}

Result<std::vector<AliasMove>> alias_history(project::Workspace& workspace, const std::string& alias) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, SharedKind::alias, alias));
  std::vector<AliasMove> moves;
  for (const SharedRef& shared : refs) {
    CAIRN_TRY_ASSIGN(AliasMove move, read_move(*git, shared));
    moves.push_back(std::move(move));
  }
  return moves;
}

Result<std::vector<AliasMove>> list_aliases(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, SharedKind::alias));
  std::vector<AliasMove> standing;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (i + 1 < refs.size() && refs[i + 1].name == refs[i].name) {
      continue;
    }
    CAIRN_TRY_ASSIGN(AliasMove move, read_move(*git, refs[i]));
    if (!move.version.empty()) {
      standing.push_back(std::move(move));
    }
  }
  return standing;
}

Status remove_alias(project::Workspace& workspace, const std::string& alias) {
  CAIRN_TRY(check_alias_name(alias));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto move, find_alias(workspace, alias));
  if (!move) {
    return Error(Code::not_found, "there is no alias " + quoted(alias), "cairn pipeline list");
  }
  return append_move(*git, alias, "", move->commit);
}

}  // namespace cairn::version
