// SPDX-License-Identifier: Apache-2.0
// The tests of a product file, in order:
//
//     product file, thresholds.lock --> each test --> verdicts --> files for people, evidence
//
// A finished test is one entry of the store, keyed by everything that determines it, and one file
// of examples; both are written whole or not at all, so that an interruption at any moment loses at
// most the test that was running. `assess` reads and writes the same entries (app/attack.cpp).
#include "app/ai_run.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <span>

#include "ai/runner.hpp"
#include "app/declared.hpp"
#include "app/evidence.hpp"
#include "app/inputs.hpp"
#include "app/thresholds.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "documents/ai_run_page.hpp"
#include "documents/json/json.hpp"
#include "documents/tree.hpp"

namespace lockstep::app {
namespace {

constexpr std::size_t pictures_max = 12;  ///< of a test, on the page
constexpr std::uint64_t picture_bytes_max = std::uint64_t{16} << 20U;

/// Says which of the tests is being run.
class NumberedProgress final : public Progress {
 public:
  NumberedProgress(Progress& inner, std::size_t total) : inner_(inner), total_(total) {}

  void next(std::string_view test) {
    prefix_ = fmt::format("{} of {}, {}: ", ++number_, total_, test);
  }

  void stage(std::string_view what, std::uint64_t total) override {
    inner_.stage(prefix_ + std::string(what), total);
  }

  void advance(std::uint64_t done) override { inner_.advance(done); }

  bool is_cancelled() const override { return inner_.is_cancelled(); }

 private:
  Progress& inner_;
  std::size_t total_;
  std::size_t number_ = 0;
  std::string prefix_;
};

std::vector<std::string> tests_of(const Product& product) {
  std::vector<std::string> ids;
  for (const ModelInput& model : product.models)
    for (const EvasionTest& test : model.evasion)
      ids.push_back(test.id);
  return ids;
}

Result<> check_choice(const AiRunRequest& request, const std::vector<std::string>& tests) {
  for (const std::string& id : request.only) {
    if (std::ranges::find(tests, id) != tests.end()) continue;
    const auto near = nearest(id, tests);
    return fail(ErrorKind::usage, "usage.choice",
                fmt::format("--only expects tests of the product file ({}), found '{}'{}",
                            tests.empty() ? "it has none" : join(tests, ", "), quotable(id),
                            near ? fmt::format("; did you mean '{}'?", *near) : ""));
  }
  return {};
}

const ModelInput* model_of(const Product& product, const std::string& test) {
  for (const ModelInput& model : product.models)
    if (std::ranges::find(model.evasion, test, &EvasionTest::id) != model.evasion.end())
      return &model;
  return nullptr;
}

/// Models and data that were measured, each once, with their digests.
std::vector<FileRef> inputs_of(const Dossier& dossier) {
  std::vector<FileRef> inputs;
  const auto add = [&](const FileRef& file) {
    // What is behind an address has no digest.
    if (is_address(file.path)) return;
    if (std::ranges::find(inputs, file.path, &FileRef::path) == inputs.end())
      inputs.push_back(file);
  };
  for (const Measurement& measurement : dossier.measurements) {
    add(measurement.model);
    add(measurement.data);
  }
  for (const Metrics& metrics : dossier.metrics) {
    add(metrics.model);
    add(metrics.data);
  }
  std::ranges::sort(inputs, {}, &FileRef::path);
  return inputs;
}

/// Writes the examples of one test for people.
class Artefacts {
 public:
  Artefacts(const AiRunRequest& request,
            const std::string& examples_folder,
            Files& files,
            Progress& progress)
      : request_(request), examples_folder_(examples_folder), files_(files), progress_(progress) {}

  Result<> write(const ModelInput& model,
                 const std::string& test,
                 const std::string& key,
                 AiTestRun& run) {
    if (request_.artefacts_folder.empty() || run.details.examples_sha256.empty()) return {};
    const std::string below = documents::anchor_of("test", test);
    const std::string folder = request_.artefacts_folder + "/" + below;
    const std::string kept = examples_path(examples_folder_, key);
    TRY(const std::string bytes, files_.read(kept, examples_bytes_max));
    TRY_VOID(files_.write(folder + "/examples.npz", bytes));
    TRY(const std::vector<std::string> drawn, draw(model, kept, run.details, folder));
    run.files.push_back(below + "/examples.npz");
    for (const std::string& file : drawn)
      run.files.push_back(below + file.substr(folder.size()));
    return show(folder, drawn, run);
  }

 private:
  static constexpr std::uint64_t examples_bytes_max = std::uint64_t{4} << 30U;

  Result<std::vector<std::string>> draw(const ModelInput& model,
                                        const std::string& kept,
                                        const AttackDetails& details,
                                        const std::string& folder) {
    TRY(const std::string worker, ai::find_worker(request_.attack_program));
    ai::WorkerRequest line;
    line.command = ai::WorkerCommand::draw;
    line.examples = kept;
    line.data_sha256 = details.examples_sha256;
    line.data_options.preprocessing = model.preprocessing;
    if (!model.columns.empty())
      line.data_options.columns = beside(request_.product_file, model.columns);
    line.folders = {folder};
    return ai::run_drawing({worker, {}}, line, progress_);
  }

  /// The pictures of the nearest examples.
  Result<> show(const std::string& folder,
                const std::vector<std::string>& drawn,
                AiTestRun& run) const {
    std::vector<AdversarialExample> nearest_first = run.details.examples;
    std::ranges::stable_sort(nearest_first, {}, &AdversarialExample::distance);
    for (const AdversarialExample& example : nearest_first) {
      const std::string start = fmt::format("{}/{:06}-", folder, example.index);
      if (run.pictures.size() == pictures_max) break;
      if (std::ranges::find(drawn, start + "original.png") == drawn.end()) break;
      ExamplePictures pictures{example.index, {}, {}, {}};
      TRY(pictures.original, files_.read(start + "original.png", picture_bytes_max));
      TRY(pictures.perturbed, files_.read(start + "perturbed.png", picture_bytes_max));
      TRY(pictures.difference, files_.read(start + "difference.png", picture_bytes_max));
      run.pictures.push_back(std::move(pictures));
    }
    return {};
  }

  const AiRunRequest& request_;
  const std::string& examples_folder_;
  Files& files_;
  Progress& progress_;
};

/// The worst of all tests and declared values; what was not run counts as not checked.
State state_of(const Dossier& dossier) {
  const bool is_empty = dossier.verdicts.empty() && dossier.declared.empty();
  State state = is_empty ? State::not_checked : State::pass;
  for (const TestVerdict& verdict : dossier.verdicts)
    state = worse(state, verdict.state);
  for (const DeclaredVerdict& verdict : dossier.declared)
    state = worse(state, verdict.state);
  if (!dossier.not_checked.empty()) state = worse(state, State::not_checked);
  return state;
}

/// Whether something that was asked for could not be run, or nothing was asked for.
bool is_incomplete(std::span<const std::string> wanted, const Dossier& dossier) {
  return (dossier.measurements.empty() && dossier.metrics.empty()) ||
         std::ranges::any_of(dossier.not_checked, [&](const NotChecked& one) {
           return std::ranges::find(wanted, one.what) != wanted.end();
         });
}

/// The run as evidence, once for the same content: its result, and each test's examples.
Result<> record(const AiRun& run, const std::string& made_at, store::Store& store) {
  const std::string tool = "lockstep " + run.dossier.tool_version;
  const std::string seed = std::to_string(run.dossier.seed);
  std::vector<Evidence> found{
      {"result:ai_run",
       "ai_run",
       run.dossier.product.name,
       sha256(to_canonical_json(documents::ai_run_json(run, documents::Times::without))),
       tool,
       made_at,
       "",
       seed,
       {},
       "",
       ""}};
  for (const auto& [id, test] : run.tests)
    if (!test.details.examples_sha256.empty())
      found.push_back({"examples:" + id,
                       "adversarial_examples",
                       id,
                       test.details.examples_sha256,
                       tool,
                       test.measured_at,
                       "",
                       seed,
                       {},
                       "",
                       ""});
  TRY(const std::vector<EvidenceRow> before, store.evidence());
  std::erase_if(found, [&](const Evidence& one) {
    return std::ranges::any_of(before, [&](const EvidenceRow& row) {
      return row.evidence.id == one.id && row.evidence.sha256 == one.sha256;
    });
  });
  return found.empty() ? Result<>{} : store.append(found);
}

Result<Product> product_of(const AiRunRequest& request, const Files& files, Diagnostics& problems) {
  TRY(Product product, read_product_file(request.product_file, files, problems));
  if (problems.has_errors())
    return fail(ErrorKind::input, "input.problems", "no test was run",
                {request.product_file, 0, 0});
  TRY_VOID(check_choice(request, tests_of(product)));
  return product;
}

Result<std::string> examples_folder_of(const AiRunRequest& request) {
  if (!request.state_folder.empty()) return request.state_folder;
  TRY(std::string folder, examples_beside(request.store_url));
  if (folder.empty() && !request.artefacts_folder.empty())
    folder = request.artefacts_folder + "/examples";
  return folder;
}

/// How the tests are run, and the folder that the processes of a job share.
struct Session {
  std::unique_ptr<store::Store> store;
  std::optional<Parts> parts;
  AttackSettings settings;
};

Result<std::unique_ptr<Session>> session_of(const AiRunRequest& request, Files& files) {
  auto session = std::make_unique<Session>();
  TRY(session->store, store::open_store(request.store_url));
  AttackSettings& settings = session->settings;
  settings.program = request.attack_program;
  settings.threads = request.threads;
  settings.device = request.device;
  settings.seed = request.seed;
  settings.reuse = request.reuse;
  settings.now = to_text(request.now);
  settings.store = session->store.get();
  settings.only = request.only;
  settings.access = request.access;
  TRY(settings.examples_folder, examples_folder_of(request));
  if (!settings.examples_folder.empty()) settings.examples = Examples::needed;
  if (request.rank.is_alone()) return session;
  if (settings.examples_folder.empty())
    return fail(ErrorKind::usage, "usage.option",
                "several processes need --state, a folder that all of them see");
  session->parts.emplace(request.rank, settings.examples_folder + "/parts", files);
  settings.parts = &*session->parts;
  return session;
}

/// How many tests this process runs.
std::size_t share_of(const AiRunRequest& request, const Product& product) {
  const std::size_t wanted = request.only.empty() ? tests_of(product).size() : request.only.size();
  const Rank& rank = request.rank;
  return wanted / rank.count + (wanted % rank.count > rank.number ? 1 : 0);
}

/// Runs this process's share with each test's number in the progress.
Result<> run_share(const AiRunRequest& request,
                   AttackSettings settings,
                   const Product& product,
                   const Files& files,
                   Progress& progress) {
  NumberedProgress numbered(progress, share_of(request, product));
  settings.begin_test = [&](const std::string& id) { numbered.next(id); };
  return measure_share(product, settings, files, numbered);
}

/// The values that models declare; a model that declares none is no part of the plan.
Result<DeclaredReport> measure_values(const AiRunRequest& request,
                                      const AttackSettings& settings,
                                      Product product,
                                      const Files& files,
                                      Progress& progress) {
  std::erase_if(product.models, [](const ModelInput& model) { return model.declared.empty(); });
  if (request.only.empty() || product.models.empty())
    return measure_declared(product, settings, files, progress);
  DeclaredReport report;
  report.not_checked.push_back({"declared values", "left out by --only"});
  return report;
}

/// Runs all tests where there is one process; else gathers what all of them measured.
Result<AttackReport> attack_all(const AiRunRequest& request,
                                AttackSettings settings,
                                const Product& product,
                                const Files& files,
                                Progress& progress) {
  if (!request.rank.is_alone()) {
    TRY_VOID(run_share(request, settings, product, files, progress));
    progress.stage("waiting for the other processes", 0);
    return attack_models(product, settings, files, progress);
  }
  NumberedProgress numbered(progress, share_of(request, product));
  settings.begin_test = [&](const std::string& id) { numbered.next(id); };
  return attack_models(product, settings, files, numbered);
}

}  // namespace

Result<> run_ai_share(const AiRunRequest& request,
                      Files& files,
                      Progress& progress,
                      Diagnostics& problems) {
  TRY(const Product product, product_of(request, files, problems));
  TRY(const auto session, session_of(request, files));
  return run_share(request, session->settings, product, files, progress);
}

Result<AiRun> run_ai_tests(const AiRunRequest& request,
                           Files& files,
                           Progress& progress,
                           Diagnostics& problems) {
  AiRun run;
  Dossier& dossier = run.dossier;
  dossier.tool_version = LOCKSTEP_VERSION;
  dossier.seed = request.seed;
  TRY(dossier.product, product_of(request, files, problems));

  // The thresholds as they were locked before the first result.
  TRY(const auto first, first_results(request.store_url, files));
  TRY(const auto checks, check_thresholds(dossier.product, files, first, problems));

  // The tests and declared values. What the store has is not measured again.
  TRY(const auto session, session_of(request, files));
  const AttackSettings& settings = session->settings;
  TRY(AttackReport report, attack_all(request, settings, dossier.product, files, progress));
  TRY(DeclaredReport values, measure_values(request, settings, dossier.product, files, progress));
  std::ranges::move(values.store_problems, std::back_inserter(report.store_problems));
  tell_about_store(report, "lockstep ai run --fresh", problems);

  // What that means, by the locked thresholds and what was declared.
  std::vector<std::string> wanted = request.only.empty() ? tests_of(dossier.product) : request.only;
  if (request.only.empty())
    for (const NotChecked& one : values.not_checked)
      wanted.push_back(one.what);
  dossier.measurements = std::move(report.measurements);
  dossier.metrics = std::move(values.metrics);
  dossier.declared = std::move(values.verdicts);
  hold_to_lock(dossier.declared, checks);
  dossier.not_checked = std::move(report.not_checked);
  std::ranges::move(values.not_checked, std::back_inserter(dossier.not_checked));
  dossier.inputs = inputs_of(dossier);
  dossier.verdicts = judge_tests(dossier.measurements, checks);
  run.worker_sha256 = report.worker_sha256;
  run.state = state_of(dossier);
  run.exit = exit_of({{"ai", run.state, 0, ""}},
                     is_incomplete(wanted, dossier) ? Strictness::release : request.strictness);

  // Files for people, and the evidence.
  Artefacts artefacts(request, settings.examples_folder, files, progress);
  for (const Measurement& measurement : dossier.measurements) {
    const std::string& id = measurement.id;
    AiTestRun& test = run.tests[id];
    test.measured_at = report.measured_at.at(id);
    test.is_reused = std::ranges::find(report.reused, id) != report.reused.end();
    if (const auto found = report.details.find(id); found != report.details.end())
      test.details = std::move(found->second);
    if (const ModelInput* model = model_of(dossier.product, id))
      TRY_VOID(artefacts.write(*model, id, report.keys.at(id), test));
  }
  if (!request.artefacts_folder.empty()) {
    TRY_VOID(files.write(request.artefacts_folder + "/index.html", documents::ai_run_page(run)));
    TRY_VOID(files.write(request.artefacts_folder + "/run.json", ai_run_document(run)));
  }
  TRY_VOID(record(run, to_text(request.now), *session->store));
  return run;
}

std::string ai_run_document(const AiRun& run) {
  return to_pretty_json(documents::ai_run_json(run));
}

}  // namespace lockstep::app
