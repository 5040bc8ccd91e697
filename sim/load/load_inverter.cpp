// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/data_folder.hpp"
#include "load/section.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kStageCurrent{Dimension::current, 0.0, 2000.0};
constexpr Kind kStageVoltage{Dimension::voltage, 1.0, 1000.0};

models::PowerStageParameters read_stage(const Section& stage) {
  models::PowerStageParameters parameters;
  parameters.lag_s = stage.number("lag", {Dimension::time, 0.001, 60.0});
  parameters.ramp_A_per_s = stage.number("ramp", {Dimension::current_slope, 0.1, 1e6});
  parameters.conductance_S = stage.number("conductance", {Dimension::conductance, 0.0, 1.0});
  return parameters;
}

InverterDesign read_inverter(const YamlNode& root) {
  const Section file(root, {"inverter", "title", "sources", "link", "max_charge", "max_discharge",
                            "charge_voltage", "cutoff_voltage", "obeys_limits", "control_period",
                            "rs485_poll_period", "battery_timeout", "sends_heartbeat", "stage",
                            "cable", "dc_link"});
  InverterDesign design;
  design.key = read_key(file, "inverter");
  design.title = file.text("title");
  design.file = root.where.file;
  for (const YamlNode& source : to_list(file.at("sources"), 1)) to_text(source);

  constexpr std::string_view kLinks[]{"can", "rs485"};
  design.link = static_cast<InverterLink>(to_choice(file.at("link"), kLinks));
  design.max_charge_A = file.number("max_charge", kStageCurrent);
  design.max_discharge_A = file.number("max_discharge", kStageCurrent);
  design.charge_V = file.number("charge_voltage", kStageVoltage);
  design.cutoff_V = file.number("cutoff_voltage", kStageVoltage);
  if (design.cutoff_V >= design.charge_V)
    refuse(file.at("cutoff_voltage"),
           "less than the charge_voltage, " + file.text("charge_voltage"));
  design.obeys_limits = to_yes_or_no(file.at("obeys_limits"));
  design.control_period_ns = file.period("control_period");
  if (file.has("rs485_poll_period") || design.link == InverterLink::rs485)
    design.rs485_poll_period_ns = file.time("rs485_poll_period");
  if (file.has("sends_heartbeat"))
    design.sends_heartbeat = to_yes_or_no(file.at("sends_heartbeat"));
  design.battery_timeout_ns = file.period("battery_timeout");
  if (file.has("cable")) {
    const Section cable = file.section("cable", {"resistance", "inductance"});
    design.cable_Ohm = cable.number("resistance", {Dimension::resistance, 0.0, 1.0});
    design.cable_H = cable.number("inductance", {Dimension::inductance, 1e-8, 1e-3});
  }
  if (file.has("dc_link"))
    design.link_F = file.number("dc_link", {Dimension::capacitance, 1e-6, 1.0});
  design.stage = read_stage(file.section("stage", {"lag", "ramp", "conductance"}));
  return design;
}

}  // namespace

InverterDesign load_inverter(std::string_view key_or_file,
                             const std::filesystem::path& data_folder) {
  return read_inverter(read_yaml(locate(key_or_file, kInverters, "", data_folder, {})));
}

}  // namespace doppelpack::sim
