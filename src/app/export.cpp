// SPDX-License-Identifier: Apache-2.0
#include "app/export.hpp"

#include "app/import_data.hpp"
#include "app/inputs.hpp"
#include "base/check.hpp"
#include "documents/exports/exports.hpp"

namespace lockstep::app {

std::vector<std::string> export_names() {
  std::vector<std::string> names;
  for (const documents::Export& row : documents::exports())
    names.emplace_back(row.name);
  return names;
}

Result<std::string> export_scan(
    const Scan& scan, const Product* product, const std::string& name, Day as_of, Instant at) {
  const documents::Export* row = documents::find_export(name);
  LS_CHECK(row != nullptr, "the caller checks the names");
  return row->write({product, scan.boms, scan.data, scan.findings, scan.unmatched, as_of, at});
}

Result<std::string> export_product(const ExportRequest& request,
                                   const Files& files,
                                   Diagnostics& problems) {
  TRY(Inputs inputs, read_inputs(request.product_file, files, problems));
  if (inputs.boms.empty())
    return fail(ErrorKind::input, "export.nothing",
                "expected a bill of materials in the product file, found none; there is nothing to "
                "scan",
                {request.product_file, 0, 0});
  TRY(const auto index, open_index(request.data_folder, files));
  if (!index)
    return fail(ErrorKind::input, "data.missing",
                "there is no advisory data here; `lockstep data import PATH...` takes it in",
                {index_path(request.data_folder), 0, 0});
  TRY(Scan scan, scan_boms(inputs.boms,
                           {inputs.statements, inputs.policy ? &*inputs.policy : nullptr,
                            inputs.reachability, request.as_of},
                           *index));
  scan.boms = std::move(inputs.boms);
  return export_scan(scan, &inputs.product, request.name, request.as_of, request.at);
}

}  // namespace lockstep::app
