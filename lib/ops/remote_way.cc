// SPDX-License-Identifier: Apache-2.0
#include "ops/remote_way.h"

#include "base/escape.h"
#include "pipeline/quantity.h"
#include "project/remote_login.h"
#include "remote/open.h"
#include "transport/paced.h"

namespace cairn::ops {
namespace {

/// The transport with core.bandwidth kept to.
Result<std::unique_ptr<transport::Transport>> with_pace(std::unique_ptr<transport::Transport> transport,
                                                        const project::Config& config) {
  const auto bandwidth = config.find("core.bandwidth");
  if (!bandwidth) {
    return transport;
  }
  const auto rate = pipeline::parse_bytes(bandwidth->value);
  if (!rate || *rate < transport::kSlowestPace) {
    return Error(Code::usage,
                 quoted(bandwidth->path) + ": core.bandwidth is " + quoted(bandwidth->value) +
                     ", not a size of 10kB or more for each second",
                 "cairn config core.bandwidth 5MB");
  }
  return transport::paced(std::move(transport), *rate);
}

}  // namespace

Result<RemoteWay> find_way(project::Workspace& workspace, const std::string& name, const Context& context) {
  const project::Config& config = workspace.config();
  std::string chosen = name.empty() ? config.get_or("core.remote", "") : name;
  if (chosen.empty()) {
    auto remotes = config.remotes();
    return Error(Code::not_found, "no default remote is set",
                 remotes.empty() ? "cairn remote add NAME URL" : "cairn remote default " + remotes.front());
  }
  auto url = config.find("remote." + chosen + ".url");
  if (!url) {
    return Error(Code::not_found, "there is no remote " + quoted(chosen),
                 "cairn remote add " + chosen + " URL");
  }
  CAIRN_TRY(project::check_login(config, chosen));
  CAIRN_TRY_ASSIGN(auto transport,
                   remote::open_transport({chosen, url->value, config.settings_of_remote(chosen),
                                           workspace.paths().root, &context.stop}));
  CAIRN_TRY_ASSIGN(transport, with_pace(std::move(transport), config));
  return RemoteWay{std::move(chosen), std::move(transport)};
}

Result<remote::Remote> open_remote(project::Workspace& workspace, const std::string& name,
                                   remote::Purpose purpose, const Context& context) {
  CAIRN_TRY_ASSIGN(RemoteWay way, find_way(workspace, name, context));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  return remote::Remote::open(std::move(way.transport), std::move(way.name), store->paths(), purpose,
                              context.log);
}

Result<remote::Remote> open_metered_remote(project::Workspace& workspace, const std::string& name,
                                           const Context& context, transport::ReadMeter& meter) {
  CAIRN_TRY_ASSIGN(RemoteWay way, find_way(workspace, name, context));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  return remote::Remote::open(transport::metered(std::move(way.transport), meter), std::move(way.name),
                              store->paths(), remote::Purpose::read, context.log);
}

}  // namespace cairn::ops
