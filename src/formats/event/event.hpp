// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/deadline.hpp"

namespace lockstep::formats {

/// Reads an event file (docs/event-file.md). All problems, in file order, go to `problems`; what
/// could be read is returned. Errors: yaml.* when it is no YAML. Codes in `problems`: product.type,
/// product.fact, product.unknown_key, event.instant.
Result<Event> read_event(std::string_view bytes, const std::string& path, Diagnostics& problems);

}  // namespace lockstep::formats
