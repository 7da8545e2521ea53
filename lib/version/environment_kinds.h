// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/environment_spec.h"
#include "text/value.h"
#include "version/environment.h"

/// One function for each kind of environment, in a file of its own. Internal to version/.
namespace cairn::version {

/// What they share.
struct CaptureContext {
  const std::string& root;
  Executing executing;
  const std::atomic<bool>& stop;
  std::vector<std::string>& unchecked;
};

/// The value of the record's key of that kind; null when nothing of it could be checked.
Result<text::Value> capture_python(const pipeline::PythonSpec& spec, const CaptureContext& context);
Result<text::Value> capture_conda(const pipeline::CondaSpec& spec, const CaptureContext& context);
Result<text::Value> capture_uv(const std::string& folder, const CaptureContext& context);
Result<text::Value> capture_node(const std::string& lock, const CaptureContext& context);
Result<text::Value> capture_image(const pipeline::ImageSpec& spec, const CaptureContext& context);
Result<text::Value> capture_tools(const pipeline::EnvironmentSpec& spec, const CaptureContext& context);
Result<text::Value> capture_files(const std::vector<std::string>& files, const CaptureContext& context);

}  // namespace cairn::version
