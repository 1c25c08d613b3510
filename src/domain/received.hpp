// SPDX-License-Identifier: Apache-2.0
// Documents that somebody else handed over, as far as they could be read.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lockstep {

/// One line of a document's text.
struct ReceivedLine {
  int page = 0;      ///< from 1; 0 where the form has no pages
  int line = 0;      ///< from 1, of the page or of the file
  std::string text;  ///< UTF-8; cells of a table are parted by tabs
};

/// What a structured document says in a member of its own, so that no words need to be looked for.
struct ReceivedField {
  std::string sign;  ///< a word of data/checks/signs.yaml
  std::string value;
  int line = 0;
};

/// One file of a bundle.
struct ReceivedFile {
  std::string path;    ///< below the folder, or in the archive
  std::string sha256;  ///< "" for what was not opened
  std::size_t bytes = 0;
  std::string
      form;  ///< "pdf", "html", "word", "odt", "text", "json", "xml", "sbom", "picture", ...
  std::string about;               ///< what more is known of it, "CycloneDX 1.6, 12 components"
  std::vector<std::string> kinds;  ///< words of data/checks/signs.yaml that its structure tells
  std::vector<ReceivedLine> lines;
  std::vector<ReceivedField> fields;
  std::string unread;  ///< why it, or a part of it, is not legible to us; "" when all was read
};

/// All of them, sorted by path.
struct ReceivedBundle {
  std::string path;
  std::vector<ReceivedFile> files;
};

}  // namespace lockstep
