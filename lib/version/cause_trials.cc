// SPDX-License-Identifier: Apache-2.0
#include "version/cause_trials.h"

namespace cairn::version {

Out out_of(const std::map<std::string, store::Object, std::less<>>& outs, const std::string& path) {
  const auto found = outs.find(path);
  return found == outs.end() ? std::nullopt : Out(found->second);
}

Result<const TrialResult*> CauseTrials::result(const TrialConditions& conditions, std::size_t index) {
  Series& series = series_[conditions];
  while (!series.useless && series.results.size() <= index) {
    time_over_ = time_over_ || (question_.is_time_over && question_.is_time_over());
    if (time_over_) {
      return nullptr;
    }
    auto run = run_(conditions);
    if (!run.ok() && run.error().code() != Code::unsupported) {
      return std::move(run.error());
    }
    count_ += run.ok() ? 1U : 0U;
    series.useless = !run.ok() || run->failed;
    if (!series.useless) {
      series.results.push_back(std::move(*run));
    }
  }
  return series.useless ? nullptr : &series.results[index];
}

Result<Sampled> CauseTrials::sample(const TrialConditions& conditions, const std::string& path,
                                    unsigned runs) {
  Sampled out;
  for (unsigned i = 0; i < runs; ++i) {
    CAIRN_TRY_ASSIGN(const TrialResult* one, result(conditions, i));
    if (one == nullptr) {
      return Sampled{};
    }
    const Out now = out_of(one->outs, path);
    ++out.runs;
    if (i == 0) {
      out.out = now;
    } else if (now != out.out) {
      out.kind = Sampled::Kind::differs;
      return out;
    }
  }
  out.kind = Sampled::Kind::same;
  return out;
}

Result<std::vector<Out>> CauseTrials::baseline(const std::string& path, unsigned runs) {
  std::vector<Out> out;
  for (unsigned i = 0; i < runs; ++i) {
    CAIRN_TRY_ASSIGN(const TrialResult* one, result({}, i));
    if (one == nullptr) {
      break;
    }
    out.push_back(out_of(one->outs, path));
  }
  return out;
}

std::set<std::string> CauseTrials::paths() const {
  std::set<std::string> out;
  for (const auto& [conditions, series] : series_) {
    for (const TrialResult& one : series.results) {
      for (const auto& [path, object] : one.outs) {
        out.insert(path);
      }
    }
  }
  return out;
}

}  // namespace cairn::version
