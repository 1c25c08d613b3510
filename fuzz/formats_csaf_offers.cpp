// SPDX-License-Identifier: Apache-2.0
// Whatever a server sends in place of a list of documents: the first byte chooses the list. A path
// that is returned stays in its folder.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "formats/csaf/provider.hpp"
#include "formats/osv/changes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace csaf = lockstep::formats::csaf;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  lockstep::Diagnostics problems;
  const auto stay = [](const std::string& path) {
    LS_CHECK(!path.starts_with('/') && ("/" + path + "/").find("/../") == std::string::npos,
             "a path leads out of its folder");
  };
  switch (data[0]) {
    case 'p':
      (void)csaf::read_provider(bytes, "fuzz", problems);
      break;
    case 'a':
      (void)csaf::read_aggregator(bytes, "fuzz", problems);
      break;
    case 'f':
      (void)csaf::read_feed(bytes, "fuzz", problems);
      break;
    case 'c':
      for (const csaf::Offer& offer : csaf::read_changes(bytes, "fuzz", problems))
        stay(offer.url);
      break;
    case 'i':
      for (const csaf::Offer& offer : csaf::read_index(bytes, "fuzz", problems))
        stay(offer.url);
      break;
    case 'd':
      (void)csaf::read_digest(bytes, 64);
      break;
    default:
      for (const auto& change :
           lockstep::formats::osv::read_changes(bytes, "2026", 1000, "fuzz", problems))
        stay(change.id);
  }
  return 0;
}
