// SPDX-License-Identifier: Apache-2.0
#include "runner/trace_record.h"

#include <algorithm>

#include "os/path.h"

namespace cairn::runner {

std::optional<std::string_view> TraceRecord::inside(std::string_view path) const {
  if (!os::is_within(path, options_.root)) {
    return std::nullopt;
  }
  path.remove_prefix(std::min(path.size(), options_.root.size() + 1));
  const bool left_out =
      std::any_of(options_.left_out.begin(), options_.left_out.end(),
                  [path](const std::string& folder) { return os::is_within(path, folder); });
  return left_out ? std::nullopt : std::optional(path);
}

TraceRecord::Entry* TraceRecord::entry(std::string_view relative) {
  if (auto found = entries_.find(relative); found != entries_.end()) {
    return &found->second;
  }
  if (entries_.size() >= options_.limit) {
    ++unseen.paths;
    return nullptr;
  }
  return &entries_[std::string(relative)];
}

bool TraceRecord::is_own(std::string_view relative) const {
  const auto found = entries_.find(relative);
  if (found != entries_.end() && found->second.own) {
    return true;
  }
  if (!own_folders_) {
    return false;
  }
  for (std::string_view folder = os::parent_of(relative); !folder.empty(); folder = os::parent_of(folder)) {
    const auto above = entries_.find(folder);
    if (above != entries_.end() && above->second.own && above->second.folder) {
      return true;
    }
  }
  return false;
}

void TraceRecord::read_inside(std::string_view relative) {
  if (is_own(relative)) {
    return;
  }
  if (Entry* found = entry(relative); found != nullptr) {
    found->read = true;
  }
}

void TraceRecord::read(std::string_view path) {
  if (const auto relative = inside(path)) {
    read_inside(*relative);
  }
}

void TraceRecord::listed(std::string_view folder) {
  const auto relative = inside(folder);
  if (!relative.has_value() || is_own(*relative)) {
    return;
  }
  if (Entry* found = entry(*relative); found != nullptr) {
    found->listed = true;
    found->folder = true;
  }
}

void TraceRecord::executed(std::string_view path) {
  if (const auto relative = inside(path); relative.has_value() && !is_own(*relative)) {
    read_inside(*relative);
    keep(programs_, std::string(*relative));
  }
}

void TraceRecord::make(std::string_view relative, Before before, Node node) {
  const bool own = is_own(relative);
  Entry* found = entry(relative);
  if (found == nullptr) {
    return;
  }
  if (!found->written) {
    found->existed = before == Before::present && !own;
  }
  found->written = true;
  found->own = true;
  found->gone = false;
  found->folder = node == Node::folder;
  own_folders_ = own_folders_ || found->folder;
}

void TraceRecord::wrote(std::string_view path, Before before, Content content) {
  const auto relative = inside(path);
  if (!relative.has_value()) {
    return;
  }
  if (before == Before::absent || content == Content::replaced) {
    make(*relative, before, Node::file);
    return;
  }
  const bool own = is_own(*relative);
  if (Entry* found = entry(*relative); found != nullptr) {
    found->existed = found->written ? found->existed : !own;
    found->written = true;
    found->gone = false;
  }
}

void TraceRecord::made_folder(std::string_view path) {
  if (const auto relative = inside(path)) {
    make(*relative, Before::absent, Node::folder);
  }
}

void TraceRecord::remove_inside(std::string_view relative) {
  const bool own = is_own(relative);
  Entry* found = entry(relative);
  if (found == nullptr) {
    return;
  }
  found->existed = found->written ? found->existed : !own;
  if (!found->existed && !found->read) {
    entries_.erase(std::string(relative));  // as if it had never been
    return;
  }
  found->written = true;
  found->own = false;
  found->gone = true;
}

void TraceRecord::removed(std::string_view path) {
  if (const auto relative = inside(path)) {
    remove_inside(*relative);
  }
}

void TraceRecord::moved(std::string_view from, std::string_view to, Node node, Before target) {
  if (const auto relative = inside(from)) {
    read_inside(*relative);
    if (node == Node::folder) {  // what was written inside is at the new place now, and told by its name
      const std::string prefix = std::string(*relative) + "/";
      std::erase_if(entries_, [&prefix](const auto& each) {
        return each.first.starts_with(prefix) && !each.second.read && !each.second.existed;
      });
    }
    remove_inside(*relative);
  }
  if (const auto relative = inside(to)) {
    make(*relative, target, node);
  }
}

TraceReport TraceRecord::report() const {
  TraceReport out;
  for (const auto& [path, entry] : entries_) {
    if (entry.read) {
      out.reads.push_back(path);
    }
    if (entry.listed) {
      out.listed.push_back(path);
    }
    if (!entry.written) {
      continue;
    }
    if (!entry.gone) {
      (entry.folder ? out.made : out.writes).push_back(path);
    } else if (entry.existed) {
      out.removed.push_back(path);
    }
  }
  for (std::vector<std::string>* list : {&out.reads, &out.listed, &out.writes, &out.made, &out.removed}) {
    std::sort(list->begin(), list->end());
  }
  out.programs.assign(programs_.begin(), programs_.end());
  out.network.assign(network_.begin(), network_.end());
  out.unseen = unseen;
  return out;
}

}  // namespace cairn::runner
