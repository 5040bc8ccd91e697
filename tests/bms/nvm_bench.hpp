// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// A bench with a memory chip: bytes are written one by one, each takes its time, and power may go at any of them.
#pragma once

#include <functional>
#include <tuple>

#include "bench.hpp"
#include "bms/history.h"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {

using Nvm = std::vector<uint8_t>;

class NvmBench : public Bench {
 public:
  uint32_t bytes_per_step = 32;
  std::function<void()> on_byte = [] {};  // called after each byte that reached the memory

  NvmBench() {
    nvm.assign(BMS_NVM_BYTES, 0xFF);
    bms_core()->format(&factory, nvm.data());
  }

  core_t& core() { return *static_cast<core_t*>(instance()); }

  void start() {
    ASSERT_EQ(power_up().error, BMS_OK);
    pass();
  }
  // One pass of the core, then what the chip gets done until the next one.
  void pass() {
    in.is_nvm_busy = nvm_busy();
    step();
    carry_out(out.nvm);
  }
  const bms_nvm_write_t& writing() const { return write_; }
  bool nvm_busy() const { return written_ < write_.length; }
  void carry_out(const bms_nvm_write_t& write) {
    if (write.length > 0) {
      EXPECT_FALSE(nvm_busy());
      EXPECT_LE(write.length, BMS_NVM_WRITE_BYTES);
      EXPECT_LE(write.offset + write.length, BMS_NVM_BYTES);
      write_ = write;
      written_ = 0;
      ++writes;
    }
    for (uint32_t i = 0; i < bytes_per_step && written_ < write_.length; ++i, ++written_) {
      nvm[write_.offset + written_] = write_.bytes[written_];
      on_byte();
    }
  }
  void pass_ms(uint64_t duration_ms) {
    for (uint64_t passed_us = 0; passed_us < duration_ms * 1000; passed_us += dt_us) pass();
  }
  void lose_power() {
    write_ = {};
    written_ = 0;
  }

  int writes = 0;

 private:
  bms_nvm_write_t write_{};
  uint32_t written_ = 0;
};

// Those of which nobody in the core has a say while nothing is fresh, so that tests can.
inline std::vector<bms_failure_t> failures_to_tell() {
  std::vector<bms_failure_t> failures;
  for (int i = 0; i < BMS_FAILURE_COUNT; ++i) {
    const bool is_found_at_any_time = (i >= BMS_FAILURE_CLOCK && i <= BMS_FAILURE_NVM) ||
                                      i == BMS_FAILURE_AFE_SILENT || i == BMS_FAILURE_AFE_CORRUPT;
    if (!is_found_at_any_time) failures.push_back(static_cast<bms_failure_t>(i));
  }
  return failures;
}

// Everything a record keeps, as another core finds it in this image.
inline auto recall(const Nvm& nvm) {
  static core_t core;
  core = {};
  bms_recall(&core, nvm.data());
  const kept_t& kept = core.kept;
  const std::vector<uint16_t> trips(kept.trips, kept.trips + BMS_RULE_COUNT);
  const extremes_t& extremes = kept.extremes;
  return std::make_tuple(core.memory.origin, kept.soc_ppm, kept.rule_latches, kept.failure_latches,
                         kept.factory.serial_number, kept.factory.soh_permille,
                         kept.factory.cycle_count, kept.full_mAh, kept.discharged_mAh,
                         kept.operating_s, kept.since_full_s, trips, extremes.highest_cell_mV,
                         extremes.lowest_cell_mV, extremes.hottest_ddegC, extremes.coldest_ddegC,
                         extremes.charge_mA, extremes.discharge_mA);
}
using Recalled = decltype(recall({}));

inline std::vector<bms_history_entry_t> read_all(const Nvm& nvm) {
  std::vector<bms_history_entry_t> entries;
  bms_history_entry_t entry;
  for (std::size_t i = 0; bms_read_history(nvm.data(), i, &entry); ++i) entries.push_back(entry);
  return entries;
}

inline bool operator==(const bms_history_entry_t& a, const bms_history_entry_t& b) {
  return a.sequence == b.sequence && a.operating_s == b.operating_s && a.kind == b.kind &&
         a.id == b.id && a.value == b.value;
}

}  // namespace bms_test
