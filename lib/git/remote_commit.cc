// SPDX-License-Identifier: Apache-2.0
#include "git/remote_commit.h"

#include <map>

#include "base/escape.h"
#include "git/shared_refs.h"
#include "os/foreground.h"
#include "os/process.h"

namespace cairn::git {
namespace {

constexpr std::string_view kPeeled = "^{}";

/// Names of refs, in the order in which `git checkout` of a new clone takes them.
std::vector<std::string> candidates(const std::string& revision) {
  if (revision.empty()) {
    return {"HEAD"};
  }
  return {"refs/tags/" + revision, "refs/heads/" + revision, shared_ref(SharedKind::version, revision)};
}

/// Lines "OID<TAB>REF".
std::map<std::string, std::string, std::less<>> parse(std::string_view text) {
  std::map<std::string, std::string, std::less<>> refs;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (const std::size_t tab = line.find('\t'); tab != std::string_view::npos) {
      refs.emplace(line.substr(tab + 1), line.substr(0, tab));
    }
  }
  return refs;
}

}  // namespace

Result<std::optional<std::string>> find_remote_commit(const std::string& url, const std::string& revision,
                                                      const std::string& from,
                                                      const std::atomic<bool>& stop) {
  os::ProcessOptions options;
  options.argv = {"git", "ls-remote", "--quiet", "--", url};
  const std::vector<std::string> names = candidates(revision);
  for (const std::string& name : names) {
    options.argv.insert(options.argv.end(), {name, name + std::string(kPeeled)});
  }
  options.folder = from;
  os::Foreground foreground(options);
  CAIRN_TRY_ASSIGN(const os::Captured captured, os::capture(options, {.stop = &stop}));
  if (!captured.exit.ok()) {
    const std::string said = captured.err.substr(0, captured.err.find('\n'));
    return Error(Code::remote, "git cannot read " + quoted(url) + ": " + escaped(said),
                 "check the address: git ls-remote " + escaped(url));
  }
  const auto refs = parse(captured.out);
  for (const std::string& name : names) {
    for (const std::string& one : {name + std::string(kPeeled), name}) {
      if (const auto ref = refs.find(one); ref != refs.end()) {
        return std::optional(ref->second);
      }
    }
  }
  return std::optional<std::string>();
}

}  // namespace cairn::git
