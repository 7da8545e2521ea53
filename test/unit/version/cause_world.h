// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "codec/hash.h"
#include "support/random.h"
#include "version/cause.h"

namespace cairn::version {

/// What a command could see in one run.
struct Situation {
  std::uint64_t hash_seed = 0;
  unsigned cpus = 2;
  std::uint64_t interleaving = 0;  ///< of threads; 0 with one processor
  std::int64_t clock_ms = 0;
  std::uint64_t pid = 0;
  std::uint64_t address = 0;
  std::uint64_t random = 0;
  std::string folder_order = "as made here";
  std::string locale = "C.UTF-8";
  std::string time_zone = "UTC";
  std::string folder = "/here/project";
  std::string host = "here";
  std::uint64_t hidden = 0;  ///< that nobody can hold
};

/// What the command makes of it: the content of each out, by path.
using Command = std::function<std::map<std::string, std::string>(const Situation&)>;
inline Command writes(std::function<std::string(const Situation&)> content) {
  return [content](const Situation& at) { return std::map<std::string, std::string>{{"out", content(at)}}; };
}

/// A machine on which a command runs, and one on which it ran.
class CauseWorld {
 public:
  explicit CauseWorld(Command command, std::uint64_t seed = 1) : command_(std::move(command)), chance_(seed) {
    recorded_.cpus = 8;
    recorded_.clock_ms = kNow - 40 * kDay;
    recorded_.folder_order = "as made there";
    recorded_.locale = "de_DE.UTF-8";
    recorded_.time_zone = "Europe/Berlin";
    recorded_.folder = "/there/project";
    recorded_.host = "there";
  }

  Situation& recorded() { return recorded_; }
  CauseQuestion& question() { return question_; }
  std::set<Factor>& unsupported() { return unsupported_; }
  [[nodiscard]] unsigned runs() const { return runs_; }
  bool know_conditions = true;
  bool record = true;
  bool fails_when_held = false;

  Result<CauseAnswer> answer() {
    if (record) {
      draw(recorded_);
      question_.recorded = objects(command_(recorded_));
    }
    if (know_conditions) {
      question_.conditions = conditions_of(recorded_);
      question_.conditions->folder = "";  // private: another machine does not know it
      question_.recorded_start_ms = recorded_.clock_ms;
    }
    question_.here = conditions_of(Situation());
    question_.found = objects(command_(here({})));
    return find_causes(question_, [this](const TrialConditions& conditions) { return trial(conditions); });
  }

  /// Names of the causes.
  std::set<std::string> causes() {
    auto answered = answer();
    std::set<std::string> out;
    if (answered.ok()) {
      for (const Cause& cause : answered->causes) {
        out.insert(cause.factor);
      }
    } else {
      out.insert("error: " + answered.error().message());
    }
    return out;
  }

  /// Two contents have the same lines; known for what commands wrote.
  bool same_lines(const store::Object& a, const store::Object& b) {
    return sorted(texts_.at(a.id.hex())) == sorted(texts_.at(b.id.hex()));
  }

 private:
  static constexpr std::int64_t kDay = 86'400'000;
  static constexpr std::int64_t kNow = 1'790'000'000'000;

  static std::string sorted(std::string text) {
    std::sort(text.begin(), text.end());
    return text;
  }

  static Conditions conditions_of(const Situation& at) {
    Conditions out;
    out.locale = at.locale;
    out.time_zone = at.time_zone;
    out.cpus = at.cpus;
    out.folder = at.folder;
    return out;
  }

  /// What is another each time.
  void draw(Situation& at) {
    at.random = chance_.next();
    at.hash_seed = chance_.next();
    at.pid = 1000 + chance_.below(30'000);
    at.address = chance_.next();
    at.hidden = chance_.next();
    at.interleaving = chance_.next();
  }

  Situation here(const TrialConditions& conditions) {
    Situation at;
    draw(at);
    at.clock_ms = kNow + static_cast<std::int64_t>(++runs_) * 2345;
    for (const auto& [factor, value] : conditions) {
      apply(at, factor, value);
    }
    if (conditions.count(Factor::random) != 0 && conditions.count(Factor::hash_seed) == 0) {
      at.hash_seed = at.random * 31;  // Python draws it
    }
    at.interleaving = at.cpus == 1 ? 0 : at.interleaving;
    return at;
  }

  static void apply(Situation& at, Factor factor, const std::string& value) {
    switch (factor) {
      case Factor::hash_seed:
        at.hash_seed = test::SplitMix64(std::stoull(value)).next();
        break;
      case Factor::threads:
        at.cpus = static_cast<unsigned>(std::stoul(value));
        break;
      case Factor::clock:
        at.clock_ms = std::stoll(value);
        break;
      case Factor::addresses:
        at.address = 7;
        break;
      case Factor::random:
        at.random = test::SplitMix64(std::stoull(value)).next();
        break;
      case Factor::processes:
        at.pid = 2;
        break;
      case Factor::folder_order:
        at.folder_order = value;
        break;
      case Factor::locale:
        at.locale = value;
        break;
      case Factor::time_zone:
        at.time_zone = value;
        break;
      case Factor::folder:
        at.folder = value == "other" ? "/elsewhere/project" : value;
        break;
    }
  }

  Result<TrialResult> trial(const TrialConditions& conditions) {
    for (const auto& [factor, value] : conditions) {
      if (unsupported_.count(factor) != 0) {
        return Error(Code::unsupported, "cannot be held");
      }
    }
    TrialResult out;
    out.failed = fails_when_held && !conditions.empty();
    out.outs = objects(command_(here(conditions)));
    return out;
  }

  std::map<std::string, store::Object, std::less<>> objects(const std::map<std::string, std::string>& texts) {
    std::map<std::string, store::Object, std::less<>> out;
    for (const auto& [path, text] : texts) {
      store::Object& object = out[path];
      object.id = codec::hash(as_bytes(text));
      object.size = text.size();
      texts_[object.id.hex()] = text;
    }
    return out;
  }

  Command command_;
  test::SplitMix64 chance_;
  Situation recorded_;
  CauseQuestion question_;
  std::set<Factor> unsupported_;
  std::map<std::string, std::string> texts_;
  unsigned runs_ = 0;
};

/// One of the orders of the letters from a on, picked by `pick`.
inline std::string permuted(unsigned letters, std::uint64_t pick) {
  std::string text(letters, 'a');
  std::iota(text.begin(), text.end(), 'a');
  test::SplitMix64 chance(pick);
  for (unsigned i = letters; i > 1; --i) {
    std::swap(text[i - 1], text[chance.below(i)]);
  }
  return text;
}

}  // namespace cairn::version
