// SPDX-License-Identifier: Apache-2.0
// One address, fetched whole or not at all: conditional, resumed where it broke off, with a bound
// on its size, on the redirects and on the tries.
//
//   DATA/downloads/NAME.part   what has arrived so far, NAME from the digest of the address
//   DATA/downloads/NAME.json   of which edition it is: address, ETag, Last-Modified
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fetcher.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep::app {

/// What a server calls an edition of a document; either may be "".
struct Edition {
  std::string etag;
  std::string last_modified;

  bool operator==(const Edition&) const = default;
};

struct DownloadRequest {
  std::string url;
  std::string what;         ///< for the progress bar: "osv/PyPI"
  std::uint64_t limit = 0;  ///< in bytes
  Edition known;            ///< what is here already: nothing is sent again when it still is that
};

struct Download {
  enum class State {
    fetched,
    unchanged,  ///< still the known edition
    missing,    ///< the server has no such document
  };

  State state = State::fetched;
  std::string url;    ///< that answered, after redirects
  std::string bytes;  ///< of `fetch`
  std::string path;   ///< of `fetch_file`: where the whole file lies
  Edition edition;
  std::uint64_t size = 0;  ///< of the whole
};

/// How often and how long one address is tried.
struct DownloadLimits {
  int tries = 5;
  int redirects = 5;
  std::chrono::milliseconds first_pause{1'000};  ///< doubled from try to try
  std::chrono::milliseconds longest_pause{60'000};
};

class Downloader {
 public:
  /// @param folder where files grow: DATA/downloads
  Downloader(Fetcher& fetcher,
             Files& files,
             Progress& progress,
             Instant now,
             std::string folder,
             const DownloadLimits& limits = {});

  /// Into memory. Errors: fetch.broken, fetch.status (the server refuses, or is still busy after
  /// the last try), fetch.redirect, fetch.too_large, fetch.address, fetch.tls, data.cancelled.
  Result<Download> fetch(const DownloadRequest& request);

  /// Into a file below the folder, where a part of it may lie from an earlier run. The file stays
  /// until `forget`. Errors: as above, and file.unwritable.
  Result<Download> fetch_file(const DownloadRequest& request);

  /// Removes what lies there of an address. Error: file.unwritable.
  Result<> forget(const std::string& url);

 private:
  class Body;
  Result<Download> run(const DownloadRequest& request, Body& body);
  std::string part_path(const std::string& url) const;

  Fetcher& fetcher_;
  Files& files_;
  Progress& progress_;
  Instant now_;
  std::string folder_;
  DownloadLimits limits_;
};

}  // namespace lockstep::app
