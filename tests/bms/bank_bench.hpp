// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Several cores on one link, which takes its time, loses messages, and can be cut at any pack.
#pragma once

#include <deque>
#include <memory>
#include <random>

#include "bench.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {

inline bms_bank_config_t make_bank(bms_bank_kind_t kind) {
  bms_bank_config_t bank{};
  bank.kind = static_cast<uint8_t>(kind);
  bank.period_ms = 100;
  bank.lost_ms = 1000;
  bank.pairing_ms = 30000;
  bank.pairing_delta_mV = 1000;
  return bank;
}

struct Member {
  Bench bench;
  std::deque<bms_link_message_t> inbox;
  bool is_on = true;
  bool is_cut = false;

  core_t& core() { return *static_cast<core_t*>(bench.instance()); }
  const bms_report_t& report() const { return bench.out.report; }
  bool has(bms_failure_t failure) const {
    return (report().failures & BMS_FAILURE_BIT(failure)) != 0;
  }
};

class Bank {
 public:
  uint64_t delay_ms = 3;
  uint32_t lost_permille = 0;

  // Serial numbers 100, 101, ...; DIP 0, 1, ...
  Bank(bms_bank_config_t config, int count) {
    for (int i = 0; i < count; ++i) {
      packs_.push_back(std::make_unique<Member>());
      Bench& bench = packs_.back()->bench;
      bench.config.bank = config;
      bench.in.dip = static_cast<uint8_t>(i);
      bench.factory.serial_number = static_cast<uint32_t>(100 + i);
      for (const bms_failure_t failure :
           {BMS_FAILURE_PAIRING, BMS_FAILURE_MEMBER_LOST, BMS_FAILURE_MASTER_LOST,
            BMS_FAILURE_TWO_MASTERS, BMS_FAILURE_ADDRESS, BMS_FAILURE_VERSION, BMS_FAILURE_SERIAL})
        bench.watch(failure);
    }
  }
  Member& operator[](std::size_t i) { return *packs_[i]; }

  void power_up(std::size_t i) {
    ASSERT_EQ(packs_[i]->bench.power_up().error, BMS_OK);
    packs_[i]->inbox.clear();
    packs_[i]->is_on = true;
  }
  void start() {
    for (std::size_t i = 0; i < packs_.size(); ++i) power_up(i);
    run_ms(2 * delay_ms + 250);
  }
  void run_ms(int duration_ms) {
    for (int i = 0; i < duration_ms; ++i) step();
  }
  void run_ms(uint64_t duration_ms) { run_ms(static_cast<int>(duration_ms)); }

 private:
  struct Flying {
    uint64_t at_ms;
    std::size_t from;
    bms_link_message_t message;
  };

  void step() {
    for (; !wire_.empty() && wire_.front().at_ms <= now_ms_; wire_.pop_front()) deliver();
    for (std::size_t i = 0; i < packs_.size(); ++i)
      if (packs_[i]->is_on) step(i);
    ++now_ms_;
  }
  void deliver() {
    const Flying& flying = wire_.front();
    for (std::size_t to = 0; to < packs_.size(); ++to) {
      const bool is_heard = packs_[to]->is_on && !packs_[to]->is_cut && to != flying.from;
      if (!is_heard || random_() % 1000 < lost_permille) continue;
      const std::size_t apart = to > flying.from ? to - flying.from : flying.from - to;
      packs_[to]->inbox.push_back(flying.message);
      packs_[to]->inbox.back().hops = static_cast<uint8_t>(apart - 1);
    }
  }
  void step(std::size_t from) {
    Member& pack = *packs_[from];
    bms_bus_rx_t& bus = pack.bench.in.bus;
    bus.link_count = 0;
    for (; bus.link_count < BMS_LINK_INBOX && !pack.inbox.empty(); pack.inbox.pop_front())
      bus.link[bus.link_count++] = pack.inbox.front();
    pack.bench.step();
    if (pack.bench.out.has_link_message && !pack.is_cut)
      wire_.push_back({now_ms_ + delay_ms, from, pack.bench.out.link});
  }

  std::vector<std::unique_ptr<Member>> packs_;
  std::deque<Flying> wire_;
  std::mt19937 random_{4711};
  uint64_t now_ms_ = 0;
};

// One message of a pack that is made up, to a bank of one.
class Hearing : public testing::Test {
 protected:
  Bank bank_{make_bank(BMS_BANK_DIP), 1};
  bms_link_message_t message_{};

  void SetUp() override {
    bank_.start();
    message_ = bank_[0].bench.out.link;
    message_.address = 1;
    message_.role = BMS_ROLE_MEMBER;
    message_.serial_number = 200;
  }
  const bms_bank_t& hear() {
    bank_[0].inbox.push_back(message_);
    bank_.run_ms(1);
    return bank_[0].report().bank;
  }
};

}  // namespace bms_test
