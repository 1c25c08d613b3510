// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/received.hpp"
#include "domain/supply_check.hpp"
#include "regulations/checks/checks.hpp"

namespace lockstep::regulations {

/// A place where the words of a sign stand.
struct SignHit {
  int sign = -1;
  int page = 0;            ///< from 1; 0 in a form without pages
  int line = 0;            ///< from 1; 0 where the whole file is meant
  std::string words;       ///< the line
  std::string value;       ///< "" where the sign wants none, or none was found
  bool has_value = false;  ///< that what the sign wants is there
};

/// One file with everything that was seen in it.
struct ReadDocument {
  const ReceivedFile* file = nullptr;
  std::vector<SignHit> hits;  ///< by sign, then in the order of the file
  std::vector<int> kinds;
  std::vector<std::pair<int, SeenAt>> headings;  ///< by kind: where it was told
  std::string language;                          ///< "en", "" when it was not told
  std::string unread;                            ///< of the file, or that its language is not known

  bool is_kind(int kind) const;
  bool has(int sign) const;
};

/// Looks for every sign in every language, then tells kinds and language.
ReadDocument read_document(const Checks& checks, const ReceivedFile& file);

/// Hits of one sign that are kept for one file.
inline constexpr std::size_t hits_max = 8;

/// Lines at the beginning of a document in which its heading is looked for.
inline constexpr std::size_t heading_lines = 25;

/// Words from which on a text is long enough to tell its language, and the share of them (in
/// hundredths) that must be common words of one.
inline constexpr std::size_t language_words = 40;
inline constexpr std::size_t language_share = 6;

}  // namespace lockstep::regulations
