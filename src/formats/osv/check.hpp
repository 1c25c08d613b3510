// SPDX-License-Identifier: Apache-2.0
// The rules of the schema about values: ids, ecosystems, events, severities. Each check reports to
// the place that the walk has reached.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "domain/advisory.hpp"
#include "formats/osv/walk.hpp"

namespace lockstep::formats::osv {

bool is_one_of(std::string_view word, std::span<const std::string_view> words);

/// "; did you mean 'X'?", or nothing
std::string suggestion(std::string_view word, std::span<const std::string_view> words);

void report_missing(Walk& walk, std::string_view member);
void check_id(std::string_view id, Walk& walk);
void check_ecosystem(std::string_view ecosystem, Walk& walk);
void check_severity(const PublishedSeverity& severity, Walk& walk);

/// The schema's rules about the events of one range, and doubts about their meaning.
void check_events(const AffectedRange& range, Walk& walk);

}  // namespace lockstep::formats::osv
