// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The other end of a port, for tests: a program that opens a device or connects to a server.
// Nothing here sleeps; everything waits for something to happen, and gives up after a long time.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "can_emulator/port.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::can_emulator {

constexpr int kPatience_ms = 20'000;

inline bool wait_readable(int descriptor, int patience_ms = kPatience_ms) {
  pollfd waiting{descriptor, POLLIN, 0};
  return ::poll(&waiting, 1, patience_ms) == 1;
}

class PortClient {
 public:
  static PortClient open_device(const std::string& path) {
    return PortClient(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  }

  static PortClient connect_to(std::uint16_t port) {
    PortClient client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(client.descriptor_, generic, sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    return client;
  }

  PortClient(PortClient&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  PortClient(const PortClient&) = delete;
  PortClient& operator=(const PortClient&) = delete;
  PortClient& operator=(PortClient&&) = delete;
  ~PortClient() { close(); }

  int descriptor() const { return descriptor_; }

  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

  void send(std::string_view text) {
    if (::write(descriptor_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw std::runtime_error("cannot write");
    }
  }

  /// What arrives, until it is as long as that; less when nothing more comes.
  std::string receive(std::size_t size) {
    std::string received;
    while (received.size() < size && wait_readable(descriptor_)) {
      char bytes[4096];
      const ssize_t count = ::read(descriptor_, bytes, sizeof bytes);
      if (count <= 0) break;
      received.append(bytes, static_cast<std::size_t>(count));
    }
    return received;
  }

  /// Has anything arrived that was not asked for?
  bool has_more() const { return wait_readable(descriptor_, 0); }

 private:
  explicit PortClient(int descriptor) : descriptor_(descriptor) {
    if (descriptor < 0) throw std::runtime_error("cannot open");
  }

  int descriptor_;
};

/// A multicast bus on the loopback interface (a build machine need not have a network), on a port
/// number that no other test running on this machine uses.
class LocalMulticastBus {
 public:
  LocalMulticastBus() : reservation_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(reservation_, generic, size) != 0 ||
        ::getsockname(reservation_, generic, &size) != 0) {
      throw std::runtime_error("no free port number");
    }
    port_ = ntohs(address.sin_port);
  }
  LocalMulticastBus(const LocalMulticastBus&) = delete;
  LocalMulticastBus& operator=(const LocalMulticastBus&) = delete;
  ~LocalMulticastBus() { ::close(reservation_); }

  std::uint16_t port() const { return port_; }
  std::string uri() const {
    return "udp_multicast:239.74.163.2:" + std::to_string(port_) + "?interface=lo";
  }

 private:
  int reservation_;
  std::uint16_t port_ = 0;
};

inline std::unique_ptr<CanPort> open_can(const std::string& uri) {
  return open_can_port(parse_port_uri(uri));
}

inline std::unique_ptr<BytePort> open_bytes(const std::string& uri) {
  return open_byte_port(parse_port_uri(uri));
}

inline BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The next frame, however long it takes to come.
inline std::optional<CanFrame> await_frame(CanPort& port) {
  do {
    if (std::optional<CanFrame> frame = port.read()) return frame;
  } while (wait_readable(port.descriptor()));
  return std::nullopt;
}

inline std::string await_bytes(BytePort& port, std::size_t size) {
  std::string received;
  while (received.size() < size) {
    std::uint8_t bytes[256];
    const std::size_t count = port.read(bytes);
    received.append(bytes, bytes + count);
    if (count == 0 && !wait_readable(port.descriptor())) break;
  }
  return received;
}

}  // namespace doppelpack::can_emulator
