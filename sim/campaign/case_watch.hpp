// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// All oracles on all packs of a bench in the course of one case, and who was told what.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/campaign.hpp"
#include "sim/oracles/fault_scope.hpp"
#include "sim/oracles/latch_oracle.hpp"
#include "sim/oracles/mechanisms.hpp"
#include "sim/oracles/path_oracle.hpp"
#include "sim/oracles/permission_oracle.hpp"
#include "sim/oracles/readings_oracle.hpp"
#include "sim/oracles/release_oracle.hpp"
#include "sim/oracles/rule_oracle.hpp"

namespace doppelpack::sim {

/// What was said at any time of a case: sets of rules and failures, and who else noticed.
struct Tellings {
  std::uint32_t warnings = 0;
  std::uint32_t protections = 0;
  std::uint64_t failures = 0;
  std::uint32_t lamps = 0;  ///< set of bms_led_t and the buzzer that mean trouble
  bool is_dark = false;     ///< a BMS has no supply any more
  bool is_inverter_alarmed = false;

  bool operator==(const Tellings&) const = default;
  Tellings& operator|=(const Tellings& other);
  /// Without what the other one has, too.
  Tellings without(const Tellings& other) const;
};

class CaseWatch {
 public:
  /// `twin`: what the same pack says in the same state without a fault; nullptr: what it said before.
  CaseWatch(const CampaignCase& of, std::span<const Product* const> packs, const Tellings* twin);

  /// After every pass of the firmware, first as the case begins.
  void look(Time t_ns, const BenchState& state);

  const Tellings& tellings() const { return tellings_; }
  /// Class, objections and who was told, with the bench as it is in the end; the rest is empty.
  CaseResult finish(const BenchState& state);

 private:
  struct PackOracles {
    const Product* product;
    RuleOracle rules;
    PathOracle path;
    LatchOracle latches;
    ReleaseOracle releases;
    PermissionOracle permissions;
    MechanismOracle mechanisms;
    ReadingsOracle readings;
    Sight sight;
  };
  void judge_the_rest(const Tellings& news, const BenchState& state);
  void judge_silence(const Tellings& news);

  Mechanisms expected_;
  std::vector<PackOracles> packs_;
  std::optional<Tellings> reference_;
  Tellings tellings_;
  Tellings last_;
  Objections objections_;
  std::optional<Time> began_ns_;
  std::optional<Time> told_ns_;
};

}  // namespace doppelpack::sim
