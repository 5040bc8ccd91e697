// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The virtual inverter as designed, and what it knows while it runs. It learns of the pack only
// what it decodes from the wire.
#pragma once

#include <optional>
#include <string>

#include "can_emulator/battery.hpp"
#include "models/power_stage.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

enum class InverterLink { can, rs485 };

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
  bool sends_heartbeat = true;  ///< false: listens only, leaves the bus to a real inverter
  Time battery_timeout_ns = 10 * kSecond;  ///< nothing heard for so long: stops
  bool obeys_limits = true;                ///< false: charges and discharges whatever the pack says
};

/// A DC link that nobody pre-charges can only be a filter; the other one is the usual choice of 4 to
/// 20 mF at 5 kW (cell_models reference, 6.3).
inline constexpr double kFilter_F = 10e-6;
inline constexpr double kPrechargedLink_F = 4.7e-3;

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

/// One pass of the inverter's controller at t_ns: reads what it heard and measures, writes its
/// decision. Any reading is safe; below 20 V it does not discharge. While it obeys limits: nothing without the battery heard in time, nothing that is
/// not allowed, at most the currents heard, not above the CVL nor below the discharge voltage limit.
/// Its own ratings and voltages always hold.
void control(const InverterDesign& design, Time t_ns, const DcReading& dc, SiteState& site,
             InverterState& state);

}  // namespace doppelpack::sim
