// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How two processes that take turns wake each other.
//
// A call of a core takes about a microsecond, to be woken up by the kernel takes tens. So whoever
// waits looks at a word in shared memory first, for about as long as waking up would take, and only
// then sleeps at a socket, where it also notices that the other has ended. Where there is no free
// processor to look from, looking is given up, and tried again now and then.
#pragma once

#include <atomic>

namespace doppelpack::sim {

/// Lies in shared memory. One process rings it, the other waits for it; a fork of that one may, too,
/// when it is its turn: what has been heard is known here only.
struct Bell {
  alignas(64) std::atomic<bool> is_rung{false};
  alignas(64) std::atomic<bool> is_slept_for{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

/// Everything written before is seen by whoever hears it.
void ring(Bell& bell, int socket);

/// For the process that waits.
class BellListener {
 public:
  enum class Heard { ring, nothing, end };

  /// The socket's other end is the ringing process's.
  BellListener(Bell& bell, int socket) : bell_(&bell), socket_(socket) {}

  /// For the next ring: until the socket's own time limit (nothing), or the other's end.
  Heard wait();

 private:
  void look();
  Heard sleep();

  Bell* bell_;
  int socket_;
  int waits_without_looking_ = 0;
};

}  // namespace doppelpack::sim
