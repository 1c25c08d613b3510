// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/diagnostics.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// The bytes of a file, and their digest.
struct Loaded {
  std::string bytes;
  std::string sha256;
};

/// A file whose digest is the one that is expected; "" expects none.
/// Errors: file.*, ai.digest.
Result<Loaded> load(const std::string& path, const std::string& expected, std::uint64_t limit);

/// Errors: ai.digest when a digest is expected and the other one was found.
Result<> check_digest(const std::string& path,
                      const std::string& expected,
                      const std::string& found);

/// The first problem as an Error, with up to 20 others as its notes, so that a person mends them in
/// one round. Nothing when none of them is an error.
Result<> first_of(const Diagnostics& problems);

}  // namespace lockstep::ai
