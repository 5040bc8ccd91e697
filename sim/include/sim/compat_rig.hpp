// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Whom the scripted battery of the obedience test talks to, and what of it can be measured.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "can_emulator/live_port.hpp"
#include "can_emulator/meter.hpp"
#include "can_emulator/port.hpp"
#include "sim/compat_script.hpp"
#include "sim/inverter.hpp"
#include "sim/replay.hpp"

namespace doppelpack::sim {

/// An inverter under test, and what of it can be measured.
class CompatRig {
 public:
  virtual ~CompatRig() = default;
  /// Is there a meter at all?
  virtual bool is_measured() const = 0;
  /// Nothing: there is no meter, or it says nothing now.
  virtual std::optional<DcMeasurement> measure() const = 0;
  /// What the site wants at the DC terminals, + charges; nothing happens where it cannot be asked.
  virtual void set_wish_W(double wish_W) = 0;
  /// Another battery with that charge from now on, where it can be had.
  virtual void set_soc(double soc) = 0;
  /// Can it do what belongs to the bench by itself? Otherwise perform() does nothing.
  virtual bool has_hands() const = 0;
  virtual void perform(BenchAct act) = 0;
  /// Highest and lowest cell, where known.
  virtual std::optional<std::pair<double, double>> extreme_cells_V() const = 0;
};

/// One that speaks CAN.
class CanRig : public CompatRig {
 public:
  virtual void send(Time t_ns, const can_emulator::CanFrame& frame) = 0;
  /// Lets time pass up to t_ns; appends what the inverter sent.
  virtual void advance(Time t_ns, std::vector<TimedFrame>& heard) = 0;
};

/// One that asks over RS485.
class SerialRig : public CompatRig {
 public:
  virtual void send(Time t_ns, can_emulator::BytesView reply) = 0;
  /// Lets time pass up to t_ns; appends what the inverter sent.
  virtual void advance(Time t_ns, can_emulator::Bytes& heard) = 0;
};

/// A virtual inverter before a simple battery: open-circuit voltage and resistance, one cell fuller and
/// one emptier than the others. The product needs the bus that the inverter talks on.
std::unique_ptr<CanRig> make_virtual_can_rig(const Product& product,
                                             const InverterDesign& inverter);
std::unique_ptr<SerialRig> make_virtual_serial_rig(const Product& product,
                                                   const InverterDesign& inverter);

/// A meter beside the inverter.
struct MeterPlace {
  const can_emulator::Meter* meter = nullptr;
  std::optional<can_emulator::PortUri> uri;  ///< empty: on the CAN bus that the inverter is on
  bool is_inverted = false;                  ///< what it calls positive discharges the battery
  std::uint8_t address = 1;                  ///< of a meter that is asked
};

/// "ivt-s", or with a port of its own "acrel-djsf1352@serial:/dev/ttyUSB1". Throws PortError.
MeterPlace parse_meter_place(std::string_view text);

/// What is plugged in there, in real time. Throws PortError. At RS485 a meter needs its own port.
std::unique_ptr<CanRig> make_can_port_rig(const can_emulator::PortUri& uri,
                                          const std::optional<MeterPlace>& meter,
                                          const can_emulator::PortNotice& notice);
std::unique_ptr<SerialRig> make_serial_port_rig(const can_emulator::PortUri& uri,
                                                const std::optional<MeterPlace>& meter,
                                                const can_emulator::PortNotice& notice);

}  // namespace doppelpack::sim
