// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "ports/serial_line.hpp"

#include <fcntl.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "ports/port_failure.hpp"

namespace doppelpack::can_emulator {
namespace {

struct Rate {
  std::uint32_t baud;
  speed_t code;
};

constexpr std::array kRates{
    Rate{300, B300},         Rate{600, B600},         Rate{1200, B1200},
    Rate{2400, B2400},       Rate{4800, B4800},       Rate{9600, B9600},
    Rate{19200, B19200},     Rate{38400, B38400},     Rate{57600, B57600},
    Rate{115200, B115200},   Rate{230400, B230400},   Rate{460800, B460800},
    Rate{500000, B500000},   Rate{576000, B576000},   Rate{921600, B921600},
    Rate{1000000, B1000000}, Rate{1152000, B1152000}, Rate{1500000, B1500000},
    Rate{2000000, B2000000}, Rate{2500000, B2500000}, Rate{3000000, B3000000},
    Rate{3500000, B3500000}, Rate{4000000, B4000000},
};

speed_t speed_code(const std::string& uri, std::uint32_t baud) {
  const auto found = std::find_if(kRates.begin(), kRates.end(),
                                  [baud](const Rate& rate) { return rate.baud == baud; });
  if (found != kRates.end()) return found->code;
  std::string rates;
  for (const Rate& rate : kRates) rates += (rates.empty() ? "" : ", ") + std::to_string(rate.baud);
  fail(uri, std::to_string(baud) + " is not a baud rate of serial lines (" + rates + ")");
}

void apply(const std::string& uri, int device, const SerialSettings& settings) {
  termios line{};
  if (::tcgetattr(device, &line) != 0) fail(uri, "not a serial device", errno);
  ::cfmakeraw(&line);
  line.c_cflag |= CLOCAL | CREAD;
  line.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | PARODD | CRTSCTS);
  if (settings.stop_bits == 2) line.c_cflag |= CSTOPB;
  if (settings.parity != Parity::none) line.c_cflag |= PARENB;
  if (settings.parity == Parity::odd) line.c_cflag |= PARODD;
  // With VMIN 1 an empty line is EAGAIN, and 0 bytes mean that the device is gone.
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  ::cfsetspeed(&line, speed_code(uri, settings.baud));
  if (::tcsetattr(device, TCSANOW, &line) != 0) fail(uri, "the line settings are refused", errno);
  ::tcflush(device, TCIOFLUSH);
}

void control_driver(const std::string& uri, int device, DriverControl driver) {
  if (driver == DriverControl::by_itself) return;
  const bool is_high = driver == DriverControl::rts_high;
  serial_rs485 control{};
  control.flags = SER_RS485_ENABLED | (is_high ? SER_RS485_RTS_ON_SEND : SER_RS485_RTS_AFTER_SEND);
  if (::ioctl(device, TIOCSRS485, &control) != 0)
    fail(uri, "this device cannot switch an RS485 driver; leave out the option 'driver'", errno);
}

}  // namespace

SerialLine::SerialLine(const std::string& uri, const std::string& path,
                       const SerialSettings& settings)
    : uri_(uri), device_(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
  if (!device_.is_open()) fail_to_open(uri, errno);
  // Two readers of one line would each get half of it.
  if (::flock(device_.get(), LOCK_EX | LOCK_NB) != 0) fail(uri, "in use by another program");
  apply(uri, device_.get(), settings);
  control_driver(uri, device_.get(), settings.driver);
}

std::size_t SerialLine::read(std::span<std::uint8_t> into) {
  const ssize_t count = ::read(device_.get(), into.data(), into.size());
  if (count > 0) return static_cast<std::size_t>(count);
  if (count == 0) fail(uri_, "the device is gone");
  if (!is_temporary(errno)) fail(uri_, "the device is gone", errno);
  return 0;
}

std::size_t SerialLine::write(BytesView bytes) {
  const ssize_t count = ::write(device_.get(), bytes.data(), bytes.size());
  if (count >= 0) return static_cast<std::size_t>(count);
  if (!is_temporary(errno)) fail(uri_, "the device is gone", errno);
  return 0;
}

}  // namespace doppelpack::can_emulator
