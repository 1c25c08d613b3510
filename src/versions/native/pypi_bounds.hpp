// SPDX-License-Identifier: Apache-2.0
// What the specifiers "<" and ">" of Python leave out beside the version that they name.
//
// Source: PEP 440, "Exclusive ordered comparison".
#pragma once

#include "versions/pypi.hpp"

namespace lockstep::versions {

constexpr bool has_post(const Pep440& version) {
  return version.post.place == Pep440Place::given;
}

constexpr bool has_dev(const Pep440& version) {
  return version.dev.place == Pep440Place::given;
}

constexpr bool is_prerelease(const Pep440& version) {
  const Pep440Place pre = version.pre.place;
  return (pre != Pep440Place::largest && pre != Pep440Place::smallest) || has_dev(version);
}

constexpr Pep440 public_of(Pep440 version) {
  version.local = {};
  return version;
}

/// "<1.0" leaves out the pre-releases of 1.0: the first of them is its first dev release.
constexpr Pep440 first_excluded(Pep440 version) {
  if (is_prerelease(version)) return version;
  version.dev = {Pep440Place::given, "0"};
  if (!has_post(version)) version.pre.place = Pep440Place::smallest;
  return version;
}

/// ">1.0" leaves out the post-releases of 1.0: what stands behind all of them. Local versions of it
/// are left out as well.
constexpr Pep440 last_excluded(Pep440 version) {
  if (!has_post(version) && !has_dev(version)) version.post.place = Pep440Place::largest;
  return version;
}

}  // namespace lockstep::versions
