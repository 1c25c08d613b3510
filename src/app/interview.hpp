// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep::app {

/// What `lockstep init` was asked.
struct InterviewRequest {
  std::string path;          ///< of the product file to write
  std::string answers_file;  ///< "" to ask a person
  Day as_of;
  /// Asks one line; "" when the person has nothing to say. Not called with an answers file.
  std::string (*ask)(std::string_view question) = nullptr;
  const Progress* progress = nullptr;  ///< says whether the person has stopped; may be left out
};

struct InterviewReport {
  std::string path;
  std::vector<std::string> answered;  ///< names of the facts that are known now
  std::vector<std::string> open;      ///< those asked that are not
};

/// Asks at most twelve questions, each with why it is asked and its provisions, and writes a
/// commented product file. Never overwrites. The answers file is a YAML map of `name`, `version`,
/// `intended_purpose` and `facts`.
/// Errors: init.exists, init.nobody (there is no one to ask), init.cancelled, file.*,
/// input.problems.
Result<InterviewReport> interview(const InterviewRequest& request,
                                  Files& files,
                                  Diagnostics& problems);

}  // namespace lockstep::app
