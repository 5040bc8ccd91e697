// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Ways out of the simulation, named by a URI: "slcan-pty:/tmp/can", "tcp:0.0.0.0:5020", ...
// A port never blocks. A new kind is one file in can_emulator/ports/ and one word in its list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

/// One line for people, the URI first.
class PortError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// scheme ":" address [ "?" key=value { "&" key=value } ]
struct PortUri {
  std::string text;
  std::string scheme;
  std::string address;
  std::map<std::string, std::string> options;
};

/// Throws PortError when there is no scheme, or an option is malformed.
PortUri parse_port_uri(std::string_view text);

/// Carries CAN frames. Reading and writing throw PortError when the other end is gone for good.
class CanPort {
 public:
  virtual ~CanPort() = default;
  /// Becomes readable when read() has something; -1 for a port that only writes. Then read() until
  /// there is nothing more: it need not become readable again for what was left behind.
  virtual int descriptor() const = 0;
  virtual std::optional<CanFrame> read() = 0;  ///< nothing: none waiting
  /// t_ns: simulated time. False: the port cannot take it now (nobody attached, or full).
  virtual bool write(const CanFrame& frame, std::int64_t t_ns) = 0;
  /// Of what arrived since the opening, how much was no classic CAN frame: malformed, CAN FD, or not
  /// from the other end. Kinds of port on which that cannot be told leave it 0.
  virtual std::uint64_t refused_count() const { return 0; }
  /// What people should know about the opening, the URI first; mostly nothing.
  virtual std::string opening_notice() const { return {}; }
};

/// Carries bytes; otherwise like CanPort.
class BytePort {
 public:
  virtual ~BytePort() = default;
  virtual int descriptor() const = 0;
  virtual std::size_t read(std::span<std::uint8_t> into) = 0;  ///< 0: nothing waiting
  virtual std::size_t write(BytesView bytes) = 0;              ///< number taken
  virtual std::string opening_notice() const { return {}; }
};

struct PortScheme {
  std::string_view key;
  std::string_view syntax;  ///< "tcp:HOST:PORT"
  std::string_view help;    ///< one line
  bool is_file;             ///< written in step with simulated time: nothing may be dropped
  std::unique_ptr<CanPort> (*open_can)(const PortUri& uri);     ///< nullptr: cannot carry CAN
  std::unique_ptr<BytePort> (*open_bytes)(const PortUri& uri);  ///< nullptr: cannot carry bytes
};

/// Every scheme compiled in, and the one with that key or nullptr.
std::span<const PortScheme* const> port_schemes();
const PortScheme* find_port_scheme(std::string_view key);

/// Open by URI. Throws PortError: unknown scheme (lists those that fit), bad address, or the
/// system's reason ("no such device", "permission denied").
std::unique_ptr<CanPort> open_can_port(const PortUri& uri);
std::unique_ptr<BytePort> open_byte_port(const PortUri& uri);

}  // namespace doppelpack::can_emulator
