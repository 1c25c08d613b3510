// SPDX-License-Identifier: Apache-2.0
// SPEED: libcurl brings thirty libraries with it, and to load them takes as long as to start this
// program (4 ms). It is loaded by the only command that needs it.
#pragma once

#define CURL_DISABLE_TYPECHECK
#include <chrono>
#include <curl/curl.h>
#include <string>

#include "base/result.hpp"

namespace lockstep {

/// The functions of libcurl that are used, under its own names.
struct CurlLibrary {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_multi_init) multi_init;
  decltype(&::curl_multi_add_handle) multi_add_handle;
  decltype(&::curl_multi_remove_handle) multi_remove_handle;
  decltype(&::curl_multi_perform) multi_perform;
  decltype(&::curl_multi_poll) multi_poll;
  decltype(&::curl_multi_info_read) multi_info_read;
  decltype(&::curl_multi_cleanup) multi_cleanup;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
};

/// Loads libcurl once; it stays loaded. Error: fetch.library.
Result<const CurlLibrary*> curl_library();

/// What holds for every exchange: certificates are checked, TLS is 1.2 or later, nobody is led to
/// another address, no signal is used. @param reason [CURL_ERROR_SIZE], where libcurl says why it
/// failed; it and `url` are read until the exchange ends
void set_safe_options(const CurlLibrary& curl,
                      CURL* handle,
                      const std::string& url,
                      std::chrono::milliseconds connect,
                      char* reason);

/// The error code of an exchange that failed: fetch.tls, fetch.unreachable or fetch.broken.
std::string fetch_code(CURLcode code);

}  // namespace lockstep
