// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The host thread and the mailboxes of a live port, for both kinds of cargo.
//
// Cargo says what is carried:
//   Port, Outgoing, Incoming      types
//   kOutboxSize, kInboxSize       of the mailboxes, in Outgoing or Incoming
//   open(uri)                     -> std::unique_ptr<Port>
//   write(port, outgoing, taken)  hands everything over, counts in taken what the port took
//   read(port, incoming)          replaces incoming by what waits; false: nothing more is waiting
//   refused(port)                 -> what arrived since the opening and could not be read
#pragma once

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "can_emulator/file_descriptor.hpp"
#include "can_emulator/live_port.hpp"
#include "ports/port_failure.hpp"

namespace doppelpack::can_emulator {

/// Lets one thread end the poll() of another.
class WakeUp {
 public:
  explicit WakeUp(std::string_view uri) : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!event_.is_open()) fail(uri, "no event descriptor", errno);
  }

  void ring() { ::eventfd_write(event_.get(), 1); }

  /// Until it rings, the descriptor is readable (-1: none), or the timeout is over (negative: none).
  void wait(int descriptor, std::chrono::milliseconds timeout) {
    std::array<pollfd, 2> sources{{{event_.get(), POLLIN, 0}, {descriptor, POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), static_cast<int>(timeout.count()));
    eventfd_t rings = 0;
    ::eventfd_read(event_.get(), &rings);
  }

 private:
  FileDescriptor event_;
};

template <class Cargo>
class PortWorker {
 public:
  using Outgoing = typename Cargo::Outgoing;
  using Incoming = typename Cargo::Incoming;

  PortWorker(const PortUri& uri, PortNotice notice)
      : uri_(uri), notice_(std::move(notice)), wake_up_(uri.text), port_(Cargo::open(uri)) {
    outbox_.reserve(Cargo::kOutboxSize);
    is_up_ = true;
    is_file_ = find_port_scheme(uri.scheme)->is_file;
    notify(port_->opening_notice());
    if (!is_file_) thread_ = std::thread([this] { run(); });
  }

  ~PortWorker() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    wake_up_.ring();
    thread_.join();
  }

  PortWorker(const PortWorker&) = delete;
  PortWorker& operator=(const PortWorker&) = delete;

  /// Takes all or, when there is no room, nothing: half a message is worth less than none.
  void send(std::span<const Outgoing> items) {
    if (items.empty()) return;
    if (is_file_) return write_file(items);
    bool was_empty = false;
    {
      const std::lock_guard lock(mutex_);
      const bool fits = is_up_ && outbox_.size() + items.size() <= Cargo::kOutboxSize;
      if (!fits) counters_.dropped += items.size();
      if (!fits) return;
      was_empty = outbox_.empty();
      outbox_.insert(outbox_.end(), items.begin(), items.end());
    }
    if (was_empty) wake_up_.ring();
  }

  template <class Container>
  void take(Container& into) {
    const std::lock_guard lock(mutex_);
    into.insert(into.end(), inbox_.begin(), inbox_.end());
    inbox_.clear();
  }

  PortCounters counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
  }

  const std::string& name() const { return uri_.text; }
  bool is_file() const { return is_file_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::milliseconds;

  static constexpr Milliseconds kForever{-1};
  static constexpr Milliseconds kShortestPause{100};
  static constexpr Milliseconds kLongestPause{5000};

  void run() {
    std::vector<Outgoing> outgoing;
    std::vector<Incoming> incoming;
    outgoing.reserve(Cargo::kOutboxSize);
    incoming.reserve(Cargo::kOutboxSize);
    Milliseconds pause = kShortestPause;
    while (true) {
      const Clock::time_point opened_at = Clock::now();
      try {
        return serve(outgoing, incoming);
      } catch (const std::exception& problem) {
        lose_port(problem.what());
      }
      // A port that dies as soon as it is opened must not be opened ten times a second.
      if (Clock::now() - opened_at > kLongestPause) pause = kShortestPause;
      if (!reopen(pause)) return;
    }
  }

  /// Until told to stop; throws when the port dies.
  void serve(std::vector<Outgoing>& outgoing, std::vector<Incoming>& incoming) {
    bool has_more = true;
    while (true) {
      wake_up_.wait(port_->descriptor(), has_more ? Milliseconds{0} : kForever);
      const bool is_last = !collect(outgoing);
      deliver(outgoing);
      if (is_last) return;
      has_more = Cargo::read(*port_, incoming);
      count_refused();
      keep(incoming);
    }
  }

  /// False: this is the last lot.
  bool collect(std::vector<Outgoing>& outgoing) {
    outgoing.clear();
    const std::lock_guard lock(mutex_);
    std::swap(outgoing, outbox_);
    return !is_stopping_;
  }

  void deliver(const std::vector<Outgoing>& outgoing) {
    if (outgoing.empty()) return;
    std::size_t taken = 0;
    try {
      Cargo::write(*port_, outgoing, taken);
    } catch (...) {
      count_delivery(taken, outgoing.size());
      throw;
    }
    count_delivery(taken, outgoing.size());
  }

  void count_delivery(std::size_t taken, std::size_t offered) {
    const std::lock_guard lock(mutex_);
    counters_.sent += taken;
    counters_.dropped += offered - taken;
  }

  void count_refused() {
    const std::uint64_t refused = Cargo::refused(*port_);
    if (refused == refused_) return;
    const std::lock_guard lock(mutex_);
    counters_.refused += refused - std::exchange(refused_, refused);
  }

  void keep(const std::vector<Incoming>& incoming) {
    if (incoming.empty()) return;
    const std::lock_guard lock(mutex_);
    const std::size_t kept = std::min(incoming.size(), Cargo::kInboxSize - inbox_.size());
    inbox_.insert(inbox_.end(), incoming.begin(),
                  incoming.begin() + static_cast<std::ptrdiff_t>(kept));
    counters_.received += kept;
    counters_.dropped += incoming.size() - kept;
  }

  void lose_port(std::string_view problem) {
    port_.reset();
    refused_ = 0;
    {
      const std::lock_guard lock(mutex_);
      is_up_ = false;
      counters_.dropped += outbox_.size();
      outbox_.clear();
    }
    notify(std::string(problem) + (is_file_ ? "; not written any more" : "; trying again"));
  }

  /// Tries until it succeeds, or returns false when told to stop. Leaves the pause that the next
  /// attempt would have made.
  bool reopen(Milliseconds& pause) {
    while (sleep(pause)) {
      pause = std::min(2 * pause, kLongestPause);
      try {
        port_ = Cargo::open(uri_);
      } catch (const std::exception&) {
        continue;  // The loss has been noticed; still the same.
      }
      {
        const std::lock_guard lock(mutex_);
        is_up_ = true;
        ++counters_.reopened;
      }
      notify(uri_.text + ": open again");
      notify(port_->opening_notice());
      return true;
    }
    return false;
  }

  /// False, and at once, when told to stop.
  bool sleep(Milliseconds pause) {
    const Clock::time_point end = Clock::now() + pause;
    while (true) {
      {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return false;
      }
      const auto left = std::chrono::ceil<Milliseconds>(end - Clock::now());
      if (left.count() <= 0) return true;
      wake_up_.wait(-1, left);
    }
  }

  void write_file(std::span<const Outgoing> items) {
    std::size_t taken = 0;
    try {
      if (port_) Cargo::write(*port_, items, taken);
    } catch (const PortError& problem) {
      lose_port(problem.what());
    }
    count_delivery(taken, items.size());
  }

  void notify(const std::string& line) {
    if (notice_ && !line.empty()) notice_(line);
  }

  const PortUri uri_;
  const PortNotice notice_;
  WakeUp wake_up_;
  bool is_file_ = false;
  std::unique_ptr<typename Cargo::Port> port_;  // of the host thread, or of send() for a file
  std::uint64_t refused_ = 0;  // of this opening, counted so far; of the host thread

  mutable std::mutex mutex_;  // guards everything below
  std::vector<Outgoing> outbox_;
  std::vector<Incoming> inbox_;
  PortCounters counters_;
  bool is_up_ = false;
  bool is_stopping_ = false;

  std::thread thread_;
};

}  // namespace doppelpack::can_emulator
