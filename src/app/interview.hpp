// SPDX-License-Identifier: Apache-2.0
// The files of `init`: answers that come in, answers that wait for the next sitting, and the
// product file that comes out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/init.hpp"
#include "app/questions.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/obligation.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

struct InterviewReport {
  std::string path;
  std::vector<std::string> answered;  ///< names of the facts that are known now
  std::vector<std::string> unsure;    ///< those asked that are not
  LegalView view;                     ///< what follows, with what is still missing
};

/// Errors: init.exists when there is something at the path of the product file.
Result<> check_new(const std::string& path, const Files& files);

/// Where the answers wait while an interview is not finished: "lockstep.answers.yaml" beside
/// "lockstep.yaml".
std::string kept_path(const std::string& path);

/// What a person is asked next, as texts.
struct Prompt {
  int number = 0;        ///< of the question, 2 to questions_max
  std::string question;  ///< id of the question that the fact belongs to
  std::string title;
  std::string fact;  ///< "product.kind"
  std::string ask;
  std::vector<std::pair<std::string, std::string>> words;  ///< of a choice or list, with meanings
  std::string why;
  std::string law;           ///< "CRA Art. 3(1); AI Act Art. 2(1)"
  std::string what_fits;     ///< "yes or no", "one word or its number"
  bool is_presumed = false;  ///< the law presumes that none of it holds until it is stated
};

/// The answers of a person or of a file, by the embedded law of a day.
class Interview {
 public:
  static Interview open(Day as_of);

  /// Takes over an answers file: a YAML map of `name`, `version`, `intended_purpose` and `facts`.
  /// All problems go to `problems`. Errors: file.*, init.answers, input.problems.
  Result<> read(const std::string& path, const Files& files, Diagnostics& problems);

  /// Writes the answers as `read` reads them, the facts in their order.
  Result<> keep(const std::string& path, Files& files) const;

  /// Writes the commented product file, and takes answers that waited beside it away. Never
  /// overwrites. Errors: init.exists, file.unwritable.
  Result<InterviewReport> finish(const std::string& path, Files& files) const;

  /// What to ask next; nothing when no answer would tell much.
  std::optional<Prompt> next();

  /// What is possible by the answers before the last `next`.
  const LegalView& view() const { return outlook_.view; }

  /// The answer to the last `next`, as a person types it. Errors: init.answer, also where it
  /// contradicts an earlier one.
  Result<> answer(std::string_view typed);

  /// Takes the last answer to a fact away and returns it.
  std::optional<Fact> take_back();

  InitAnswers answers;  ///< so far

 private:
  Interview(regulations::Ruleset law, Day as_of) : law_(std::move(law)), as_of_(as_of) {}

  regulations::Ruleset law_;
  Day as_of_;
  Outlook outlook_;
};

}  // namespace lockstep::app
