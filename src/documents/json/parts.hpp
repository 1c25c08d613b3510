// SPDX-License-Identifier: Apache-2.0
// Pieces that several JSON documents share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "documents/json/json.hpp"
#include "domain/dossier.hpp"

namespace lockstep::documents {

/// Each element of `values` through `convert`, as an array.
template <typename Values, typename Convert>
Json list_of(const Values& values, Convert convert) {
  Json list = Json::array();
  for (const auto& value : values)
    list.push(convert(value));
  return list;
}

/// The text, or null when it is empty.
Json text_or_null(const std::string& text);

/// "2029-01-15", or null.
Json day_or_null(const std::optional<Day>& day);

/// A number up to 2^53, which every reader keeps exactly; a decimal text above.
Json seed_json(std::uint64_t seed);

Json to_json(const FileRef& file);
Json to_json(const Interval& interval);
Json to_json(const Accuracy& accuracy);
Json to_json(const DataSource& source);
Json to_json(const Finding& finding);
Json to_json(const OverallRisk& overall);
Json to_json(const Risk& risk);
Json to_json(const Evidence& evidence, Times times);
Json to_json(const Answer& answer);
Json to_json(const Obligation& obligation);
Json to_json(const Conflict& conflict);
Json to_json(const MissingFact& fact);
Json to_json(const ScopeCodes& codes);
Json to_json(const TestVerdict& verdict);
Json to_json(const Diagnostic& problem);
Json to_json(const Fact& fact);
/// path, sha256, format, components
Json summary_of(const Bom& bom);
/// The members of lockstep/evasion/1 without schema and exit.
Json to_json(const Measurement& test, Times times);
/// The members of lockstep/metrics/1 without schema, declared, threads and exit.
Json to_json(const Metrics& metrics);
Json to_json(const DeclaredVerdict& verdict);
/// Product, operators, inputs and declarations of the product file.
Json to_json(const Product& product, Times times);

}  // namespace lockstep::documents
