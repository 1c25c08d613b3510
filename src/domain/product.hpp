// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/endpoint.hpp"
#include "domain/evidence.hpp"
#include "domain/fact.hpp"
#include "domain/metrics.hpp"
#include "domain/preprocessing.hpp"

namespace lockstep {

/// A person or company in the supply chain. Empty fields are unknown and are named as missing.
struct Operator {
  std::string name;
  std::string address;
  std::string country;  ///< ISO 3166-1 alpha-2
  std::string email;
  std::string website;
  Position where;
};

/// A bill of materials that belongs to the product.
struct SbomInput {
  std::string path;  ///< relative to the product file
  std::string part;  ///< "application", "firmware"
  Position where;
};

/// An evasion test that the product file asks for.
struct EvasionTest {
  std::string id;
  std::string attack = "pgd";
  std::string norm = "linf";
  double epsilon = 0;
  int steps = 40;
  int restarts = 1;
  int passes = 1;  ///< averaged over the randomness of a model
  std::int64_t samples = 1000;
  bool random_start = true;
  std::string target;  ///< class to reach: "second", "next" or a number; "" for any wrong one
  std::string knowledge = "white_box";
  double max_attack_success = 0;  ///< tau
  std::string reason;             ///< why this epsilon and this threshold
  std::vector<double> curve;      ///< further epsilons for the chart
  Position where;
};

/// A value of a metric that the maker declares of a model.
struct DeclaredInput {
  DeclaredMetric declared;
  std::string data;    ///< path; "" for the model's own test data
  std::string reason;  ///< why this metric and this value
  Position where;
};

struct ModelInput {
  std::string id;
  std::string path;
  std::string data;
  std::string columns;  ///< path of the description of the data's columns, when it is a table
  Preprocessing preprocessing;
  std::string purpose;
  std::vector<EvasionTest> evasion;
  Position where;
  std::vector<DeclaredInput> declared = {};
  std::string text = {};          ///< path of the description of the data, when they are texts
  std::string groups = {};        ///< array of the data with the group of each sample; "": "groups"
  EndpointOptions endpoint = {};  ///< how to ask a model whose path is an address
  std::string token_from = {};    ///< the environment variable that has its token; "" for none
};

/// What a person declares, signs and fills in for the EU declaration of conformity.
struct DeclarationInput {
  std::string number;
  std::string object;  ///< description that allows traceability
  std::vector<std::string> standards;
  std::string notified_body;  ///< name, "" when none
  std::string notified_body_number;
  std::string certificate;
  std::string procedure;  ///< as the person states it; lockstep shows its own answer beside
  std::string place;
  std::string date;  ///< YYYY-MM-DD
  std::string signatory;
  std::string function;
  std::string additional;
};

/// A scenario's numbers that only a person can judge.
struct RiskJudgement {
  std::string id;                  ///< id of the risk
  std::optional<double> rate_low;  ///< events per unit-year, 90 % interval
  std::optional<double> rate_high;
  std::optional<double> harm_low;  ///< probability that success leads to the harm, 90 % interval
  std::optional<double> harm_high;
  std::string harm_class;
  int severity = 0;  ///< 0: not given
  std::string reason;
  std::string by;
  std::string date;
  std::string decision;     ///< "", accepted, mitigated
  std::string reviewed_by;  ///< the second person who looked at the decision
  std::string expires;
  std::vector<std::string> controls;  ///< ids of `controls`
  Position where;
  Position reviewed_by_where;  ///< of the key; of the entry when it is not there
  Position expires_where;      ///< likewise
};

/// The maker's records of how vulnerabilities were handled.
struct HandlingInput {
  /// One number per fix: days from publication of the weakness to the fix reaching users, >= 0.
  std::vector<double> days_to_fix;
  std::string evidence;  ///< id of the evidence entry that the numbers are taken from
  Position where;        ///< of `days_to_fix`
};

/// A control that a person declares.
struct ControlInput {
  std::string id;
  std::string title;
  std::string hierarchy;  ///< design, protective, information
  double effectiveness = 0;
  std::string strength;  ///< measured, reviewed, declared
  std::string evidence;  ///< id of an evidence entry
  std::string date;
  Position where;
};

/// The product file, `lockstep.yaml`, format 1: what a person writes and reviews.
struct Product {
  std::string path;    ///< of the product file
  std::string sha256;  ///< of the product file
  std::string name;
  std::string version;
  std::string type;  ///< type, batch or other unique identification
  std::string description;
  std::string intended_purpose;
  std::vector<std::string> foreseeable_misuse;
  std::optional<Day> placed_on_market;
  std::optional<Day> support_from;
  std::optional<Day> support_until;
  std::string support_reason;
  Operator manufacturer;
  Operator authorised_representative;
  Operator importer;
  std::string security_contact;
  std::string disclosure_policy;  ///< URL of the coordinated disclosure policy
  HandlingInput handling;
  std::optional<Day> facts_answered;  ///< when somebody last stood by the facts
  std::vector<Fact> facts;            ///< as written, checked against the catalogue elsewhere
  std::vector<SbomInput> sboms;
  std::vector<std::string> vex;  ///< paths
  std::string policy;            ///< path of the gate's policy; "" for the one that is built in
  std::vector<std::string> reachability;  ///< paths
  std::vector<ModelInput> models;
  std::vector<Evidence> evidence;  ///< entries that a person lists; `subject` is a path
  std::vector<ControlInput> controls;
  std::vector<RiskJudgement> risks;
  DeclarationInput declaration;
};

}  // namespace lockstep
