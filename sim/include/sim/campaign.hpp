// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A campaign: every fault in every state of every product, at several places and in several ways. A
// state is reached once; every case starts from a copy of it and is judged by oracles that know
// nothing but the product's configuration.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core_choice.hpp"
#include "sim/fault.hpp"
#include "sim/report_files.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::sim {

// ---- the plan ----

struct CampaignProduct {
  std::string name;  ///< first part of the ids of its cases
  Product product;
  InverterDesign inverter;
  int packs = 1;    ///< all alike, DIP switches 0, 1, 2, ...
  int stacked = 1;  ///< of them in series
};

struct CampaignState {
  std::string name;
  std::string title;
};

/// One product in one state, and how it gets there.
struct CampaignStart {
  std::size_t product = 0;
  std::size_t state = 0;
  Scenario scenario;
  std::optional<Located> when;  ///< it is there once this holds, `within_ns` at the latest ...
  Time within_ns = 0;
  Time after_ns = 0;  ///< ... and so long after that, or after the start
};

/// What happens so long after the fault.
struct FollowUp {
  Time after_ns = 0;
  std::vector<Action> actions;  ///< set and press
};

/// From where to where a fault grows.
struct FaultRamp {
  Located from;
  Located to;
};

/// How a fault is put on, and what happens then.
struct CampaignTiming {
  std::string name;
  std::string title;
  SourceLocation where;
  Time lasts_ns = 0;           ///< intermittent: there for so long ...
  Time every_ns = 0;           ///< ... so often; 0: it stays
  Time watch_ns = 0;           ///< from the fault to the end of a case
  Time ramp_ns = 0;            ///< grows as CampaignPlan::ramps says, within this time; 0: at once
  bool is_everywhere = false;  ///< at the first, the middle and the last; otherwise the middle
  std::vector<std::string> faults;    ///< globs; empty: all
  std::vector<std::string> natures;   ///< words of Fault::nature; empty: any
  std::vector<std::string> products;  ///< globs; empty: all
  std::vector<std::string> states;    ///< likewise
  std::vector<FollowUp> then;
};

/// Findings that somebody has looked at.
struct Explanation {
  enum class Kind {
    product,  ///< the product's own nature
    model,    ///< of the simulation or of this oracle
    open,     ///< the core should do better
  };
  SourceLocation where;
  std::vector<std::string> cases;    ///< globs over ids
  std::vector<std::string> oracles;  ///< their names; empty: any
  Kind kind = Kind::open;
  std::string why;
};
std::string_view name_of(Explanation::Kind kind);

struct CampaignPlan {
  std::string key;
  std::string title;
  std::string file;
  std::vector<std::string> sources;
  Time watch_ns = 0;  ///< how long a case is watched unless its timing says otherwise
  std::vector<CampaignProduct> products;
  std::vector<CampaignState> states;
  std::vector<CampaignStart> starts;  ///< by product, then state
  std::vector<CampaignTiming> timings;
  std::map<std::string, std::vector<Located>> severities;  ///< by fault; the default when not here
  std::map<std::string, FaultRamp> ramps;                  ///< by fault
  std::vector<Explanation> explanations;
};

/// By key, or by path to a .yaml file. Throws DataError.
CampaignPlan load_campaign(std::string_view key_or_file, const std::filesystem::path& data_folder);

// ---- its cases ----

/// The pseudo-fault of cases in which the pack is whole.
inline constexpr std::string_view kNoFault = "none";

struct CampaignCase {
  std::size_t start = 0;         ///< of the plan
  std::size_t timing = 0;        ///< likewise
  const Fault* fault = nullptr;  ///< nullptr: none
  int pack = 1;                  ///< from 1
  int target = 0;                ///< from 1; 0: the pack as a whole
  double severity = 0.0;         ///< in the end
  std::optional<double> ramp_from;
  std::string id;  ///< "dyness-bx51100/charging-95/ntc-open@3/step"
};

/// All cases, those of a start together and one without any fault first. A pure function: the same plan
/// and the same catalogue give the same cases in the same order. Throws DataError for a severity or a
/// follow-up that does not fit.
std::vector<CampaignCase> generate_cases(const CampaignPlan& plan);

/// Those whose id matches one of the globs; all without any.
std::vector<CampaignCase> choose_cases(std::vector<CampaignCase> cases,
                                       std::span<const std::string> globs);

// ---- what came of them ----

enum class CaseClass {
  safe,         ///< within all limits, and nothing that anybody has to know of
  latent,       ///< so far safe and nobody is told: a means of protection or telling is gone
  annunciated,  ///< a person or the inverter is told
  finding,      ///< an oracle is broken
};
inline constexpr int kCaseClassCount = 4;
std::string_view name_of(CaseClass of_case);

/// What an oracle has against a case.
struct Objection {
  std::string oracle;  ///< one of oracle_words()
  std::string text;    ///< one line
};

/// "limit", "detection", "reaction", "stays-open", "latch", "release", "permission",
/// "warning-first", "nothing-else", "true-readings", "run".
std::span<const std::string_view> oracle_words();

struct CaseResult {
  CaseClass is = CaseClass::safe;
  std::vector<Objection> objections;
  std::vector<std::string> told;       ///< how: rules, failures, "panel", "inverter"
  std::optional<double> told_after_s;  ///< from the fault to the first of them
  std::string event_log_sha256;
  std::vector<std::size_t> explanations;  ///< of the plan, those that the objections need
  bool is_explained = true;               ///< every objection is
};

struct CampaignReport {
  const CampaignPlan* plan = nullptr;
  std::vector<CampaignCase> cases;
  std::vector<CaseResult> results;  ///< beside them
  std::vector<std::size_t> stale;   ///< explanations of the plan that explain nothing
  std::string sha256;               ///< over ids, classes and event logs

  /// Every finding is explained, and no explanation is stale.
  bool has_passed() const;
};

struct CampaignOptions {
  CoreChoice core;
  int workers = 1;          ///< processes at a time, at least 1
  bool is_complete = true;  ///< these are all cases: an explanation has to explain something
  std::function<void(std::size_t done, std::size_t of)> note = [](std::size_t, std::size_t) {};
};

/// A process for each start, and in it one for each case, forked from the start once it is reached: an
/// exact copy, and a crash ends one case only. The report does not depend on the number of workers.
/// The plan must outlive the report. Throws DataError. There must not be another thread.
CampaignReport run_campaign(const CampaignPlan& plan, std::vector<CampaignCase> cases,
                            const CampaignOptions& options);

/// The same campaign gives the same bytes. Throws DataError.
void write_campaign(const ReportFiles& files, const CampaignReport& report);

int count_cases(const CampaignReport& report, CaseClass of_case);

}  // namespace doppelpack::sim
