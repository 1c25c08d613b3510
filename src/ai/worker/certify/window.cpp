// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/certify/window.hpp"

#include <ATen/ATen.h>
#include <algorithm>

namespace lockstep::ai::certify {

using at::Tensor;

Tensor Window::inside(const Tensor& images) const {
  std::vector<std::int64_t> shape = images.sizes().vec();
  shape.pop_back();
  shape.insert(shape.end(), {channels, height, width});
  return images.reshape(shape).narrow(-2, top, rows).narrow(-1, left, columns).flatten(-3);
}

Tensor Window::whole(const Tensor& a) const {
  const Tensor patch = a.reshape({a.size(0), a.size(1), channels, rows, columns});
  return at::constant_pad_nd(patch, {left, width - left - columns, top, height - top - rows})
      .flatten(2);
}

bool takes_windows(const LinearNode& node) {
  return !node.is_product && node.image.size() == 3;
}

std::pair<Tensor, Window> backward(const LinearNode& node, const Tensor& a, const Window& window) {
  const std::vector<std::int64_t> none(2, 0);
  const Tensor patch =
      a.reshape({a.size(0) * a.size(1), window.channels, window.rows, window.columns});
  const Tensor back = at::convolution(patch, node.weight, {}, node.strides, none, node.dilations,
                                      true, none, node.groups);
  // Pads stand in front as [columns before, columns after, rows before, rows after].
  const std::int64_t top = window.top * node.strides[0] - node.pads[2];
  const std::int64_t left = window.left * node.strides[1] - node.pads[0];
  const std::int64_t first_row = std::max<std::int64_t>(top, 0);
  const std::int64_t first_column = std::max<std::int64_t>(left, 0);
  const Window before{node.image[0],
                      node.image[1],
                      node.image[2],
                      first_row,
                      first_column,
                      std::min(top + back.size(2), node.image[1]) - first_row,
                      std::min(left + back.size(3), node.image[2]) - first_column};
  // All of it may lie in the pads.
  if (before.rows <= 0 || before.columns <= 0)
    return {at::zeros({a.size(0), a.size(1), node.image[0]}, a.options()),
            {node.image[0], node.image[1], node.image[2], 0, 0, 1, 1}};
  const Tensor cut =
      back.narrow(2, first_row - top, before.rows).narrow(3, first_column - left, before.columns);
  return {cut.reshape({a.size(0), a.size(1), -1}), before};
}

}  // namespace lockstep::ai::certify
