// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

std::string codes_text(const std::vector<std::string>& codes) {
  return codes.empty() ? "not decided" : join(codes, ", ");
}

std::string data_text(const Dossier& dossier) {
  std::string text;
  for (const DataSource& source : dossier.data) {
    if (!text.empty()) text += "; ";
    text += source.source + " of " + (source.as_of.empty() ? "an unknown day" : source.as_of);
    if (const auto day = parse_day(source.as_of); day && *day <= dossier.as_of)
      text += fmt::format(" ({} days old)", (dossier.as_of - *day).count());
  }
  return text.empty() ? "none was used" : text;
}

}  // namespace

std::vector<Block> report_cover(const Dossier& dossier) {
  const Product& product = dossier.product;
  std::vector<Block> cover;
  if (!product.description.empty()) cover.emplace_back(says(Line{Foreign{product.description}}));
  const ScopeCodes& codes = dossier.law.codes;
  cover.emplace_back(Definitions{{
      {"Product", Line{Strong{product.name}}},
      {"Version", given(product.version)},
      {"Type or batch", given(product.type)},
      {"Manufacturer", given(product.manufacturer.name)},
      {"As of", Line{Date{dossier.as_of}}},
      {short_title(dossier.law, "eu-2024-2847"), Line{Code{codes_text(codes.cra)}}},
      {short_title(dossier.law, "eu-2024-1689"), Line{Code{codes_text(codes.ai_act)}}},
      {short_title(dossier.law, "eu-2022-2555"), Line{Code{codes_text(codes.nis2)}}},
      {"Data", data_text(dossier)},
      {"Product file", Line{Code{product.path.empty() ? "not given" : product.path}, Break{},
                            Code{product.sha256.empty() ? "no digest" : product.sha256}}},
      {"Run", Line{Code{dossier.run_id.empty() ? "without id" : dossier.run_id}}},
      {"Made with", fmt::format("lockstep {}, seed {}", dossier.tool_version, dossier.seed)},
  }});
  cover.emplace_back(Callout{
      Tone::info,
      "What this report is not",
      {says("It is neither legal advice nor a conformity assessment, and it replaces no notified "
            "body, no authority and no person who decides and signs. It says what was shown, what "
            "was not shown, what was not checked, and what needs a person's decision, each with "
            "its reason.")}});
  return cover;
}

}  // namespace lockstep::documents
