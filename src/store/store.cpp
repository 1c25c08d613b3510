// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"

namespace lockstep::store {

Result<StoreUrl> parse_store_url(const std::string& url) {
  const std::size_t colon = url.find(':');
  const std::string scheme = url.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : url.substr(colon + 1);
  if (scheme == "memory" && colon != std::string::npos && rest.empty()) return StoreUrl{};
  if (scheme == "sqlite" && !rest.empty()) return StoreUrl{rest};
  if (scheme == "postgresql" || scheme == "postgres")
    return fail(ErrorKind::usage, "store.unavailable",
                "PostgreSQL is not available in this version; use --store sqlite:PATH");
  return fail(ErrorKind::usage, "store.scheme",
              fmt::format("expected a store such as sqlite:PATH, found '{}'", quotable(url)));
}

Result<std::unique_ptr<Store>> open_store(const std::string& url) {
  TRY(const StoreUrl place, parse_store_url(url));
  if (place.path.empty()) return std::make_unique<MemoryStore>();
  return open_sqlite(place.path);
}

}  // namespace lockstep::store
