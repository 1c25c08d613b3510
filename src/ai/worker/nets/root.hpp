// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ops/eq.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/sqrt.h>

namespace lockstep::ai {

/// The p-th root of numbers at or above 0, for norms. Its slope at 0 is infinite, and times the
/// slope of a power, which is 0 there, no number: a norm of zeros has the gradient 0 instead, the
/// one of its subgradients that is shortest.
inline at::Tensor root(const at::Tensor& x, double p = 2) {
  const at::Tensor is_zero = x.eq(0);
  const at::Tensor safe = x.masked_fill(is_zero, 1);
  return (p == 2 ? at::sqrt(safe) : at::pow(safe, 1 / p)).masked_fill(is_zero, 0);
}

}  // namespace lockstep::ai
