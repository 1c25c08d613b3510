// SPDX-License-Identifier: Apache-2.0
#include "domain/provenance.hpp"

namespace lockstep {

std::string to_text(const Provenance& provenance) {
  switch (provenance.kind) {
    case Provenance::Kind::read:
      return provenance.where.line > 0
                 ? provenance.where.file + ":" + std::to_string(provenance.where.line)
                 : provenance.where.file;
    case Provenance::Kind::computed:
      return "computed by " + provenance.by;
    case Provenance::Kind::answered:
      return "answered by " + provenance.by;
    case Provenance::Kind::measured:
      return "measured by " + provenance.by;
  }
  return {};
}

}  // namespace lockstep
