// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// All state of a bench in one copyable struct. Signals read it, snapshots copy it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bms/config.h"
#include "bms/types.h"
#include "can_emulator/cabling.hpp"
#include "can_emulator/can_bus.hpp"
#include "models/hardware.hpp"
#include "models/insulation_monitor.hpp"
#include "models/pack.hpp"
#include "models/power_stage.hpp"
#include "models/sensing.hpp"
#include "models/supply_rail.hpp"
#include "sim/inverter.hpp"
#include "sim/nvm.hpp"
#include "sim/panel_watch.hpp"
#include "sim/rtc.hpp"
#include "sim/time.hpp"
#include "sim/wake_circuit.hpp"

namespace doppelpack::sim {

/// How the digital side of the BMS board can be broken.
struct Electronics {
  bool is_afe_silent = false;      ///< the AFE neither converts nor answers; its comparators work
  double afe_corrupt_share = 0.0;  ///< share of its transfers that arrive with a wrong checksum
  double rtc_error = 0.0;          ///< of the real-time clock's rate, relative, + is fast
  double supply_drop_V = 0.0;      ///< what the regulator of the BMS loses of its feed
  bool is_nvm_worn = false;        ///< takes no new bytes, however it looks to its driver
  bool is_wake_wire_broken = false;
  std::uint32_t stuck_buttons = 0;  ///< set of bms_button_t that are pressed for good
  std::uint32_t dead_buttons = 0;   ///< likewise, that make no contact
  std::uint32_t dead_lamps = 0;     ///< set of bms_led_t that stay dark
  bool is_buzzer_dead = false;
  std::uint32_t feedback_open = 0;    ///< set of bms_contact_t whose auxiliary contact says open
  std::uint32_t feedback_closed = 0;  ///< likewise, closed

  bool operator==(const Electronics&) const = default;
};

/// What a scenario imposes: as-built plus the active faults, folded anew whenever the set changes.
struct Condition {
  models::Hardware hardware;
  can_emulator::Cabling cabling;
  Electronics electronics;
};

struct Environment {
  double ambient_degC = 25.0;
};

/// Counters of one bus since the start.
struct BusCounters {
  std::uint64_t from_pack = 0;      ///< frames or replies the pack sent
  std::uint64_t from_inverter = 0;  ///< heartbeats or requests of the virtual inverter
  std::uint64_t from_outside = 0;   ///< frames or requests that came in through ports
  std::uint64_t dropped = 0;        ///< could not be parsed, or the cable is unplugged,
                                    ///< or the pack has no supply
  double load = 0.0;                ///< share of the last second with bits on the wire
};

struct BenchState {
  Condition condition;
  Environment environment;
  SiteState site;
  InverterState inverter;
  models::PowerStageInputs stage_inputs;
  models::PowerStageState stage;
  models::PackInputs pack_inputs;  ///< what gates, coils and bleeders really are, and the source
  std::uint64_t pull_downs = 0;    ///< bit k: the AFE's test current on sense line k
  models::PackState pack;
  Time plant_t_ns = 0;  ///< how far the plant has been advanced; it runs lazily
  models::SensingState sensing;
  models::SupplyRailState supply;  ///< of AFE and firmware: without it there are no outputs
  bms_inputs_t bms_inputs{};
  bms_outputs_t bms_outputs{};
  std::vector<std::max_align_t> bms_instance;  ///< the firmware's RAM
  NvmState nvm;                                ///< what it keeps without a supply
  WakeState wake;
  PanelWatch panel;  ///< what a person in front of it sees
  RtcState rtc;
  models::InsulationMonitorState insulation;
  can_emulator::CanBusState can_bus;
  can_emulator::CanGatewayState can_gateway;
  can_emulator::SerialWireState serial_wire;
  BusCounters can;
  BusCounters rs485;
};

/// Whether the firmware's bus drivers speak: not without supply, and not in a state that is quiet.
inline bool is_talking(const BenchState& state) {
  if (!state.supply.is_alive) return false;
  switch (state.bms_outputs.report.state) {
    case BMS_STATE_OFF:
    case BMS_STATE_ACTIVATION:
    case BMS_STATE_STORAGE:
    case BMS_STATE_DEEP_SLEEP:
    case BMS_STATE_SUPPLY_LOSS:
      return false;
    default:
      return true;
  }
}

}  // namespace doppelpack::sim
