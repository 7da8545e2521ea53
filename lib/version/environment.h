// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/environment_spec.h"
#include "store/key.h"
#include "store/writer.h"
#include "text/value.h"

/// What stages run in, as a record: docs/format/environment.md. The same environment gives the same bytes on
/// every machine.
namespace cairn::version {

/// Whether what a repository names may be executed: the commands under `tools:`, and programs inside the
/// repository. Only for those who run stages; everybody else looks at files, and asks programs that the
/// repository did not choose.
enum class Executing : std::uint8_t { no, yes };

/// One environment as it was found.
struct CapturedEnvironment {
  text::Value record;    ///< a map with a key for each declared kind; without what is unchecked
  std::string text;      ///< its canonical YAML
  store::Object object;  ///< the blob of that text
  /// What could not be looked at, as the record's key and the thing: "tools: gcc --version". Empty: `object`
  /// is the environment's digest.
  std::vector<std::string> unchecked;
};

/// Makes text and object of a record.
CapturedEnvironment to_captured(text::Value record);

/// Reads a stored record. Errors: `malformed`; `unsupported` for a newer version, naming it.
Result<text::Value> parse_environment(std::string_view text);

/// `captured` with what is unchecked in it taken from `known`, the record that the lock names: two
/// environments that agree in all that was checked get one digest. `unchecked` stays.
CapturedEnvironment complete_from(const CapturedEnvironment& captured, const text::Value& known);

/// Stores the record; durable once the writer commits.
Status store_environment(store::Writer& writer, const CapturedEnvironment& captured);

/// A text that is the same for specs that ask for the same environment.
std::string environment_key(const pipeline::EnvironmentSpec& spec);

/// Captures environments, each once: what changes afterwards is seen by the next EnvironmentCapture, or after
/// forget(). Cost: a virtual environment is one listing and one small read for each distribution; an
/// interpreter, node, a tool or an image without digest is one process. Threads: may be called by any number
/// at once.
class EnvironmentCapture {
 public:
  /// `root`: absolute folder of the project. `stop` ends programs that are being asked; it must outlive this.
  EnvironmentCapture(std::string root, Executing executing, const std::atomic<bool>& stop)
      : root_(std::move(root)), executing_(executing), stop_(stop) {}

  /// What is missing on this machine (a virtual environment, a program, a file) is part of the record, as
  /// `missing: true`. Errors: files that cannot be read or parsed; `unsupported` for an image without digest
  /// that no engine can tell; `interrupted`.
  Result<std::shared_ptr<const CapturedEnvironment>> capture(const pipeline::EnvironmentSpec& spec);

  void forget();

 private:
  const std::string root_;
  const Executing executing_;
  const std::atomic<bool>& stop_;
  std::mutex mutex_;  // guards the memory, and is held while an environment is captured
  std::map<std::string, std::shared_ptr<const CapturedEnvironment>, std::less<>> known_;
};

}  // namespace cairn::version
