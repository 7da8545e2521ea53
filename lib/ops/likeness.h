// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "store/store.h"

/// What two results of an out look like beside each other, to find words for a cause. Results of up to 64 MiB
/// are looked at; larger ones, and what cannot be read, are alike in nothing. Of folders all files that
/// differ have to be alike, and to have the same names.
namespace cairn::ops {

/// The same lines in another order.
bool have_same_lines(store::Store& store, const store::Object& a, const store::Object& b);

/// What differs is where one of these names stands.
bool differ_only_in(store::Store& store, const store::Object& a, const store::Object& b,
                    const std::set<std::string>& names);

}  // namespace cairn::ops
