// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <array>
#include <string_view>

#include "load/data_folder.hpp"
#include "load/load_heartbeat.hpp"
#include "load/load_inverter_knowledge.hpp"
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
  parameters.ramp_down_A_per_s =
      stage.number("ramp_down", {Dimension::current_slope, 0.1, 1e6}, 0.0);
  parameters.conductance_S = stage.number("conductance", {Dimension::conductance, 0.0, 1.0});
  return parameters;
}

constexpr std::array<std::string_view, 14> kDisobedienceKeys{
    "ignores_ccl",           "ignores_dcl",         "cvl_excess",           "reaction_delay",
    "zero_means_no_limit",   "cvl_zero_discharges", "discharges_above_cvl", "ignores_dcl_off_grid",
    "never_notices_silence", "ignores_protection",  "restart_period",       "accepts_any_length",
    "rejects_short_frames",  "reverses_current"};
constexpr Time kLongestReaction = 600 * kSecond;

// How it may fail to do what the pack says; what is left out is harmless.
Disobedience read_disobedience(const Section& section) {
  Disobedience disobedience;
  disobedience.ignores_ccl = section.yes("ignores_ccl");
  disobedience.ignores_dcl = section.yes("ignores_dcl");
  disobedience.cvl_excess_V = section.number("cvl_excess", {Dimension::voltage, 0.0, 20.0}, 0.0);
  disobedience.reaction_delay_ns = section.time("reaction_delay", 0);
  if (disobedience.reaction_delay_ns > kLongestReaction)
    refuse(section.at("reaction_delay"), "at most 10 min");
  disobedience.zero_means_no_limit = section.yes("zero_means_no_limit");
  disobedience.cvl_zero_discharges = section.yes("cvl_zero_discharges");
  disobedience.discharges_above_cvl = section.yes("discharges_above_cvl");
  disobedience.ignores_dcl_off_grid = section.yes("ignores_dcl_off_grid");
  disobedience.never_notices_silence = section.yes("never_notices_silence");
  disobedience.ignores_protection = section.yes("ignores_protection");
  disobedience.restart_period_ns = section.time("restart_period", 0);
  if (section.has("restart_period") && disobedience.restart_period_ns <= kRestart)
    refuse(section.at("restart_period"), "more than the 20 s that a restart takes");
  disobedience.accepts_any_length = section.yes("accepts_any_length");
  disobedience.rejects_short_frames = section.yes("rejects_short_frames");
  disobedience.reverses_current = section.yes("reverses_current");
  return disobedience;
}

AlarmCauses read_alarms(const YamlNode& list) {
  constexpr std::string_view kCauses[]{"lost", "protection", "warning", "voltage"};
  AlarmCauses alarms{false, false, false, false};
  bool* const members[]{&alarms.is_lost, &alarms.is_protection, &alarms.is_warning,
                        &alarms.is_voltage};
  for (const YamlNode& cause : to_list(list)) *members[to_choice(cause, kCauses)] = true;
  return alarms;
}

// What it makes of the pack beyond its limits.
void read_behaviour(const Section& file, InverterDesign& design) {
  constexpr std::string_view kWhenLost[]{"stop", "fall-back", "alarm-only"};
  if (file.has("when_lost"))
    design.when_lost = static_cast<WhenLost>(to_choice(file.at("when_lost"), kWhenLost));
  design.stop_delay_ns = file.time("stop_delay", 0);
  if (file.has("alarms")) design.alarms = read_alarms(file.at("alarms"));
  design.stops_on_alarm = file.yes("stops_on_alarm");
  if (file.has("heartbeat")) design.heartbeat = read_heartbeat(file.at("heartbeat"));
  if (file.has("sends_heartbeat"))
    design.heartbeat.is_sent = to_yes_or_no(file.at("sends_heartbeat"));
  if (file.has("disobedience"))
    design.disobedience = read_disobedience(file.section("disobedience", kDisobedienceKeys));
}

InverterDesign read_inverter(const YamlNode& root) {
  const Section file(root, {"inverter",
                            "title",
                            "sources",
                            "link",
                            "max_charge",
                            "max_discharge",
                            "charge_voltage",
                            "cutoff_voltage",
                            "obeys_limits",
                            "control_period",
                            "rs485_poll_period",
                            "battery_timeout",
                            "sends_heartbeat",
                            "stage",
                            "cable",
                            "dc_link",
                            "disobedience",
                            "heartbeat",
                            "when_lost",
                            "alarms",
                            "stops_on_alarm",
                            "losses",
                            "stop_delay",
                            "reads",
                            "accepts",
                            "misses",
                            "corrections",
                            "rs485_scan"});
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
  // On CAN it leaves the RS485 alone: polls of its own would tell a pack that it is still there.
  const bool is_polling = file.has("rs485_poll_period") || design.link == InverterLink::rs485;
  design.rs485_poll_period_ns = is_polling ? file.time("rs485_poll_period") : 0;
  read_behaviour(file, design);
  read_knowledge(file, design);
  design.battery_timeout_ns = file.period("battery_timeout");
  if (file.has("cable")) {
    const Section cable = file.section("cable", {"resistance", "inductance"});
    design.cable_Ohm = cable.number("resistance", {Dimension::resistance, 0.0, 1.0});
    design.cable_H = cable.number("inductance", {Dimension::inductance, 1e-8, 1e-3});
  }
  if (file.has("dc_link"))
    design.link_F = file.number("dc_link", {Dimension::capacitance, 1e-6, 1.0});
  if (file.has("losses")) {
    const Section losses = file.section("losses", {"efficiency", "no_load"});
    design.losses.efficiency = losses.number("efficiency", {Dimension::none, 0.5, 1.0});
    design.losses.no_load_W = losses.number("no_load", {Dimension::power, 0.0, 1000.0});
  }
  design.sha256 = digest_of(file.node());
  design.stage = read_stage(file.section("stage", {"lag", "ramp", "ramp_down", "conductance"}));
  return design;
}

}  // namespace

InverterDesign load_inverter(std::string_view key_or_file,
                             const std::filesystem::path& data_folder) {
  return read_inverter(read_yaml(locate(key_or_file, kInverters, "", data_folder, {})));
}

}  // namespace doppelpack::sim
