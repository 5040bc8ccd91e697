// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A port with a host thread of its own, so that the outside world can neither block nor stop the
// simulation. The simulation side only posts to and takes from bounded mailboxes; the one for what
// arrives holds minutes of a full bus, so that nothing is lost while simulated time stands still.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "can_emulator/port.hpp"

namespace doppelpack::can_emulator {

/// Counted since opening.
struct PortCounters {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t dropped = 0;  ///< could not be delivered: nobody attached, or mailbox full
  std::uint64_t reopened = 0;
  std::uint64_t refused = 0;  ///< see CanPort::refused_count()
};

/// Called with one line for people: the port died, was reopened, listens on this port number. From
/// the constructor or the host thread; must not throw.
using PortNotice = std::function<void(std::string_view line)>;

/// The first opening happens in the constructor and throws PortError; later failures are noticed and
/// the port is reopened with growing pauses (0.1 s to 5 s). Destruction joins the thread promptly.
/// A scheme with is_file has no thread: send() writes. When that fails, it is noticed and everything
/// later is dropped, since opening the file again would empty it.
class LiveCanPort {
 public:
  LiveCanPort(const PortUri& uri, PortNotice notice);
  ~LiveCanPort();
  LiveCanPort(const LiveCanPort&) = delete;
  LiveCanPort& operator=(const LiveCanPort&) = delete;

  /// t_ns: the time of the bus, for logs. not_before: when the other side may get it, in the order of
  /// the calls; a log gets it at once.
  void send(const CanFrame& frame, std::int64_t t_ns,
            std::chrono::steady_clock::time_point not_before = {});
  /// Appends everything received since the last call, oldest first.
  void take(std::vector<CanFrame>& into);
  PortCounters counters() const;
  const std::string& name() const;  ///< the URI as given
  bool is_file() const;             ///< a log, not a device

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

class LiveBytePort {
 public:
  LiveBytePort(const PortUri& uri, PortNotice notice);
  ~LiveBytePort();
  LiveBytePort(const LiveBytePort&) = delete;
  LiveBytePort& operator=(const LiveBytePort&) = delete;

  void send(BytesView bytes);
  void take(Bytes& into);
  PortCounters counters() const;
  const std::string& name() const;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace doppelpack::can_emulator
