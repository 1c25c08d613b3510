// SPDX-License-Identifier: Apache-2.0
// The options that say how a model behind an address is asked, shared by the commands that can.
#pragma once

#include <array>
#include <string>

#include "app/endpoint.hpp"
#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

inline constexpr std::array<Option, 7> endpoint_options{{
    {"--endpoint", "scores|kserve|chat",
     "of a MODEL that is an address: what it takes and answers"},
    {"--named", "NAME", "what the service calls its model (chat)"},
    {"--queries", "N", "how many samples it may be asked about in all (default no limit)"},
    {"--per-request", "N", "samples in a request (default 32)"},
    {"--parallel", "N", "requests at a time (default 1); does not change what is found"},
    {"--timeout", "S", "seconds for a request (default 60)"},
    {"--token-from", "NAME", "the environment variable with the token that it wants"},
}};

/// How a model is asked. @param model a path or an address
/// Errors: usage.number, usage.option (an option for a model that is a file), ai.endpoint_token,
/// ai.offline.
Result<app::EndpointAccess> endpoint_access(const Arguments& arguments,
                                            const Environment& environment,
                                            const std::string& model);

/// How the models of a product file are asked that are addresses. @param environment must outlive
/// it
app::ModelAccess model_access(const Arguments& arguments, const Environment& environment);

}  // namespace lockstep::frontends
