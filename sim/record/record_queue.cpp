// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/record_queue.hpp"

#include <cstring>
#include <utility>

namespace doppelpack::sim {

namespace {

struct ItemHead {
  Time t_ns;
  std::uint32_t size;
  ItemKind kind;
};

// Quarters of the queue that it may fill while nobody waits.
std::size_t quarters_for(ItemKind kind) {
  if (kind == ItemKind::row) return 2;
  if (kind == ItemKind::can_frame || kind == ItemKind::serial_burst) return 3;
  return 4;
}

}  // namespace

void RecordCounts::add(ItemKind kind) {
  if (kind == ItemKind::row) {
    ++rows;
  } else if (kind == ItemKind::can_frame || kind == ItemKind::serial_burst) {
    ++frames;
  } else if (kind == ItemKind::event || kind == ItemKind::file) {
    ++events;
  }
}

std::optional<RecordItem> next_item(std::span<const std::byte>& rest) {
  if (rest.empty()) return {};
  ItemHead head{};
  std::memcpy(&head, rest.data(), sizeof head);
  const RecordItem item{head.kind, head.t_ns, rest.subspan(sizeof head, head.size)};
  rest = rest.subspan(sizeof head + head.size);
  return item;
}

RecordQueue::RecordQueue(std::size_t capacity_bytes) : capacity_(capacity_bytes) {
  pending_.reserve(capacity_);
}

void RecordQueue::set_live(bool is_live) {
  const std::lock_guard lock(mutex_);
  is_live_ = is_live;
}

bool RecordQueue::has_room(ItemKind kind, std::size_t bytes) const {
  const std::size_t quarters = is_live_ ? quarters_for(kind) : 4;
  return pending_.empty() || pending_.size() + bytes <= capacity_ / 4 * quarters;
}

void RecordQueue::append(ItemKind kind, Time t_ns, std::span<const std::byte> payload) {
  const ItemHead head{t_ns, static_cast<std::uint32_t>(payload.size()), kind};
  const auto bytes = std::as_bytes(std::span(&head, 1));
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
  pending_.insert(pending_.end(), payload.begin(), payload.end());
}

void RecordQueue::note_lost(ItemKind kind, Time t_ns) {
  if (!gap_) gap_ = RecordGap{t_ns, t_ns, {}};
  gap_->to_ns = t_ns;
  gap_->lost.add(kind);
}

void RecordQueue::put(ItemKind kind, Time t_ns, std::span<const std::byte> payload) {
  std::unique_lock lock(mutex_);
  seen_.add(kind);
  const std::size_t bytes = sizeof(ItemHead) + payload.size();
  if (!is_live_) done_.wait(lock, [&] { return has_ended_ || has_room(kind, bytes); });
  if (has_ended_) {
    if (reason_) std::rethrow_exception(reason_);
    return;
  }
  if (!has_room(kind, bytes)) {
    note_lost(kind, t_ns);
    return;
  }
  const std::size_t before = pending_.size();
  // A gap ends with the first row that finds room again: nothing is dropped more readily.
  if (gap_ && kind == ItemKind::row) {
    append(ItemKind::gap, t_ns, std::as_bytes(std::span(&*gap_, 1)));
    gap_.reset();
  }
  append(kind, t_ns, payload);
  const std::size_t enough = capacity_ / 4;
  if (before == 0 || (before < enough && pending_.size() >= enough)) work_.notify_one();
}

void RecordQueue::flush() {
  std::unique_lock lock(mutex_);
  is_flush_wanted_ = true;
  work_.notify_one();
  done_.wait(lock, [&] { return has_ended_ || (!is_flush_wanted_ && finished_ == taken_); });
  if (reason_) std::rethrow_exception(reason_);
}

bool RecordQueue::close(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (gap_) append(ItemKind::gap, gap_->to_ns, std::as_bytes(std::span(&*gap_, 1)));
  gap_.reset();
  is_closing_ = true;
  work_.notify_one();
  if (!is_live_) {
    done_.wait(lock, [&] { return has_ended_; });
    return true;
  }
  while (!has_ended_) {
    const std::uint64_t before = progress_.load(std::memory_order_relaxed);
    if (done_.wait_for(lock, patience, [&] { return has_ended_; })) break;
    if (progress_.load(std::memory_order_relaxed) == before) return false;
  }
  return true;
}

RecordCounts RecordQueue::lost() const {
  const std::lock_guard lock(mutex_);
  return {seen_.rows - written_.rows, seen_.frames - written_.frames,
          seen_.events - written_.events};
}

void RecordQueue::check() const {
  const std::lock_guard lock(mutex_);
  if (reason_) std::rethrow_exception(reason_);
}

bool RecordQueue::take(RecordBatch& batch) {
  std::unique_lock lock(mutex_);
  const auto is_urgent = [this] { return is_closing_ || is_flush_wanted_; };
  work_.wait(lock, [&] { return is_urgent() || !pending_.empty(); });
  work_.wait_for(lock, kDelay, [&] { return is_urgent() || pending_.size() >= capacity_ / 4; });
  if (is_closing_ && pending_.empty()) return false;
  is_flush_wanted_ = false;
  ++taken_;
  batch.clear();
  std::swap(batch, pending_);
  done_.notify_all();
  return true;
}

void RecordQueue::note_written(const RecordCounts& counts) {
  const std::lock_guard lock(mutex_);
  written_.rows += counts.rows;
  written_.frames += counts.frames;
  written_.events += counts.events;
  ++finished_;
  done_.notify_all();
}

bool RecordQueue::end(std::exception_ptr reason) {
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  if (!is_live_) reason_ = std::move(reason);
  done_.notify_all();
  return is_live_;
}

}  // namespace doppelpack::sim
