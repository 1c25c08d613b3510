// SPDX-License-Identifier: Apache-2.0
// JSON that needs no guessing: bills of materials, and what this program writes itself.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "formats/received/limits.hpp"
#include "formats/received/received.hpp"
#include "formats/registry.hpp"

namespace lockstep::formats {
namespace {

/// What an entry of lockstep/declaration/1 says.
struct EntrySign {
  std::string_view field;
  std::string_view label;  ///< how the label begins
  std::string_view sign;
};

constexpr std::array entry_signs = {
    EntrySign{"identification", "Name", "product_name"},
    EntrySign{"identification", "Type", "identification"},
    EntrySign{"identification", "Version", "product_version"},
    EntrySign{"manufacturer", "Manufacturer", "manufacturer"},
    EntrySign{"manufacturer", "Address of the authorised", ""},
    EntrySign{"manufacturer", "Address", "manufacturer_address"},
    EntrySign{"manufacturer", "Authorised representative", "authorised_representative"},
    EntrySign{"responsibility", "Statement", "sole_responsibility"},
    EntrySign{"object", "Object", "declaration_object"},
    EntrySign{"notified_body", "Number", "notified_body_number"},
    EntrySign{"signature", "Signed", "signed_for"},
    EntrySign{"signature", "Place", "issue_place"},
    EntrySign{"signature", "Date", "issue_date"},
    EntrySign{"signature", "Name", "signatory"},
    EntrySign{"signature", "Function", "signatory_function"},
};

void add_field(ReceivedFile& file, std::string_view sign, const Json& value) {
  const std::string text = value.string_or("");
  if (!text.empty() && !sign.empty())
    file.fields.push_back({std::string(sign), text, value.line()});
}

void read_declaration(const Json& tree, ReceivedFile& file) {
  file.kinds = {"declaration"};
  file.about = "declaration of lockstep, as JSON";
  for (const Json& field : tree["fields"].items()) {
    for (const Json& entry : field["entries"].items()) {
      const std::string label = entry["label"].string_or("");
      const std::string value = entry["value"].string_or("");
      if (value.empty()) continue;
      file.lines.push_back({0, entry["value"].line(), fmt::format("{}: {}", label, value)});
      const auto known = std::ranges::find_if(entry_signs, [&](const EntrySign& one) {
        return one.field == field["id"].string_or("") && label.starts_with(one.label);
      });
      if (known != entry_signs.end()) add_field(file, known->sign, entry["value"]);
    }
  }
  if (tree["status"].string_or("") == "draft") add_field(file, "draft", tree["status"]);
}

void read_dossier(const Json& tree, ReceivedFile& file) {
  file.about = "dossier of lockstep, as JSON";
  const Json& product = tree["product"];
  const Json& maker = product["operators"]["manufacturer"];
  add_field(file, "product_name", product["name"]);
  add_field(file, "product_version", product["version"]);
  add_field(file, "identification", product["type"]);
  add_field(file, "intended_purpose", product["intended_purpose"]);
  add_field(file, "support_end", product["support"]["until"]);
  add_field(file, "manufacturer", maker["name"]);
  add_field(file, "manufacturer_address", maker["address"]);
  add_field(file, "manufacturer_contact", maker["email"]);
  add_field(file, "vulnerability_contact", product["security"]["contact"]);
  add_field(file, "authorised_representative",
            product["operators"]["authorised_representative"]["name"]);
  for (const ReceivedField& field : file.fields)
    file.lines.push_back({0, field.line, field.value});
}

bool read_bill_of(const Document& document, ReceivedFile& file) {
  const BomFormat* row = bom_format_of(document);
  if (row == nullptr) return false;
  Diagnostics ignored;
  const Bom bom = row->read(document, {file.path, ignored, Rules::warnings});
  file.form = "sbom";
  file.kinds = {"sbom"};
  file.about = fmt::format("{}, {} component{}", bom.format, bom.components.size(),
                           bom.components.size() == 1 ? "" : "s");
  return true;
}

}  // namespace

bool read_known_json(std::string_view bytes, ReceivedFile& file) {
  Diagnostics ignored;
  auto read = parse_json(bytes, file.path, ignored, received_json_limits);
  if (!read) return false;
  const Document document{Syntax::json, *std::move(read), std::nullopt};
  const Json& tree = document.tree;
  const std::string schema = tree["schema"].string_or("");
  if (read_bill_of(document, file)) return true;
  if (schema == "lockstep/declaration/1") {
    read_declaration(tree, file);
  } else if (schema == "lockstep/dossier/1") {
    read_dossier(tree, file);
  } else {
    return false;
  }
  file.form = "json";
  return true;
}

}  // namespace lockstep::formats
