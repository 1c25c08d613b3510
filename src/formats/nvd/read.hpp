// SPDX-License-Identifier: Apache-2.0
// Reads records of the National Vulnerability Database: CVEs with the names (CPE) and versions of
// the products that they touch.
// Source: NVD CVE API 2.0, cve_api_json_2.0.schema.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/advisory.hpp"

namespace lockstep::formats::nvd {

/// Reads document after document and keeps its working memory between them.
///
/// A record becomes an advisory with the id "NVD:CVE-2024-0727" and the CVE as its alias, since
/// other databases publish records under the CVE's own id. Each criterion of a configuration that
/// it calls vulnerable becomes an entry of `cpe_ecosystem`; criteria with one name are one entry.
/// What a configuration joins with AND is in `together_with`. A rejected record is withdrawn.
class Reader {
 public:
  Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// The records of one document: a page of the API or a feed (`vulnerabilities`), a list
  /// (`cve_items`), one item (`cve`, also below `item`), or one CVE by itself.
  /// Errors: nvd.syntax, nvd.size, nvd.shape.
  /// Problems: nvd.missing, nvd.type, nvd.value, nvd.configuration, nvd.more.
  Result<std::vector<Advisory>> read(std::string_view bytes,
                                     const std::string& file,
                                     Diagnostics& problems);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether a JSON text looks like records of the NVD. Looks for the names of members.
bool looks_like(std::string_view bytes);

}  // namespace lockstep::formats::nvd
