// SPDX-License-Identifier: Apache-2.0
#include "app/import_data.hpp"

#include "app/intake.hpp"

namespace lockstep::app {

std::string index_path(const std::string& data_folder) {
  return data_folder + "/advisories.index";
}

std::string manifest_path(const std::string& data_folder) {
  return data_folder + "/manifest.json";
}

Result<ImportReport> import_data(const ImportRequest& request,
                                 Files& files,
                                 Progress& progress,
                                 Diagnostics& problems) {
  Intake intake(request.data_folder, files, progress, problems);
  for (const std::string& path : request.paths)
    TRY_VOID(intake.take_path(path));
  if (intake.report().files.empty()) {
    return fail(ErrorKind::input, "data.nothing",
                "expected records of OSV, CSAF, NVD or GitHub, a KEV list or an EPSS table in the "
                "paths, found none; the data from before is unchanged");
  }
  // A run that takes nothing in leaves no trace, not even the lock's file.
  TRY(const auto lock, lock_data(request.data_folder, files));
  return intake.replace_index(request.now);
}

}  // namespace lockstep::app
