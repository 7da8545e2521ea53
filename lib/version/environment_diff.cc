// SPDX-License-Identifier: Apache-2.0
#include "version/environment_diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::version {
namespace {

using text::Kind;
using text::Value;

constexpr std::string_view kDigits = "0123456789";

/// A scalar for people; "" for no value.
std::string shown(const Value* value) {
  if (value == nullptr) {
    return "";
  }
  return value->is(Kind::boolean) ? (value->bool_value() ? "true" : "false") : value->raw();
}

/// The first version number in a tool's output: "12.2.0" of "gcc (Debian 12.2.0-14) 12.2.0". "" for none.
std::string version_in(const std::string& output) {
  for (std::size_t at = output.find_first_of(kDigits); at != std::string::npos;
       at = output.find_first_of(kDigits, at)) {
    std::size_t end = std::min(output.find_first_not_of("0123456789.", at), output.size());
    std::string found = output.substr(at, end - at);
    while (found.ends_with('.')) {
      found.pop_back();
    }
    if (found.find('.') != std::string::npos) {
      return found;
    }
    at = end;
  }
  return "";
}

/// The first line in which two outputs differ, from both.
std::pair<std::string, std::string> differing_lines(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    std::size_t end_a = std::min(a.find('\n'), a.size());
    std::size_t end_b = std::min(b.find('\n'), b.size());
    if (a.substr(0, end_a) != b.substr(0, end_b)) {
      return {std::string(a.substr(0, end_a)), std::string(b.substr(0, end_b))};
    }
    a.remove_prefix(std::min(end_a + 1, a.size()));
    b.remove_prefix(std::min(end_b + 1, b.size()));
  }
  return {};
}

/// Collects differences of one kind.
class Comparer {
 public:
  Comparer(std::string kind, std::vector<EnvironmentChange>& out) : kind_(std::move(kind)), out_(out) {}

  /// "NAME BEFORE -> AFTER", "NAME added AFTER", "NAME removed". `suffix` ends the line.
  void add(const std::string& name, const std::string& before, const std::string& after,
           const std::string& suffix = {}) {
    std::string what = escaped(name);
    if (before.empty()) {
      what += " added" + (after.empty() ? "" : " " + escaped(after));
    } else if (after.empty()) {
      what += " removed";
    } else {
      what += " " + escaped(before) + " -> " + escaped(after);
    }
    add_text(name, before, after, what + suffix);
  }
  void add_text(const std::string& name, const std::string& before, const std::string& after,
                std::string text) {
    out_.push_back({kind_, name, before, after, std::move(text)});
  }

  void scalar(const Value& before, const Value& after, std::string_view key, const std::string& name) {
    std::string was = shown(before.find(key));
    std::string now = shown(after.find(key));
    if (was != now) {
      add(name, was, now);
    }
  }

  /// Maps of name to version.
  void versions(const Value* before, const Value* after, const std::string& suffix = {}) {
    std::map<std::string, std::array<std::string, 2>> all;
    collect(before, 0, all);
    collect(after, 1, all);
    for (const auto& [name, versions] : all) {
      if (versions[0] != versions[1]) {
        add(name, versions[0], versions[1], suffix);
      }
    }
  }

  /// True when both are here; else says which is not.
  bool both_there(const Value& before, const Value& after, const std::string& what) {
    bool was = before.find("missing") == nullptr;
    bool is = after.find("missing") == nullptr;
    if (was != is) {
      add_text(what, was ? "present" : "missing", is ? "present" : "missing",
               escaped(what) + (is ? " is there now" : " is missing"));
    }
    return was && is;
  }

  /// {path, hash, pins}.
  void file(const Value* before, const Value* after) {
    if (before == nullptr || after == nullptr) {
      const Value* one = before != nullptr ? before : after;
      if (one != nullptr) {
        std::string path = shown(one->find("path"));
        add_text(path, shown(before ? before->find("hash") : nullptr),
                 shown(after ? after->find("hash") : nullptr),
                 escaped(path) + (before == nullptr ? " added" : " removed"));
      }
      return;
    }
    std::string path = shown(after->find("path"));
    if (std::string was = shown(before->find("path")); was != path) {
      add("file", was, path);
    }
    if (!both_there(*before, *after, path) || shown(before->find("hash")) == shown(after->find("hash"))) {
      return;
    }
    std::size_t known = out_.size();
    versions(before->find("pins"), after->find("pins"), " (" + escaped(path) + ")");
    if (out_.size() == known) {
      add_text(path, shown(before->find("hash")), shown(after->find("hash")), escaped(path) + " changed");
    }
  }

  /// Lists of {path, …}, sorted by path.
  void files(const Value* before, const Value* after) {
    std::map<std::string, std::array<const Value*, 2>> all;
    by_key(before, "path", 0, all);
    by_key(after, "path", 1, all);
    for (const auto& [path, pair] : all) {
      file(pair[0], pair[1]);
    }
  }

  static void by_key(const Value* list, std::string_view key, std::size_t side,
                     std::map<std::string, std::array<const Value*, 2>>& all) {
    for (const Value& item : list != nullptr ? list->items() : std::span<const Value>()) {
      all[shown(item.find(key))].at(side) = &item;
    }
  }

 private:
  static void collect(const Value* map, std::size_t side,
                      std::map<std::string, std::array<std::string, 2>>& all) {
    for (const text::Entry& entry : map != nullptr ? map->entries() : std::span<const text::Entry>()) {
      all[entry.key].at(side) = entry.value.raw();
    }
  }

  std::string kind_;
  std::vector<EnvironmentChange>& out_;
};

void compare_python(Comparer& out, const Value& before, const Value& after) {
  std::string name = shown(after.find("interpreter"));
  std::string was = shown(before.find("interpreter"));
  if (was != name) {
    out.add("interpreter", was, name);
  }
  if (out.both_there(before, after, name.empty() ? "python" : name)) {
    out.scalar(before, after, "version", "python");
    out.scalar(before, after, "implementation", "implementation");
    out.scalar(before, after, "platform", "platform");
    out.versions(before.find("packages"), after.find("packages"));
  }
  out.files(before.find("files"), after.find("files"));
}

void compare_conda(Comparer& out, const Value& before, const Value& after) {
  out.scalar(before, after, "name", "name");
  out.scalar(before, after, "prefix", "prefix");
  std::string name = shown(after.find(after.find("name") != nullptr ? "name" : "prefix"));
  if (out.both_there(before, after, name)) {
    out.versions(before.find("packages"), after.find("packages"));
    out.versions(before.find("distributions"), after.find("distributions"));
  }
  out.file(before.find("file"), after.find("file"));
}

void compare_uv(Comparer& out, const Value& before, const Value& after) {
  out.scalar(before, after, "python", "python");
  out.scalar(before, after, "requires-python", "requires-python");
  out.file(before.find("file"), after.find("file"));
}

void compare_node(Comparer& out, const Value& before, const Value& after) {
  if (out.both_there(before, after, "node")) {
    out.scalar(before, after, "version", "node");
  }
  out.file(before.find("file"), after.find("file"));
}

void compare_image(Comparer& out, const Value& before, const Value& after) {
  out.scalar(before, after, "name", "image");
  out.scalar(before, after, "digest", "image digest");
  out.scalar(before, after, "id", "image id");
}

void compare_tool(Comparer& out, const std::string& command, const Value& before, const Value& after) {
  if (before == after || !out.both_there(before, after, command)) {
    return;
  }
  std::string was = shown(before.find("output"));
  std::string now = shown(after.find("output"));
  std::string was_version = version_in(was);
  std::string now_version = version_in(now);
  if (was_version != now_version && !was_version.empty() && !now_version.empty()) {
    std::string program(os::name_of(command.substr(0, command.find(' '))));
    out.add_text(command, was_version, now_version,
                 escaped(program) + " " + was_version + " -> " + now_version + " (" + escaped(command) + ")");
  } else if (was != now) {
    auto [line_was, line_now] = differing_lines(was, now);
    out.add_text(command, line_was, line_now,
                 escaped(command) + ": " + quoted(line_was) + " -> " + quoted(line_now));
  } else {
    std::string status_was = before.find("status") != nullptr ? shown(before.find("status")) : "0";
    std::string status_now = after.find("status") != nullptr ? shown(after.find("status")) : "0";
    out.add_text(command, status_was, status_now,
                 escaped(command) + ": exit status " + status_was + " -> " + status_now);
  }
}

void compare_tools(Comparer& out, const Value& before, const Value& after) {
  std::map<std::string, std::array<const Value*, 2>> all;
  Comparer::by_key(&before, "command", 0, all);
  Comparer::by_key(&after, "command", 1, all);
  for (const auto& [command, pair] : all) {
    if (pair[0] == nullptr || pair[1] == nullptr) {
      out.add_text(command, "", "", escaped(command) + (pair[0] == nullptr ? " added" : " removed"));
    } else {
      compare_tool(out, command, *pair[0], *pair[1]);
    }
  }
}

/// Facts: scalars, and the list of GPUs.
void compare_system(Comparer& out, const Value& before, const Value& after) {
  auto flat = [](const Value& facts) {
    std::map<std::string, std::string> all;
    for (const text::Entry& entry : facts.entries()) {
      std::string text = entry.value.raw();
      for (const Value& item : entry.value.items()) {
        text += (text.empty() ? "" : ", ") + item.raw();
      }
      all[entry.key] = text;
    }
    return all;
  };
  std::map<std::string, std::string> was = flat(before);
  std::map<std::string, std::string> now = flat(after);
  std::map<std::string, std::string> names = was;
  names.insert(now.begin(), now.end());
  for (const auto& entry : names) {
    if (was[entry.first] != now[entry.first]) {
      out.add(entry.first, was[entry.first], now[entry.first]);
    }
  }
}

void compare_files(Comparer& out, const Value& before, const Value& after) {
  out.files(&before, &after);
}

struct Kinds {
  std::string_view key;
  void (*compare)(Comparer& out, const Value& before, const Value& after);
};
constexpr std::array<Kinds, 8> kKinds = {{{"python", compare_python},
                                          {"conda", compare_conda},
                                          {"uv", compare_uv},
                                          {"node", compare_node},
                                          {"image", compare_image},
                                          {"tools", compare_tools},
                                          {"files", compare_files},
                                          {"system", compare_system}}};

}  // namespace

std::vector<EnvironmentChange> compare_environments(const Value& before, const Value& after) {
  std::vector<EnvironmentChange> out;
  for (const Kinds& kind : kKinds) {
    const Value* was = before.find(kind.key);
    const Value* now = after.find(kind.key);
    std::string key(kind.key);
    if (was == nullptr && now == nullptr) {
      continue;
    }
    if (was == nullptr || now == nullptr) {
      std::string what = was == nullptr ? "declared" : "no longer declared";
      out.push_back({key, key, was ? "declared" : "", now ? "declared" : "", "'" + key + "' " + what});
    } else if (!(*was == *now)) {
      Comparer comparer(key, out);
      std::size_t known = out.size();
      kind.compare(comparer, *was, *now);
      if (out.size() == known) {
        comparer.add_text(key, "", "", "'" + key + "' changed");
      }
    }
  }
  return out;
}

}  // namespace cairn::version
