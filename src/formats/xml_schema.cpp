// SPDX-License-Identifier: Apache-2.0
#include "formats/xml_schema.hpp"

#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <vector>

#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/late_xml.hpp"
#include "formats/schema.hpp"

namespace lockstep::formats {
namespace {

struct FreeSchema {
  void operator()(xmlSchemaPtr schema) const { xmlSchemaFree(schema); }
};

struct FreeSchemaParser {
  void operator()(xmlSchemaParserCtxtPtr parser) const { xmlSchemaFreeParserCtxt(parser); }
};

struct FreeChecker {
  void operator()(xmlSchemaValidCtxtPtr checker) const { xmlSchemaFreeValidCtxt(checker); }
};

/// The one loader that libxml2 is left with.
xmlParserInputPtr load_shipped(const char* address, const char* /*id*/, xmlParserCtxtPtr context) {
  const std::string_view wanted = address == nullptr ? "" : address;
  if (wanted != "http://cyclonedx.org/schema/spdx") return nullptr;
  const std::string_view text = shipped_schema("cyclonedx/spdx.xsd");
  xmlParserInputBufferPtr buffer = xmlParserInputBufferCreateMem(
      text.data(), static_cast<int>(text.size()), XML_CHAR_ENCODING_NONE);
  return buffer == nullptr ? nullptr : xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE);
}

void ignore(void* /*nothing*/, xmlErrorPtr /*error*/) {}

std::string local_name(const xmlNode* node) {
  return node->name == nullptr ? "" : reinterpret_cast<const char*>(node->name);
}

/// "/bom/components/component[2]": one step for each element, numbered where others share its name.
std::string path_of(const xmlNode* node) {
  std::vector<std::string> steps;
  for (; node != nullptr && node->type == XML_ELEMENT_NODE; node = node->parent) {
    const auto is_like = [node](const xmlNode* other) {
      return other->type == XML_ELEMENT_NODE && xmlStrEqual(other->name, node->name) == 1;
    };
    std::size_t before = 0;
    bool has_more = false;
    for (const xmlNode* other = node->prev; other != nullptr; other = other->prev)
      before += is_like(other) ? 1 : 0;
    for (const xmlNode* other = node->next; other != nullptr && !has_more; other = other->next)
      has_more = is_like(other);
    const std::string name = local_name(node);
    steps.push_back(before == 0 && !has_more ? name : fmt::format("{}[{}]", name, before + 1));
  }
  std::string path;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    path += "/" + *step;
  return path;
}

/// libxml2's sentence without the names of namespaces: "{http://...}component" is "component".
std::string readable(std::string_view message) {
  std::string text;
  while (!message.empty()) {
    const std::size_t open = message.find('{');
    text += message.substr(0, open);
    if (open == std::string_view::npos) break;
    message.remove_prefix(open);
    const std::size_t close = message.find('}');
    const bool is_space = message.starts_with("{http") && close != std::string_view::npos;
    if (!is_space) text += '{';
    message.remove_prefix(is_space ? close + 1 : 1);
  }
  return text;
}

struct Report {
  const std::string& code;
  const Source& source;
  std::size_t count = 0;
  const xmlNode* last = nullptr;
};

void report(void* context, xmlErrorPtr error) {
  Report& into = *static_cast<Report*>(context);
  if (error->level < XML_ERR_ERROR || ++into.count > Diagnostics::max_entries) return;
  const auto* node = static_cast<const xmlNode*>(error->node);
  // A value that breaks a facet of its type is told twice: the facet, then the type.
  if (error->code == XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1 && node == into.last) return;
  into.last = node;
  const int line = node == nullptr ? error->line : static_cast<int>(xmlGetLineNo(node));
  const std::string path = node == nullptr ? "" : path_of(node);
  const Severity severity =
      into.source.rules == Rules::errors ? Severity::error : Severity::warning;
  into.source.problems.add(
      {severity,
       into.code,
       fmt::format("{} (at {})",
                   quotable(readable(trim(error->message == nullptr ? "" : error->message)), 400),
                   path.empty() ? "the top" : quotable(path, 200)),
       {into.source.path, line, 0}});
}

/// Where it has no parser at hand, libxml2 prints. Only the front ends print here.
void say_nothing(void* /*context*/, const char* /*message*/, ...) {}

}  // namespace

void shut_xml_loaders() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlSetExternalEntityLoader(load_shipped);
    xmlSetGenericErrorFunc(nullptr, say_nothing);
  });
}

void check_xml_schema(xmlDocPtr tree,
                      std::string_view schema,
                      const std::string& code,
                      const Source& source) {
  shut_xml_loaders();
  const std::string_view text = shipped_schema(schema);
  const std::unique_ptr<xmlSchemaParserCtxt, FreeSchemaParser> parser(
      xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size())));
  LS_CHECK(parser != nullptr, "no memory for a reader of schemas");
  xmlSchemaSetParserStructuredErrors(parser.get(), ignore, nullptr);
  const std::unique_ptr<xmlSchema, FreeSchema> rules(xmlSchemaParse(parser.get()));
  LS_CHECK(rules != nullptr, "a schema of ours is missing or no XML Schema");
  const std::unique_ptr<xmlSchemaValidCtxt, FreeChecker> checker(
      xmlSchemaNewValidCtxt(rules.get()));
  LS_CHECK(checker != nullptr, "no memory for a check of XML");
  Report into{code, source};
  xmlSchemaSetValidStructuredErrors(checker.get(), report, &into);
  (void)xmlSchemaValidateDoc(checker.get(), tree);
}

}  // namespace lockstep::formats
