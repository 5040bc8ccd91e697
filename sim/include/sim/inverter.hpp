// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the virtual inverter knows while it runs, and what it makes of it. It learns of the pack only
// what it decodes from the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "can_emulator/battery.hpp"
#include "can_emulator/can_protocol.hpp"
#include "sim/inverter_design.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// How long an inverter that starts anew neither sends, hears nor does anything (estimate: 10 to 60 s
/// to the first frame is common).
inline constexpr Time kRestart = 20 * kSecond;

/// Starting anew at t_ns; not at the very start of the bench.
bool is_restarting(const InverterDesign& design, Time t_ns);

/// A DC link that nobody pre-charges can only be a filter; the other one is the usual choice of 4 to
/// 20 mF at 5 kW (cell_models reference, 6.3).
inline constexpr double kFilter_F = 10e-6;
inline constexpr double kPrechargedLink_F = 4.7e-3;

/// What the pack allows, as the inverter heard it; what is empty does not limit.
struct HeardLimits {
  std::optional<double> cvl_V;
  std::optional<double> discharge_V;
  std::optional<double> ccl_A;
  std::optional<double> dcl_A;
  bool may_charge = true;  ///< by enable flag and protections
  bool may_discharge = true;

  bool operator==(const HeardLimits&) const = default;
};

struct TimedLimits {
  Time effective_at_ns = 0;
  HeardLimits limits;
};

/// What the inverter is told to do by its site, and what it makes of it.
struct InverterState {
  // Written by the scenario (controls).
  double demand_W = 0.0;  ///< wish at the DC terminals when no site profile runs, + charges
  double demand_A =
      0.0;  ///< likewise, as a current whatever the voltage; added to that of demand_W
  bool obeys_limits = true;
  bool is_connected = true;    ///< DC breaker
  double wake_V = 0.0;         ///< put onto a battery it does not hear, to wake it; 0: none
  bool is_imposed = false;     ///< another source is at its terminals in place of its power stage
  double imposed_A = 0.0;      ///< of that source, + charges
  double imposed_W = 0.0;      ///< and the current that this power makes at the present voltage
  double imposed_max_V = 0.0;  ///< where that source stops charging
  // Learned from the wire.
  can_emulator::BatteryView battery;
  Time last_heard_ns = -1;       ///< -1: never
  std::vector<Time> watched_ns;  ///< when the frame of each FrameWatch was heard last
  // Decided by the controller.
  HeardLimits limits;                ///< in effect
  std::vector<TimedLimits> pending;  ///< heard, not in effect yet; the oldest first
  bool is_battery_lost = true;
  Time lost_ns = 0;               ///< since when it is lost, if it is
  bool is_missing_frame = false;  ///< and goes by the limits of a FrameWatch
  bool is_alarm = false;
  bool is_cut_off = false;  ///< voltage too low to discharge; ends 2 V above the cut-off
  double target_A = 0.0;
  double max_V = 0.0;
};

/// House, sun and tariff, written by the scenario's profiles. The controller covers the house from
/// the sun, then from the pack, and stores the surplus; while the price is at or below cheap_price
/// it charges with cheap_charge_W from the grid.
struct SiteState {
  bool is_active = false;  ///< false: the inverter follows demand_W only
  double house_W = 0.0;
  double sun_W = 0.0;
  double price = 1.0;
  double cheap_price = 0.0;
  double cheap_charge_W = 0.0;
  bool is_grid_present = true;  ///< without one nothing is imported nor exported
  double grid_W = 0.0;          ///< result: positive imports
  bool are_wake_pins_driven =
      false;  ///< the pair of WAKE pins of the pack, by hand or by the inverter
};

/// What the inverter measures at its own DC terminals.
struct DcReading {
  double dc_V = 0.0;
  double dc_A = 0.0;  ///< positive charges the pack
};

/// A frame of the pack reaches the inverter's plug at t_ns. False: not understood, nothing changed.
bool hear(const InverterDesign& design, const can_emulator::CanProtocol& protocol,
          const can_emulator::Choices& choices, const can_emulator::CanFrame& frame, Time t_ns,
          InverterState& state);

/// What the corrections for such a pack make of its limits.
void correct(const std::vector<PackCorrection>& corrections,
             const can_emulator::BatteryView& battery, HeardLimits& limits);

/// How it reads the frames of a pack that made these choices.
can_emulator::Choices own_choices(const InverterDesign& design,
                                  const can_emulator::CanProtocol& protocol,
                                  can_emulator::Choices choices);

/// The watch, of those that leave the battery lost or of the others, whose frame is overdue.
const FrameWatch* overdue(const InverterDesign& design, bool is_battery_lost, Time t_ns,
                          const InverterState& state);

/// Whether it beats by its own clock; if not, it answers frames of the pack or only listens.
bool beats_in_time(const Heartbeat& heartbeat);

/// Whether it answers this frame of the pack with a beat.
bool beats_after(const Heartbeat& heartbeat, const can_emulator::CanFrame& frame);

/// Whether a beat that is due at t_ns is sent: not in a gap, not once it has stopped.
bool is_beating(const InverterDesign& design, Time t_ns);

/// The frames of one beat at t_ns, in their order. Its clock began at midnight, 1 January 2026.
std::vector<can_emulator::CanFrame> heartbeat_frames(const InverterDesign& design,
                                                     const can_emulator::CanProtocol& protocol,
                                                     Time t_ns, const DcReading& dc,
                                                     const InverterState& state);

/// From one beat to the next, on average.
Time heartbeat_period_ns(const Heartbeat& heartbeat, const can_emulator::CanProtocol& protocol,
                         const InverterState& state);

/// How much later than on average the n-th beat is, + or -, in whole milliseconds: actors that act
/// at odd moments (kernel/phases.hpp) stay apart.
Time heartbeat_jitter_ns(const Heartbeat& heartbeat, std::uint64_t seed, std::uint64_t n);

/// One pass of the inverter's controller at t_ns: reads what it heard and measures, writes its
/// decision. Any reading is safe; below 20 V it does not discharge. While it obeys limits: nothing
/// without the battery heard in time, nothing that is not allowed or that a protection of the pack is
/// against, at most the currents heard, not above the CVL nor below the discharge voltage limit; all
/// but for its disobedience. Its own ratings and voltages always hold.
void control(const InverterDesign& design, Time t_ns, const DcReading& dc, SiteState& site,
             InverterState& state);

}  // namespace doppelpack::sim
