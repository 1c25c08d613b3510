// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/endpoint_options.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/url.hpp"
#include "frontends/cli/settings.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array proxy_variables = {"https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY",   "no_proxy",    "NO_PROXY"};

Result<> refuse_options(const Arguments& arguments) {
  for (const Option& option : endpoint_options)
    if (arguments.has(option.name))
      return fail(ErrorKind::usage, "usage.option",
                  fmt::format("{} belongs to a model that is an address, but the model is a file",
                              option.name));
  return {};
}

Result<> refuse_offline(bool is_offline, const std::string& model) {
  if (!is_offline) return {};
  return fail(ErrorKind::usage, "ai.offline",
              fmt::format("expected leave to use the network to ask '{}', found --offline (or "
                          "that setting)",
                          quotable(without_query(model), 200)));
}

void add_proxies(const Environment& environment, app::EndpointAccess& access) {
  for (const std::string name : proxy_variables)
    if (const std::string value = environment.variable(name); !value.empty())
      access.environment.push_back(name + "=" + value);
}

Result<std::string> token_in(const Environment& environment, const std::string& name) {
  std::string token = environment.variable(name);
  if (token.empty())
    return fail(ErrorKind::usage, "ai.endpoint_token",
                fmt::format("expected a token in the environment variable '{}', found none",
                            quotable(name)));
  return token;
}

}  // namespace

app::ModelAccess model_access(const Arguments& arguments, const Environment& environment) {
  const bool is_offline = arguments.has("--offline");
  return [is_offline, &environment](const ModelInput& model) -> Result<app::EndpointAccess> {
    TRY_VOID(refuse_offline(is_offline, model.path));
    app::EndpointAccess access;
    access.options = model.endpoint;
    add_proxies(environment, access);
    if (!model.token_from.empty()) {
      TRY(access.token, token_in(environment, model.token_from));
    }
    return access;
  };
}

Result<app::EndpointAccess> endpoint_access(const Arguments& arguments,
                                            const Environment& environment,
                                            const std::string& model) {
  app::EndpointAccess access;
  if (!is_address(model)) {
    TRY_VOID(refuse_options(arguments));
    return access;
  }
  TRY_VOID(refuse_offline(arguments.has("--offline"), model));
  EndpointOptions& options = access.options;
  options.form = arguments.text("--endpoint");
  options.model = arguments.text("--named");
  TRY(options.rows, count(arguments, "--per-request", options.rows));
  TRY(const auto parallel, count(arguments, "--parallel", options.parallel));
  TRY(const auto timeout, count(arguments, "--timeout", options.timeout_seconds));
  options.parallel = static_cast<int>(parallel);
  options.timeout_seconds = static_cast<int>(timeout);
  if (arguments.has("--queries")) {
    TRY(options.questions, count(arguments, "--queries", 1));
  }
  add_proxies(environment, access);
  if (arguments.has("--token-from")) {
    TRY(access.token, token_in(environment, arguments.text("--token-from")));
  }
  return access;
}

}  // namespace lockstep::frontends
