// SPDX-License-Identifier: Apache-2.0
// A tag-value document is a list of lines "Tag: value". Some tags open an element (PackageName,
// FileName, LicenseID, ...); the lines after it say what it is. Where each tag goes in the JSON
// form is one row of a table; what has a syntax of its own has a function.
#include "formats/spdx/tag_value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "formats/limits.hpp"

namespace lockstep::formats {
namespace {

enum class Part { document, creation, package, file, snippet, licence, annotation, review };
constexpr std::size_t part_count = 8;

enum class Form { text, list, truth, checksum, opens, special, ignored };

struct Row {
  std::string_view tag;
  Part part;
  Form form;
  std::string_view key;
};

constexpr std::array rows = {
    Row{"SPDXVersion", Part::document, Form::text, "spdxVersion"},
    Row{"DataLicense", Part::document, Form::text, "dataLicense"},
    Row{"DocumentName", Part::document, Form::text, "name"},
    Row{"DocumentNamespace", Part::document, Form::text, "documentNamespace"},
    Row{"DocumentComment", Part::document, Form::text, "comment"},
    Row{"ExternalDocumentRef", Part::document, Form::special, ""},
    Row{"SPDXID", Part::document, Form::special, ""},
    Row{"Relationship", Part::document, Form::special, ""},
    Row{"RelationshipComment", Part::document, Form::special, ""},
    Row{"LicenseListVersion", Part::creation, Form::text, "licenseListVersion"},
    Row{"Creator", Part::creation, Form::list, "creators"},
    Row{"Created", Part::creation, Form::text, "created"},
    Row{"CreatorComment", Part::creation, Form::text, "comment"},
    Row{"PackageName", Part::package, Form::opens, "name"},
    Row{"PackageVersion", Part::package, Form::text, "versionInfo"},
    Row{"PackageFileName", Part::package, Form::text, "packageFileName"},
    Row{"PackageSupplier", Part::package, Form::text, "supplier"},
    Row{"PackageOriginator", Part::package, Form::text, "originator"},
    Row{"PackageDownloadLocation", Part::package, Form::text, "downloadLocation"},
    Row{"FilesAnalyzed", Part::package, Form::truth, "filesAnalyzed"},
    Row{"PackageVerificationCode", Part::package, Form::special, ""},
    Row{"PackageChecksum", Part::package, Form::checksum, "checksums"},
    Row{"PackageHomePage", Part::package, Form::text, "homepage"},
    Row{"PackageSourceInfo", Part::package, Form::text, "sourceInfo"},
    Row{"PackageLicenseConcluded", Part::package, Form::text, "licenseConcluded"},
    Row{"PackageLicenseInfoFromFiles", Part::package, Form::list, "licenseInfoFromFiles"},
    Row{"PackageLicenseDeclared", Part::package, Form::text, "licenseDeclared"},
    Row{"PackageLicenseComments", Part::package, Form::text, "licenseComments"},
    Row{"PackageCopyrightText", Part::package, Form::text, "copyrightText"},
    Row{"PackageSummary", Part::package, Form::text, "summary"},
    Row{"PackageDescription", Part::package, Form::text, "description"},
    Row{"PackageComment", Part::package, Form::text, "comment"},
    Row{"PackageAttributionText", Part::package, Form::list, "attributionTexts"},
    Row{"PrimaryPackagePurpose", Part::package, Form::text, "primaryPackagePurpose"},
    Row{"ReleaseDate", Part::package, Form::text, "releaseDate"},
    Row{"BuiltDate", Part::package, Form::text, "builtDate"},
    Row{"ValidUntilDate", Part::package, Form::text, "validUntilDate"},
    Row{"ExternalRef", Part::package, Form::special, ""},
    Row{"ExternalRefComment", Part::package, Form::special, ""},
    Row{"FileName", Part::file, Form::opens, "fileName"},
    Row{"FileType", Part::file, Form::list, "fileTypes"},
    Row{"FileChecksum", Part::file, Form::checksum, "checksums"},
    Row{"LicenseConcluded", Part::file, Form::text, "licenseConcluded"},
    Row{"LicenseInfoInFile", Part::file, Form::list, "licenseInfoInFiles"},
    Row{"LicenseComments", Part::file, Form::text, "licenseComments"},
    Row{"FileCopyrightText", Part::file, Form::text, "copyrightText"},
    Row{"FileComment", Part::file, Form::text, "comment"},
    Row{"FileNotice", Part::file, Form::text, "noticeText"},
    Row{"FileContributor", Part::file, Form::list, "fileContributors"},
    Row{"FileAttributionText", Part::file, Form::list, "attributionTexts"},
    Row{"FileDependency", Part::file, Form::list, "fileDependencies"},
    Row{"ArtifactOfProjectName", Part::file, Form::ignored, ""},
    Row{"ArtifactOfProjectHomePage", Part::file, Form::ignored, ""},
    Row{"ArtifactOfProjectURI", Part::file, Form::ignored, ""},
    Row{"SnippetSPDXID", Part::snippet, Form::opens, "SPDXID"},
    Row{"SnippetFromFileSPDXID", Part::snippet, Form::text, "snippetFromFile"},
    Row{"SnippetByteRange", Part::snippet, Form::special, "offset"},
    Row{"SnippetLineRange", Part::snippet, Form::special, "lineNumber"},
    Row{"SnippetLicenseConcluded", Part::snippet, Form::text, "licenseConcluded"},
    Row{"LicenseInfoInSnippet", Part::snippet, Form::list, "licenseInfoInSnippets"},
    Row{"SnippetLicenseComments", Part::snippet, Form::text, "licenseComments"},
    Row{"SnippetCopyrightText", Part::snippet, Form::text, "copyrightText"},
    Row{"SnippetComment", Part::snippet, Form::text, "comment"},
    Row{"SnippetName", Part::snippet, Form::text, "name"},
    Row{"SnippetAttributionText", Part::snippet, Form::list, "attributionTexts"},
    Row{"LicenseID", Part::licence, Form::opens, "licenseId"},
    Row{"ExtractedText", Part::licence, Form::text, "extractedText"},
    Row{"LicenseName", Part::licence, Form::text, "name"},
    Row{"LicenseCrossReference", Part::licence, Form::list, "seeAlsos"},
    Row{"LicenseComment", Part::licence, Form::text, "comment"},
    Row{"Annotator", Part::annotation, Form::opens, "annotator"},
    Row{"AnnotationDate", Part::annotation, Form::text, "annotationDate"},
    Row{"AnnotationComment", Part::annotation, Form::text, "comment"},
    Row{"AnnotationType", Part::annotation, Form::text, "annotationType"},
    Row{"SPDXREF", Part::annotation, Form::ignored, ""},
    Row{"Reviewer", Part::review, Form::opens, "reviewer"},
    Row{"ReviewDate", Part::review, Form::text, "reviewDate"},
    Row{"ReviewComment", Part::review, Form::text, "comment"},
};

/// The tag that opens an element of the part; "" for those that are there from the beginning.
std::string_view opener_of(Part part) {
  const auto row = std::ranges::find_if(
      rows, [part](const Row& one) { return one.part == part && one.form == Form::opens; });
  return row == rows.end() ? "" : row->tag;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' '))
    if (!trim(word).empty()) words.emplace_back(trim(word));
  return words;
}

/// An element under construction, its lists beside it until they are whole.
struct Element {
  Json node;
  std::vector<std::pair<std::string, std::vector<Json>>> lists;

  std::vector<Json>& list(std::string_view key) {
    for (auto& [name, list] : lists)
      if (name == key) return list;
    return lists.emplace_back(key, std::vector<Json>()).second;
  }

  Json whole() && {
    for (auto& [name, list] : lists) {
      if (list.empty()) continue;
      Json array = Json::array();
      array.set_place(static_cast<std::uint32_t>(list.front().line()), 1);
      for (Json& entry : list)
        array.push(std::move(entry));
      node.set(std::move(name), std::move(array));
    }
    return std::move(node);
  }
};

class Reader {
 public:
  Reader(std::string_view bytes, const Source& source) : rest_(bytes), source_(source) {}

  Json read() {
    for (const Part part : {Part::document, Part::creation})
      open(part, Json::object());
    while (!rest_.empty())
      read_line();
    return assemble();
  }

 private:
  void problem(std::string message) const {
    source_.problems.add({source_.rules == Rules::errors ? Severity::error : Severity::warning,
                          "spdx.tag",
                          std::move(message),
                          {source_.path, static_cast<int>(line_), 1}});
  }

  std::string_view take_line() {
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++last_line_;
    return line;
  }

  void read_line() {
    line_ = last_line_ + 1;
    const std::string_view line = trim(take_line());
    if (line.empty() || line.starts_with('#')) return;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
      return problem(fmt::format("expected a line 'Tag: value', found '{}'", quotable(line)));
    const std::string_view tag = trim(line.substr(0, colon));
    const std::string value = value_of(trim(line.substr(colon + 1)));
    const auto row = std::ranges::find(rows, tag, &Row::tag);
    if (row == rows.end()) return unknown(tag);
    place(*row, value);
  }

  void unknown(std::string_view tag) const {
    // What nobody will see is not worth the search for a name like it.
    if (source_.problems.entries().size() >= Diagnostics::max_entries)
      return problem("expected a tag of SPDX, found another");
    std::vector<std::string> known;
    for (const Row& row : rows)
      known.emplace_back(row.tag);
    problem(
        fmt::format("expected a tag of SPDX, found '{}'{}", quotable(tag), suggestion(tag, known)));
  }

  /// A value between <text> and </text> may go over several lines.
  std::string value_of(std::string_view first) {
    constexpr std::string_view open_text = "<text>";
    constexpr std::string_view close_text = "</text>";
    if (!first.starts_with(open_text)) return std::string(first);
    // The value lies in one piece of the input, from behind <text>.
    const char* begin = first.data() + open_text.size();
    const std::string_view region(begin,
                                  static_cast<std::size_t>(rest_.data() + rest_.size() - begin));
    const std::size_t end = region.find(close_text);
    if (end == std::string_view::npos) {
      problem("expected </text> after <text>, found the end of the document");
      rest_ = {};
      return std::string(trim(region));
    }
    const std::string_view value = region.substr(0, end);
    last_line_ = line_ + static_cast<std::size_t>(std::ranges::count(value, '\n')) - 1;
    rest_ = region.substr(end + close_text.size());
    if (const std::string_view behind = trim(take_line()); !behind.empty())
      problem(fmt::format("expected nothing behind </text>, found '{}'", quotable(behind)));
    return std::string(trim(value));
  }

  Json placed(Json node) const {
    node.set_place(static_cast<std::uint32_t>(line_), 1);
    return node;
  }

  std::vector<Element>& elements(Part part) { return elements_[static_cast<std::size_t>(part)]; }

  void open(Part part, Json first) {
    elements(part).push_back({placed(std::move(first)), {}});
    if (part == Part::package || part == Part::file) owner_of_id_ = part;
  }

  void place(const Row& row, const std::string& value) {
    if (row.form == Form::opens)
      return open(row.part, Json::object_of({{std::string(row.key), placed(Json(value))}}));
    if (elements(row.part).empty())
      return problem(
          fmt::format("expected '{}' before '{}', found none", opener_of(row.part), row.tag));
    Element& element = elements(row.part).back();
    switch (row.form) {
      case Form::text:
        return set_once(element, row.key, row.tag, Json(value));
      case Form::truth:
        return set_once(element, row.key, row.tag, Json::plain(value));
      case Form::list:
        return element.list(row.key).push_back(placed(Json(value)));
      case Form::checksum:
        return add_checksum(element, row, value);
      case Form::special:
        return place_special(element, row, value);
      case Form::opens:
      case Form::ignored:
        return;
    }
  }

  void set_once(Element& element, std::string_view key, std::string_view tag, Json value) const {
    if (element.node.find(key) != nullptr)
      return problem(fmt::format("expected '{}' once, found it again", tag));
    element.node.set(std::string(key), placed(std::move(value)));
  }

  /// "SHA1: 85ed..."
  std::optional<Json> checksum_of(std::string_view value) const {
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    return placed(
        Json::object_of({{"algorithm", placed(Json(trim(value.substr(0, colon))))},
                         {"checksumValue", placed(Json(trim(value.substr(colon + 1))))}}));
  }

  void expected(std::string_view what, std::string_view value) const {
    problem(fmt::format("expected {}, found '{}'", what, quotable(value)));
  }

  void add_checksum(Element& element, const Row& row, const std::string& value) const {
    if (auto checksum = checksum_of(value))
      element.list(row.key).push_back(*std::move(checksum));
    else
      expected("an algorithm and a digest such as 'SHA1: 85ed08'", value);
  }

  void place_special(Element& element, const Row& row, const std::string& value) {
    if (row.tag == "SPDXID")
      return set_once(elements(owner_of_id_).back(), "SPDXID", row.tag, Json(value));
    if (row.tag == "Relationship") return add_relationship(element, value);
    if (row.tag == "ExternalRef") return add_reference(element, value);
    if (row.tag == "RelationshipComment") return add_comment(element, "relationships", row, value);
    if (row.tag == "ExternalRefComment") return add_comment(element, "externalRefs", row, value);
    if (row.tag == "ExternalDocumentRef") return add_document(element, value);
    if (row.tag == "PackageVerificationCode") return add_code(element, row, value);
    add_range(element, row, value);
  }

  void add_relationship(Element& element, const std::string& value) const {
    const auto words = words_of(value);
    if (words.size() != 3)
      return expected("a relationship such as 'SPDXRef-A CONTAINS SPDXRef-B'", value);
    element.list("relationships")
        .push_back(placed(Json::object_of({{"spdxElementId", placed(Json(words[0]))},
                                           {"relationshipType", placed(Json(words[1]))},
                                           {"relatedSpdxElement", placed(Json(words[2]))}})));
  }

  void add_reference(Element& element, const std::string& value) const {
    const auto words = words_of(value);
    if (words.size() < 3)
      return expected("a category, a type and a locator such as 'PACKAGE-MANAGER purl pkg:a/b'",
                      value);
    const std::vector<std::string> locator(words.begin() + 2, words.end());
    element.list("externalRefs")
        .push_back(
            placed(Json::object_of({{"referenceCategory", placed(Json(words[0]))},
                                    {"referenceType", placed(Json(words[1]))},
                                    {"referenceLocator", placed(Json(join(locator, " ")))}})));
  }

  void add_comment(Element& element,
                   std::string_view key,
                   const Row& row,
                   const std::string& value) const {
    std::vector<Json>& list = element.list(key);
    if (list.empty())
      return problem(fmt::format("expected '{}' behind what it comments on", row.tag));
    list.back().set("comment", placed(Json(value)));
  }

  void add_document(Element& element, const std::string& value) const {
    const auto words = words_of(value);
    auto checksum = words.size() < 3 ? std::nullopt
                                     : checksum_of(words[2] + (words.size() > 3 ? words[3] : ""));
    if (!checksum)
      return expected(
          "an id, an address and a digest such as 'DocumentRef-a https://a SHA1: 85ed08'", value);
    element.list("externalDocumentRefs")
        .push_back(placed(Json::object_of({{"externalDocumentId", placed(Json(words[0]))},
                                           {"spdxDocument", placed(Json(words[1]))},
                                           {"checksum", *std::move(checksum)}})));
  }

  /// "d6a770...(excludes: ./a, ./b)", the names of files in brackets where some are left out.
  void add_code(Element& element, const Row& row, const std::string& value) const {
    const std::size_t open = value.find('(');
    Json code = Json::object_of(
        {{"packageVerificationCodeValue", placed(Json(trim(value.substr(0, open))))}});
    if (open != std::string::npos) {
      std::string_view names = std::string_view(value).substr(open + 1);
      names = names.substr(0, names.rfind(')'));
      if (names.starts_with("excludes:")) names.remove_prefix(9);
      Json excluded = Json::array();
      for (const std::string_view name : split(names, ','))
        excluded.push(placed(Json(trim(name))));
      code.set("packageVerificationCodeExcludedFiles", placed(std::move(excluded)));
    }
    set_once(element, "packageVerificationCode", row.tag, std::move(code));
  }

  /// "310:420"
  void add_range(Element& element, const Row& row, const std::string& value) const {
    const std::size_t colon = value.find(':');
    if (colon == std::string::npos) return expected("a range such as '310:420'", value);
    const auto pointer = [&](std::string_view number) {
      return placed(Json::object_of(
          {{"reference", element.node["snippetFromFile"].string_or("")},
           {std::string(row.key), placed(Json::plain(std::string(trim(number))))}}));
    };
    const std::string_view text = value;
    element.list("ranges").push_back(
        placed(Json::object_of({{"startPointer", pointer(text.substr(0, colon))},
                                {"endPointer", pointer(text.substr(colon + 1))}})));
  }

  Json assemble() {
    Json document = std::move(elements(Part::document).front()).whole();
    document.set("creationInfo", std::move(elements(Part::creation).front()).whole());
    constexpr std::array<std::pair<Part, std::string_view>, 6> lists = {{
        {Part::package, "packages"},
        {Part::file, "files"},
        {Part::snippet, "snippets"},
        {Part::licence, "hasExtractedLicensingInfos"},
        {Part::annotation, "annotations"},
        {Part::review, "revieweds"},
    }};
    for (const auto& [part, key] : lists) {
      if (elements(part).empty()) continue;
      Json list = Json::array();
      for (Element& element : elements(part))
        list.push(std::move(element).whole());
      document.set(std::string(key), placed(std::move(list)));
    }
    return document;
  }

  std::string_view rest_;
  const Source& source_;
  std::size_t line_ = 1;
  std::size_t last_line_ = 0;
  Part owner_of_id_ = Part::document;
  std::array<std::vector<Element>, part_count> elements_;
};

}  // namespace

bool looks_like_tag_value(std::string_view bytes) {
  constexpr std::string_view tag = "SPDXVersion:";
  return bytes.starts_with(tag) || bytes.find("\nSPDXVersion:") != std::string_view::npos;
}

Result<Json> parse_tag_value(std::string_view bytes, const Source& source) {
  if (bytes.size() > bom_limits.bytes)
    return fail(ErrorKind::input, "spdx.tag",
                fmt::format("expected at most {} bytes, found {}", bom_limits.bytes, bytes.size()),
                {source.path, 0, 0});
  const auto lines = static_cast<std::size_t>(std::ranges::count(bytes, '\n'));
  if (lines > bom_limits.nodes)
    return fail(ErrorKind::input, "spdx.tag",
                fmt::format("expected at most {} lines, found {}", bom_limits.nodes, lines),
                {source.path, 0, 0});
  if (const std::size_t good = utf8_prefix(bytes); good < bytes.size())
    return fail(
        ErrorKind::input, "spdx.tag", "expected UTF-8, found other bytes",
        {source.path, static_cast<int>(std::ranges::count(bytes.substr(0, good), '\n')) + 1, 0});
  return Reader(bytes, source).read();
}

}  // namespace lockstep::formats
