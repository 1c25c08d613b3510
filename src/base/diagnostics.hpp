// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace lockstep {

enum class Severity { note, warning, error };

/// One problem of an input, with its place.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;     ///< stable, "area.problem", listed in docs/errors.md
  std::string message;  ///< one sentence: expected, found, what to do
  Position where;
};

/// Collects all problems of one or more inputs, in the order in which they were found, so that a
/// person mends a file in one round. At most `max_entries` are kept; the rest are counted. An error
/// takes the place of the last warning or note where there is no other.
class Diagnostics {
 public:
  static constexpr std::size_t max_entries = 1000;

  void error(std::string code, std::string message, Position where = {});
  void warning(std::string code, std::string message, Position where = {});
  void note(std::string code, std::string message, Position where = {});
  void add(Diagnostic diagnostic);
  void add(const Error& problem);
  void append(const Diagnostics& others);

  /// Whether a problem that is added now would be kept.
  bool has_room_for(Severity severity) const {
    return entries_.size() < max_entries || (severity == Severity::error && mild_ > 0);
  }

  bool has_errors() const { return errors_ > 0; }

  std::size_t error_count() const { return errors_; }

  std::size_t dropped() const { return dropped_; }

  const std::vector<Diagnostic>& entries() const { return entries_; }

 private:
  std::vector<Diagnostic> entries_;
  std::size_t errors_ = 0;  ///< kept or not
  std::size_t mild_ = 0;    ///< warnings and notes that are kept
  std::size_t dropped_ = 0;
};

/// "file:line:column: error[code]: message", leaving out the parts that are not known.
std::string to_text(const Diagnostic& diagnostic);
std::string to_text(const Error& error);

}  // namespace lockstep
