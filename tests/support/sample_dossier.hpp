// SPDX-License-Identifier: Apache-2.0
// A rich dossier, made by hand, for the tests of documents: every part has something to show, and
// every state occurs. The product is made up; its numbers are consistent with each other.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/statistics.hpp"
#include "domain/dossier.hpp"

namespace lockstep::test {

inline Day day(const char* text) {
  return *parse_day(text);
}

inline Accuracy accuracy(std::int64_t correct, std::int64_t total) {
  return {correct, total, clopper_pearson(correct, total)};
}

inline Fact fact(std::string name, FactValue value, int line) {
  return {std::move(name),
          std::move(value),
          {Provenance::Kind::read, {"lockstep.yaml", line, 3}, "", "", std::nullopt}};
}

inline Component component(const std::string& type,
                           const std::string& name,
                           const std::string& version,
                           const std::string& supplier) {
  Component one;
  one.reference = type + ":" + name;
  one.type = "library";
  one.name = name;
  one.version = version;
  one.supplier = supplier;
  if (!version.empty()) one.purl = Purl{type, "", name, version, {}, ""};
  return one;
}

inline Product sample_product() {
  Product product;
  product.path = "lockstep.yaml";
  product.sha256 = sha256("lockstep.yaml");
  product.name = "Quayside Reader";
  product.version = "3.2.0";
  product.type = "QR-3";
  product.description =
      "Reads container numbers from camera pictures at a quay and tells the "
      "terminal system which container is where.";
  product.intended_purpose = "Reading container numbers at container terminals.";
  product.foreseeable_misuse = {"Used to open gates without a second check"};
  product.placed_on_market = day("2028-09-04");
  product.support_from = day("2028-09-04");
  product.support_until = day("2033-09-04");
  product.support_reason = "Cameras of this kind are used for five years on average.";
  product.manufacturer = {"Quayside Systems AS",       "Kaigata 1, 5003 Bergen",   "NO",
                          "security@quayside.example", "https://quayside.example", {}};
  product.authorised_representative = {
      "Harbour Law BV", "Maasweg 2, Rotterdam", "NL", "office@harbour.example", "", {}};
  product.security_contact = "mailto:security@quayside.example";
  product.disclosure_policy = "https://quayside.example/security";
  product.facts = {fact("product.data_connection", true, 14),
                   fact("ai.is_ai_system", true, 15),
                   fact("ai.processes_personal_data", false, 16),
                   fact("ai.inputs", std::vector<std::string>{"picture", "time"}, 17),
                   fact("maker.staff", std::int64_t{312}, 18),
                   fact("ai.safety_component", std::monostate{}, 19)};
  product.sboms = {{"sbom/application.cdx.json", "application", {}}};
  product.models = {
      {"reader", "model/reader.onnx", "data/test.npz", "", {}, "reads digits", {}, {}}};
  product.models[0].declared = {{{"accuracy", -1, "", 0.97, 0.95}, "", "as in the manual", {}},
                                {{"recall", 1, "", 0.98, 0.95}, "", "", {}},
                                {{"ece", -1, "", 0.05, 0.95}, "data/night.npz", "", {}}};
  product.declaration.number = "QR-3-2028-01";
  product.declaration.object = "Quayside Reader 3.2.0, type QR-3, serial numbers from QR3-1000";
  product.declaration.standards = {"EN 18031-1:2024 (applied in part)"};
  product.declaration.procedure = "internal control";
  product.declaration.place = "Bergen";
  product.declaration.date = "2028-08-30";
  product.declaration.signatory = "Head of product safety";
  product.declaration.function = "Authorised signatory";
  return product;
}

inline std::vector<Bom> sample_boms() {
  Bom application;
  application.format = "CycloneDX 1.6";
  application.path = "sbom/application.cdx.json";
  application.sha256 = sha256(application.path);
  application.made = parse_instant("2028-08-20T09:00:00Z");
  application.tools = {"cdxgen 11.2"};
  application.components = {component("maven", "log4j-core", "2.14.1", "Apache"),
                            component("maven", "jackson-databind", "2.15.2", "FasterXML"),
                            component("pypi", "numpy", "1.26.4", "NumPy"),
                            component("pypi", "pillow", "10.2.0", ""),
                            component("npm", "minimist", "1.2.5", ""),
                            component("generic", "camera-driver", "", "Optik GmbH")};
  Bom firmware;
  firmware.format = "SPDX 2.3";
  firmware.path = "sbom/firmware.spdx.json";
  firmware.sha256 = sha256(firmware.path);
  firmware.components = {component("deb", "openssl", "3.0.11-1", "Debian"),
                         component("deb", "zlib1g", "1:1.2.13.dfsg-1", "Debian")};
  return {application, firmware};
}

inline Finding finding(
    const Bom& bom, const std::string& component, std::string advisory, double score, State state) {
  Finding one;
  one.sbom = bom.path;
  for (const Component& candidate : bom.components)
    if (candidate.name == component) {
      one.reference = candidate.reference;
      one.version = candidate.version;
      one.purl = "pkg:" + candidate.purl->type + "/" + candidate.name + "@" + candidate.version;
    }
  one.component = component;
  one.advisory = std::move(advisory);
  one.severity = {"CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", score,
                  score >= 9   ? "critical"
                  : score >= 7 ? "high"
                  : score >= 4 ? "medium"
                               : "low"};
  one.state = state;
  return one;
}

inline std::vector<Finding> sample_findings(const std::vector<Bom>& boms) {
  Finding log4j = finding(boms[0], "log4j-core", "GHSA-jfh8-c2jp-5v3q", 10.0, State::fail);
  log4j.aliases = {"CVE-2021-44228"};
  log4j.flaw = "CVE-2021-44228";
  log4j.matched = {"GHSA-jfh8-c2jp-5v3q"};
  log4j.summary = "Remote code injection in Log4j";
  log4j.because = "2.14.1 is in [2.13.0, 2.15.0)";
  log4j.fixed = {"2.15.0"};
  log4j.epss = EpssScore{0.97, 0.99, "2028-09-30"};
  log4j.known_exploited = {"cisa-kev"};
  log4j.state_because = "it is known to be exploited and no statement clears it";
  Finding jackson = finding(boms[0], "jackson-databind", "CVE-2023-35116", 4.7, State::pass);
  jackson.because = "2.15.2 is in [0, 2.16.0)";
  jackson.fixed = {"2.16.0"};
  jackson.epss = EpssScore{0.0008, 0.34, "2028-09-30"};
  jackson.vex =
      AppliedVex{"not_affected", "vulnerable_code_not_in_execute_path",
                 "https://quayside.example/vex/1", "Quayside Systems AS", "2028-09-01T08:00:00Z"};
  jackson.state_because = "the maker states that the product is not affected";
  Finding pillow = finding(boms[0], "pillow", "GHSA-44wm-f244-xhp3", 8.1, State::human);
  pillow.aliases = {"CVE-2024-28219", "PYSEC-2024-42"};
  pillow.because = "10.2.0 is in [0, 10.3.0)";
  pillow.fixed = {"10.3.0"};
  pillow.epss = EpssScore{0.004, 0.61, "2028-09-30"};
  pillow.state_because = "nobody has decided yet";
  Finding minimist = finding(boms[0], "minimist", "CVE-2021-44906", 9.8, State::warn);
  minimist.because = "1.2.5 is in [0, 1.2.6)";
  minimist.fixed = {"1.2.6"};
  minimist.state_because = "only used when the product is built";
  Finding zlib = finding(boms[1], "zlib1g", "CVE-2023-45853", 3.1, State::not_applicable);
  zlib.because = "1:1.2.13.dfsg-1 is in [0, *)";
  zlib.severity = {"", "", std::nullopt, "unknown"};
  zlib.state_because = "the record was withdrawn";
  return {log4j, jackson, pillow, minimist, zlib};
}

inline Measurement sample_measurement() {
  Measurement test;
  test.id = "reader.linf";
  test.model_id = "reader";
  test.model = {"model/reader.onnx", sha256("model")};
  test.data = {"data/test.npz", sha256("data")};
  test.samples = 500;
  test.norm = "linf";
  test.epsilon = 0.03;
  test.budget = "40 steps, 1 restart";
  test.seed = 1;
  test.batch_size = 64;
  test.clean = accuracy(496, 500);
  test.robust = accuracy(206, 500);
  test.attacks = {{"pgd", "Madry et al. 2018", 496, 290, 20336, 19840, 3.25}};
  test.claimed = 290;
  test.confirmed = 290;
  test.soundness = {
      {"zero_gradients", State::pass, 0.0, "0 of 496 gradients are zero."},
      {"outputs_are_logits", State::warn, 0.02, "2 % of the outputs look like shares."}};
  test.curve = {{0.01, accuracy(431, 500)}, {0.02, accuracy(322, 500)}, {0.05, accuracy(60, 500)}};
  test.worker_version = "0.1.0";
  return test;
}

inline std::vector<TestVerdict> sample_verdicts() {
  Threshold threshold{"reader.linf",
                      "attack_success",
                      0.4,
                      0.05,
                      500,
                      "A second reading catches the rest.",
                      "Head of product safety",
                      "2028-08-01T10:00:00Z",
                      sha256("threshold")};
  TestVerdict failed{"reader.linf",
                     State::fail,
                     290,
                     496,
                     290.0 / 496,
                     upper_bound(290, 496),
                     lower_bound(290, 496),
                     0,
                     threshold,
                     "290 of 496 attacks succeeded; even the lower 95 % bound is above 40 %."};
  threshold.id = "reader.l2";
  threshold.locked_at.clear();
  threshold.sha256.clear();
  TestVerdict missing{"reader.l2", State::not_checked,     0, 0, 0, 1, 0, 0,
                      threshold,   "The test was not run."};
  return {failed, missing};
}

inline Metrics sample_metrics() {
  Metrics metrics;
  metrics.model_id = "reader";
  metrics.model = {"model/reader.onnx", sha256("reader")};
  metrics.data = {"data/test.npz", sha256("test")};
  metrics.samples = 500;
  metrics.classes = 2;
  metrics.seed = 7;
  metrics.resamples = 2000;
  metrics.answered_by.engine = "fused loops";
  const Interval exact = clopper_pearson(496, 500);
  metrics.values = {
      {"accuracy", -1, 0.992, 500, Count{496, 500}, exact, "Clopper-Pearson", ""},
      {"mcc", -1, 0.984, 500, std::nullopt, std::nullopt, "",
       "4 wrong answers are too few to resample (at least 10)"},
      {"recall", 0, 0.996, 250, Count{249, 250}, clopper_pearson(249, 250), "Clopper-Pearson", ""},
      {"recall", 1, 0.988, 250, Count{247, 250}, clopper_pearson(247, 250), "Clopper-Pearson", ""}};
  metrics.confusion = {{249, 1}, {3, 247}};
  metrics.calibration.bins = {{0.4, 0.6, 0.5, accuracy(50, 100)},
                              {0.6, 0.99, 0.9, accuracy(399, 400)}};
  metrics.calibration.error = 0.078;
  metrics.calibration.error_by_chance = 0.014;
  metrics.calibration.p_value = 0.0005;
  metrics.grouped_by = "site";
  metrics.groups = {{"north",
                     480,
                     accuracy(477, 480),
                     {metrics.values[0]},
                     State::pass,
                     0.6,
                     0.6,
                     "no difference beyond chance"},
                    {"south <b>",
                     20,
                     accuracy(19, 20),
                     {},
                     State::underpowered,
                     1,
                     1,
                     "20 samples, fewer than 30: not judged"}};
  metrics.consistency = {{"batch 1", State::pass, 500, 2e-6, 0, "no class changes"},
                         {"LibTorch", State::warn, 500, 3e-6, 1, "1 of 500 changes its class"}};
  metrics.worker_version = "0.1.0";
  return metrics;
}

inline std::vector<DeclaredVerdict> sample_declared() {
  const Metrics metrics = sample_metrics();
  DeclaredTest shown{{"accuracy", -1, "", 0.97, 0.95},
                     metrics.values[0],
                     lower_bound(496, 500),
                     upper_bound(496, 500),
                     0.001,
                     0.9995,
                     0,
                     "exact binomial, one-sided"};
  DeclaredTest open{{"recall", 1, "", 0.98, 0.95},
                    metrics.values[3],
                    lower_bound(247, 250),
                    upper_bound(247, 250),
                    0.26,
                    0.87,
                    1400,
                    "exact binomial, one-sided"};
  return {{"reader", "data/test.npz", shown, State::pass, 0.002, "496 of 500 are right"},
          {"reader", "data/test.npz", open, State::underpowered, 0.26, "too few samples"}};
}

inline std::vector<Risk> sample_risks() {
  Risk evasion;
  evasion.id = "evasion.reader";
  evasion.title = "A sticker makes the reader report a wrong container";
  evasion.acts = {"eu-2024-2847", "eu-2024-1689"};
  evasion.requirements = {"ai.robust_against_attacks", "cra.protect_integrity"};
  evasion.asset = "model reader";
  evasion.cause = "malicious";
  evasion.techniques = {"AML.T0043", "CWE-1039"};
  evasion.situation = "A container is set down at the wrong place while people work there.";
  evasion.harm = {"H", 3, "A person can be hurt by a crane that moves as told."};
  evasion.inherent = {0.021, 0.087, 0.0004};
  evasion.current = {0.0052, 0.034, 0.0002};
  evasion.band = "> 1/100";
  evasion.level = "serious";
  evasion.state = State::fail;
  evasion.controls = {{"operator_confirm", "The operator confirms each move", "protective", 0.8,
                       0.36, "policy.confirm"},
                      {"manual", "The manual warns of stickers", "information", 0.2, 0.4, ""}};
  evasion.numbers = {{"v", "0.585 (95 % bound 0.622)", "measured", "reader.linf"},
                     {"a", "0.2 to 5 per year", "judged", "Two sightings in four years."}};
  evasion.findings = {"reader.linf"};
  evasion.because = "Most attacks succeed, and the confirmation is only declared.";
  evasion.seed = 1;
  evasion.horizon_years = 5;
  evasion.sensitivity = {{"a", 0.2, 5, "high", "serious", 0.91, 0.22},
                         {"w operator_confirm", 0.05, 0.95, "serious", "high", {}, 0.4}};
  evasion.next_evidence = "w operator_confirm";
  Risk takeover = evasion;
  takeover.id = "vulnerability.application";
  takeover.title = "The application is taken over through a known vulnerability";
  takeover.acts = {"eu-2024-2847"};
  takeover.requirements = {"cra.no_known_exploitable"};
  takeover.asset = "application";
  takeover.techniques = {"CWE-502"};
  takeover.harm = {"I", 3, "Wrong places are stored."};
  takeover.band = "> 50 %";
  takeover.current = {0.71, 0.955, 0};
  takeover.tags = {"significant cybersecurity risk"};
  takeover.sensitivity = {};
  takeover.next_evidence.clear();
  takeover.controls = {};
  takeover.numbers = {{"P30", "0.97", "derived", "EPSS of 2028-09-30"}};
  takeover.findings = {"GHSA-jfh8-c2jp-5v3q"};
  Risk drift = evasion;
  drift.id = "drift.reader";
  drift.title = "New lamps at the quay make readings worse";
  drift.cause = "drift";
  drift.requirements = {};
  drift.techniques = {};
  drift.harm = {"P", 1, ""};
  drift.band = "> 1/1000";
  drift.level = "low";
  drift.current = {0.0004, 0.0018, 0};
  drift.decision = "accepted";
  drift.state = State::pass;
  drift.sensitivity = {};
  drift.next_evidence.clear();
  drift.controls = {{"notice", "A notice on the mast", "information", 0.2, 0.4, ""}};
  drift.findings = {};
  return {evasion, takeover, drift};
}

inline Obligation obligation(
    std::string id, std::string act, std::string group, std::string path, Obligation::Met state) {
  Obligation one;
  one.says = "the product does what " + id + " asks for";
  one.id = std::move(id);
  one.act = std::move(act);
  one.group = std::move(group);
  one.cites = {std::move(path)};
  one.owed_by = "manufacturer";
  one.applies_from = day("2027-12-11");
  one.state = state;
  return one;
}

inline std::vector<Obligation> sample_obligations() {
  using Met = Obligation::Met;
  const std::string cra = "eu-2024-2847";
  const std::string ai = "eu-2024-1689";
  std::vector<Obligation> all = {
      obligation("cra.no_known_exploitable", cra, "CRA Annex I Part I", "anx_I/pt_I/pnt_2/pnt_a",
                 Met::unmet),
      obligation("cra.protect_integrity", cra, "CRA Annex I Part I", "anx_I/pt_I/pnt_2/pnt_f",
                 Met::unknown),
      obligation("cra.secure_default", cra, "CRA Annex I Part I", "anx_I/pt_I/pnt_2/pnt_b",
                 Met::met),
      obligation("cra.sbom", cra, "CRA Annex I Part II", "anx_I/pt_II/pnt_1", Met::met),
      obligation("cra.cvd_policy", cra, "CRA Annex I Part II", "anx_I/pt_II/pnt_5", Met::met),
      obligation("cra.steward_policy", cra, "CRA Art. 24", "art_24/par_1", Met::does_not_apply),
      obligation("ai.risk_management", ai, "AI Act Art. 9", "art_9/par_1", Met::met),
      obligation("ai.robust_against_attacks", ai, "AI Act Art. 15", "art_15/par_5", Met::unmet)};
  all[0].because = {"1 finding is known to be exploited (result:vuln_scan)"};
  all[0].evidence_kinds = {"vuln_scan"};
  all[0].evidence = {"result:vuln_scan"};
  all[1].missing = {"product.signed_updates"};
  all[1].evidence_kinds = {"review"};
  all[3].evidence = {"input:sbom/application.cdx.json"};
  all[4].evidence_kinds = {"policy"};
  all[4].evidence = {"policy.cvd"};
  all[5].because = {"maker.is_steward = no (lockstep.yaml:21)"};
  all[1].crosswalk = {{"ai.robust_against_attacks", Overlap::Strength::strong}};
  all[4].crosswalk = {{"nis2.secure_development", Overlap::Strength::partial}};
  all[5].crosswalk = {{"nis2.risk_policies", Overlap::Strength::partial}};
  all[7].crosswalk = {{"cra.protect_integrity", Overlap::Strength::strong}};
  all[7].evidence_kinds = {"evasion_test"};
  all[7].evidence = {"result:reader.linf"};
  return all;
}

inline LegalView sample_law() {
  LegalView law;
  law.as_of = day("2028-10-01");
  law.acts = {{"eu-2024-1689", "AI Act",
               "Regulation (EU) 2024/1689 of the European Parliament and of the Council",
               "OJ L, 2024/1689, 12.7.2024"},
              {"eu-2024-2847", "CRA",
               "Regulation (EU) 2024/2847 of the European Parliament and of the Council",
               "OJ L, 2024/2847, 20.11.2024"}};
  law.codes = {{"IN:default"}, {"A", "B+C", "H"}, {"HR-III-2"}, {"IMP"}, "annex_vi"};
  Answer scope{"cra.scope",
               "eu-2024-2847",
               "Is the product covered?",
               Truth::yes,
               {"IN:default"},
               {"art_2/par_1"},
               {"product.data_connection = yes (lockstep.yaml:14)"},
               {},
               {}};
  scope.steps = {
      {"S1",
       "Is it a product with digital elements?",
       Truth::yes,
       "",
       {"art_3/pnt_1"},
       {"product.data_connection = yes (lockstep.yaml:14)"},
       {},
       "text"},
      {"S2", "Is it a medical device?", Truth::no, "", {"art_2/par_2/pnt_a"}, {}, {}, "text"},
      {"S3",
       "Is it a category of Annex III?",
       Truth::no,
       "IN:default",
       {"art_7/par_1"},
       {},
       {"product.core_function"},
       "text"}};
  Answer risk_class{"ai.class",
                    "eu-2024-1689",
                    "Which class is the AI system?",
                    Truth::unknown,
                    {"HR-III-2"},
                    {"art_6/par_2"},
                    {},
                    {"ai.safety_component"},
                    {}};
  law.answers = {scope, risk_class};
  law.obligations = sample_obligations();
  law.sector_acts = {{"atex", "Directive 2014/34/EU on equipment for explosive atmospheres",
                      "OJ L 96, 29.3.2014, p. 309"}};
  const std::vector<Citation> logs = {{"eu-2024-2847", "anx_I/pt_I/pnt_2/pnt_l"},
                                      {"eu-2024-1689", "art_12/par_1"}};
  law.conflicts = {{"conflict.logs",
                    logs,
                    Truth::yes,
                    "Records can be ended, and cannot",
                    "Only some of them <end>",
                    false,
                    "reading.logs",
                    {"ai.class = high"},
                    {}},
                   {"conflict.removal",
                    logs,
                    Truth::unknown,
                    "Data goes, and stays",
                    "It stays with the operator",
                    true,
                    "reading.removal",
                    {},
                    {"ai.class"}},
                   {"conflict.none",
                    logs,
                    Truth::no,
                    "Not here",
                    "Nothing to do",
                    false,
                    "reading.none",
                    {"cra.scope = out"},
                    {}}};
  law.missing_facts = {{"ai.safety_component",
                        "Is the system a safety component?",
                        {"ai.class", "ai.risk_management"}}};
  law.dates = {{day("2026-09-11"), "eu-2024-2847", "Reporting of exploited vulnerabilities applies",
                "art_71/par_2"},
               {day("2027-12-02"), "eu-2024-1689", "High-risk requirements apply", "art_113"},
               {day("2027-12-11"), "eu-2024-2847", "All other duties apply", "art_71/par_2"},
               {day("2033-09-04"), "eu-2024-2847", "The support period ends", "art_13/par_8"}};
  return law;
}

inline Evidence evidence(std::string id,
                         std::string kind,
                         std::string subject,
                         std::vector<std::string> shows) {
  Evidence one;
  one.sha256 = sha256(id);
  one.id = std::move(id);
  one.kind = std::move(kind);
  one.subject = std::move(subject);
  one.made_by = "lockstep 0.1.0";
  one.made_at = "2028-10-01T12:00:00Z";
  one.shows = std::move(shows);
  return one;
}

inline Dossier sample_dossier() {
  Dossier dossier;
  dossier.tool_version = "0.1.0";
  dossier.as_of = day("2028-10-01");
  dossier.seed = 1;
  dossier.run_id = sha256("run");
  dossier.product = sample_product();
  dossier.boms = sample_boms();
  dossier.inputs = {{"data/test.npz", sha256("data")},
                    {"lockstep.yaml", sha256("lockstep.yaml")},
                    {"model/reader.onnx", sha256("model")}};
  dossier.data = {{"osv", "2028-09-29", 241003, sha256("osv")},
                  {"cisa-kev", "2028-09-28", 1612, sha256("kev")},
                  {"epss", "2028-09-30", 301442, sha256("epss")}};
  dossier.findings = sample_findings(dossier.boms);
  dossier.unmatched = {{"sbom/application.cdx.json",
                        "camera-driver",
                        "generic:camera-driver",
                        "",
                        "no version",
                        {"CVE-2025-10001"}}};
  dossier.measurements = {sample_measurement()};
  dossier.verdicts = sample_verdicts();
  dossier.metrics = {sample_metrics()};
  dossier.declared = sample_declared();
  dossier.risks = sample_risks();
  dossier.overall_risk = {{"H", 1, 0, 0, 0.034, 0.034, 0.034},
                          {"I", 1, 0, 0, 0.955, 0.955, 0.955},
                          {"P", 0, 1, 0, 0, 0, 0},
                          {"", 2, 1, 0, 0.955, 0.95653, 0.989}};
  dossier.law = sample_law();
  dossier.evidence = {
      evidence("input:sbom/application.cdx.json", "sbom", "sbom/application.cdx.json",
               {"cra.sbom"}),
      evidence("policy.cvd", "policy", "docs/cvd-policy.md", {"cra.cvd_policy"}),
      evidence("policy.confirm", "policy", "docs/confirm.md", {}),
      evidence("result:reader.linf", "evasion_test", "reader.linf", {"ai.robust_against_attacks"}),
      evidence("result:vuln_scan", "vuln_scan", "sbom", {"cra.no_known_exploitable"})};
  dossier.evidence[1].expires = "2028-05-01";
  dossier.areas = {{"scope", State::human, 1, "ai.safety_component is unknown"},
                   {"sbom", State::warn, 8, "camera-driver has no version"},
                   {"vulnerabilities", State::fail, 5, "GHSA-jfh8-c2jp-5v3q in log4j-core"},
                   {"ai", State::fail, 2, "reader.linf"},
                   {"risks", State::fail, 3, "evasion.reader is serious"},
                   {"requirements", State::fail, 8, "cra.no_known_exploitable"},
                   {"documents", State::human, 2, "declaration"},
                   {"evidence", State::stale, 5, "policy.cvd has expired"}};
  dossier.blockers = {
      {"GHSA-jfh8-c2jp-5v3q", State::fail, "log4j-core 2.14.1 is known to be exploited."},
      {"reader.linf", State::fail, "More than 40 % of the attacks on the reader succeed."},
      {"evasion.reader", State::fail, "The risk that a sticker misleads the reader is serious."},
      {"policy.cvd", State::stale, "The disclosure policy expired on 2028-05-01."},
      {"GHSA-44wm-f244-xhp3", State::human, "Someone must decide on pillow 10.2.0."},
      {"ai.safety_component", State::human, "Say whether the system is a safety component."}};
  dossier.not_checked = {{"test reader.l2", "the worker was not there"},
                         {"camera-driver", "no version"}};
  dossier.problems = {{Severity::warning,
                       "purl.type",
                       "expected a known type, found 'generic'",
                       {"sbom/application.cdx.json", 42, 7}}};
  dossier.exit = 1;
  return dossier;
}

}  // namespace lockstep::test
