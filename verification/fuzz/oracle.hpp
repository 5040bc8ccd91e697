// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A core and what has to hold of it after every step, whatever it was given. Written from the
// headers and docs of bms/, not from its sources.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "bms/bms.h"

namespace fuzz {

inline constexpr std::uint8_t kCharge = BMS_OPENS_CHARGE, kDischarge = BMS_OPENS_DISCHARGE;
inline constexpr std::uint8_t kPaths = BMS_OPENS_ALL_PATHS;

// What a rule opens unless the configuration says otherwise. `spares_diode`: its one gate may close
// for current the other way.
struct RuleOpens {
  std::uint8_t opens;
  bool spares_diode;
};

// In the order of bms_rule_t.
inline constexpr RuleOpens kRules[BMS_RULE_COUNT]{
    {kCharge, true},                // cell-ov
    {kDischarge, true},             // cell-uv
    {kCharge, true},                // pack-ov
    {kDischarge, true},             // pack-uv
    {kCharge, false},               // occ
    {kDischarge, false},            // ocd
    {kDischarge, false},            // ocd2
    {kCharge | kDischarge, false},  // scd
    {kCharge, true},                // otc
    {kDischarge, true},             // otd
    {kCharge, true},                // utc
    {kDischarge, true},             // utd
    {kPaths, false},                // cell-failure-high
    {kPaths, false},                // cell-failure-low
    {kPaths, false},                // cell-zero
    {kCharge | kDischarge, false},  // spread
    {kPaths, false},                // spread-failure
    {kCharge | kDischarge, false},  // t-spread
    {kCharge | kDischarge, false},  // mosfet-ot
    {kPaths, false},                // insulation
    {kDischarge, true},             // soc-low
};

inline constexpr std::uint32_t kWorking = 1u << BMS_STATE_STANDBY | 1u << BMS_STATE_CHARGE |
                                          1u << BMS_STATE_DISCHARGE | 1u << BMS_STATE_LIMIT |
                                          1u << BMS_STATE_PROTECTION;
inline constexpr std::uint64_t kService_us = 10000000;  // RESET held: the service gesture

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "oracle: %s\n", what);
  std::abort();
}

class Subject {
 public:
  // The configuration is sealed, and stays the caller's.
  Subject(bms_config_t& config, const std::vector<std::uint8_t>& nvm)
      : config_(config), instance_(bms_core()->instance_bytes), nvm_(nvm) {
    bms_core()->seal(&config);
  }

  // False: the core refused the configuration.
  bool power_up() {
    std::memset(instance_.data(), 0xA5, instance_.size());
    before_ = {};
    was_reset_down_ = false;
    return bms_core()->init(instance_.data(), &config_, nvm_.data()).error == BMS_OK;
  }

  void step(const bms_inputs_t& inputs, std::uint32_t dt_us) {
    const bms_inputs_t inputs_before = inputs;
    const bms_config_t config_before = config_;
    twin_ = instance_;
    std::memset(&out_, 0x00, sizeof out_);
    std::memset(&twin_out_, 0xFF, sizeof twin_out_);
    bms_core()->step(instance_.data(), &inputs, dt_us, &out_);
    bms_core()->step(twin_.data(), &inputs, dt_us, &twin_out_);
    require(std::memcmp(&out_, &twin_out_, sizeof out_) == 0, "an output is not written");
    require(instance_ == twin_, "a step depends on what its outputs held before");
    require(std::memcmp(&inputs, &inputs_before, sizeof inputs) == 0, "the inputs changed");
    require(std::memcmp(&config_, &config_before, sizeof config_) == 0, "the config changed");
    watch_reset(inputs.buttons, dt_us);
    check_states();
    check_gates();
    check_failures();
    check_limits();
    check_report();
    check_latches();
    check_memory(inputs.is_nvm_busy);
    before_ = out_;
  }

 private:
  bool flows_mA(std::int64_t current_mA) const {
    return current_mA > std::int64_t{config_.idle_current_mA};
  }

  std::uint8_t opens(int rule) const {
    const bms_rule_config_t& row = config_.rules[rule];
    const std::uint8_t opens = row.opens ? row.opens : kRules[rule].opens;
    return row.is_failure ? opens | kPaths : opens;
  }

  bool spares_diode(int rule) const {
    const std::uint8_t path = opens(rule) & kPaths;
    return kRules[rule].spares_diode && (path == kCharge || path == kDischarge);
  }

  void watch_reset(std::uint32_t buttons, std::uint32_t dt_us) {
    const bool is_down = (buttons & BMS_BUTTON_RESET) != 0;
    is_reset_ = is_down && !was_reset_down_;
    held_us_ = is_down && was_reset_down_ ? held_us_ + dt_us : 0;
    was_reset_down_ = is_down;
  }

  // May what has this latch go in this step?
  bool is_clearing(std::uint8_t latch) const {
    if (latch == BMS_LATCH_BUTTON) return is_reset_;
    return latch == BMS_LATCH_REPAIR && was_reset_down_ && held_us_ >= kService_us;
  }

  // Nothing but work closes a gate; while the link is charged, it is DSG.
  void check_states() const {
    const bms_report_t& report = out_.report;
    const bool works = (kWorking >> report.state & 1u) != 0;
    const bool is_link_charged = report.state == BMS_STATE_PRECHARGE;
    require(works || !out_.charge_gate, "the charge gate is closed out of work");
    require(works || is_link_charged || !out_.discharge_gate, "the discharge gate likewise");
    require(works || !report.is_charge_allowed, "charge is allowed out of work");
    require(works || !report.is_discharge_allowed, "discharge likewise");
    require(works || out_.bleeders == 0, "a cell bleeds out of work");
    const std::uint32_t mains = BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2;
    const bool is_closed = !config_.sequence.has_contacts || (out_.coils & mains) == mains;
    require(is_closed || !out_.charge_gate, "the charge gate is closed before the contacts");
    require(config_.sequence.has_contacts || out_.coils == 0, "a coil without contacts");
  }

  void check_gates() const {
    const bms_report_t& report = out_.report;
    const bool charges = flows_mA(report.current_mA);
    const bool discharges = flows_mA(-std::int64_t{report.current_mA});
    if (!report.is_charge_allowed)
      require(!out_.charge_gate || discharges, "the charge gate is closed without permission");
    if (!report.is_discharge_allowed && report.state != BMS_STATE_PRECHARGE)
      require(!out_.discharge_gate || charges, "the discharge gate is closed without permission");
    std::uint8_t opened = 0, opened_always = 0;
    for (int i = 0; i < BMS_RULE_COUNT; ++i) {
      if (!(report.protections & BMS_RULE_BIT(i))) continue;
      opened |= opens(i);
      if (!spares_diode(i)) opened_always |= opens(i);
    }
    require(!(opened & kCharge) || !report.is_charge_allowed, "charge is allowed under a rule");
    require(!(opened & kDischarge) || !report.is_discharge_allowed, "discharge likewise");
    if (opened & kDischarge) opened_always |= opened & kCharge;
    if (opened & kCharge) opened_always |= opened & kDischarge;
    require(!(opened & kCharge) || discharges || !out_.charge_gate, "closed under a rule");
    require(!(opened & kDischarge) || charges || !out_.discharge_gate, "DSG closed likewise");
    require(!(opened_always & kCharge) || !out_.charge_gate, "closed and no diode to spare");
    require(!(opened_always & kDischarge) || !out_.discharge_gate, "DSG closed likewise");
  }

  // A failure that is found late in a step opens its gate in the next one.
  void check_failures() const {
    const std::uint64_t failures = out_.report.failures & before_.report.failures;
    std::uint8_t opened = 0;
    for (int i = 0; i < BMS_FAILURE_COUNT; ++i)
      if (failures & BMS_FAILURE_BIT(i)) opened |= config_.failures[i].opens;
    require(!(opened & kCharge) || !out_.charge_gate, "closed under a failure");
    require(!(opened & kDischarge) || !out_.discharge_gate, "DSG closed under a failure");
  }

  void check_limits() const {
    const bms_report_t& report = out_.report;
    require(report.ccl_mA <= config_.limits.ccl_mA, "CCL is above the product's");
    require(report.dcl_mA <= config_.limits.dcl_mA, "DCL is above the product's");
    require(report.cvl_mV <= config_.limits.cvl_mV, "CVL is above the product's");
    require(report.is_charge_allowed || report.ccl_mA == 0, "CCL without permission");
    require(report.is_discharge_allowed || report.dcl_mA == 0, "DCL without permission");
  }

  void check_report() const {
    const bms_report_t& report = out_.report;
    require(report.soc_permille <= 1000 && report.soh_permille <= 1000, "more than 1000 permille");
    require(report.remaining_mAh <= report.full_mAh, "fuller than full");
    require(report.cell_count == config_.cell_count, "other cells than configured");
    const std::uint32_t rules = report.protections | report.limitings | report.warnings;
    require((rules >> BMS_RULE_COUNT) == 0, "an unknown rule");
    require((report.failures >> BMS_FAILURE_COUNT) == 0, "an unknown failure");
    require(report.state < BMS_STATE_COUNT, "an unknown state");
    require(report.reason < BMS_REASON_COUNT, "an unknown reason");
    require(report.role <= BMS_ROLE_MEMBER && report.members <= BMS_MAX_PACKS, "an odd bank");
    const bool is_alone = config_.bank.kind == BMS_BANK_NONE;
    require(!is_alone || !out_.has_link_message, "a message without a link");
    require(!is_alone || report.bank.ccl_mA == report.ccl_mA, "a bank of one with another CCL");
    for (int i = report.cell_count; i < BMS_MAX_CELLS; ++i)
      require(report.cell_mV[i] == 0, "a cell that is not there has a voltage");
    for (int i = report.ntc_count; i < BMS_MAX_NTCS; ++i)
      require(report.ntc_ddegC[i] == 0, "a thermistor that is not there has a temperature");
    require((std::uint64_t{out_.bleeders} >> report.cell_count) == 0, "a bleeder without a cell");
  }

  void check_latches() const {
    const bms_report_t& report = out_.report;
    require((report.latched & ~report.protections) == 0, "a latched rule does not stand");
    const std::uint32_t freed = before_.report.latched & ~report.latched;
    for (int i = 0; i < BMS_RULE_COUNT; ++i) {
      const std::uint32_t bit = BMS_RULE_BIT(i);
      require(!(freed & bit) || is_clearing(config_.rules[i].latch), "a latch let go by itself");
      const bool must_latch = (report.protections & ~before_.report.protections & bit) != 0 &&
                              config_.rules[i].max_retries == 0;
      require(!must_latch || (report.latched & bit), "a rule without retries does not latch");
    }
    const std::uint64_t ended = before_.report.failures & ~report.failures;
    for (int i = 0; i < BMS_FAILURE_COUNT; ++i) {
      const bms_failure_config_t& row = config_.failures[i];
      require(!(ended & BMS_FAILURE_BIT(i)) || !row.is_latched || is_clearing(row.latch),
              "a latched failure ended by itself");
    }
  }

  void check_memory(bool is_busy) {
    const bms_nvm_write_t& write = out_.nvm;
    require(write.length <= BMS_NVM_WRITE_BYTES, "a write longer than its bytes");
    require(write.offset + write.length <= BMS_NVM_BYTES, "a write beyond the memory");
    require(!is_busy || write.length == 0, "a write into a busy memory");
    std::memcpy(nvm_.data() + write.offset, write.bytes, write.length);
  }

  const bms_config_t& config_;
  std::vector<unsigned char> instance_, twin_;
  std::vector<std::uint8_t> nvm_;
  bms_outputs_t out_{}, twin_out_{}, before_{};
  bool was_reset_down_ = false;
  bool is_reset_ = false;
  std::uint64_t held_us_ = 0;
};

}  // namespace fuzz
