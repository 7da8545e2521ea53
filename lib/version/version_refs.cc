// SPDX-License-Identifier: Apache-2.0
#include "version/version_refs.h"

#include <algorithm>

#include "base/escape.h"
#include "codec/hash.h"
#include "git/ref_name.h"
#include "git/remotes.h"
#include "git/shared_refs.h"
#include "os/path.h"
#include "pipeline/near_name.h"
#include "version/version_walk.h"

namespace cairn::version {
namespace {

using git::SharedKind;
using git::SharedRef;

Status check_name(const std::string& name, std::string_view what) {
  if (!git::is_plain_name(name) || name == "HEAD") {
    return Error(Code::usage, quoted(name) + " cannot name " + std::string(what),
                 "use letters, digits, '.', '-' and '_', at most 100");
  }
  return {};
}

Error tampered(const std::string& name, const std::string& why) {
  return {Code::corrupt, "version " + quoted(name) + " was changed after it was saved: " + why,
          "get it from where it was saved: git update-ref -d " + git::shared_ref(SharedKind::version, name) +
              ", then git fetch"};
}

/// The version that a tag object says it is.
Result<Version> read_version(git::Repository& git, const git::Oid& object, const std::string& ref) {
  CAIRN_TRY_ASSIGN(std::optional<git::Tag> tag, git.read_tag(object));
  if (!tag || !is_manifest(tag->message)) {
    return Error(Code::malformed, quoted(ref) + " is no version that cairn saved",
                 "git update-ref -d " + escaped(ref) + ", if nobody needs it");
  }
  CAIRN_TRY_ASSIGN(Manifest manifest, parse_manifest(tag->message, "manifest of " + quoted(tag->name)));
  if (manifest.name != tag->name) {
    return tampered(tag->name, "its manifest is of " + quoted(manifest.name));
  }
  if (manifest.commit != tag->target.hex()) {
    return tampered(tag->name, "its manifest is of commit " + manifest.commit + ", its tag leads to " +
                                   tag->target.hex());
  }
  return Version{tag->name, object, tag->target, std::move(manifest), tag->tagger, tag->time};
}

Result<Version> read_version(git::Repository& git, const SharedRef& shared) {
  CAIRN_TRY_ASSIGN(Version version, read_version(git, shared.target, shared.ref));
  if (version.name != shared.name) {
    return tampered(shared.name, quoted(shared.ref) + " leads to version " + quoted(version.name));
  }
  return version;
}

Error unknown(git::Repository& git, const std::string& name, const Status& fetched) {
  std::vector<std::string> known;
  for (SharedKind kind : {SharedKind::version, SharedKind::alias}) {
    auto refs = git::shared_refs(git, kind);
    for (const SharedRef& shared : refs.ok() ? *refs : std::vector<SharedRef>()) {
      known.push_back(shared.name);
    }
  }
  std::vector<std::string_view> candidates(known.begin(), known.end());
  std::string message = "there is no version " + quoted(name);
  if (!fetched.ok()) {
    message += " here, and a remote cannot be asked: " + Status(fetched).error().message();
  }
  return {Code::not_found, message, pipeline::did_you_mean(name, candidates, "cairn pipeline list")};
}

}  // namespace

Status check_version_name(const std::string& name) {
  return check_name(name, "a version");
}

Status check_alias_name(const std::string& name) {
  return check_name(name, "an alias");
}

Result<Version> write_version(project::Workspace& workspace, const Manifest& manifest) {
  const std::string& name = manifest.name;
  CAIRN_TRY(check_version_name(name));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto versions, git::shared_refs(*git, SharedKind::version, name));
  const Error taken(Code::exists, "there is a version " + quoted(name),
                    "choose another name: versions are never changed");
  if (!versions.empty()) {
    return taken;
  }
  CAIRN_TRY_ASSIGN(auto alias, find_alias(workspace, name));
  if (alias) {
    return Error(Code::exists, "there is an alias " + quoted(name), "choose another name");
  }
  auto commit = git::Oid::parse(manifest.commit);
  CAIRN_CHECK(commit.has_value());
  CAIRN_TRY_ASSIGN(git::Oid tag, git->write_tag({*commit, name, write_manifest(manifest)}));
  Status made = git->create_ref(git::shared_ref(SharedKind::version, name), tag);
  if (!made.ok()) {
    return made.error().code() == Code::exists ? taken : made.error();
  }
  return read_version(*git, tag, git::shared_ref(SharedKind::version, name));
}

Status check_locks(project::Workspace& workspace, const Version& version) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  for (const ManifestLock& lock : version.manifest.locks) {
    CAIRN_TRY_ASSIGN(auto file, git->find_blob(version.commit, os::join(workspace.git_prefix(), lock.path)));
    if (!file) {
      return tampered(version.name, "its commit has no " + quoted(lock.path));
    }
    CAIRN_TRY_ASSIGN(Buffer bytes, git->read_blob(file->blob));
    if (codec::hash(as_bytes(as_text(bytes))) != lock.hash) {
      return tampered(version.name,
                      "its commit has another " + quoted(lock.path) + " than its manifest names");
    }
  }
  return {};
}

Result<std::optional<Version>> find_local_version(project::Workspace& workspace, const std::string& name) {
  CAIRN_TRY(check_version_name(name));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, SharedKind::version, name));
  if (!refs.empty()) {
    CAIRN_TRY_ASSIGN(Version version, read_version(*git, refs.back()));
    CAIRN_TRY(check_locks(workspace, version));
    return std::optional(std::move(version));
  }
  CAIRN_TRY_ASSIGN(auto alias, find_alias(workspace, name));
  if (!alias) {
    return std::optional<Version>();
  }
  CAIRN_TRY_ASSIGN(Version version, read_version(*git, alias->tag, "alias " + name));
  CAIRN_TRY(check_locks(workspace, version));
  return std::optional(std::move(version));
}

Result<Version> find_version(project::Workspace& workspace, const std::string& name) {
  CAIRN_TRY_ASSIGN(std::optional<Version> here, find_local_version(workspace, name));
  if (here) {
    return std::move(*here);
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(std::optional<std::string> remote, git::default_remote(*git));
  if (!remote) {
    return unknown(*git, name, {});
  }
  Status fetched = git::fetch_shared(git->layout(), *remote);
  CAIRN_TRY_ASSIGN(here, find_local_version(workspace, name));
  return here ? Result<Version>(std::move(*here)) : unknown(*git, name, fetched);
}

Status each_version(project::Workspace& workspace, const std::function<Status(Result<Version>)>& use) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, SharedKind::version));
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const bool contested = i + 1 < refs.size() && refs[i + 1].name == refs[i].name;
    CAIRN_TRY(use(contested ? Error(Code::conflict,
                                    "version " + quoted(refs[i].name) + " of remote " +
                                        quoted(refs[i].remote) + " is another one than here",
                                    "git show " + escaped(refs[i].ref))
                            : read_version(*git, refs[i])));
  }
  return {};
}

Result<VersionList> list_versions(project::Workspace& workspace) {
  VersionList list;
  CAIRN_TRY(each_version(workspace, [&list](Result<Version> version) {
    if (version.ok()) {
      list.versions.push_back(std::move(*version));
    } else {
      list.left_out.push_back(version.error());
    }
    return Status();
  }));
  std::ranges::stable_sort(list.versions, {}, &Version::time);
  return list;
}

Status remove_version(project::Workspace& workspace, const std::string& name) {
  CAIRN_TRY(check_version_name(name));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git->refs("refs/cairn/"));
  bool found = false;
  const std::string own = git::shared_ref(SharedKind::version, name);
  const std::string end = own.substr(own.find("/versions/"));
  for (const git::Ref& ref : refs) {
    if (ref.name == own || (ref.name.starts_with("refs/cairn/remotes/") && ref.name.ends_with(end))) {
      CAIRN_TRY(git->remove_ref(ref.name));
      found = true;
    }
  }
  return found ? Status() : Status(unknown(*git, name, {}));
}

}  // namespace cairn::version
