// SPDX-License-Identifier: Apache-2.0
#include "versions/scheme.hpp"

#include <array>
#include <span>

namespace lockstep::versions {

namespace {

constexpr std::array rows = {
    &alpm,    &apk,       &conan,   &cran,   &crates,        &datetime, &debian, &freebsd, &generic,
    &gentoo,  &go,        &hackage, &intdot, &lexicographic, &maven,    &npm,    &nuget,   &opam,
    &openssl, &packagist, &pub,     &pypi,   &rpm,           &rubygems, &semver,
};

}  // namespace

std::span<const Scheme* const> schemes() {
  return rows;
}

}  // namespace lockstep::versions
