// SPDX-License-Identifier: Apache-2.0
// Records that are found by package URL: it gives ecosystems and names to ask for, the index gives
// the entries filed under them, and each entry is evaluated against the version. Used in this
// folder only.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "advisories/ecosystem.hpp"
#include "advisories/hit.hpp"
#include "advisories/index.hpp"
#include "base/result.hpp"
#include "domain/bom.hpp"

namespace lockstep::advisories {

/// What is asked about one component, and where the answers are filed.
struct PurlQuestion {
  Candidates package;
  std::vector<Posting> postings;
  Candidates source;  ///< its repository and revision, where the package URL names them
  std::vector<Posting> source_postings;
  std::vector<Posting> extended_postings;  ///< of extended support

  /// Whether some record lists the package or its repository.
  bool is_named() const { return !postings.empty() || !source_postings.empty(); }

  /// Whether there may be an answer: other distributions may list what this one rebuilds, or is
  /// rebuilt by.
  bool is_listed() const {
    return is_named() || !extended_postings.empty() || !package.own_ecosystems.empty() ||
           !package.rebuilt_ecosystems.empty();
  }
};

class PurlLookup {
 public:
  explicit PurlLookup(const AdvisoryIndex& index);

  /// Errors, here and below: data.index.
  Result<PurlQuestion> question_about(const Component& component) const;

  /// Of a distribution the release must be there: records of another one say nothing.
  bool has_data(const PurlQuestion& question) const;

  /// What the records touch. Who rebuilt the package decides first.
  /// @param open takes what could not be evaluated
  Result<std::vector<Hit>> hits_of(PurlQuestion& question, Open& open);

  /// Adds the flaws without a fix that the distribution knows whose packages were rebuilt, but for
  /// those that own records decide.
  Result<> add_open_flaws(const PurlQuestion& question, std::vector<Hit>& hits, const Open& open);

  /// The records that gave an answer, whatever it is.
  Result<std::vector<std::uint32_t>> decided_by(std::span<const Posting> postings,
                                                const Open& open) const;

 private:
  std::vector<std::string_view> expand(std::string_view candidate) const;
  bool has_data(const Candidates& candidates) const;
  Result<> add_postings(std::string_view candidate,
                        std::span<const std::string> names,
                        std::vector<Posting>& into) const;
  Result<std::vector<Posting>> postings_of(const Candidates& candidates) const;
  Result<bool> is_of_other_module(const Posting& posting, const Candidates& candidates) const;
  Result<std::vector<Hit>> evaluated(std::span<const Posting> postings,
                                     const Candidates& candidates,
                                     Open& open);
  Result<> add_undecided(std::span<const Posting> postings,
                         const Candidates& candidates,
                         std::span<const Posting> deciding,
                         std::vector<Hit>& hits,
                         Open& open);

  const AdvisoryIndex& index_;
  std::set<std::string_view> imported_;  ///< ecosystems, with their suffix
  AffectedEntry entry_;                  ///< the one that is looked at
};

}  // namespace lockstep::advisories
