// SPDX-License-Identifier: Apache-2.0
#include "file_changes.h"

#include <fmt/format.h>

#include "render.h"
#include "report/content_change.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

/// Longer lists are cut in text; --json has them whole.
constexpr std::size_t kShownChanges = 50;

struct Words {
  const char* name;
  Color color;
};

Words words_for(project::ChangeKind kind) {
  switch (kind) {
    case project::ChangeKind::added:
      return {"added", Color::green};
    case project::ChangeKind::modified:
      return {"modified", Color::yellow};
    case project::ChangeKind::deleted:
      return {"deleted", Color::red};
    case project::ChangeKind::type_changed:
      return {"type_changed", Color::yellow};
    case project::ChangeKind::renamed:
      return {"renamed", Color::cyan};
  }
  return {"", Color::bold};
}

/// What stands behind the path, in brackets.
std::string details_of(const project::FileChange& change) {
  const std::string size = size_words(change);
  const std::string content = content_words(change);
  const std::string both = size + (size.empty() || content.empty() ? "" : ", ") + content;
  return both.empty() ? "" : "  (" + both + ")";
}

}  // namespace

Json side_json(const project::ChangeSide& side) {
  static constexpr const char* kKinds[] = {"", "file", "executable", "symlink", "folder"};
  Json json = {{"kind", kKinds[static_cast<std::size_t>(side.kind)]}};
  if (side.kind == store::TreeKind::symlink) {
    put_path(json, "target", side.target);
  } else {
    json["hash"] = side.id.text();
    json["size"] = side.size;
  }
  return json;
}

std::string kind_name(project::ChangeKind kind) {
  return words_for(kind).name;
}

std::string size_words(const project::FileChange& change) {
  if (change.before && change.after && change.before->size != change.after->size) {
    return fmt::format("{} -> {}", human_size(change.before->size), human_size(change.after->size));
  }
  const auto& side = change.after ? change.after : change.before;
  return side && side->kind != store::TreeKind::symlink ? human_size(side->size) : "";
}

std::string content_words(const project::FileChange& change) {
  if (change.unlisted) {
    return "content not here";
  }
  if (!change.changed_bytes) {
    return "";
  }
  if (change.before->id == change.after->id) {
    return "executable bit";
  }
  const report::ContentChange content{*change.changed_bytes, change.after->size};
  return fmt::format("{:.3g} % changed", content.percent());
}

std::string change_line(const Invocation& invocation, const project::FileChange& change) {
  Words words = words_for(change.kind);
  std::string name = change.kind == project::ChangeKind::type_changed ? "type" : words.name;
  std::string line = painted(fmt::format("{:<9}", name), words.color, invocation.color) + " ";
  if (change.kind == project::ChangeKind::renamed) {
    line += shown_path(invocation, change.old_path) + " -> ";
  }
  return line + shown_path(invocation, change.path) + details_of(change) + "\n";
}

std::string change_lines(const Invocation& invocation, const std::vector<project::FileChange>& changes,
                         const std::string& indent) {
  std::string text;
  for (std::size_t i = 0; i < changes.size() && i < kShownChanges; ++i) {
    text += indent + change_line(invocation, changes[i]);
  }
  if (changes.size() > kShownChanges) {
    text += fmt::format("{}and {} more; --json lists all\n", indent, changes.size() - kShownChanges);
  }
  return text;
}

Json changes_json(const std::vector<project::FileChange>& changes) {
  Json list = Json::array();
  for (const project::FileChange& change : changes) {
    Json json = {{"kind", words_for(change.kind).name}};
    put_path(json, "path", change.path);
    if (!change.old_path.empty()) {
      put_path(json, "old_path", change.old_path);
    }
    if (change.before) {
      json["before"] = side_json(*change.before);
    }
    if (change.after) {
      json["after"] = side_json(*change.after);
    }
    if (change.changed_bytes) {
      json["changed_bytes"] = *change.changed_bytes;
    }
    if (change.unlisted) {
      json["listed"] = false;
    }
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace cairn::cmd
