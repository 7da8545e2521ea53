// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/escape.h"
#include "version/environment_kinds.h"
#include "version/environment_wrap.h"
#include "version/programs.h"

namespace cairn::version {
namespace {

using text::Value;

constexpr std::size_t kKept = 4096;

/// The first lines, at most kKept bytes, as text.
std::string first_lines(std::string text) {
  if (text.size() > kKept) {
    text.resize(kKept);
    if (std::size_t end = text.rfind('\n'); end != std::string::npos) {
      text.resize(end + 1);
    }
  }
  while (text.ends_with('\n') || text.ends_with(' ')) {
    text.pop_back();
  }
  if (is_utf8(text)) {
    return text;
  }
  return escaped(text);
}

Result<Value> ask_tool(const std::string& command, const pipeline::EnvironmentSpec& spec,
                       const CaptureContext& context) {
  Value out = Value::map();
  out.set("command", Value::string(command));
  CAIRN_TRY_ASSIGN(auto words, split_words(command));
  auto answer = ask(words, context, activation(spec, context.root));
  if (!answer.ok() && answer.error().code() == Code::not_found) {
    out.set("missing", Value::boolean(true));
    return out;
  }
  if (!answer.ok()) {
    return answer.error().with_context("cannot run " + quoted(command) + " of 'tools:'");
  }
  if (answer->exit.status != 0) {
    out.set("status", Value::integer(answer->exit.status));
  }
  out.set("output", Value::string(first_lines(answer->out + answer->err)));
  return out;
}

}  // namespace

Result<Value> capture_tools(const pipeline::EnvironmentSpec& spec, const CaptureContext& context) {
  std::vector<std::string> commands = spec.tools;
  std::sort(commands.begin(), commands.end());
  commands.erase(std::unique(commands.begin(), commands.end()), commands.end());
  if (context.executing == Executing::no) {
    for (const std::string& command : commands) {
      context.unchecked.push_back("tools: " + command);
    }
    return Value::null();
  }
  Value out = Value::list();
  for (const std::string& command : commands) {
    CAIRN_TRY_ASSIGN(Value tool, ask_tool(command, spec, context));
    out.append(std::move(tool));
  }
  return out;
}

}  // namespace cairn::version
