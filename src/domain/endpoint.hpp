// SPDX-License-Identifier: Apache-2.0
// A model that somebody else runs, behind an address.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lockstep {

/// How it is to be asked.
struct EndpointOptions {
  std::string form;            ///< scores, kserve or chat; "": what the address says
  std::string model;           ///< what the service calls its model; chat only
  std::int64_t rows = 32;      ///< of a request, at most
  int parallel = 1;            ///< requests at a time
  int timeout_seconds = 60;    ///< of one request
  int tries = 5;               ///< of one request, while the service is busy or does not answer
  std::int64_t questions = 0;  ///< rows that may be asked in all; 0: no limit

  bool operator==(const EndpointOptions&) const = default;
};

/// Whether a model is named by an address, not by a file.
inline bool is_address(std::string_view model) {
  return model.starts_with("https://") || model.starts_with("http://");
}

}  // namespace lockstep
