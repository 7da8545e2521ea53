// SPDX-License-Identifier: Apache-2.0
#include "version/system_facts.h"

#include <sys/utsname.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <sstream>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "os/process.h"

namespace cairn::version {
namespace {

using text::Value;

/// "" when it is not there, or no text.
std::string content_of(const std::string& path) {
  auto content = os::find_file(path, 4u << 20);
  if (!content.ok() || !content->has_value() || !is_utf8(as_text(**content))) {
    return "";
  }
  return std::string(as_text(**content));
}

std::string trimmed(const std::string& text) {
  std::size_t begin = text.find_first_not_of(" \t\"\r\n");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\"\r\n") - begin + 1);
}

/// The value of the first line "KEY SEPARATOR value".
std::string field(const std::string& text, std::string_view key, char separator) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::size_t at = line.find(separator);
    if (at != std::string::npos && trimmed(line.substr(0, at)) == key) {
      return trimmed(line.substr(at + 1));
    }
  }
  return "";
}

void put(Value& facts, std::string_view key, const std::string& value) {
  if (!value.empty()) {
    facts.set(key, Value::string(value));
  }
}

bool has_all(const std::set<std::string>& flags, std::initializer_list<const char*> wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const char* flag) { return flags.contains(flag); });
}

/// The level of the x86-64 ABI: what compilers mean by -march=x86-64-v3.
std::string level_of(const std::string& flag_list) {
  std::istringstream in(flag_list);
  std::set<std::string> flags{std::istream_iterator<std::string>(in), {}};
  if (!has_all(flags, {"cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"})) {
    return flags.contains("lm") ? "x86-64-v1" : "";
  }
  if (!has_all(flags, {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"})) {
    return "x86-64-v2";
  }
  bool wide = has_all(flags, {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"});
  return wide ? "x86-64-v4" : "x86-64-v3";
}

void put_cpu(Value& facts) {
  std::string info = content_of("/proc/cpuinfo");
  std::string model = field(info, "model name", ':');
  if (model.empty() && !field(info, "CPU part", ':').empty()) {  // arm64
    model = field(info, "CPU implementer", ':') + " " + field(info, "CPU part", ':');
  }
  put(facts, "cpu", model);
  put(facts, "cpu_level", level_of(field(info, "flags", ':')));
  facts.set("cpus", Value::integer(::sysconf(_SC_NPROCESSORS_ONLN)));
}

/// "535.104.05" of "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug …".
std::string driver_version(const std::string& text) {
  std::istringstream in(text.substr(0, text.find('\n')));
  for (std::string word; in >> word;) {
    bool number = word.find_first_not_of("0123456789.") == std::string::npos;
    if (number && word.find('.') != std::string::npos) {
      return word;
    }
  }
  return "";
}

std::vector<std::string> listed_gpus() {
  std::vector<std::string> models;
  std::string folder = "/proc/driver/nvidia/gpus";
  auto entries = os::list_folder(folder);
  if (entries.ok()) {
    for (const os::DirEntry& entry : *entries) {
      std::string model =
          field(content_of(os::join(os::join(folder, entry.name), "information")), "Model", ':');
      if (!model.empty()) {
        models.push_back(model);
      }
    }
  }
  return models;
}

/// Where drivers put their program; PATH may lead into a repository.
std::string nvidia_program() {
  for (const char* path :
       {"/usr/bin/nvidia-smi", "/usr/local/bin/nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi"}) {
    if (::access(path, X_OK) == 0) {
      return path;
    }
  }
  return "";
}

/// Asks the driver's own program: lines "NAME, DRIVER".
void ask_nvidia(std::vector<std::string>& models, std::string& driver) {
  os::ProcessOptions options;
  std::string program = nvidia_program();
  if (program.empty()) {
    return;
  }
  options.argv = {program, "--query-gpu=name,driver_version", "--format=csv,noheader"};
  options.folder = "/";
  auto answer = os::capture(options, {std::chrono::seconds(10), nullptr});
  if (!answer.ok() || !answer->exit.ok() || !is_utf8(answer->out)) {
    return;
  }
  std::istringstream in(answer->out);
  for (std::string line; std::getline(in, line);) {
    std::size_t comma = line.rfind(',');
    if (comma != std::string::npos) {
      models.push_back(trimmed(line.substr(0, comma)));
      driver = trimmed(line.substr(comma + 1));
    }
  }
}

void put_gpus(Value& facts) {
  std::string driver = driver_version(content_of("/proc/driver/nvidia/version"));
  std::vector<std::string> models = listed_gpus();
  if (models.empty()) {
    ask_nvidia(models, driver);
  }
  if (!models.empty()) {
    Value list = Value::list();
    for (const std::string& model : models) {
      list.append(Value::string(model));
    }
    facts.set("gpus", std::move(list));
  }
  put(facts, "driver", driver);
}

Value find_out() {
  Value facts = Value::map();
  struct utsname name {};
  ::uname(&name);
  std::string release = content_of("/etc/os-release");
  std::string os = field(release.empty() ? content_of("/usr/lib/os-release") : release, "PRETTY_NAME", '=');
  put(facts, "os", os.empty() ? static_cast<const char*>(name.sysname) : os);
  put(facts, "kernel", static_cast<const char*>(name.release));
  put(facts, "machine", static_cast<const char*>(name.machine));
#ifdef __GLIBC__
  put(facts, "libc", std::string("glibc ") + ::gnu_get_libc_version());
#endif
  put_cpu(facts);
  put_gpus(facts);
  return facts;
}

}  // namespace

const Value& system_facts() {
  static const Value facts = find_out();
  return facts;
}

}  // namespace cairn::version
