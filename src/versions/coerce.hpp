// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lockstep::versions {

/// A semantic version made of a text that begins with a number, as tools for advisories make it: a
/// 'v' in front is dropped, missing numbers are 0, what follows a fourth dot is build metadata,
/// what follows otherwise is a pre-release. "1.2" is 1.2.0, "1.2.3.4" is 1.2.3+4, "6.0.0rc5" is
/// 6.0.0-rc5, "2020-09-14" is 2020.0.0-09-14. A text that begins with no number stays as it is.
std::string coerced_semver(std::string_view version);

/// The normal form of PEP 440: "1.8.0a" is 1.8.0a0. A text that is no version stays as it is.
std::string normal_pypi(std::string_view version);

}  // namespace lockstep::versions
