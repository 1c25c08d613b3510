// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/inputs.hpp"
#include "app/triage.hpp"
#include "app/vex.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array accept_positionals = {
    Positional{"ID", "the vulnerability: a CVE, GHSA or other id"},
};
constexpr std::array accept_options = {
    Option{"--by", "NAME", "who accepts it"},
    Option{"--component", "PURL", "the component; without a version all versions"},
    Option{"--product", "PURL", "the product that the component is part of"},
    Option{"--reason", "TEXT", "why it is acceptable"},
    Option{"--until", "DATE", "the last day on which the acceptance holds"},
    Option{"--vex", "FILE",
           "the OpenVEX document to write it to; default: that of the product file"},
};

Result<Outcome> run_accept(const Arguments& arguments, Environment& environment) {
  TRY(const auto until, arguments.day("--until"));
  if (!until)
    return fail(ErrorKind::usage, "usage.accept",
                "expected --until DATE, found nothing: an acceptance ends on a day");
  std::string path = arguments.text("--vex");
  if (path.empty()) {
    TRY(const std::string product, product_path(arguments, environment));
    TRY(path, app::own_vex(product, environment.files));
  }
  const app::AcceptRequest request{arguments.text("ID"),
                                   arguments.text("--component"),
                                   arguments.text("--product"),
                                   arguments.text("--reason"),
                                   arguments.text("--by"),
                                   *until,
                                   path,
                                   environment.now};
  TRY(const VexStatement statement, app::accept_risk(request, environment.files));
  Outcome outcome;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/acceptance/1"},
                                                   {"vulnerability", statement.vulnerability},
                                                   {"component", request.component},
                                                   {"accepted_by", statement.accepted_by},
                                                   {"accepted_until", to_text(request.until)},
                                                   {"written_to", request.path},
                                                   {"exit", outcome.exit}}));
    return outcome;
  }
  outcome.text = fmt::format("{} in {} is accepted by {} until {}; written to {}\n",
                             quotable(statement.vulnerability), quotable(request.component),
                             quotable(request.by), to_text(request.until), quotable(request.path));
  return outcome;
}

constexpr std::array vex_positionals = {
    Positional{"FILE", "documents with statements; without any, those of the product file", false,
               true},
};
constexpr std::array vex_options = {
    Option{"--author", "NAME", "author of the new document; default: of the first statement"},
    Option{"--namespace", "URL",
           "of the author, as CSAF wants it; default: manufacturer.website of the product file"},
    Option{"--to", "openvex|cyclonedx|csaf|csaf-2.1|spdx", "the format to write (default openvex)"},
};

Result<Outcome> run_vex(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const Instant at, made_at(arguments, environment));
  app::VexRequest request{arguments.all("FILE"), arguments.text("--to", "openvex"),
                          arguments.text("--author"), at, arguments.text("--namespace")};
  const bool wants_publisher = request.format.starts_with("csaf") && request.name_space.empty();
  const auto path = product_path(arguments, environment);
  if (request.paths.empty() && !path) return tl::unexpected(path.error());
  if (path && (request.paths.empty() || wants_publisher)) {
    const auto product = app::read_product_file(*path, environment.files, outcome.problems);
    if (!product) return failed(product.error(), std::move(outcome.problems));
    if (request.paths.empty())
      for (const std::string& name : product->vex)
        request.paths.push_back(app::beside(*path, name));
    if (request.name_space.empty()) request.name_space = product->manufacturer.website;
  }
  auto text = app::write_vex(request, environment.files, outcome.problems);
  if (!text) return failed(text.error(), std::move(outcome.problems));
  outcome.text = *std::move(text);
  return outcome;
}

}  // namespace

const Command vuln_accept = {
    "vuln accept",
    "writes down that somebody accepts a vulnerability, until a day",
    accept_positionals,
    accept_options,
    "lockstep vuln accept CVE-2026-1000 --component pkg:npm/hook@2.0.0 --by 'A. Maker' \\\n"
    "  --reason 'the port is closed' --until 2027-01-31 --vex vex/own.openvex.json",
    run_accept,
};

const Command vuln_vex = {
    "vuln vex",
    "writes the statements of documents as one, in OpenVEX, CycloneDX, CSAF or SPDX",
    vex_positionals,
    vex_options,
    "lockstep vuln vex supplier.cdx.json --to openvex -o supplier.openvex.json\n"
    "lockstep vuln vex --to cyclonedx\n"
    "lockstep vuln vex supplier.openvex.json --to csaf --author Acme --namespace "
    "https://acme.example",
    run_vex,
};

}  // namespace lockstep::frontends
