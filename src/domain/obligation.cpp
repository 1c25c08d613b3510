// SPDX-License-Identifier: Apache-2.0
#include "domain/obligation.hpp"

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
