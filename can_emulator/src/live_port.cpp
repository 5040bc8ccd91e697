// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/live_port.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "src/port_worker.hpp"

namespace doppelpack::can_emulator {
namespace {

struct TimedFrame {
  CanFrame frame;
  std::int64_t t_ns;
  std::chrono::steady_clock::time_point not_before;
};

struct CanCargo {
  using Port = CanPort;
  using Outgoing = TimedFrame;
  using Incoming = CanFrame;
  static constexpr std::size_t kOutboxSize = 4096;
  static constexpr std::size_t kInboxSize = 4'000'000;  // a quarter of an hour of a full bus

  static std::unique_ptr<CanPort> open(const PortUri& uri) { return open_can_port(uri); }

  static void write(CanPort& port, std::span<const TimedFrame> frames, std::size_t& taken) {
    for (const TimedFrame& timed : frames) {
      std::this_thread::sleep_until(timed.not_before);
      taken += port.write(timed.frame, timed.t_ns) ? 1 : 0;
    }
  }

  static bool read(CanPort& port, std::vector<CanFrame>& frames) {
    for (frames.clear(); frames.size() < kOutboxSize;) {
      const std::optional<CanFrame> frame = port.read();
      if (!frame) return false;
      frames.push_back(*frame);
    }
    return true;
  }

  static std::uint64_t refused(const CanPort& port) { return port.refused_count(); }
};

struct ByteCargo {
  using Port = BytePort;
  using Outgoing = std::uint8_t;
  using Incoming = std::uint8_t;
  static constexpr std::size_t kOutboxSize = std::size_t{64} * 1024;
  static constexpr std::size_t kInboxSize = std::size_t{64} * 1024 * 1024;

  static std::unique_ptr<BytePort> open(const PortUri& uri) { return open_byte_port(uri); }

  static void write(BytePort& port, std::span<const std::uint8_t> bytes, std::size_t& taken) {
    taken = port.write({bytes.data(), bytes.size()});
  }

  static bool read(BytePort& port, std::vector<std::uint8_t>& bytes) {
    bytes.resize(4096);
    bytes.resize(port.read(bytes));
    return !bytes.empty();
  }

  static std::uint64_t refused(const BytePort& /*port*/) { return 0; }
};

}  // namespace

class LiveCanPort::Worker : public PortWorker<CanCargo> {
  using PortWorker::PortWorker;
};

LiveCanPort::LiveCanPort(const PortUri& uri, PortNotice notice)
    : worker_(std::make_unique<Worker>(uri, std::move(notice))) {}
LiveCanPort::~LiveCanPort() = default;

void LiveCanPort::send(const CanFrame& frame, std::int64_t t_ns,
                       std::chrono::steady_clock::time_point not_before) {
  const auto at_once = std::chrono::steady_clock::time_point::min();
  const TimedFrame timed{frame, t_ns, is_file() ? at_once : not_before};
  worker_->send({&timed, 1});
}
void LiveCanPort::take(std::vector<CanFrame>& into) {
  worker_->take(into);
}
PortCounters LiveCanPort::counters() const {
  return worker_->counters();
}
bool LiveCanPort::is_file() const {
  return worker_->is_file();
}

const std::string& LiveCanPort::name() const {
  return worker_->name();
}

class LiveBytePort::Worker : public PortWorker<ByteCargo> {
  using PortWorker::PortWorker;
};

LiveBytePort::LiveBytePort(const PortUri& uri, PortNotice notice)
    : worker_(std::make_unique<Worker>(uri, std::move(notice))) {}
LiveBytePort::~LiveBytePort() = default;

void LiveBytePort::send(BytesView bytes) {
  worker_->send({bytes.data(), bytes.size()});
}
void LiveBytePort::take(Bytes& into) {
  worker_->take(into);
}
PortCounters LiveBytePort::counters() const {
  return worker_->counters();
}
const std::string& LiveBytePort::name() const {
  return worker_->name();
}

}  // namespace doppelpack::can_emulator
