// SPDX-License-Identifier: Apache-2.0
#include "ops/remotes.h"

#include "base/escape.h"
#include "remote/open.h"
#include "remote/remote.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kDefaultRemote = "core.remote";

std::string url_setting(const std::string& name) {
  return "remote." + name + ".url";
}

}  // namespace

Result<bool> add_remote(project::Workspace& workspace, const NewRemote& remote) {
  project::Config& config = workspace.config();
  if (config.find(url_setting(remote.name))) {
    return Error(Code::exists, "there is a remote " + quoted(remote.name) + " already", "cairn remote list");
  }
  CAIRN_TRY(remote::open_transport(
      {remote.name, remote.url, config.settings_of_remote(remote.name), workspace.paths().root}));
  CAIRN_TRY(config.set(remote.level, url_setting(remote.name), remote.url));
  bool becomes_default = remote.make_default || !config.find(kDefaultRemote);
  if (becomes_default) {
    CAIRN_TRY(config.set(remote.level, kDefaultRemote, remote.name));
  }
  return becomes_default;
}

Status remove_remote(project::Workspace& workspace, const std::string& name) {
  project::Config& config = workspace.config();
  auto url = config.find(url_setting(name));
  if (!url) {
    return Error(Code::not_found, "there is no remote " + quoted(name), "cairn remote list");
  }
  auto transport =
      remote::open_transport({name, url->value, config.settings_of_remote(name), workspace.paths().root});
  for (const auto& [setting, value] : config.list()) {
    if (setting.starts_with("remote." + name + ".")) {
      CAIRN_TRY(config.unset(value.level, setting));
    }
  }
  auto default_name = config.find(kDefaultRemote);
  if (default_name && default_name->value == name) {
    CAIRN_TRY(config.unset(default_name->level, kDefaultRemote));
  }
  if (!transport.ok()) {
    return {};  // a place that this build cannot reach was never used by it
  }
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  return remote::forget_remote(**transport, store->paths());
}

}  // namespace cairn::ops
