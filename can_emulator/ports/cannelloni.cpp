// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// cannelloni:HOST:PORT - one end of a tunnel for CAN over UDP, as cannelloni and its relatives on
// microcontrollers make it; the other end puts the frames on a bus of its own.
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>
#include <string>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/uri_parts.hpp"
#include "ports/cannelloni_codec.hpp"
#include "ports/port_failure.hpp"
#include "ports/socket_address.hpp"

namespace doppelpack::can_emulator {
namespace {

/// The other end by name or number; with family, only addresses of that kind.
SocketAddress resolve_udp(const PortUri& uri, const std::string& host, std::uint16_t port,
                          int family) {
  addrinfo wanted{};
  wanted.ai_family = family;
  wanted.ai_socktype = SOCK_DGRAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (error != 0) fail(uri.text, "no such host '" + host + "' (" + ::gai_strerror(error) + ")");
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.size = found->ai_addrlen;
  ::freeaddrinfo(found);
  return address;
}

SocketAddress other_end(const PortUri& uri) {
  const HostAndPort parts = split_host_and_port(uri);
  if (parts.host.empty() || parts.port == 0) {
    fail(uri.text, "write the host and the port of the other end, for example 192.168.0.2:20000");
  }
  return resolve_udp(uri, parts.host, parts.port, AF_UNSPEC);
}

FileDescriptor udp_socket(int family) {
  return FileDescriptor(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

bool is_this_machine(const SocketAddress& address) {
  const FileDescriptor probe = udp_socket(address.storage.ss_family);
  // Sends nothing: asks from which address it would be sent.
  return ::connect(probe.get(), address.generic(), address.size) == 0 &&
         SocketAddress::of(probe.get()).is_same_host(address);
}

class CannelloniPort final : public CanPort {
 public:
  explicit CannelloniPort(const PortUri& uri)
      : uri_(uri.text), other_end_(other_end(uri)), socket_(udp_socket(family())) {
    if (!socket_.is_open()) fail(uri_, "no UDP here", errno);
    const std::uint32_t listen = number_option(uri, "listen", other_end_.port(), 0, 65535);
    const std::string any = other_end_.is_v4() ? "0.0.0.0" : "::";
    const std::string bind = text_option(uri, "bind", any);
    const SocketAddress own = resolve_udp(uri, bind, static_cast<std::uint16_t>(listen), family());
    const bool is_own_host =
        bind == any ? is_this_machine(other_end_) : own.is_same_host(other_end_);
    if (is_own_host && own.port() == other_end_.port()) {
      fail(uri_, "this is the port's own address; give another one to receive at, listen=PORT");
    }
    if (::bind(socket_.get(), own.generic(), own.size) != 0) {
      fail(uri_, "cannot receive at port " + std::to_string(listen), errno);
    }
    asked_for_any_ = listen == 0;
  }

  int descriptor() const override { return socket_.get(); }

  std::string opening_notice() const override {
    if (!asked_for_any_) return {};
    return uri_ + ": listening on " + SocketAddress::of(socket_.get()).text();
  }

  std::optional<CanFrame> read() override {
    // A flood of refused ones must not keep the thread from writing; poll() finds what is left.
    for (int tries = 0; waiting_.empty(); ++tries) {
      if (tries == kMostAtOnce || !receive()) return std::nullopt;
    }
    const CanFrame frame = waiting_.front();
    waiting_.pop_front();
    return frame;
  }

  bool write(const CanFrame& frame, std::int64_t /*t_ns*/) override {
    const Bytes datagram = encode_cannelloni({&frame, 1}, sequence_);
    const ssize_t count = ::sendto(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                                   other_end_.generic(), other_end_.size);
    if (count >= 0) ++sequence_;
    if (count < 0 && !is_lost_on_the_way(errno)) fail(uri_, "the network is gone", errno);
    return count >= 0;
  }

  std::uint64_t refused_count() const override { return refused_count_; }

 private:
  static constexpr std::size_t kLargestDatagram = 65536;
  static constexpr int kMostAtOnce = 64;

  int family() const { return other_end_.storage.ss_family; }

  /// False: no datagram is waiting.
  bool receive() {
    SocketAddress source = SocketAddress::empty();
    const ssize_t count = ::recvfrom(socket_.get(), buffer_.data(), buffer_.size(), 0,
                                     source.generic(), &source.size);
    if (count < 0 && !is_temporary(errno)) fail(uri_, "the network is gone", errno);
    if (count < 0) return false;
    // As cannelloni does: from the other end, whatever port it sends from.
    std::optional<CannelloniDatagram> datagram;
    if (source.is_same_host(other_end_)) {
      datagram = decode_cannelloni({buffer_.data(), static_cast<std::size_t>(count)});
    }
    refused_count_ += datagram ? datagram->left_out : 1;
    if (datagram) waiting_.assign(datagram->frames.begin(), datagram->frames.end());
    return true;
  }

  std::string uri_;
  SocketAddress other_end_;
  FileDescriptor socket_;
  bool asked_for_any_ = false;
  std::uint8_t sequence_ = 0;
  std::array<std::uint8_t, kLargestDatagram> buffer_{};
  std::deque<CanFrame> waiting_;  // of the last datagram
  std::uint64_t refused_count_ = 0;
};

std::unique_ptr<CanPort> open(const PortUri& uri) {
  allow_options(uri, {"listen", "bind"});
  return std::make_unique<CannelloniPort>(uri);
}

}  // namespace

extern const PortScheme cannelloni;
const PortScheme cannelloni{
    .key = "cannelloni",
    .syntax = "cannelloni:HOST:PORT[?listen=PORT&bind=0.0.0.0]",
    .help = "CAN over UDP to a cannelloni at HOST:PORT; received at the same port, or at listen",
    .is_file = false,
    .open_can = open,
    .open_bytes = nullptr,
};

}  // namespace doppelpack::can_emulator
