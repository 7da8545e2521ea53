// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "pipeline/drift_gate.h"
#include "pipeline/stage.h"
#include "pipeline/value_reader.h"

/// Readers of the keys of a cairn.yaml that list what its reports show. Internal to this module.
namespace cairn::pipeline {

/// `params` or `metrics`: a list of files, relative to `folder`.
std::vector<ListedFile> read_listed_files(std::string_view key, const text::Value& value,
                                          std::string_view folder, ValueReader& reader);
/// `plots`: a list of names and of {name: properties}, or a map of these. A name is a file or, when its
/// properties name files, free.
std::vector<NamedEntry> read_plots(const text::Value& value, ValueReader& reader);
/// `artifacts`: {id: {path, desc, type, labels, meta}}.
std::vector<NamedEntry> read_artifacts(const text::Value& value, std::string_view folder,
                                       ValueReader& reader);

/// `drift`: {PATH: {fail_on: RULES, columns: [NAME]}}.
std::vector<DriftGate> read_drift(const text::Value& value, std::string_view folder, ValueReader& reader);

}  // namespace cairn::pipeline
