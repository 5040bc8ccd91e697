// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The virtual inverter as designed: what a file of scenarios/inverters/ says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "can_emulator/frame.hpp"
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
  bool discharges_above_cvl = false;  ///< as fast as its voltage is above the CVL, whatever the DCL
  bool ignores_dcl_off_grid = false;  ///< the DCL counts while there is a grid
  bool reverses_current = false;      ///< reads the pack's current with the wrong sign, on CAN
};

/// What the bytes of a frame are: fixed, those of SMA's 0x305 (voltage and current at its terminals,
/// temperature and SOC heard) and 0x306 (SOH heard, its state, set point), or its clock as in Deye's
/// own protocol.
enum class HeartbeatContent { bytes, measured, status, clock };

struct HeartbeatFrame {
  can_emulator::CanFrame frame;
  HeartbeatContent content = HeartbeatContent::bytes;
  bool needs_battery = false;  ///< sent while it hears one only
};

/// Silence of `lasts_ns` from each whole multiple of `every_ns` on, but not at the very start.
struct HeartbeatGap {
  Time every_ns = 0;
  Time lasts_ns = 0;
};

/// What it sends unasked on CAN.
struct Heartbeat {
  bool is_sent = true;       ///< false: listens only, leaves the bus to a real inverter
  bool is_extended = false;  ///< with 29-bit identifiers of the same number
  Time stops_after_ns = 0;   ///< of the bench's time, for good; 0: never
  Time period_ns = 0;        ///< 0: that of the protocol
  Time rapid_period_ns = 0;  ///< while it hears no battery; 0: the same as else
  Time jitter_ns = 0;        ///< each beat up to so much earlier or later
  std::optional<std::uint32_t>
      after_frame;  ///< beats after each such frame of the pack, not in time
  std::vector<HeartbeatGap> gaps;
  std::vector<HeartbeatFrame> frames;  ///< of one beat; empty: the one of the protocol
};

/// What it does when it has not heard the battery for its timeout.
enum class WhenLost {
  stop,
  fall_back,   ///< goes by its own ratings and voltages
  alarm_only,  ///< goes on with what it heard last, if anything
};

/// What makes it raise its alarm.
struct AlarmCauses {
  bool is_lost = true;  ///< the battery, for its timeout
  bool is_protection = true;
  bool is_warning = false;
  bool is_voltage = false;  ///< the pack's voltage, as heard, is not the one at its own terminals
};

/// An option of the pack's protocol that it reads in its own way, whatever the pack chooses.
struct OwnReading {
  const can_emulator::CanProtocol* protocol = nullptr;
  std::size_t option = 0;
  std::uint8_t choice = 0;
};

/// Both ends included.
struct VoltageRange {
  double lowest_V = 0.0;
  double highest_V = 0.0;
};

/// A frame of the pack that it misses although it hears others.
struct FrameWatch {
  std::uint32_t id = 0;
  Time timeout_ns = 0;
  bool is_battery_lost = false;  ///< without it; else it goes by the limits below
  double cvl_V = 0.0;
  double ccl_A = 0.0;
  double dcl_A = 0.0;
};

/// What it makes of the limits of a pack that it believes to know; what is empty does nothing.
struct PackCorrection {
  std::string pack;             ///< its family, manufacturer or device name begins so
  std::optional<double> cvl_V;  ///< in place of a CVL up to `cvl_up_to_V`
  double cvl_up_to_V = 0.0;
  std::optional<double> highest_cvl_V;
  std::optional<double> idle_highest_cvl_V;  ///< while the CCL is 0 A
  std::optional<double> idle_ccl_A;          ///< in place of 0 A
  double lowest_ccl_per_h = 0.0;  ///< times the full capacity, if it was told; in place of less
};

/// What an inverter on RS485 asks until somebody answers, one text after the other.
struct AddressScan {
  Time period_ns = 0;
  std::vector<std::string> requests;  ///< without the final CR; empty: none, it polls at once
  std::string reply_begins;           ///< any other one is no answer
};

/// Between the grid, sun and house, which are AC, and its DC terminals.
struct ConversionLosses {
  double efficiency = 1.0;  ///< in each direction
  double no_load_W = 0.0;   ///< taken on the AC side at all times
};

struct InverterDesign {
  std::string key;
  std::string title;
  std::string file;
  std::string sha256;  ///< of what the file says
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
  AddressScan rs485_scan;
  std::vector<OwnReading> reads;
  std::optional<VoltageRange> accepted_cvl;  ///< any other CVL is as if not sent
  std::optional<VoltageRange> accepted_discharge_limit;
  std::vector<FrameWatch> watches;
  std::vector<PackCorrection> corrections;
  Heartbeat heartbeat;
  Time battery_timeout_ns = 10 * kSecond;  ///< nothing heard for so long: stops
  WhenLost when_lost = WhenLost::stop;
  Time stop_delay_ns = 0;  ///< it stops so long after it has noticed
  AlarmCauses alarms;
  bool stops_on_alarm = false;  ///< in standby while the alarm lasts
  ConversionLosses losses;
  bool obeys_limits = true;  ///< false: charges and discharges whatever the pack says
  Disobedience disobedience;
};

}  // namespace doppelpack::sim
