// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Between the simulation and the thread that writes. One side puts items one by one, the other takes
// all there are; neither holds the lock for longer than it takes to copy one or to swap two blocks.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "sim/time.hpp"

namespace doppelpack::sim {

enum class ItemKind : std::uint8_t { row, can_frame, serial_burst, event, file, gap };

struct RecordCounts {
  std::uint64_t rows = 0;
  std::uint64_t frames = 0;
  std::uint64_t events = 0;

  void add(ItemKind kind);
};

/// What was dropped while the queue was full.
struct RecordGap {
  Time from_ns = 0;
  Time to_ns = 0;
  RecordCounts lost;
};

struct RecordItem {
  ItemKind kind = ItemKind::event;
  Time t_ns = 0;
  std::span<const std::byte> payload;
};

using RecordBatch = std::vector<std::byte>;

/// Takes the first item off the rest of a batch; nothing at its end.
std::optional<RecordItem> next_item(std::span<const std::byte>& rest);

class RecordQueue {
 public:
  /// How long an item waits at most before it is taken, unless the writer is busy.
  static constexpr std::chrono::milliseconds kDelay{100};

  explicit RecordQueue(std::size_t capacity_bytes);
  std::size_t capacity() const { return capacity_; }

  // ---- of the simulation's thread ----

  /// A live queue drops what finds no room and never throws; another one makes its owner wait.
  void set_live(bool is_live);
  /// Rows find room in a half of it, frames in three quarters, everything else in all of it. Throws
  /// what made the writer end.
  void put(ItemKind kind, Time t_ns, std::span<const std::byte> payload);
  /// Waits until all that was put has been written. Throws likewise.
  void flush();
  /// No more will be put. True when the writer has come to its end; a live queue gives up, false, once
  /// nothing at all has been written for so long.
  bool close(std::chrono::milliseconds patience);
  /// Of what was put; that on its way counts as lost.
  RecordCounts lost() const;
  /// Throws likewise.
  void check() const;

  // ---- of the writer ----

  /// Waits for the next batch; false when there is none any more.
  bool take(RecordBatch& batch);
  /// One more item has been dealt with: the disk is alive.
  void note_progress() { progress_.fetch_add(1, std::memory_order_relaxed); }
  /// The batch has reached the operating system.
  void note_written(const RecordCounts& counts);
  /// The writer ends, for this reason or, without one, because there is no more to write. True when
  /// nobody will be told but who asks: the queue is live.
  bool end(std::exception_ptr reason);

 private:
  bool has_room(ItemKind kind, std::size_t bytes) const;
  void append(ItemKind kind, Time t_ns, std::span<const std::byte> payload);
  void note_lost(ItemKind kind, Time t_ns);

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable work_;  ///< for the writer
  std::condition_variable done_;  ///< for the simulation
  RecordBatch pending_;
  std::optional<RecordGap> gap_;
  RecordCounts seen_;
  RecordCounts written_;
  std::uint64_t taken_ = 0;  ///< batches
  std::uint64_t finished_ = 0;
  bool is_live_ = false;
  bool is_flush_wanted_ = false;
  bool is_closing_ = false;
  bool has_ended_ = false;
  std::exception_ptr reason_;
  std::atomic<std::uint64_t> progress_ = 0;
};

}  // namespace doppelpack::sim
