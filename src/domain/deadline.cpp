// SPDX-License-Identifier: Apache-2.0
#include "domain/deadline.hpp"

namespace lockstep {

std::string_view to_text(Deadline::State state) {
  switch (state) {
    case Deadline::State::not_known:
      return "not_known";
    case Deadline::State::needs_aware:
      return "needs_aware";
    case Deadline::State::not_begun:
      return "not_begun";
    case Deadline::State::no_number:
      return "no_number";
    case Deadline::State::running:
      return "running";
    case Deadline::State::alarm:
      return "alarm";
    case Deadline::State::strict_over:
      return "strict_over";
    case Deadline::State::passed:
      return "passed";
    case Deadline::State::done:
      return "done";
    case Deadline::State::done_late:
      return "done_late";
  }
  return "not_known";
}

}  // namespace lockstep
