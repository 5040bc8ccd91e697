// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// What a bench relies on whatever the core does: ABI, independence, determinism.
#include <cstring>
#include <random>

#include "bench.hpp"

namespace bms_test {
namespace {

// Inputs that visit protections, releases, balancing and every state. Same seed, same inputs.
class Weather {
 public:
  void change(bms_inputs_t& in) {
    in.fresh = below(8);
    if (below(200) == 0) current_ = static_cast<int32_t>(below(500000)) - 250000;
    if (below(300) == 0) cell_ = 24000 + below(14000);
    if (below(1000) == 0) ntc_ = below(16384);
    in.shunt_adc = current_ + static_cast<int32_t>(below(100));
    for (auto& adc : in.cell_adc) adc = static_cast<uint16_t>(cell_ + below(400));
    for (auto& adc : in.ntc_adc) adc = static_cast<uint16_t>(ntc_);
    in.comparator_flags = below(5000) == 0 ? BMS_COMPARATOR_SCD : 0;
    in.buttons = below(500) == 0 ? BMS_BUTTON_RESET : 0;
  }
  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }

 private:
  std::mt19937 random_{20260101};
  int32_t current_ = 0;
  uint32_t cell_ = 33000, ntc_ = 8192;
};

struct Instance {
  std::vector<std::max_align_t> memory;
  bms_outputs_t out;

  bms_config_t config;

  Instance(const bms_config_t& unsealed, unsigned char garbage) : config(unsealed) {
    bms_core()->seal(&config);
    memory.resize(bms_core()->instance_bytes / sizeof(std::max_align_t) + 2);
    std::memset(memory.data(), garbage, memory.size() * sizeof(std::max_align_t));
    std::memset(&out, garbage, sizeof out);
    const bms_factory_t factory = {500, 1000, 0, 1};
    std::vector<uint8_t> nvm(BMS_NVM_BYTES);
    bms_core()->format(&factory, nvm.data());
    EXPECT_EQ(bms_core()->init(memory.data(), &config, nvm.data()).error, BMS_OK);
  }
  void step(const bms_inputs_t& in, uint32_t dt_us = 1000) {
    bms_core()->step(memory.data(), &in, dt_us, &out);
  }
};

bool are_same(const Instance& a, const Instance& b) {
  return std::memcmp(&a.out, &b.out, sizeof a.out) == 0;
}

TEST(Core, describes_itself) {
  EXPECT_EQ(bms_core()->abi_version, static_cast<uint32_t>(BMS_ABI_VERSION));
  EXPECT_STREQ(bms_core()->name, "doppelpack");
  EXPECT_GT(bms_core()->instance_bytes, sizeof(bms_report_t));
  EXPECT_LE(bms_core()->instance_bytes, 5120u);  // an 8 KiB microcontroller has room for it
  EXPECT_EQ(bms_core(), bms_core());
}

TEST(Core, goes_on_from_a_copy_of_its_memory) {
  const bms_config_t config = make_config();
  Instance original(config, 0x00), copy(config, 0xA5);
  Weather weather;
  bms_inputs_t in{};
  for (int i = 0; i < 20000; ++i) {
    weather.change(in);
    original.step(in);
  }
  copy.memory = original.memory;
  bms_core()->move(copy.memory.data(), &copy.config);
  const uint32_t crc32 = original.config.crc32;
  for (int i = 0; i < 50000; ++i) {
    weather.change(in);
    original.step(in);
    original.config.crc32 = ~crc32;  // for the copy it would be damaged, if that still looked at it
    copy.step(in);
    original.config.crc32 = crc32;
    ASSERT_TRUE(are_same(original, copy)) << i;
  }
}

TEST(Core, gives_the_same_bytes_for_the_same_inputs_whatever_was_in_memory) {
  const bms_config_t config = make_config();
  Instance a(config, 0x00), b(config, 0xA5);
  Weather weather;
  bms_inputs_t in{};
  uint32_t protections = 0, states = 0;
  for (int i = 0; i < 200000; ++i) {
    weather.change(in);
    const uint32_t dt_us = 1 + weather.below(20000);
    a.step(in, dt_us);
    b.step(in, dt_us);
    ASSERT_TRUE(are_same(a, b)) << i;
    protections |= a.out.report.protections;
    states |= 1u << a.out.report.state;
  }
  uint32_t enabled = 0;
  for (int i = 0; i < BMS_RULE_COUNT; ++i)
    if (config.rules[i].protection.is_enabled) enabled |= BMS_RULE_BIT(i);
  EXPECT_EQ(protections, enabled) << "the weather was too mild";
  for (const bms_state_t state : {BMS_STATE_SELF_TEST, BMS_STATE_STANDBY, BMS_STATE_CHARGE,
                                  BMS_STATE_DISCHARGE, BMS_STATE_PROTECTION})
    EXPECT_TRUE(states & 1u << state) << bms_state_name(state);
}

TEST(Core, keeps_instances_apart) {
  const bms_config_t config = make_config();
  bms_config_t other_config = make_config();
  other_config.cell_count = 8;
  Instance alone(config, 0), neighbour(config, 0), other(other_config, 0);
  Weather weather;
  bms_inputs_t in{}, other_in{};
  for (int i = 0; i < 50000; ++i) {
    weather.change(in);
    weather.change(other_in);
    alone.step(in);
    other.step(other_in);
    neighbour.step(in);
    ASSERT_TRUE(are_same(alone, neighbour)) << i;
  }
}

TEST(Core, can_be_copied_and_goes_on_alike) {
  const bms_config_t config = make_config();
  Instance original(config, 0);
  Weather weather;
  bms_inputs_t in{};
  for (int i = 0; i < 10000; ++i) {
    weather.change(in);
    original.step(in);
  }
  Instance copy = original;
  for (int i = 0; i < 10000; ++i) {
    weather.change(in);
    original.step(in);
    copy.step(in);
    ASSERT_TRUE(are_same(original, copy)) << i;
  }
}

TEST(Core, stays_inside_its_instance) {
  const bms_config_t config = make_config();
  Instance a(config, 0xA5);
  Weather weather;
  bms_inputs_t in{};
  for (int i = 0; i < 10000; ++i) {
    weather.change(in);
    a.step(in);
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(a.memory.data());
  for (std::size_t i = bms_core()->instance_bytes; i < a.memory.size() * sizeof(std::max_align_t);
       ++i)
    ASSERT_EQ(bytes[i], 0xA5) << i;
}

TEST(Core, never_closes_a_gate_that_is_not_allowed_except_for_reverse_current) {
  const bms_config_t config = make_config();
  Instance a(config, 0);
  Weather weather;
  bms_inputs_t in{};
  for (int i = 0; i < 150000; ++i) {
    weather.change(in);
    a.step(in, 1 + weather.below(20000));
    const bms_report_t& report = a.out.report;
    const auto idle_mA = static_cast<int32_t>(config.idle_current_mA);
    const bool discharges = report.current_mA < -idle_mA;
    const bool charges = report.current_mA > idle_mA;
    ASSERT_TRUE(a.out.charge_gate ? report.is_charge_allowed || discharges
                                  : !report.is_charge_allowed);
    ASSERT_TRUE(a.out.discharge_gate ? report.is_discharge_allowed || charges
                                     : !report.is_discharge_allowed);
    ASSERT_LE(report.remaining_mAh, report.full_mAh);
  }
}

TEST(Core, starts_anew_when_powered_up_again) {
  Bench bench;
  bench.start();
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.run_ms(100);
  bench.in.comparator_flags = 0;
  bench.start();
  EXPECT_EQ(bench.out.report.protections, 0u);
  EXPECT_EQ(bench.out.report.uptime_ms, 1u);
}

TEST(Core, counts_a_step_that_is_too_long_as_the_longest_allowed) {
  Bench bench;
  bench.start();
  bench.dt_us = UINT32_MAX;
  for (int i = 0; i < 1000; ++i) bench.step();
  EXPECT_EQ(bench.out.report.uptime_ms, 100001u);
}

}  // namespace
}  // namespace bms_test
