// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A serial device of this machine: raw, 8 data bits, no flow control, never blocking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "can_emulator/serial_wire.hpp"

namespace doppelpack::can_emulator {

/// Who turns the RS485 driver on for sending and off afterwards: the converter by itself, or the kernel
/// through the RTS line (TIOCSRS485), which is then high or low while bytes are sent.
enum class DriverControl { by_itself, rts_high, rts_low };

struct SerialSettings {
  std::uint32_t baud = 9600;  ///< one of the rates of termios, 300 to 4000000
  Parity parity = Parity::none;
  unsigned stop_bits = 1;  ///< 1 or 2
  DriverControl driver = DriverControl::by_itself;
};

class SerialLine {
 public:
  /// uri: for messages; path: the device. Throws PortError, also when another program has locked it or
  /// when it cannot switch a driver as the settings ask.
  SerialLine(const std::string& uri, const std::string& path, const SerialSettings& settings);

  int descriptor() const { return device_.get(); }

  /// 0: nothing waiting. Throws PortError when the device is gone; so does write().
  std::size_t read(std::span<std::uint8_t> into);

  /// Number of bytes taken.
  std::size_t write(BytesView bytes);

 private:
  std::string uri_;
  FileDescriptor device_;
};

}  // namespace doppelpack::can_emulator
