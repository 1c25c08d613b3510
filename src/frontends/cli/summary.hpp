// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/assess.hpp"
#include "domain/dossier.hpp"
#include "domain/measurement.hpp"
#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

/// What `assess` prints: the title, the table of areas, what blocks, what was not checked, what to
/// try next, the exit code in words. The head of the evidence chain is printed so that it can be
/// kept outside the store.
std::string summary(const Dossier& dossier,
                    const app::Written& written,
                    const Environment& environment);

/// "newest 2026-11-01 (2 dated later than the day of judgement)"
std::string newest_of(const DataSource& source);

/// "49 of 50, 98.0 % (95 % interval 89.4 to 99.9 %)"
std::string share(const Accuracy& accuracy);

/// "sha256 0123456789abcdef", or that there is none.
std::string digest_words(const FileRef& file);

/// "device cpu, answered by fused loops\n", in lines of at most `width` columns.
std::string answered_words(const AnsweredBy& answered_by, int width);

/// "1, a gate failed"
std::string exit_words(int exit);

}  // namespace lockstep::frontends
