// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Commands on their way from HTTP threads to the thread of the simulation. Bounded: who finds it full
// is told so. A slow client never holds the lock; it waits for its outcome outside.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
#include <optional>

#include "http/command.hpp"

namespace doppelpack::http {

class Mailbox {
 public:
  static constexpr std::size_t kCapacity = 64;

  struct Letter {
    Command command;
    std::promise<Outcome> outcome;
  };

  /// Nothing: it is full.
  std::optional<std::future<Outcome>> post(Command command);

  /// The oldest letter, if there is one.
  std::optional<Letter> take();

  /// Waits until there is a letter, or somebody calls wake(), at most so long.
  void wait(std::chrono::milliseconds patience);
  void wake();

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Letter> letters_;
  bool is_woken_ = false;
};

}  // namespace doppelpack::http
