// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// udp_multicast:GROUP:PORT - a CAN bus as python-can's interface of the same name makes it: everybody
// in the multicast group gets every frame.
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/uri_parts.hpp"
#include "ports/port_failure.hpp"
#include "ports/python_can_message.hpp"
#include "ports/socket_address.hpp"

namespace doppelpack::can_emulator {
namespace {

bool is_multicast(const SocketAddress& address) {
  return address.is_v4() ? IN_MULTICAST(ntohl(address.v4().sin_addr.s_addr))
                         : IN6_IS_ADDR_MULTICAST(&address.v6().sin6_addr) != 0;
}

SocketAddress group_of(const PortUri& uri) {
  const HostAndPort parts = split_host_and_port(uri);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  SocketAddress group;
  const std::string port = std::to_string(parts.port);
  if (::getaddrinfo(parts.host.c_str(), port.c_str(), &wanted, &found) == 0) {
    std::memcpy(&group.storage, found->ai_addr, found->ai_addrlen);
    group.size = found->ai_addrlen;
    ::freeaddrinfo(found);
  }
  if (group.size == 0 || !is_multicast(group) || parts.port == 0) {
    fail(uri.text, "write a multicast group and a port, for example 239.74.163.2:43113");
  }
  return group;
}

FileDescriptor open_socket(const SocketAddress& group) {
  return FileDescriptor(
      ::socket(group.storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

template <class Option>
bool set(const FileDescriptor& socket, int level, int name, const Option& option) {
  return ::setsockopt(socket.get(), level, name, &option, sizeof option) == 0;
}

/// Receives what anybody sends to the group. Not open, with errno set, when there is no way.
FileDescriptor open_receiver(const SocketAddress& group, unsigned interface) {
  FileDescriptor socket = open_socket(group);
  // Every program on this machine that takes part binds the same port.
  bool is_ready = socket.is_open() && set(socket, SOL_SOCKET, SO_REUSEADDR, 1) &&
                  set(socket, SOL_SOCKET, SO_REUSEPORT, 1) &&
                  ::bind(socket.get(), group.generic(), group.size) == 0;
  if (is_ready && group.is_v4()) {
    const ip_mreqn membership{group.v4().sin_addr, {}, static_cast<int>(interface)};
    is_ready = set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership);
  } else if (is_ready) {
    const ipv6_mreq membership{group.v6().sin6_addr, interface};
    is_ready = set(socket, IPPROTO_IPV6, IPV6_JOIN_GROUP, membership);
  }
  return is_ready ? std::move(socket) : FileDescriptor{};
}

/// Sends to the group, from an address of its own by which our frames are told from others'.
FileDescriptor open_sender(const SocketAddress& group, unsigned interface, int hop_limit) {
  FileDescriptor socket = open_socket(group);
  bool is_ready = socket.is_open();
  if (is_ready && group.is_v4()) {
    const ip_mreqn outgoing{{}, {}, static_cast<int>(interface)};
    is_ready = set(socket, IPPROTO_IP, IP_MULTICAST_TTL, hop_limit) &&
               set(socket, IPPROTO_IP, IP_MULTICAST_IF, outgoing);
  } else if (is_ready) {
    is_ready = set(socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, hop_limit) &&
               set(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface));
  }
  is_ready = is_ready && ::connect(socket.get(), group.generic(), group.size) == 0;
  return is_ready ? std::move(socket) : FileDescriptor{};
}

bool is_no_network(int error_number) {
  return error_number == ENODEV || error_number == ENETUNREACH || error_number == ENETDOWN ||
         error_number == EHOSTUNREACH || error_number == EADDRNOTAVAIL;
}

class UdpMulticastPort final : public CanPort {
 public:
  UdpMulticastPort(const PortUri& uri, const std::string& interface, int hop_limit)
      : uri_(uri.text) {
    const SocketAddress group = group_of(uri);
    const unsigned index = interface.empty() ? 0 : ::if_nametoindex(interface.c_str());
    if (!interface.empty() && index == 0) fail(uri_, "no such network interface", errno);
    if (join(group, index, hop_limit)) return;
    // A machine without a network can still connect its own programs.
    const int error = errno;
    const unsigned loopback = ::if_nametoindex("lo");
    is_local_ = interface.empty() && is_no_network(error) && loopback != 0;
    if (!is_local_ || !join(group, loopback, hop_limit)) {
      fail(uri_, "the group cannot be joined", error);
    }
  }

  int descriptor() const override { return receiver_.get(); }

  std::uint64_t refused_count() const override { return refused_count_; }

  std::string opening_notice() const override {
    if (!is_local_) return {};
    return uri_ + ": no network carries this group, only programs on this machine are reached";
  }

  std::optional<CanFrame> read() override {
    // A flood of refused ones must not keep the thread from writing; poll() finds what is left.
    for (int tries = 0; tries < kMostAtOnce; ++tries) {
      std::array<std::uint8_t, 4096> datagram{};
      SocketAddress source = SocketAddress::empty();
      const ssize_t count = ::recvfrom(receiver_.get(), datagram.data(), datagram.size(), 0,
                                       source.generic(), &source.size);
      if (count < 0 && !is_temporary(errno)) fail(uri_, "the network is gone", errno);
      if (count < 0) return std::nullopt;
      if (source == own_) continue;
      const BytesView bytes{datagram.data(), static_cast<std::size_t>(count)};
      if (std::optional<CanFrame> frame = decode_python_can_message(bytes)) return frame;
      ++refused_count_;
    }
    return std::nullopt;
  }

  bool write(const CanFrame& frame, std::int64_t t_ns) override {
    const Bytes datagram = encode_python_can_message(frame, t_ns);
    if (::send(sender_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) >= 0) return true;
    if (!is_lost_on_the_way(errno)) fail(uri_, "the network is gone", errno);
    return false;
  }

 private:
  static constexpr int kMostAtOnce = 64;

  bool join(const SocketAddress& group, unsigned interface, int hop_limit) {
    sender_ = open_sender(group, interface, hop_limit);
    if (!sender_.is_open()) return false;
    own_ = SocketAddress::of(sender_.get());
    receiver_ = open_receiver(group, interface);
    return receiver_.is_open();
  }

  std::string uri_;
  FileDescriptor receiver_;
  FileDescriptor sender_;
  SocketAddress own_;
  bool is_local_ = false;
  std::uint64_t refused_count_ = 0;
};

std::unique_ptr<CanPort> open(const PortUri& uri) {
  allow_options(uri, {"interface", "hop_limit"});
  const int hop_limit = static_cast<int>(number_option(uri, "hop_limit", 1, 0, 255));
  return std::make_unique<UdpMulticastPort>(uri, text_option(uri, "interface", ""), hop_limit);
}

}  // namespace

extern const PortScheme udp_multicast;
const PortScheme udp_multicast{
    .key = "udp_multicast",
    .syntax = "udp_multicast:GROUP:PORT[?interface=eth0&hop_limit=1]",
    .help = "python-can's bus of that name; its default group is 239.74.163.2:43113",
    .is_file = false,
    .open_can = open,
    .open_bytes = nullptr,
};

}  // namespace doppelpack::can_emulator
