// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "domain/purl.hpp"
#include "frontends/cli/commands/commands.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {Positional{"PURL", "a package URL"}};

Json text_or_null(const std::string& text) {
  return text.empty() ? Json{} : Json(text);
}

Json to_json(const Purl& purl) {
  Json qualifiers;
  for (const auto& [key, value] : purl.qualifiers)
    qualifiers.set(key, value);
  return Json::object_of({{"schema", "lockstep/purl/1"},
                          {"type", purl.type},
                          {"namespace", text_or_null(purl.name_space)},
                          {"name", purl.name},
                          {"version", text_or_null(purl.version)},
                          {"qualifiers", std::move(qualifiers)},
                          {"subpath", text_or_null(purl.subpath)},
                          {"canonical", to_text(purl)},
                          {"exit", exit_code::ok}});
}

Result<Outcome> run_purl_parse(const Arguments& arguments, Environment&) {
  TRY(const Purl purl, parse_purl(arguments.text("PURL")));
  Outcome outcome;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(to_json(purl));
    return outcome;
  }
  outcome.text =
      fmt::format("{}\n  type       {}\n  namespace  {}\n  name       {}\n  version    {}\n",
                  to_text(purl), purl.type, purl.name_space, purl.name, purl.version);
  for (const auto& [key, value] : purl.qualifiers)
    outcome.text += fmt::format("  qualifier  {}={}\n", key, value);
  if (!purl.subpath.empty()) outcome.text += fmt::format("  subpath    {}\n", purl.subpath);
  return outcome;
}

}  // namespace

const Command purl_parse = {
    "purl parse",
    "takes a package URL apart and shows its canonical form",
    positionals,
    {},
    "lockstep purl parse pkg:npm/%40angular/core@15.0.0\n"
    "lockstep purl parse 'pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12' --format json",
    run_purl_parse,
};

}  // namespace lockstep::frontends
