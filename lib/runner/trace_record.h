// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "runner/trace.h"

/// What an observed command did, event by event. Internal to runner/; one thread.
namespace cairn::runner {

/// Whether the path was there before the event.
enum class Before : std::uint8_t { absent, present };
/// Whether an opened file keeps some of its content.
enum class Content : std::uint8_t { replaced, kept };
enum class Node : std::uint8_t { file, folder };

class TraceRecord {
 public:
  explicit TraceRecord(TraceOptions options) : options_(std::move(options)) {}

  /// All paths are absolute, without symlinks. What is not in the root is passed over.
  void read(std::string_view path);
  void listed(std::string_view folder);
  void executed(std::string_view path);
  void wrote(std::string_view path, Before before, Content content);
  void made_folder(std::string_view path);
  void removed(std::string_view path);
  void moved(std::string_view from, std::string_view to, Node node, Before target);
  void network(TraceEndpoint endpoint) { keep(network_, std::move(endpoint)); }

  /// What the report says it did not see.
  TraceBlindSpots unseen;

  [[nodiscard]] TraceReport report() const;

 private:
  /// One path in the root. What the command made itself and removed again is forgotten.
  struct Entry {
    bool read = false;
    bool listed = false;
    bool written = false;
    bool own = false;      ///< all of its content comes from the command
    bool existed = false;  ///< before the command first changed it
    bool gone = false;
    bool folder = false;
  };
  /// Finds by views, without making strings of them.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Entries = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;

  [[nodiscard]] std::optional<std::string_view> inside(std::string_view path) const;
  /// The entry, made if there is room for it.
  Entry* entry(std::string_view relative);
  [[nodiscard]] bool is_own(std::string_view relative) const;
  void read_inside(std::string_view relative);
  void remove_inside(std::string_view relative);
  void make(std::string_view relative, Before before, Node node);
  template <typename T>
  void keep(std::set<T>& set, T value) {
    if (set.size() < options_.limit) {
      set.insert(std::move(value));
    } else if (set.find(value) == set.end()) {
      ++unseen.paths;
    }
  }

  TraceOptions options_;
  Entries entries_;
  bool own_folders_ = false;  ///< some entry is a folder of the command's own
  std::set<std::string> programs_;
  std::set<TraceEndpoint> network_;
};

}  // namespace cairn::runner
