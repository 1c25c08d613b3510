// SPDX-License-Identifier: Apache-2.0
// Whether what a record says of products by name (CPE) and versions is said of a component.
#pragma once

#include <span>
#include <string_view>

#include "advisories/evaluate.hpp"
#include "domain/advisory.hpp"
#include "domain/cpe.hpp"

namespace lockstep::advisories {

/// The name with a version, where it has none of its own. Of a package of a distribution ("deb",
/// "rpm", "apk") the version is that of the software: without epoch and revision.
Cpe with_version(Cpe name, std::string_view version, std::string_view purl_type);

/// Whether the component may be one of the products of a criterion, versions aside: NISTIR 7696
/// for all attributes but version and update.
bool is_product_of(const Cpe& criterion, const Cpe& component);

/// The verdict on the version of a component that `is_product_of` the criterion.
///
/// With ranges, the component's version is placed in them by the order `generic`. Without, it must
/// be the version of the criterion's name, in that order; a name without a version ("*", "-") says
/// it of all versions. A component of version 3.0 whose name leaves the update open is the release
/// 3.0, not its "3.0:beta1". A component without a version is not evaluated.
Evaluation evaluate_version(const Cpe& criterion,
                            std::span<const AffectedRangeView> ranges,
                            const Cpe& component);

}  // namespace lockstep::advisories
