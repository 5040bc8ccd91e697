// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// socketcan:INTERFACE - a CAN interface of the Linux kernel: a real one, or a virtual one (vcan).
#include <linux/can.h>
#include <linux/can/raw.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/uri_parts.hpp"
#include "ports/port_failure.hpp"

namespace doppelpack::can_emulator {
namespace {

FileDescriptor open_socket(const std::string& uri, const std::string& interface) {
  FileDescriptor socket(::socket(PF_CAN, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, CAN_RAW));
  if (!socket.is_open()) fail(uri, "this kernel has no CAN sockets", errno);
  ifreq request{};
  if (interface.size() >= sizeof request.ifr_name) fail(uri, "the interface name is too long");
  std::copy(interface.begin(), interface.end(), request.ifr_name);
  if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0) fail_to_open(uri, errno);
  if ((request.ifr_flags & IFF_UP) == 0) {
    fail(uri, "the interface is down (ip link set " + interface + " up)");
  }
  if (::ioctl(socket.get(), SIOCGIFINDEX, &request) != 0) fail_to_open(uri, errno);
  sockaddr_can address{};
  address.can_family = AF_CAN;
  address.can_ifindex = request.ifr_ifindex;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail(uri, "not a CAN interface", errno);
  }
  return socket;
}

CanFrame from_kernel(const can_frame& raw) {
  CanFrame frame;
  frame.is_extended = (raw.can_id & CAN_EFF_FLAG) != 0;
  frame.is_remote = (raw.can_id & CAN_RTR_FLAG) != 0;
  frame.id = raw.can_id & (frame.is_extended ? CAN_EFF_MASK : CAN_SFF_MASK);
  frame.dlc = std::min<std::uint8_t>(raw.can_dlc, CAN_MAX_DLEN);
  if (!frame.is_remote) std::copy_n(raw.data, frame.dlc, frame.data.begin());
  return frame;
}

can_frame to_kernel(const CanFrame& frame) {
  can_frame raw{};
  raw.can_id = frame.id;
  if (frame.is_extended) raw.can_id |= CAN_EFF_FLAG;
  if (frame.is_remote) raw.can_id |= CAN_RTR_FLAG;
  raw.can_dlc = frame.dlc;
  std::copy(frame.data.begin(), frame.data.end(), raw.data);
  return raw;
}

class SocketCanPort final : public CanPort {
 public:
  explicit SocketCanPort(const PortUri& uri)
      : uri_(uri.text), socket_(open_socket(uri.text, uri.address)) {}

  int descriptor() const override { return socket_.get(); }

  std::optional<CanFrame> read() override {
    while (true) {
      can_frame raw{};
      const ssize_t count = ::read(socket_.get(), &raw, sizeof raw);
      if (count < 0 && !is_temporary(errno)) fail(uri_, "the interface is gone or down", errno);
      if (count < 0) return std::nullopt;
      const bool is_frame = count == sizeof raw && (raw.can_id & CAN_ERR_FLAG) == 0;
      if (is_frame) return from_kernel(raw);
    }
  }

  bool write(const CanFrame& frame, std::int64_t /*t_ns*/) override {
    const can_frame raw = to_kernel(frame);
    if (::write(socket_.get(), &raw, sizeof raw) == sizeof raw) return true;
    // ENOBUFS: the interface's queue is full, as when no other node acknowledges.
    if (errno != ENOBUFS && !is_temporary(errno))
      fail(uri_, "the interface is gone or down", errno);
    return false;
  }

 private:
  std::string uri_;
  FileDescriptor socket_;
};

std::unique_ptr<CanPort> open(const PortUri& uri) {
  allow_options(uri, {});
  return std::make_unique<SocketCanPort>(uri);
}

}  // namespace

extern const PortScheme socketcan;
const PortScheme socketcan{
    .key = "socketcan",
    .syntax = "socketcan:INTERFACE",
    .help = "a CAN interface of the Linux kernel, real (can0) or virtual (vcan0)",
    .is_file = false,
    .open_can = open,
    .open_bytes = nullptr,
};

}  // namespace doppelpack::can_emulator
