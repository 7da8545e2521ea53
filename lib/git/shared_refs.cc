// SPDX-License-Identifier: Apache-2.0
#include "git/shared_refs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <tuple>

#include "base/escape.h"
#include "git/program.h"
#include "git/remotes.h"

namespace cairn::git {
namespace {

constexpr std::string_view kOwn = "refs/cairn/";
constexpr std::string_view kFetched = "refs/cairn/remotes/";
constexpr std::array<std::string_view, 3> kFolders = {"versions/", "aliases/", "verdicts/"};

std::string_view folder_of(SharedKind kind) {
  return kFolders[static_cast<std::size_t>(kind)];
}

/// Takes the last part off; nothing when there is no "/".
std::optional<std::string_view> take_last(std::string_view& path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view last = path.substr(slash + 1);
  path = path.substr(0, slash);
  return last;
}

/// A number as this file writes it; 0 for anything else.
std::uint64_t to_number(std::string_view text) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::to_string(number) == text ? number : 0;
}

auto order_of(const SharedRef& shared) {
  return std::tuple(std::string_view(shared.name), shared.remote.empty(), shared.number,
                    std::string_view(shared.remote));
}

/// What the name of a ref says.
struct RefName {
  std::string remote;
  std::string name;
  std::uint64_t number = 0;
};

/// Nothing for a ref that is none of this kind.
std::optional<RefName> parse_name(std::string_view path, SharedKind kind) {
  RefName parts;
  if (kind != SharedKind::version) {
    const auto last = take_last(path);
    parts.number = last ? to_number(*last) : 0;
    if (parts.number == 0) {
      return std::nullopt;
    }
  }
  const auto name = take_last(path);
  if (!name) {
    return std::nullopt;
  }
  parts.name = *name;
  std::string folder(folder_of(kind));
  folder.pop_back();
  if (path == std::string(kOwn) + folder) {
    return parts;
  }
  if (!path.starts_with(kFetched) || !path.ends_with("/" + folder)) {
    return std::nullopt;
  }
  path.remove_prefix(kFetched.size());
  path.remove_suffix(std::min(folder.size() + 1, path.size()));
  parts.remote = path;
  return parts.remote.empty() ? std::nullopt : std::optional(std::move(parts));
}

/// All of a kind, or of one name of it; the same object may stand in several.
Result<std::vector<SharedRef>> all_shared(Repository& git, SharedKind kind, const std::string* name) {
  const auto wanted = [&](const std::string& ref) {
    const auto parts = parse_name(ref, kind);
    return parts && (name == nullptr || parts->name == *name);
  };
  CAIRN_TRY_ASSIGN(const std::vector<Ref> refs, git.refs(std::string(kOwn), wanted));
  std::vector<SharedRef> all;
  for (const Ref& ref : refs) {
    all.push_back(*to_shared_ref(ref, kind));
  }
  return all;
}

/// The same in order, each object of a name once.
Result<std::vector<SharedRef>> find_shared(Repository& git, SharedKind kind, const std::string* name) {
  CAIRN_TRY_ASSIGN(std::vector<SharedRef> all, all_shared(git, kind, name));
  std::ranges::sort(all, {}, order_of);
  std::vector<SharedRef> out;
  std::set<std::pair<std::string, Oid>> seen;
  for (SharedRef& shared : all) {
    if (seen.emplace(shared.name, shared.target).second) {
      out.push_back(std::move(shared));
    }
  }
  return out;
}

}  // namespace

std::optional<SharedRef> to_shared_ref(const Ref& ref, SharedKind kind) {
  std::optional<RefName> parts = parse_name(ref.name, kind);
  if (!parts) {
    return std::nullopt;
  }
  return SharedRef{kind,       ref.name,  std::move(parts->remote), std::move(parts->name), parts->number,
                   ref.target, ref.commit};
}

std::string shared_ref(SharedKind kind, const std::string& name, std::uint64_t number) {
  std::string ref = std::string(kOwn) + std::string(folder_of(kind)) + name;
  return number == 0 ? ref : ref + "/" + std::to_string(number);
}

Result<std::vector<SharedRef>> shared_refs(Repository& git, SharedKind kind) {
  return find_shared(git, kind, nullptr);
}

Result<std::vector<SharedRef>> shared_refs(Repository& git, SharedKind kind, const std::string& name) {
  return find_shared(git, kind, &name);
}

Status append_shared(Repository& git, SharedKind kind, const std::string& name, const Oid& object) {
  constexpr int kTries = 100;  // so many others would have to come in between
  CAIRN_TRY_ASSIGN(const std::vector<SharedRef> refs, all_shared(git, kind, &name));
  std::uint64_t number = 1;
  for (const SharedRef& shared : refs) {
    number = std::max(number, shared.number + 1);
  }
  Status made;
  for (int i = 0; i < kTries; ++i) {
    made = git.create_ref(shared_ref(kind, name, number + static_cast<std::uint64_t>(i)), object);
    // Locked: somebody writes that one, or was killed while doing so and left Git's lock.
    if (made.ok() || (made.error().code() != Code::exists && made.error().code() != Code::locked)) {
      return made;
    }
  }
  return made;
}

std::vector<std::string> shared_refspecs(const std::string& remote) {
  std::vector<std::string> out;
  for (std::string_view folder : kFolders) {
    std::string path(folder);
    out.push_back("+" + std::string(kOwn) + path + "*:" + std::string(kFetched) + remote + "/" + path + "*");
  }
  return out;
}

Result<bool> add_shared_refspecs(Repository& git) {
  CAIRN_TRY_ASSIGN(auto remotes, remote_names(git.layout()));
  bool changed = false;
  for (const std::string& remote : remotes) {
    for (const std::string& refspec : shared_refspecs(remote)) {
      CAIRN_TRY_ASSIGN(const bool added, git.add_config("remote." + remote + ".fetch", refspec));
      changed = changed || added;
    }
  }
  return changed;
}

Result<bool> remove_shared_refspecs(Repository& git) {
  CAIRN_TRY_ASSIGN(auto remotes, remote_names(git.layout()));
  bool changed = false;
  for (const std::string& remote : remotes) {
    const std::string key = "remote." + remote + ".fetch";
    CAIRN_TRY_ASSIGN(auto values, git.config_values(key));
    for (const std::string& refspec : shared_refspecs(remote)) {
      if (std::ranges::find(values, refspec) != values.end()) {
        CAIRN_TRY(run_git(git.layout(), {"config", "--local", "--fixed-value", "--unset-all", key, refspec}));
        changed = true;
      }
    }
  }
  return changed;
}

Status fetch_shared(const Layout& layout, const std::string& remote) {
  std::vector<std::string> arguments = {
      "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--", remote};
  for (std::string& refspec : shared_refspecs(remote)) {
    arguments.push_back(std::move(refspec));
  }
  auto fetched = run_git_on_terminal(layout, arguments);
  if (!fetched.ok()) {
    return Error(Code::remote, fetched.error().message(),
                 "git fetch " + escaped(remote) + ", to see what is wrong");
  }
  return {};
}

}  // namespace cairn::git
