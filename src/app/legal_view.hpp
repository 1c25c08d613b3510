// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/scope.hpp"
#include "base/files.hpp"

namespace lockstep::app {

/// What `lockstep scope` was asked: about a product file, or about a file of facts.
struct LegalRequest {
  std::string product_file;
  std::string facts_file;  ///< when not empty, in place of the product file
  Day as_of;
  std::vector<std::string> what_if;
};

/// The missing fact that is worth asking for first, and how to answer.
struct NextQuestion {
  std::string fact;
  std::string question;
  std::string answer_with;  ///< "yes or no", "one of the words ..."
  std::string for_example;  ///< "ai.profiling: no", a line for the product file
};

struct LegalAnswer {
  std::string subject;  ///< the product's name and version, or the path of the facts
  ScopeReport report;
  std::optional<NextQuestion> next;  ///< nothing when no fact is missing
  int exit = 0;  ///< 5 when the law changed for this product since its facts were answered
};

/// Whom the law is asked about: a product of a file, or a file of facts.
struct LegalSubject {
  std::string name;
  std::vector<Fact> facts;
  std::optional<Day> facts_answered;  ///< as the product file says
};

/// Reads the facts that the request names. Errors: file.*; problems of the file go to `problems`.
Result<LegalSubject> read_subject(const LegalRequest& request,
                                  const Files& files,
                                  Diagnostics& problems);

/// The dates of the view on one line as a drawing that stands alone, or "" when there are none.
std::string timeline_svg(const LegalView& view);

/// Reads the facts and answers. Errors: file.*, input.problems, facts.what_if.
Result<LegalAnswer> legal_view(const LegalRequest& request,
                               const Files& files,
                               Diagnostics& problems);

/// lockstep/scope/1, as pretty text. `what_if` is the request's.
std::string scope_document(const LegalAnswer& answer, const std::vector<std::string>& what_if);

}  // namespace lockstep::app
