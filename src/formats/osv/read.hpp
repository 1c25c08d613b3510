// SPDX-License-Identifier: Apache-2.0
// Reads OSV records, the common form of advisories about open-source packages.
// Source: OSV schema 1.7.5 (21 January 2026).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/advisory.hpp"

namespace lockstep::formats::osv {

/// Reads record after record and keeps its working memory between them.
///
/// All problems of a record are reported, each with the path of the member and its line. What
/// breaks a rule of the schema is an error; what the schema does not know (a newer ecosystem, id
/// prefix or member) and what is doubtful data is a warning. A record that has an id is always
/// returned with all of it that could be read; an entry of `affected` of which a range or version
/// had to be left out says so in `partly_read`.
class Reader {
 public:
  Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// The records of one document: a record, an array of records, or an object with the records in
  /// `vulns`. Errors: osv.syntax (the document is no JSON: with the byte offset where it can be
  /// known), osv.size, osv.shape (JSON, but none of the three forms).
  /// Problems: osv.missing, osv.type, osv.value, osv.events, osv.severity, osv.unknown.
  Result<std::vector<Advisory>> read(std::string_view bytes,
                                     const std::string& file,
                                     Diagnostics& problems);

  /// What a record says, valid during the call.
  using Take = std::function<void(const AdvisoryView&)>;
  /// The same, one record after the other, without copies of their texts. Nothing is given of a
  /// document that is no JSON.
  Result<> read_each(std::string_view bytes,
                     const std::string& file,
                     Diagnostics& problems,
                     const Take& take);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether a JSON text looks like an OSV record or a list of them. Looks at the first bytes only.
bool looks_like(std::string_view bytes);

}  // namespace lockstep::formats::osv
