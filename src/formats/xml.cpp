// SPDX-License-Identifier: Apache-2.0
#include "formats/xml.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <limits>
#include <mutex>
#include <utility>

#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/late_xml.hpp"
#include "formats/xml_schema.hpp"

namespace lockstep::formats {
namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

const xmlNode* as_node(const void* node) {
  return static_cast<const xmlNode*>(node);
}

/// What stopped the reading of one document.
struct Trouble {
  std::string message;
  int line = 0;
  int column = 0;
  bool has_doctype = false;
};

/// libxml2's own handlers need its context as their argument; ours hangs below it.
Trouble& trouble_of(void* context) {
  return *static_cast<Trouble*>(static_cast<xmlParserCtxtPtr>(context)->_private);
}

void refuse_doctype(void* context,
                    const xmlChar* /*name*/,
                    const xmlChar* /*public_id*/,
                    const xmlChar* /*system_id*/) {
  Trouble& trouble = trouble_of(context);
  auto* parser = static_cast<xmlParserCtxtPtr>(context);
  trouble.has_doctype = true;
  trouble.line = parser->input == nullptr ? 0 : parser->input->line;
  xmlStopParser(parser);
}

/// Keeps the first error; those that follow come of it.
void keep_error(void* context, xmlErrorPtr error) {
  Trouble& trouble = trouble_of(context);
  if (error->level < XML_ERR_ERROR || !trouble.message.empty() || trouble.has_doctype) return;
  trouble.message = trim(error->message == nullptr ? "broken XML" : error->message);
  trouble.line = error->line;
  trouble.column = error->int2;
}

struct FreeParser {
  void operator()(xmlParserCtxtPtr parser) const { xmlFreeParserCtxt(parser); }
};

struct FreeTree {
  void operator()(xmlDocPtr tree) const { xmlFreeDoc(tree); }
};

using OwnedTree = std::unique_ptr<xmlDoc, FreeTree>;

/// Walks the tree without recursion, so that its depth is known before anybody descends.
Result<> check_limits(const xmlNode* root, const std::string& file, const TreeLimits& limits) {
  std::size_t nodes = 0;
  std::size_t depth = 1;
  const xmlNode* node = root;
  while (node != nullptr) {
    if (++nodes > limits.nodes)
      return fail(ErrorKind::input, "xml.size",
                  fmt::format("expected at most {} elements and texts", limits.nodes),
                  {file, static_cast<int>(xmlGetLineNo(node)), 0});
    if (depth > limits.depth)
      return fail(ErrorKind::input, "xml.depth",
                  fmt::format("expected at most {} levels of nesting", limits.depth),
                  {file, static_cast<int>(xmlGetLineNo(node)), 0});
    if (node->type == XML_ELEMENT_NODE && node->children != nullptr) {
      node = node->children;
      ++depth;
      continue;
    }
    while (node != root && node->next == nullptr) {
      node = node->parent;
      --depth;
    }
    node = node == root ? nullptr : node->next;
  }
  return {};
}

}  // namespace

std::string_view XmlElement::name() const {
  return view(as_node(node_)->name);
}

std::string_view XmlElement::name_space() const {
  const xmlNs* space = as_node(node_)->ns;
  return space == nullptr ? std::string_view() : view(space->href);
}

std::string XmlElement::text() const {
  std::string text;
  for (const xmlNode* child = as_node(node_)->children; child != nullptr; child = child->next)
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
      text += view(child->content);
  return std::string(trim(text));
}

std::vector<std::pair<std::string, std::string>> XmlElement::attributes() const {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const xmlAttr* one = as_node(node_)->properties; one != nullptr; one = one->next) {
    if (one->ns != nullptr) continue;
    std::string value;
    for (const xmlNode* part = one->children; part != nullptr; part = part->next)
      value += view(part->content);
    attributes.emplace_back(view(one->name), std::move(value));
  }
  return attributes;
}

std::optional<std::string> XmlElement::attribute(std::string_view name) const {
  for (auto& [key, value] : attributes())
    if (key == name) return std::move(value);
  return std::nullopt;
}

std::vector<XmlElement> XmlElement::children() const {
  std::vector<XmlElement> children;
  for (const xmlNode* child = as_node(node_)->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) children.emplace_back(child);
  return children;
}

int XmlElement::line() const {
  return static_cast<int>(xmlGetLineNo(as_node(node_)));
}

struct XmlDocument::Tree {
  OwnedTree owned;
};

XmlDocument::XmlDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}

XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

Result<XmlDocument> XmlDocument::parse(std::string_view bytes,
                                       const std::string& file,
                                       const TreeLimits& limits) {
  if (bytes.size() > std::min<std::size_t>(limits.bytes, std::numeric_limits<int>::max()))
    return fail(ErrorKind::input, "xml.size",
                fmt::format("expected at most {} bytes, found {}", limits.bytes, bytes.size()),
                {file, 0, 0});
  shut_xml_loaders();
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(xmlNewParserCtxt());
  LS_CHECK(parser != nullptr, "no memory for an XML reader");
  Trouble trouble;
  parser->_private = &trouble;
  parser->sax->internalSubset = refuse_doctype;
  parser->sax->serror = keep_error;
  // Neither XML_PARSE_NOENT nor XML_PARSE_DTDLOAD: nothing is expanded, nothing is loaded. Without
  // XML_PARSE_HUGE libxml2 keeps its own limits on depth and on the size of one text.
  OwnedTree tree(xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()),
                                   nullptr, nullptr,
                                   XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_COMPACT));
  if (trouble.has_doctype)
    return fail(ErrorKind::input, "xml.doctype",
                "expected XML without a document type declaration, found one; take it out",
                {file, trouble.line, 0});
  const bool is_whole = tree != nullptr && parser->wellFormed != 0;
  const xmlNode* root = is_whole ? xmlDocGetRootElement(tree.get()) : nullptr;
  if (root == nullptr)
    return fail(
        ErrorKind::input, "xml.syntax",
        fmt::format("expected XML, but {}",
                    trouble.message.empty() ? "there is none" : quotable(trouble.message, 200)),
        {file, trouble.line, trouble.column});
  TRY_VOID(check_limits(root, file, limits));
  return XmlDocument(std::make_unique<Tree>(Tree{std::move(tree)}));
}

XmlElement XmlDocument::root() const {
  return XmlElement(xmlDocGetRootElement(tree_->owned.get()));
}

void XmlDocument::check_schema(std::string_view schema,
                               const std::string& code,
                               const Source& source) const {
  check_xml_schema(tree_->owned.get(), schema, code, source);
}

}  // namespace lockstep::formats
