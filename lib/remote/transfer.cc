// SPDX-License-Identifier: Apache-2.0
#include "remote/transfer.h"

namespace cairn::remote {

PushReport& PushReport::operator+=(const PushReport& other) {
  objects += other.objects;
  packs += other.packs;
  bytes += other.bytes;
  already_there += other.already_there;
  commits += other.commits;
  paths.insert(paths.end(), other.paths.begin(), other.paths.end());
  return *this;
}

FetchReport& FetchReport::operator+=(const FetchReport& other) {
  objects += other.objects;
  packs += other.packs;
  bytes += other.bytes;
  already_here += other.already_here;
  paths.insert(paths.end(), other.paths.begin(), other.paths.end());
  return *this;
}

}  // namespace cairn::remote
