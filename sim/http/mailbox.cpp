// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/mailbox.hpp"

#include <utility>

namespace doppelpack::http {

std::optional<std::future<Outcome>> Mailbox::post(Command command) {
  std::optional<std::future<Outcome>> outcome;
  {
    const std::lock_guard lock(mutex_);
    if (letters_.size() >= kCapacity) return outcome;
    letters_.push_back({std::move(command), {}});
    outcome = letters_.back().outcome.get_future();
  }
  arrived_.notify_one();
  return outcome;
}

std::optional<Mailbox::Letter> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  if (letters_.empty()) return {};
  Letter letter = std::move(letters_.front());
  letters_.pop_front();
  return letter;
}

void Mailbox::wait(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, patience, [this] { return is_woken_ || !letters_.empty(); });
  is_woken_ = false;
}

void Mailbox::wake() {
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
  }
  arrived_.notify_one();
}

}  // namespace doppelpack::http
