// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace lockstep {

/// "Fri, 27 Nov 2026 10:00:00 GMT". Source: RFC 9110, section 5.6.7, without the obsolete forms.
std::optional<Instant> http_date(std::string_view text);

/// How long a server asks to wait, in seconds or until a day and time; nothing when it cannot be
/// read. Source: RFC 9110, section 10.2.3.
std::optional<std::chrono::seconds> retry_after(std::string_view text, Instant now);

}  // namespace lockstep
