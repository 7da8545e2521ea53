// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "text/limits.h"
#include "text/value.h"

namespace cairn::text {

/// Reads one YAML document. Scalars are typed as DVC's loader does: YAML 1.2, but `010` is 10, `0b11` is 3
/// and `1_000` is 1000; `yes`, `on` and `12:30:45` are strings; dates stay strings (plain style tells them
/// from quoted ones). Keys are strings: `1:` is the key "1". `<<` merges maps: own keys come first and win,
/// then earlier maps before later ones. Aliases become copies. An empty text is an empty map. CRLF and a byte
/// order mark are accepted; a `%YAML` header changes nothing. Errors: malformed, with all problems of the
/// file (see Diagnostics): syntax, duplicate keys (both places), tags other than !!str !!int !!float !!bool
/// !!null !!map !!seq, keys that are no scalars, a second document, bytes that are not UTF-8, a bare `=`,
/// numbers beyond int64 or double, anything above `limits`. `path` only names the file in messages. Cost:
/// linear; about 300 bytes of memory for a key with its value.
Result<Value> parse_yaml(std::string_view text, std::string_view path, const Limits& limits = {});

}  // namespace cairn::text
