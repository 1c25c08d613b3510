// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "domain/dossier.hpp"
#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

/// What `assess` prints: the title, the table of areas, what blocks, what was not checked, what to
/// try next, the exit code in words. @param files the documents that were written
std::string summary(const Dossier& dossier,
                    const std::vector<std::string>& files,
                    const Environment& environment);

/// "1, a gate failed"
std::string exit_words(int exit);

}  // namespace lockstep::frontends
