// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every way a part of the pack can be imperfect: as-built tolerances and what a fault did to it.
// A scenario writes it, the physics reads it; what physics itself destroys lives in PackState.
#pragma once

#include <cstdint>
#include <vector>

namespace doppelpack::models {

/// One direction of the switch: many MOSFETs in parallel, some of which may have died.
struct MosfetCondition {
  double open_share = 0.0;    ///< share that never conducts: bond wires gone
  double closed_share = 0.0;  ///< share that always conducts: channel molten

  static const MosfetCondition kHealthy;
  static const MosfetCondition kStuckOpen;
  static const MosfetCondition kStuckClosed;

  /// All of them have died.
  bool is_stuck() const { return open_share == 1.0 || closed_share == 1.0; }
  bool operator==(const MosfetCondition&) const = default;
};
inline constexpr MosfetCondition MosfetCondition::kHealthy{};
inline constexpr MosfetCondition MosfetCondition::kStuckOpen{1.0, 0.0};
inline constexpr MosfetCondition MosfetCondition::kStuckClosed{0.0, 1.0};

/// A relay's main contact follows its coil, is welded shut, or never closes.
enum class ContactCondition { healthy, welded, stuck_open };

enum class WireCondition { intact, open, shorted };

/// One thermistor and its two wires.
struct NtcCondition {
  WireCondition wire = WireCondition::intact;
  double offset_K = 0.0;     ///< drift of the bead: it behaves as if it were this much warmer
  double loose_share = 0.0;  ///< of what it reads is the air in the case, not its own place
  bool is_frozen = false;    ///< its channel keeps the last reading

  bool operator==(const NtcCondition&) const = default;
};

/// One wire from a cell terminal to the AFE.
struct SenseWireCondition {
  bool is_open = false;
  double extra_Ohm = 0.0;  ///< corroded contact, in addition to the wire's own resistance
  double leak_S = 0.0;     ///< moisture on the AFE side, to B-

  bool operator==(const SenseWireCondition&) const = default;
};

struct Hardware {
  /// Raise it with every change: what step() derives from the hardware is kept until then.
  std::uint64_t revision = 0;

  std::vector<double> cell_short_S;  ///< conductance of a short inside each cell, 0 = none
  std::vector<double>
      link_extra_Ohm;  ///< added to the busbar on the positive side of each position
  std::vector<SenseWireCondition> sense_wires;  ///< one more than positions; 0 is at B-
  std::vector<NtcCondition> ntcs;
  MosfetCondition charge_mosfet;
  MosfetCondition discharge_mosfet;
  ContactCondition main_relay_1 = ContactCondition::healthy;
  ContactCondition main_relay_2 = ContactCondition::healthy;
  ContactCondition precharge_relay = ContactCondition::healthy;
  bool is_main_1_undriven = false;  ///< the driver of its coil is broken
  bool is_main_2_undriven = false;
  bool is_precharge_undriven = false;
  double precharge_factor = 1.0;     ///< on the pre-charge resistor
  bool is_fuse_blown = false;        ///< by age; what a current melts is the fuse's own state
  bool is_breaker_off = false;       ///< switched off by hand; a trip is the breaker's own state
  bool is_breaker_jammed = false;    ///< does not trip
  double breaker_share = 1.0;        ///< of its rating; it acts as if it had only so much
  double terminal_extra_Ohm = 0.0;   ///< loose lug
  std::uint32_t bleeders_on = 0;     ///< bit p: that of position p never stops
  std::uint32_t bleeders_open = 0;   ///< likewise, never conducts
  std::uint32_t frozen_cells = 0;    ///< bit p: the AFE's channel keeps its last reading
  double afe_reference_error = 0.0;  ///< share by which all voltages of the AFE read too high
  double pack_divider_error = 0.0;   ///< likewise, that of the stack alone
  bool is_comparator_dead = false;   ///< the comparators of the AFE do not act
  double shunt_gain = 1.0;           ///< reading over true current
  double shunt_offset_A = 0.0;       ///< reading at zero current, positive in charge
  bool is_shunt_reversed = false;    ///< its sense leads are swapped
  bool is_shunt_stuck = false;       ///< it reads shunt_stuck_A whatever flows
  double shunt_stuck_A = 0.0;
  double terminal_short_S = 0.0;   ///< conductance bridging the pack terminals, 0 = none
  bool is_cable_reversed = false;  ///< the cable to the DC link is connected the wrong way round
  double insulation_S = 0.0;       ///< conductance from P+ to earth

  bool operator==(const Hardware&) const = default;
};

/// Which bleeders conduct when `commanded` should.
inline std::uint32_t bleeding(const Hardware& hardware, std::uint32_t commanded) {
  return (commanded | hardware.bleeders_on) & ~hardware.bleeders_open;
}

/// A flawless pack: `cell_count` cells, of which `position_count` in series, and its thermistors.
Hardware flawless_hardware(int cell_count, int ntc_count, int position_count = 0);

}  // namespace doppelpack::models
