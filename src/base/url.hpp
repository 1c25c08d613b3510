// SPDX-License-Identifier: Apache-2.0
// What has to be known of an address before anything is fetched from it or sent to it.
// Source: RFC 3986, section 3.
#pragma once

#include <string>
#include <string_view>

namespace lockstep {

/// The host of a URL, without the brackets of an IPv6 address; "" when there is none.
std::string_view host_of(std::string_view url);

/// Whether a URL has a scheme and a host, no user name, nothing but printable ASCII without the
/// backslash, and at most 2,048 bytes.
bool is_plain_url(std::string_view url);

/// Whether a host is this very machine: 127.0.0.0/8, ::1 or localhost.
bool is_this_machine(std::string_view host);

/// Each byte but letters, digits, - . _ ~ and those of `kept` as "%2F".
std::string percent_encoded(std::string_view text, std::string_view kept = "");

/// The reverse; a '%' without two hexadecimal digits behind it stands for itself.
std::string percent_decoded(std::string_view text);

/// The URL up to its query or fragment, which may hold what is nobody else's business.
std::string without_query(std::string_view url);

}  // namespace lockstep
