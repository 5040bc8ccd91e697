// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// All state of one pack on the bench: cells, power path, the board of its BMS, its firmware. A bench
// has one or several.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bms/config.h"
#include "bms/types.h"
#include "can_emulator/cabling.hpp"
#include "models/hardware.hpp"
#include "models/insulation_monitor.hpp"
#include "models/pack.hpp"
#include "models/sensing.hpp"
#include "models/supply_rail.hpp"
#include "sim/agenda.hpp"
#include "sim/nvm.hpp"
#include "sim/panel_watch.hpp"
#include "sim/rtc.hpp"
#include "sim/wake_circuit.hpp"

namespace doppelpack::sim {

/// How the digital side of the BMS board can be broken.
struct Electronics {
  bool is_afe_silent = false;      ///< the AFE neither converts nor answers; its comparators work
  double afe_corrupt_share = 0.0;  ///< share of its transfers that arrive with a wrong checksum
  double rtc_error = 0.0;          ///< of the real-time clock's rate, relative, + is fast
  double supply_drop_V = 0.0;      ///< what the regulator of the BMS loses of its feed
  bool is_nvm_worn = false;        ///< takes no new bytes, however it looks to its driver
  bool is_nvm_silent = false;      ///< does not answer: reads as erased, and takes nothing
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
  bool is_power_cable_off = false;  ///< the cable to the inverter or busbar is off the terminals
  bool is_link_unplugged = false;   ///< the link cable to the next pack of the bank

  bool operator==(const Condition&) const = default;
};

struct PackUnit {
  Condition condition;
  models::PackInputs pack_inputs;  ///< what gates, coils and bleeders really are, and the source
  std::uint64_t pull_downs = 0;    ///< bit k: the AFE's test current on sense line k
  models::PackState pack;
  models::SensingState sensing;
  models::SupplyRailState supply;  ///< of AFE and firmware: without it there are no outputs
  bms_inputs_t bms_inputs{};
  bms_outputs_t bms_outputs{};
  std::vector<bms_link_message_t> link_queue;  ///< arrived from other packs, not yet read
  std::vector<std::max_align_t> bms_instance;  ///< the firmware's RAM
  NvmState nvm;                                ///< what it keeps without a supply
  WakeState wake;
  PanelWatch panel;  ///< what a person in front of it sees
  RtcState rtc;
  models::InsulationMonitorState insulation;
  AfeState afe;
  BoardState board;
  ResponderState responder;
};

/// Whether the firmware's bus drivers speak: not without supply, and not in a state that is quiet.
inline bool is_talking(const PackUnit& unit) {
  if (!unit.supply.is_alive) return false;
  switch (unit.bms_outputs.report.state) {
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
