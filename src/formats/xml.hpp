// SPDX-License-Identifier: Apache-2.0
// XML documents of strangers, read with libxml2.
//
// XML can ask its reader to open files, call servers and write a line of text a billion times. All
// of that begins with a document type declaration or with a hint where a schema lies, so a document
// with a declaration is refused as soon as it begins, and every address that libxml2 would load
// from is answered from the schemas that ship with the program, or not at all.
//
// Source: XML 1.0 (Fifth Edition), Namespaces in XML 1.0, XML Schema 1.0.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// One element of an XmlDocument; valid as long as the document is.
class XmlElement {
 public:
  explicit XmlElement(const void* node) : node_(node) {}

  /// Without a prefix: "component".
  std::string_view name() const;
  /// The namespace's name, "" when there is none.
  std::string_view name_space() const;
  /// All text directly inside, without white space around it.
  std::string text() const;
  /// The value of an attribute without a prefix.
  std::optional<std::string> attribute(std::string_view name) const;
  /// All attributes without a prefix, in document order.
  std::vector<std::pair<std::string, std::string>> attributes() const;
  /// The child elements in document order.
  std::vector<XmlElement> children() const;
  int line() const;

 private:
  const void* node_;
};

class XmlDocument {
 public:
  /// Reads a whole document in any encoding that it names. Errors: xml.syntax, xml.doctype,
  /// xml.size, xml.depth.
  static Result<XmlDocument> parse(std::string_view bytes,
                                   const std::string& file,
                                   const TreeLimits& limits);

  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;
  ~XmlDocument();

  XmlElement root() const;

  /// Reports every rule of the shipped schema that the document breaks, with `code` and as
  /// `source.rules` says, each with its line and the path of its element. The schema must exist
  /// (LS_CHECK). @param schema "cyclonedx/bom-1.6.xsd"
  void check_schema(std::string_view schema, const std::string& code, const Source& source) const;

 private:
  struct Tree;
  explicit XmlDocument(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

}  // namespace lockstep::formats
