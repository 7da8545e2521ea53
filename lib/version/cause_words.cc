// SPDX-License-Identifier: Apache-2.0
#include "version/cause_words.h"

namespace cairn::version {

std::string held_words(Factor factor) {
  switch (factor) {
    case Factor::hash_seed:
      return "PYTHONHASHSEED set";
    case Factor::threads:
      return "one processor";
    case Factor::clock:
      return "the clock held";
    case Factor::addresses:
      return "memory addresses held";
    case Factor::random:
      return "the kernel's random numbers held";
    case Factor::processes:
      return "process ids held";
    case Factor::folder_order:
      return "the names of folders sorted";
    default:
      return std::string(factor_name(factor)) + " held";
  }
}

std::string varying_words(Factor factor, bool lines, bool seeded) {
  switch (factor) {
    case Factor::hash_seed:
      return "the order of Python's sets or hashes, which PYTHONHASHSEED would fix";
    case Factor::threads:
      return lines ? "the order of lines depends on threads or processes that run beside each other"
                   : "the result depends on threads or processes that run beside each other";
    case Factor::clock:
      return "the output depends on the time at which the command runs";
    case Factor::addresses:
      return "the output depends on memory addresses";
    case Factor::random:
      return seeded ? "random numbers that its seed does not reach" : "random numbers without a fixed seed";
    case Factor::processes:
      return "the output depends on process ids";
    default:
      return influence_words(factor);
  }
}

std::string influence_words(Factor factor) {
  switch (factor) {
    case Factor::hash_seed:
      return "the output depends on PYTHONHASHSEED";
    case Factor::threads:
      return "the output depends on the number of processors or threads";
    case Factor::clock:
      return "the output depends on the time at which the command runs";
    case Factor::folder_order:
      return "the output depends on the order in which a folder's names come";
    case Factor::locale:
      return "the output depends on the locale";
    case Factor::time_zone:
      return "the output depends on the time zone";
    case Factor::folder:
      return "the output depends on where the project's folder is";
    default:
      return "the output depends on " + std::string(factor_name(factor));
  }
}

std::string setting_words(Factor factor, const std::string& value) {
  switch (factor) {
    case Factor::hash_seed:
      return "PYTHONHASHSEED " + value;
    case Factor::threads:
      return value == "1" ? "1 processor" : value + " processors";
    case Factor::clock:
      return "the clock at another time";
    case Factor::folder_order:
      return "the names of folders " + value;
    case Factor::locale:
      return "locale " + value;
    case Factor::time_zone:
      return "time zone " + value;
    case Factor::folder:
      return value == "other" ? "the project in another folder" : "the project in " + value;
    default:
      return held_words(factor);
  }
}

std::string runs_words(unsigned runs) {
  return runs == 1 ? "1 run" : std::to_string(runs) + " runs";
}

}  // namespace cairn::version
