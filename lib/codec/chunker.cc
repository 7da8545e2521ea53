// SPDX-License-Identifier: Apache-2.0
#include "codec/chunker.h"

#include <algorithm>

#include "base/result.h"
#include "codec/chunker_scan.h"

namespace cairn::codec {
namespace {

/// floor(2^power / divisor). REQUIRES: 64 <= power < 128 and a quotient under 2^64.
std::uint64_t power_of_two_over(unsigned power, std::uint32_t divisor) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{1} << power) / divisor);
}

/// Length from which a cut is made easier. Below `mean`, because the search starts only at `min` and easier
/// cuts follow: with 87 % the lengths of chunks of ordinary data have `mean` as their mean.
std::uint32_t switch_length(const ChunkSizes& sizes) {
  return static_cast<std::uint32_t>(std::uint64_t{sizes.mean} * 87 / 100);
}

ChunkerForm best_form() {
  for (ChunkerForm form : {ChunkerForm::avx512, ChunkerForm::avx2, ChunkerForm::sse41}) {
    if (Chunker::supported(form)) {
      return form;
    }
  }
  return ChunkerForm::portable;
}

std::size_t scan(ChunkerForm form, const std::uint8_t* data, const ScanRange& range, const CutRule& rule) {
  switch (form) {
#if CAIRN_CHUNKER_X86
    case ChunkerForm::sse41:
      return scan_sse41(data, range, rule);
    case ChunkerForm::avx2:
      return scan_avx2(data, range, rule);
    case ChunkerForm::avx512:
      return scan_avx512(data, range, rule);
#endif
    default:
      return scan_portable(data, range, rule);
  }
}

}  // namespace

Chunker::Chunker(const ChunkSizes& sizes, ChunkerForm form)
    : sizes_(sizes),
      form_(form == ChunkerForm::best ? best_form() : form),
      early_threshold_(power_of_two_over(kFilterBits + 62, switch_length(sizes))),
      late_threshold_(power_of_two_over(kFilterBits + 66, switch_length(sizes))) {
  CAIRN_CHECK(supported(form_));
  CAIRN_CHECK(sizes.min >= 64 && sizes.min < switch_length(sizes) && switch_length(sizes) > 4096);
  CAIRN_CHECK(sizes.max / 2 >= sizes.mean);
}

std::size_t Chunker::next(Bytes data) const {
  if (data.size() <= sizes_.min) {
    return data.size();
  }
  const std::size_t size = std::min<std::size_t>(data.size(), sizes_.max);
  const std::size_t fast_end = std::min<std::size_t>(size, 2 * std::size_t{sizes_.mean});
  const CutRule rule{switch_length(sizes_), early_threshold_, late_threshold_};
  const std::size_t cut = scan(form_, data.data(), {sizes_.min, fast_end}, rule);
  if (cut < fast_end || fast_end == size) {
    return cut;
  }
  return scan_gear(data.data(), {sizes_.min, size}, rule);
}

bool Chunker::supported(ChunkerForm form) {
  switch (form) {
    case ChunkerForm::best:
    case ChunkerForm::portable:
      return true;
#if CAIRN_CHUNKER_X86
    case ChunkerForm::sse41:
      return __builtin_cpu_supports("sse4.1") != 0;
    case ChunkerForm::avx2:
      return __builtin_cpu_supports("avx2") != 0;
    case ChunkerForm::avx512:
      return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vnni") != 0 &&
             __builtin_cpu_supports("avx512vbmi2") != 0;
#endif
    default:
      return false;
  }
}

}  // namespace cairn::codec
