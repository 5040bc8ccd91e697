// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/mechanisms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::uint64_t kOfAfe =
    BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT) | BMS_FAILURE_BIT(BMS_FAILURE_AFE_CORRUPT);

// Scans of the cells that a test of the sense wires takes for itself, at most two tests apart.
constexpr int kScansOfTest = 4;

std::size_t cell_ntcs(const Product& product) {
  return product.pack.beads.size() - (product.pack.has_mosfet_ntc ? 1 : 0);
}

// ---- causes ----

// The lines are tested against each other, so that at B- has no test.
bool has_open_wire(const PackUnit& unit, const Product& product) {
  const auto& wires = unit.condition.hardware.sense_wires;
  return product.bms.diagnosis.wire_period_ms != 0 &&
         std::any_of(wires.begin() + 1, wires.end(), [](const auto& wire) { return wire.is_open; });
}

bool has_broken_ntc(const PackUnit& unit, const Product& product) {
  const auto& ntcs = unit.condition.hardware.ntcs;
  return std::any_of(
      ntcs.begin(), ntcs.begin() + static_cast<std::ptrdiff_t>(cell_ntcs(product)),
      [](const models::NtcCondition& ntc) { return ntc.wire != models::WireCondition::intact; });
}

bool has_broken_mosfet_ntc(const PackUnit& unit, const Product& product) {
  return product.pack.has_mosfet_ntc &&
         unit.condition.hardware.ntcs.back().wire != models::WireCondition::intact;
}

bool is_afe_silent(const PackUnit& unit, const Product& /*product*/) {
  return unit.condition.electronics.is_afe_silent;
}

bool is_afe_corrupt(const PackUnit& unit, const Product& /*product*/) {
  return unit.condition.electronics.afe_corrupt_share >= 1.0;
}

template <bms_contact_t kContact, bool kIsDriven>
bool contradicts(const PackUnit& unit, const Product& product) {
  const bool is_watched = (product.bms.diagnosis.watched_contacts & kContact) != 0;
  const bool is_driven = (unit.bms_outputs.coils & kContact) != 0;
  const bool is_closed = (unit.bms_inputs.contacts & kContact) != 0;
  return is_watched && is_driven == kIsDriven && is_closed != kIsDriven;
}

// Nobody looks for it while nobody wants current.
bool is_breaker_open(const PackUnit& unit, const Product& product) {
  return (unit.bms_outputs.charge_gate || unit.bms_outputs.discharge_gate) &&
         product.pack.has_breaker_contact && (unit.bms_inputs.contacts & BMS_CONTACT_BREAKER) == 0;
}

// By a fifth more than is tolerated, for what is random in both clocks.
bool is_clock_wrong(const PackUnit& unit, const Product& product) {
  const bms_diagnosis_config_t& diagnosis = product.bms.diagnosis;
  return std::abs(unit.condition.electronics.rtc_error) * diagnosis.clock_window_ms >
         1.2 * diagnosis.clock_tolerance_ms;
}

bool is_at_rail(const PackUnit& unit, const Product& product) {
  const std::uint32_t rail = product.bms.diagnosis.shunt_rail_counts;
  return rail != 0 && static_cast<std::uint32_t>(std::abs(unit.bms_inputs.shunt_adc)) >= rail;
}

// By one percent of the stack more than is tolerated: gain errors.
bool is_divider_wrong(const PackUnit& unit, const Product& product) {
  const double stack_mV = unit.pack.stack_V * 1000.0;
  return std::abs(unit.condition.hardware.pack_divider_error) * stack_mV >
         product.bms.diagnosis.sum_tolerance_mV + 0.01 * stack_mV;
}

// ---- how long it takes ----

Time wire_test(const Product& product) {
  return 2 * from_ms(product.bms.diagnosis.wire_period_ms) +
         2 * kScansOfTest * product.sampling.cell_period_ns;
}
Time two_scans(const Product& product) {
  return (2 + kScansOfTest) * product.sampling.cell_period_ns;
}
Time two_ntc_scans(const Product& product) {
  return 2 * product.sampling.ntc_period_ns;
}
Time afe_silence(const Product& product) {
  const bms_diagnosis_config_t& diagnosis = product.bms.diagnosis;
  std::uint32_t shortest_ms = UINT32_MAX;
  for (const std::uint32_t ms :
       {diagnosis.afe_current_ms, diagnosis.afe_cells_ms, diagnosis.afe_ntcs_ms})
    if (ms != 0) shortest_ms = std::min(shortest_ms, ms);
  return from_ms(shortest_ms);
}
Time enough_errors(const Product& product) {
  return static_cast<Time>(product.bms.diagnosis.afe_errors + 1) *
         product.sampling.current_period_ns;
}
// Contacts and the rail are looked at with a scan of the cells; a coil that was just driven has time
// to settle.
Time contact_time(const Product& product) {
  constexpr Time kSettling = 100 * kMillisecond;
  return from_ms(product.bms.sequence.contact_ms) + kSettling + two_scans(product);
}
Time two_windows(const Product& product) {
  return 2 * from_ms(product.bms.diagnosis.clock_window_ms);
}

struct Mechanism {
  bms_failure_t failure;
  bool (*is_there)(const PackUnit& unit, const Product& product);
  Time (*takes)(const Product& product);
};

constexpr std::array kMechanisms{
    Mechanism{BMS_FAILURE_SENSE_WIRE, has_open_wire, wire_test},
    Mechanism{BMS_FAILURE_SUM, is_divider_wrong, two_scans},
    Mechanism{BMS_FAILURE_NTC_BROKEN, has_broken_ntc, two_ntc_scans},
    Mechanism{BMS_FAILURE_MOSFET_NTC, has_broken_mosfet_ntc, two_ntc_scans},
    Mechanism{BMS_FAILURE_SHUNT, is_at_rail, two_scans},
    Mechanism{BMS_FAILURE_AFE_SILENT, is_afe_silent, afe_silence},
    Mechanism{BMS_FAILURE_AFE_CORRUPT, is_afe_corrupt, enough_errors},
    Mechanism{BMS_FAILURE_MAIN_1_WELDED, contradicts<BMS_CONTACT_MAIN_1, false>, contact_time},
    Mechanism{BMS_FAILURE_MAIN_1_OPEN, contradicts<BMS_CONTACT_MAIN_1, true>, contact_time},
    Mechanism{BMS_FAILURE_MAIN_2_WELDED, contradicts<BMS_CONTACT_MAIN_2, false>, contact_time},
    Mechanism{BMS_FAILURE_MAIN_2_OPEN, contradicts<BMS_CONTACT_MAIN_2, true>, contact_time},
    Mechanism{BMS_FAILURE_BREAKER, is_breaker_open, two_scans},
    Mechanism{BMS_FAILURE_CLOCK, is_clock_wrong, two_windows},
};

}  // namespace

// A front end that does not answer hides everything that only it can show.
std::uint64_t causes_of(const PackUnit& unit, const Product& product) {
  std::uint64_t causes = 0;
  for (const Mechanism& mechanism : kMechanisms)
    if (product.bms.failures[mechanism.failure].is_enabled && mechanism.is_there(unit, product))
      causes |= BMS_FAILURE_BIT(mechanism.failure);
  return (causes & kOfAfe) != 0 ? causes & kOfAfe : causes;
}

Time detection_bound(const Product& product, bms_failure_t failure) {
  for (const Mechanism& mechanism : kMechanisms)
    if (mechanism.failure == failure && product.bms.failures[failure].is_enabled)
      return mechanism.takes(product) + from_ms(product.bms.failures[failure].delay_ms) +
             2 * product.sampling.current_period_ns + product.sampling.task_delay_ns;
  return 0;
}

MechanismOracle::MechanismOracle(const Product& product) {
  for (const Mechanism& mechanism : kMechanisms)
    if (const Time bound_ns = detection_bound(product, mechanism.failure); bound_ns > 0)
      watched_.push_back({mechanism.failure, bound_ns});
}

// One of the two of the front end says enough: the other needs what that one stops.
void MechanismOracle::look(const Sight& sight, Objections& objections) {
  const bool is_afe_known = (sight.failures & kOfAfe) != 0;
  for (Watched& watched : watched_) {
    const std::uint64_t bit = BMS_FAILURE_BIT(watched.failure);
    const bool is_known = (sight.failures & bit) != 0 || is_afe_known;
    if (!sight.is_working || (sight.causes & bit) == 0 || is_known) {
      watched.since_ns = -1;
      continue;
    }
    if (watched.since_ns < 0) watched.since_ns = sight.t_ns;
    if (sight.t_ns - watched.since_ns <= watched.bound_ns) continue;
    const std::string_view name = failure_words()[watched.failure];
    objections.add("detection", std::string(name), [&] {
      return fmt::format("{} is not found within {:.3f} s", name, to_seconds(watched.bound_ns));
    });
  }
}

}  // namespace doppelpack::sim
