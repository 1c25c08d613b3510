// SPDX-License-Identifier: Apache-2.0
#include "app/build_documents.hpp"

#include <filesystem>

#include "base/check.hpp"
#include "documents/writers.hpp"

namespace lockstep::app {

std::vector<std::string> document_names() {
  std::vector<std::string> names;
  for (const documents::Writer& writer : documents::writers())
    names.emplace_back(writer.name);
  return names;
}

std::vector<PlannedDocument> plan_documents(const Dossier& dossier) {
  std::vector<PlannedDocument> plan;
  for (const documents::Writer& writer : documents::writers()) {
    PlannedDocument planned{std::string(writer.name), std::string(writer.title), {}};
    for (const auto& missing : documents::missing_fields(writer.needs(), dossier))
      planned.missing.push_back(missing.message);
    plan.push_back(std::move(planned));
  }
  return plan;
}

Result<std::vector<std::string>> build_documents(const Dossier& dossier,
                                                 const std::vector<std::string>& names,
                                                 const std::string& folder,
                                                 Files& files) {
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    const documents::Writer* writer = documents::find_writer(name);
    LS_CHECK(writer != nullptr, "the caller checks the names");
    for (const documents::WrittenFile& file : writer->write(dossier)) {
      const std::string path = (std::filesystem::path(folder) / file.name).string();
      TRY_VOID(files.write(path, file.bytes));
      paths.push_back(path);
    }
  }
  return paths;
}

}  // namespace lockstep::app
