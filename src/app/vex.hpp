// SPDX-License-Identifier: Apache-2.0
// The use cases of `lockstep vuln accept` and `lockstep vuln vex`: statements written down, and
// taken from one format to another.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "domain/vex.hpp"

namespace lockstep::app {

/// The formats that statements are written in.
std::vector<std::string> vex_words();

struct VexRequest {
  std::vector<std::string> paths;  ///< of documents with statements
  std::string format;              ///< a word of vex_words()
  std::string author;              ///< of the new document; "" for the first statement's
  Instant now;
  std::string name_space;  ///< a URL that the author controls, which CSAF wants; else ""
};

/// All statements of the files as one document, as pretty text.
/// Errors: file.*, vex.*, vex.nothing, vex.publisher, input.problems.
Result<std::string> write_vex(const VexRequest& request, const Files& files, Diagnostics& problems);

/// Appends statements to the OpenVEX document at the path, or makes one. What is there stays as it
/// is; the document's version and time go up. An id that is needed follows from the author, the
/// time and the first statement.
/// Errors: file.*, json.*, vex.append where the file is no OpenVEX document.
Result<> append_statements(const std::string& path,
                           const std::string& author,
                           Instant now,
                           std::vector<VexStatement> statements,
                           Files& files);

struct AcceptRequest {
  std::string vulnerability;
  std::string component;  ///< package URL
  std::string product;    ///< package URL or IRI; "" for the component by itself
  std::string reason;
  std::string by;
  Day until;
  std::string path;  ///< of the VEX document
  Instant now;
};

/// Writes down that somebody accepts what stays of a vulnerability in a component, until a day.
/// Errors: those of append_statements; usage.accept where something is missing or the day is past.
Result<VexStatement> accept_risk(const AcceptRequest& request, Files& files);

}  // namespace lockstep::app
