// SPDX-License-Identifier: Apache-2.0
// A printed name is read as the same name, in both forms, and equals itself.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "domain/cpe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto cpe = lockstep::parse_cpe(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!cpe) return 0;
  const auto formatted = to_formatted_string(*cpe);
  const auto uri = to_uri(*cpe);
  if (formatted.size() > lockstep::max_cpe_bytes || uri.size() > lockstep::max_cpe_bytes) return 0;
  const auto again = lockstep::parse_cpe(formatted);
  const auto from_uri = lockstep::parse_cpe(uri);
  LS_CHECK(again && *again == *cpe, "a printed name is read as another one");
  LS_CHECK(from_uri && *from_uri == *cpe, "a printed URI is read as another one");
  LS_CHECK(relation_of(*cpe, *again) == lockstep::CpeRelation::equal, "a name is not itself");
  static_cast<void>(matches(*cpe, *again));
  return 0;
}
