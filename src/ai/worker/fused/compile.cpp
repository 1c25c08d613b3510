// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/compile.hpp"

#include <ATen/core/grad_mode.h>
#include <exception>

#include "ai/worker/fused/assembler.hpp"
#include "ai/worker/fused/layer_reader.hpp"
#include "base/text.hpp"

namespace lockstep::ai::fused {
namespace {

/// What the function makes, or what it threw as a sentence.
template <typename T, typename Make>
tl::expected<T, std::string> guarded(const Make& make) {
  try {
    const at::NoGradGuard no_gradients;
    return make();
  } catch (const NoFusedForm& why) {
    return tl::unexpected(why.reason);
  } catch (const std::exception& trouble) {
    const std::string text = trouble.what();
    return tl::unexpected(quotable(text.substr(0, text.find('\n')), 200));
  }
}

}  // namespace

tl::expected<Layers, std::string> read_layers(const Net& net,
                                              const std::vector<std::int64_t>& sample_shape,
                                              bool is_single) {
  return guarded<Layers>([&]() -> tl::expected<Layers, std::string> {
    return LayerReader(net, sample_shape, is_single).read();
  });
}

tl::expected<Program, std::string> compile(const Net& net,
                                           const std::vector<std::int64_t>& sample_shape,
                                           bool is_single) {
  return guarded<Program>([&]() -> tl::expected<Program, std::string> {
    const Layers layers = LayerReader(net, sample_shape, is_single).read();
    if (!layers.without_loops.empty()) return tl::unexpected(layers.without_loops);
    if (auto program = assemble(layers)) return *std::move(program);
    return tl::unexpected<std::string>("the net is too large for fused loops");
  });
}

}  // namespace lockstep::ai::fused
