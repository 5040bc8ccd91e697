// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The virtual inverter as designed, and what it knows while it runs. It learns of the pack only
// what it decodes from the wire.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "can_emulator/battery.hpp"
#include "can_emulator/can_protocol.hpp"
#include "models/power_stage.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

enum class InverterLink { can, rs485 };

/// Ways not to do what the pack says; harmless as it stands. Some brands have one, and whoever tests
/// inverters plants them (inverter reference, section 2). They act while obeys_limits is set.
struct Disobedience {
  bool ignores_ccl = false;  ///< a cleared enable flag still stops it
  bool ignores_dcl = false;
  double cvl_excess_V = 0.0;           ///< charges so far above the CVL, up to its own ceiling
  Time reaction_delay_ns = 0;          ///< what it hears takes effect so much later
  bool zero_means_no_limit = false;    ///< a CCL or DCL of 0 A
  bool cvl_zero_discharges = false;    ///< a CVL of 0 V makes it discharge as fast as it may
  bool never_notices_silence = false;  ///< once it has heard the pack
  bool ignores_protection = false;     ///< and cleared enable flags
  Time restart_period_ns = 0;          ///< starts anew so often (kRestart); 0: never
  bool accepts_any_length = false;     ///< a CAN frame too short counts as if filled with zeros
  bool rejects_short_frames = false;   ///< CAN frames of less than 8 bytes
  bool reverses_current = false;       ///< reads the pack's current with the wrong sign, on CAN
};

/// What it sends unasked on CAN; the content and the period are those of the protocol.
struct Heartbeat {
  bool is_sent = true;       ///< false: listens only, leaves the bus to a real inverter
  bool is_extended = false;  ///< with a 29-bit identifier of the same number
  Time stops_after_ns = 0;   ///< of the bench's time, for good; 0: never
};

struct InverterDesign {
  std::string key;
  std::string title;
  std::string file;
  models::PowerStageParameters stage;
  double max_charge_A = 100.0;
  double max_discharge_A = 100.0;
  double charge_V = 57.6;  ///< its own ceiling; the lower of this and the CVL heard counts
  double cutoff_V = 44.0;  ///< stops discharging here
  // Between the pack's terminals and its own: the cable, and the capacitor behind them.
  double cable_Ohm = 0.0015;     ///< 2 x 1.5 m of 35 mm2 (cell_models reference, 6.2)
  double cable_H = 1e-6;         ///< 0.6 to 1 uH per metre of loop (6.2)
  std::optional<double> link_F;  ///< its DC link; absent: what the pack's own switching allows
  InverterLink link = InverterLink::can;
  Time control_period_ns = 100 * kMillisecond;
  Time rs485_poll_period_ns = 2 * kSecond;  ///< one request per period, cycling; 0: silent
  Heartbeat heartbeat;
  Time battery_timeout_ns = 10 * kSecond;  ///< nothing heard for so long: stops
  bool obeys_limits = true;                ///< false: charges and discharges whatever the pack says
  Disobedience disobedience;
};

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
  bool obeys_limits = true;
  bool is_connected = true;  ///< DC breaker
  double wake_V = 0.0;       ///< put onto a battery it does not hear, to wake it; 0: none
  // Learned from the wire.
  can_emulator::BatteryView battery;
  Time last_heard_ns = -1;  ///< -1: never
  // Decided by the controller.
  HeardLimits limits;                ///< in effect
  std::vector<TimedLimits> pending;  ///< heard, not in effect yet; the oldest first
  bool is_battery_lost = true;
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
  double grid_W = 0.0;  ///< result: positive imports
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

/// One pass of the inverter's controller at t_ns: reads what it heard and measures, writes its
/// decision. Any reading is safe; below 20 V it does not discharge. While it obeys limits: nothing
/// without the battery heard in time, nothing that is not allowed or that a protection of the pack is
/// against, at most the currents heard, not above the CVL nor below the discharge voltage limit; all
/// but for its disobedience. Its own ratings and voltages always hold.
void control(const InverterDesign& design, Time t_ns, const DcReading& dc, SiteState& site,
             InverterState& state);

}  // namespace doppelpack::sim
