// SPDX-License-Identifier: Apache-2.0
#include "base/curl_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <string>

namespace lockstep {
namespace {

/// Puts the address of a function into its place; says whether it was there.
template <typename Function>
bool find(void* library, const char* name, Function& into) {
  into = reinterpret_cast<Function>(::dlsym(library, name));  // NOLINT: what dlsym is for
  return into != nullptr;
}

Result<CurlLibrary> load() {
  constexpr const char* name = "libcurl.so.4";
  void* const library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  CurlLibrary curl{};
  const bool is_whole = library != nullptr && find(library, "curl_global_init", curl.global_init) &&
                        find(library, "curl_easy_init", curl.easy_init) &&
                        find(library, "curl_easy_reset", curl.easy_reset) &&
                        find(library, "curl_easy_setopt", curl.easy_setopt) &&
                        find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
                        find(library, "curl_easy_strerror", curl.easy_strerror) &&
                        find(library, "curl_easy_cleanup", curl.easy_cleanup) &&
                        find(library, "curl_multi_init", curl.multi_init) &&
                        find(library, "curl_multi_add_handle", curl.multi_add_handle) &&
                        find(library, "curl_multi_remove_handle", curl.multi_remove_handle) &&
                        find(library, "curl_multi_perform", curl.multi_perform) &&
                        find(library, "curl_multi_poll", curl.multi_poll) &&
                        find(library, "curl_multi_info_read", curl.multi_info_read) &&
                        find(library, "curl_multi_cleanup", curl.multi_cleanup) &&
                        find(library, "curl_slist_append", curl.slist_append) &&
                        find(library, "curl_slist_free_all", curl.slist_free_all);
  if (!is_whole || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    const char* const reason = ::dlerror();
    return fail(ErrorKind::input, "fetch.library",
                fmt::format("expected the library {} of version 7.85 or later, to fetch data "
                            "with: {}; install it (Debian: libcurl4), or fetch the files yourself "
                            "for `lockstep data import`",
                            name, reason == nullptr ? "it cannot be used" : reason));
  }
  return curl;
}

bool is_about_tls(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const Result<CurlLibrary> loaded = load();
  if (!loaded) return tl::unexpected<Error>(loaded.error());
  return &*loaded;
}

void set_safe_options(const CurlLibrary& curl,
                      CURL* handle,
                      const std::string& url,
                      std::chrono::milliseconds connect,
                      char* reason) {
  const auto set = [&](CURLoption option, auto value) { curl.easy_setopt(handle, option, value); };
  reason[0] = '\0';
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  set(CURLOPT_USERAGENT, "lockstep/" LOCKSTEP_VERSION);
  set(CURLOPT_ERRORBUFFER, reason);
}

std::string fetch_code(CURLcode code) {
  if (is_about_tls(code)) return "fetch.tls";
  const bool is_reached = code != CURLE_COULDNT_RESOLVE_HOST && code != CURLE_COULDNT_CONNECT &&
                          code != CURLE_COULDNT_RESOLVE_PROXY;
  return is_reached ? "fetch.broken" : "fetch.unreachable";
}

}  // namespace lockstep
