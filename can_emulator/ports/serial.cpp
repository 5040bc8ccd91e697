// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// serial:DEVICE - bytes over a serial device of this machine, such as a USB to RS485 converter.
#include "can_emulator/uri_parts.hpp"
#include "ports/port_failure.hpp"
#include "ports/serial_line.hpp"

namespace doppelpack::can_emulator {
namespace {

class SerialPort final : public BytePort {
 public:
  SerialPort(const PortUri& uri, const SerialSettings& settings)
      : line_(uri.text, uri.address, settings) {}

  int descriptor() const override { return line_.descriptor(); }
  std::size_t read(std::span<std::uint8_t> into) override { return line_.read(into); }
  std::size_t write(BytesView bytes) override { return line_.write(bytes); }

 private:
  SerialLine line_;
};

Parity parity_option(const PortUri& uri) {
  const std::string parity = text_option(uri, "parity", "none");
  if (parity == "none") return Parity::none;
  if (parity == "even") return Parity::even;
  if (parity == "odd") return Parity::odd;
  fail(uri.text, "option 'parity' must be none, even or odd, not '" + parity + "'");
}

DriverControl driver_option(const PortUri& uri) {
  const std::string driver = text_option(uri, "driver", "by-itself");
  if (driver == "by-itself") return DriverControl::by_itself;
  if (driver == "rts-high") return DriverControl::rts_high;
  if (driver == "rts-low") return DriverControl::rts_low;
  fail(uri.text, "option 'driver' must be by-itself, rts-high or rts-low, not '" + driver + "'");
}

std::unique_ptr<BytePort> open(const PortUri& uri) {
  allow_options(uri, {"baud", "parity", "stop_bits", "driver"});
  SerialSettings settings;
  settings.baud = number_option(uri, "baud", settings.baud, 300, 4'000'000);
  settings.parity = parity_option(uri);
  settings.stop_bits = number_option(uri, "stop_bits", settings.stop_bits, 1, 2);
  settings.driver = driver_option(uri);
  return std::make_unique<SerialPort>(uri, settings);
}

}  // namespace

extern const PortScheme serial;
const PortScheme serial{
    .key = "serial",
    .syntax =
        "serial:DEVICE[?baud=9600&parity=none|even|odd&stop_bits=1|2&driver=by-itself|rts-high|rts-"
        "low]",
    .help = "a serial device of this machine, such as a USB to RS485 converter",
    .is_file = false,
    .open_can = nullptr,
    .open_bytes = open,
};

}  // namespace doppelpack::can_emulator
