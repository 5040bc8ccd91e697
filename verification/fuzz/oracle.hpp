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

// Rules that keep a gate open. `always`: even for current the other way through the body diode.
struct RuleOpens {
  bms_rule_t rule;
  bool charge, discharge, always;
};

inline constexpr RuleOpens kRules[]{
    {BMS_RULE_CELL_OV, true, false, false}, {BMS_RULE_CELL_UV, false, true, false},
    {BMS_RULE_PACK_OV, true, false, false}, {BMS_RULE_PACK_UV, false, true, false},
    {BMS_RULE_OCC, true, false, true},      {BMS_RULE_OCD, false, true, true},
    {BMS_RULE_OCD2, false, true, true},     {BMS_RULE_SCD, true, true, true},
    {BMS_RULE_OTC, true, false, false},     {BMS_RULE_OTD, false, true, false},
    {BMS_RULE_UTC, true, false, false},     {BMS_RULE_UTD, false, true, false},
};

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "oracle: %s\n", what);
  std::abort();
}

class Subject {
 public:
  explicit Subject(const bms_config_t& config)
      : config_(config), instance_(bms_core()->instance_bytes) {
    bms_core()->seal(&config_);
  }

  // False: the core refused the configuration.
  bool power_up(const std::vector<std::uint8_t>& nvm) {
    std::memset(instance_.data(), 0xA5, instance_.size());
    return bms_core()->init(instance_.data(), &config_, nvm.data()).error == BMS_OK;
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
    check_gates();
    check_limits();
    check_report();
    check_latches(inputs.buttons);
  }

 private:
  bool flows_mA(std::int64_t current_mA) const {
    return current_mA > std::int64_t{config_.idle_current_mA};
  }

  void check_gates() const {
    const bms_report_t& report = out_.report;
    if (report.state == BMS_STATE_SELF_TEST)
      require(!out_.charge_gate && !out_.discharge_gate, "a gate is closed in the self-test");
    const bool charges = flows_mA(report.current_mA);
    const bool discharges = flows_mA(-std::int64_t{report.current_mA});
    if (!report.is_charge_allowed)
      require(!out_.charge_gate || discharges, "the charge gate is closed without permission");
    if (!report.is_discharge_allowed)
      require(!out_.discharge_gate || charges, "the discharge gate is closed without permission");
    for (const RuleOpens& each : kRules) {
      if (!(report.protections & BMS_RULE_BIT(each.rule))) continue;
      require(!each.charge || !report.is_charge_allowed, "charge is allowed under a protection");
      require(!each.discharge || !report.is_discharge_allowed, "discharge likewise");
      require(!each.always || !each.charge || !out_.charge_gate, "closed under over-current");
      require(!each.always || !each.discharge || !out_.discharge_gate, "closed likewise");
    }
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
    require(((report.protections | report.warnings) >> BMS_RULE_COUNT) == 0, "an unknown rule");
    require(std::strcmp(bms_state_name(report.state), "unknown") != 0, "an unknown state");
    for (int i = report.cell_count; i < BMS_MAX_CELLS; ++i)
      require(report.cell_mV[i] == 0, "a cell that is not there has a voltage");
    for (int i = report.ntc_count; i < BMS_MAX_NTCS; ++i)
      require(report.ntc_ddegC[i] == 0, "a thermistor that is not there has a temperature");
    require((std::uint64_t{out_.bleeders} >> report.cell_count) == 0, "a bleeder without a cell");
  }

  // A rule without retries latches with its first trip: only a press of RESET lets it go.
  void check_latches(std::uint32_t buttons) {
    const bool was_reset = (buttons & ~buttons_before_ & BMS_BUTTON_RESET) != 0;
    buttons_before_ = buttons;
    if (was_reset) latched_ = 0;
    const std::uint32_t protections = out_.report.protections;
    require((latched_ & ~protections) == 0, "a latch opened without a reset");
    for (int i = 0; i < BMS_RULE_COUNT; ++i)
      if (config_.rules[i].max_retries == 0) latched_ |= protections & BMS_RULE_BIT(i);
  }

  const bms_config_t& config_;
  std::vector<unsigned char> instance_, twin_;
  bms_outputs_t out_, twin_out_;
  std::uint32_t buttons_before_ = 0;
  std::uint32_t latched_ = 0;
};

}  // namespace fuzz
