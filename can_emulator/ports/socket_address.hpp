// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// An IPv4 or IPv6 address with its port number, as the system takes it.
#pragma once

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

namespace doppelpack::can_emulator {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  /// With room for any address, for calls that fill one in.
  static SocketAddress empty() {
    SocketAddress address;
    address.size = sizeof address.storage;
    return address;
  }

  /// Of a socket's own end.
  static SocketAddress of(int socket) {
    SocketAddress address = empty();
    ::getsockname(socket, address.generic(), &address.size);
    return address;
  }

  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* generic() const { return reinterpret_cast<const sockaddr*>(&storage); }
  const sockaddr_in& v4() const { return reinterpret_cast<const sockaddr_in&>(storage); }
  const sockaddr_in6& v6() const { return reinterpret_cast<const sockaddr_in6&>(storage); }
  bool is_v4() const { return storage.ss_family == AF_INET; }
  std::uint16_t port() const { return ntohs(is_v4() ? v4().sin_port : v6().sin6_port); }

  bool is_same_host(const SocketAddress& other) const {
    if (storage.ss_family != other.storage.ss_family) return false;
    return is_v4() ? v4().sin_addr.s_addr == other.v4().sin_addr.s_addr
                   : IN6_ARE_ADDR_EQUAL(&v6().sin6_addr, &other.v6().sin6_addr) != 0;
  }

  bool operator==(const SocketAddress& other) const {
    return is_same_host(other) && port() == other.port();
  }

  /// "127.0.0.1 port 20000"
  std::string text() const {
    std::array<char, NI_MAXHOST> host{};
    ::getnameinfo(generic(), size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST);
    return std::string(host.data()) + " port " + std::to_string(port());
  }
};

}  // namespace doppelpack::can_emulator
