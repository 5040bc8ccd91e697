// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Who may touch a bench now. SystemC finds its simulation through global pointers, so a process
// simulates in one thread at a time; which one may change between two calls. Python goes on meanwhile.
#pragma once

#include <pybind11/pybind11.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace doppelpack::bindings {

namespace py = pybind11;

/// A lock that is handed on in the order in which it was asked for: benches in several threads take
/// turns slice by slice, which a std::mutex does not promise.
class TurnLock {
 public:
  void lock() {
    std::unique_lock guard(mutex_);
    const std::uint64_t ticket = next_++;
    changed_.wait(guard, [&] { return serving_ == ticket; });
  }
  bool try_lock() {
    const std::lock_guard guard(mutex_);
    if (next_ != serving_) return false;
    ++next_;
    return true;
  }
  void unlock() {
    {
      const std::lock_guard guard(mutex_);
      ++serving_;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_ = 0;
  std::uint64_t serving_ = 0;
};

/// That of the process: what it guards, the globals of SystemC, is one per process, too.
TurnLock& turn_lock();

/// A turn that may take long: the GIL is let go while waiting and working. Nothing of Python may be
/// touched during it. Nobody ever waits for a turn with the GIL, so the two cannot lock each other.
class Turn {
 public:
  Turn() { turn_lock().lock(); }
  ~Turn() { turn_lock().unlock(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  py::gil_scoped_release without_gil_;  // first: it comes back after the turn is over
};

/// A short turn, to read a value: keeps the GIL, lets it go only to wait. No Python code may run in it.
class Glance {
 public:
  Glance() {
    if (turn_lock().try_lock()) return;
    const py::gil_scoped_release without_gil;  // comes back within the turn: who has it never waits
    turn_lock().lock();
  }
  ~Glance() { turn_lock().unlock(); }
  Glance(const Glance&) = delete;
  Glance& operator=(const Glance&) = delete;
};

}  // namespace doppelpack::bindings
