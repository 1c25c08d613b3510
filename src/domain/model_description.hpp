// SPDX-License-Identifier: Apache-2.0
// What an AI model file is, as far as that can be told without data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "domain/state.hpp"

namespace lockstep {

/// An input or output of a model; -1 where a dimension is free.
struct Port {
  std::string name;
  std::string type;
  std::vector<std::int64_t> shape;

  bool operator==(const Port&) const = default;
};

/// One look at a model: what is sound about it, or what a person should know before using it.
struct ModelCheck {
  std::string check;  ///< "weights_finite", "training_mode"
  State state = State::not_checked;
  std::string says;  ///< one sentence

  bool operator==(const ModelCheck&) const = default;
};

/// What a model is.
struct ModelDescription {
  std::string path;  ///< as it was given
  std::string sha256;
  std::int64_t bytes = 0;  ///< of the file
  std::int64_t ir_version = 0;
  std::string producer;
  std::map<std::string, std::int64_t> opsets;  ///< by domain; "" is the standard one
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::map<std::string, std::int64_t> operators;  ///< how many nodes of each
  std::vector<std::string> unsupported;           ///< operators that the worker cannot run
  std::vector<std::string> not_finite;            ///< weights with NaN or infinities, with counts
  std::int64_t parameters = 0;
  std::string engine;  ///< what would answer: "fused loops (avx512)", "LibTorch: ...", "" when none
  std::vector<ModelCheck> checks;

  bool operator==(const ModelDescription&) const = default;
};

}  // namespace lockstep
