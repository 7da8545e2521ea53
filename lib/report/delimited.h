// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "text/value.h"

namespace cairn::report {

/// Rows of a CSV (`separator` ',') or TSV ('\t') text with a header line, as a list of maps from column to
/// value: integers and numbers where a cell is one, else strings. Quoting as in RFC 4180; CRLF is accepted;
/// empty lines are passed over; missing cells are left out, cells beyond the header are named by their
/// number. Errors: `malformed` with the line, for a quote that is not closed. `path` is for messages.
Result<text::Value> parse_delimited(std::string_view text, std::string_view path, char separator);

/// The points of a plot's file: by its suffix CSV, TSV, JSON, YAML or TOML. Of the latter three the first
/// list of maps is taken, at whatever depth. Errors: as the parsers; `malformed` when there is no such list;
/// `unsupported` for any other file (an image has no points).
Result<text::Value> parse_points(std::string_view text, std::string_view path);

}  // namespace cairn::report
