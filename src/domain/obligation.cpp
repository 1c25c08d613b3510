// SPDX-License-Identifier: Apache-2.0
#include "domain/obligation.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace lockstep {

std::string_view to_text(Obligation::Met met) {
  switch (met) {
    case Obligation::Met::does_not_apply:
      return "does_not_apply";
    case Obligation::Met::met:
      return "met";
    case Obligation::Met::unmet:
      return "unmet";
    case Obligation::Met::unknown:
      return "unknown";
  }
  return "unknown";
}

Citation citation_of(std::string_view written, std::string_view act) {
  if (!written.starts_with("eu-")) return {std::string(act), std::string(written)};
  const std::size_t slash = std::min(written.find('/'), written.size());
  const std::size_t path = std::min(slash + 1, written.size());
  return {std::string(written.substr(0, slash)), std::string(written.substr(path))};
}

std::string short_title_of(std::span<const ActReference> acts, std::string_view act) {
  const auto found = std::ranges::find(acts, act, &ActReference::id);
  return found == acts.end() ? std::string(act) : found->short_title;
}

std::string to_text(const Citation& citation, std::string_view short_title) {
  std::string text(short_title);
  for (const std::string_view piece : split(citation.path, '/')) {
    const std::size_t mark = piece.find('_');
    const std::string_view kind = piece.substr(0, mark);
    const std::string number(mark == std::string_view::npos ? "" : piece.substr(mark + 1));
    if (kind == "art") {
      text += " Art. " + number;
    } else if (kind == "anx") {
      text += " Annex " + number;
    } else if (kind == "pt" || kind == "sct") {
      text += (kind == "pt" ? " Part " : " Section ") + number;
    } else if (kind == "rct") {
      text += " recital " + number;
    } else if (kind == "sub") {
      text += " subparagraph " + number;
    } else {
      text += "(" + number + ")";
    }
  }
  return text;
}

std::string_view to_text(Overlap::Strength strength) {
  return strength == Overlap::Strength::strong ? "strong" : "partial";
}

}  // namespace lockstep
