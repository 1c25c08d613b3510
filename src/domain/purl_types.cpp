// SPDX-License-Identifier: Apache-2.0
// The registered package types and what each asks of namespace, name, version and qualifiers.
//
// Source: the purl type definitions (ECMA-427, packageurl.org/types).
#include "domain/purl_types.hpp"

#include <algorithm>
#include <array>
#include <bits/ranges_algo.h>
#include <cstddef>
#include <fmt/core.h>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "domain/purl.hpp"

namespace lockstep {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Result<> refuse(std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message));
}

/// The name is the extension's id, 32 letters from a to p; the version has one to four numbers.
Result<> check_chrome_extension(Purl& purl) {
  const bool is_id = purl.name.size() == 32 &&
                     std::ranges::all_of(purl.name, [](char c) { return c >= 'a' && c <= 'p'; });
  if (!is_id) {
    return refuse("purl.name", fmt::format("expected the id of a Chrome extension, 32 letters from "
                                           "a to p, found '{}'",
                                           quotable(purl.name)));
  }
  if (purl.version.empty()) return {};
  const auto numbers = split(purl.version, '.');
  const bool is_version = numbers.size() <= 4 && std::ranges::all_of(numbers, [](auto number) {
                            return !number.empty() && std::ranges::all_of(number, is_digit);
                          });
  if (!is_version) {
    return refuse("purl.version",
                  fmt::format("expected the version of a Chrome extension, one to four numbers "
                              "such as 1.2.3, found '{}'",
                              quotable(purl.version)));
  }
  return {};
}

Result<> check_cocoapods(Purl& purl) {
  const bool is_pod =
      !purl.name.starts_with('.') && purl.name.find_first_of(" \t\r\n\v\f+") == std::string::npos;
  if (is_pod) return {};
  return refuse("purl.name", fmt::format("expected the name of a pod without spaces and '+' that "
                                         "does not begin with '.', found '{}'",
                                         quotable(purl.name)));
}

/// The name is that of the distribution, not of a module.
Result<> check_cpan(Purl& purl) {
  if (purl.name.find("::") == std::string::npos) return {};
  return refuse("purl.name", fmt::format("expected the name of a CPAN distribution such as "
                                         "URI-PackageURL, found the module name '{}'",
                                         quotable(purl.name)));
}

/// The namespace is the host, the name the whole path on it. Paths on hosts that ignore case are
/// lowered, as in the types of these hosts.
Result<> settle_git(Purl& purl) {
  constexpr std::array<std::string_view, 4> ignoring_case = {"github", "github.com", "bitbucket",
                                                             "bitbucket.org"};
  if (const std::size_t slash = purl.name_space.find('/'); slash != std::string::npos) {
    purl.name = purl.name_space.substr(slash + 1) + "/" + purl.name;
    purl.name_space.resize(slash);
  }
  const auto steps = split(purl.name, '/');
  if (std::ranges::any_of(steps, [](auto step) { return step.empty(); })) {
    return refuse("purl.name", fmt::format("expected a path without empty steps as the name of a "
                                           "git repository, found '{}'",
                                           quotable(purl.name)));
  }
  if (std::ranges::find(ignoring_case, purl.name_space) != ignoring_case.end()) {
    purl.name = lower_case(purl.name);
  }
  return {};
}

Result<> settle_hackage(Purl& purl) {
  std::ranges::replace_if(purl.name, [](char c) { return c == '_' || c == ' '; }, '-');
  return {};
}

/// Databricks ignores the case of a model's name, other servers may not.
Result<> settle_mlflow(Purl& purl) {
  const auto url = std::ranges::find(purl.qualifiers, "repository_url",
                                     &std::pair<std::string, std::string>::first);
  if (url != purl.qualifiers.end() && url->second.find("databricks") != std::string::npos) {
    purl.name = lower_case(purl.name);
  }
  return {};
}

Result<> settle_otp(Purl& purl) {
  purl.subpath = lower_case(purl.subpath);
  return {};
}

Result<> settle_pub(Purl& purl) {
  std::ranges::replace_if(
      purl.name, [](char c) { return !(is_digit(c) || (c >= 'a' && c <= 'z')); }, '_');
  return {};
}

Result<> settle_pypi(Purl& purl) {
  std::ranges::replace(purl.name, '_', '-');
  return {};
}

/// The namespace is the creator's name, and its regid where that is known.
Result<> check_swid(Purl& purl) {
  if (std::ranges::count(purl.name_space, '/') <= 1) return {};
  return refuse("purl.namespace", fmt::format("expected at most a creator's name and its regid as "
                                              "the namespace of a SWID tag, found '{}'",
                                              quotable(purl.name_space)));
}

using enum Presence;
using enum Letters;

// type, namespace: presence and letters, letters of name and version, qualifier, further rules.
// The table is sorted by type.
constexpr std::array types = {
    PurlTypeRules{"alpm", required, lower, lower},
    PurlTypeRules{"apk", required, lower, lower},
    PurlTypeRules{"bazel", prohibited},
    PurlTypeRules{"bitbucket", required, lower, lower},
    PurlTypeRules{"bitnami", prohibited, kept, lower},
    PurlTypeRules{"brew", optional, lower, lower},
    PurlTypeRules{"cargo", prohibited},
    PurlTypeRules{"chrome-extension", prohibited, kept, lower, kept, "", check_chrome_extension},
    PurlTypeRules{"cocoapods", prohibited, kept, kept, kept, "", check_cocoapods},
    PurlTypeRules{"composer", required, lower, lower},
    PurlTypeRules{"conan"},
    PurlTypeRules{"conda", prohibited},
    PurlTypeRules{"cpan", optional, upper, kept, kept, "", check_cpan},
    PurlTypeRules{"cran", prohibited},
    PurlTypeRules{"deb", required, lower, lower},
    PurlTypeRules{"docker"},
    PurlTypeRules{"gem", prohibited},
    PurlTypeRules{"generic"},
    PurlTypeRules{"git", required, kept, kept, kept, "", settle_git},
    PurlTypeRules{"github", required, lower, lower},
    // DEVIATION(golang-definition): case is kept and the namespace is optional, because a Go
    // module path has case and may have one step only; see docs/adr/0002-purl-go-case.md.
    PurlTypeRules{"golang"},
    PurlTypeRules{"hackage", prohibited, kept, kept, kept, "", settle_hackage},
    PurlTypeRules{"hex", optional, lower, lower},
    PurlTypeRules{"huggingface", required, kept, kept, lower},
    PurlTypeRules{"julia", prohibited, kept, kept, kept, "uuid"},
    PurlTypeRules{"luarocks", optional, lower, lower},
    PurlTypeRules{"maven", required},
    PurlTypeRules{"mlflow", prohibited, kept, kept, kept, "", settle_mlflow},
    PurlTypeRules{"npm"},
    PurlTypeRules{"nuget", prohibited},
    PurlTypeRules{"oci", prohibited, kept, lower, lower},
    PurlTypeRules{"opam", prohibited},
    PurlTypeRules{"otp", prohibited, kept, lower, kept, "", settle_otp},
    PurlTypeRules{"pub", prohibited, kept, lower, kept, "", settle_pub},
    PurlTypeRules{"pypi", prohibited, kept, lower, lower, "", settle_pypi},
    PurlTypeRules{"qpkg", required, lower},
    PurlTypeRules{"rpm", required, lower},
    PurlTypeRules{"swid", optional, kept, kept, kept, "tag_id", check_swid},
    PurlTypeRules{"swift", required},
    PurlTypeRules{"vcpkg", prohibited},
    PurlTypeRules{"vscode-extension", required, lower, lower, lower},
    PurlTypeRules{"yocto", optional, lower},
};
static_assert(std::ranges::is_sorted(types, {}, &PurlTypeRules::type));

constexpr PurlTypeRules general = {""};

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> wrong_words = {{
    {"alpine", "apk"},
    {"crates.io", "cargo"},
    {"debian", "deb"},
    {"go", "golang"},
    {"node", "npm"},
    {"packagist", "composer"},
    {"php", "composer"},
    {"pip", "pypi"},
    {"python", "pypi"},
    {"redhat", "rpm"},
    {"ruby", "gem"},
    {"rubygems", "gem"},
    {"rust", "cargo"},
}};

}  // namespace

const PurlTypeRules& purl_type_rules(std::string_view type) {
  const auto row = std::ranges::lower_bound(types, type, {}, &PurlTypeRules::type);
  return row != types.end() && row->type == type ? *row : general;
}

std::string_view meant_purl_type(std::string_view type) {
  for (const auto& [wrong, right] : wrong_words) {
    if (wrong == type) return right;
  }
  return {};
}

}  // namespace lockstep
