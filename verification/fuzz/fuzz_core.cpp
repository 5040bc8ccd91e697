// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The core under arbitrary configurations and inputs. The first byte says how the configuration is
// made: of nothing but the fuzzer's bytes, or of a valid one with some bytes changed, which usually
// stays valid. Then come blocks: change some bytes of the inputs, run for some steps. What has to
// hold after every step is in oracle.hpp.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "bench.hpp"
#include "bools.hpp"
#include "oracle.hpp"

namespace {

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool is_empty() const { return size_ == 0; }
  // What is not there any more is zero.
  template <typename T>
  T take() {
    T value{};
    const std::size_t taken = std::min(sizeof value, size_);
    std::memcpy(&value, data_, taken);
    data_ += taken;
    size_ -= taken;
    return value;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

// A byte of a bool that is neither 0 nor 1 is an error of the caller, not of the core.
template <typename T, std::size_t N>
void tidy_bools(T& value, const std::size_t (&offsets)[N]) {
  auto* bytes = reinterpret_cast<unsigned char*>(&value);
  for (const std::size_t offset : offsets)
    if (offset < sizeof value) bytes[offset] &= 1;
}

template <typename T>
void change_bytes(T& value, Bytes& bytes) {
  auto* target = reinterpret_cast<unsigned char*>(&value);
  for (std::uint8_t changes = bytes.take<std::uint8_t>() % 8; changes > 0; --changes) {
    const std::size_t at = bytes.take<std::uint16_t>() % (sizeof value - 1);
    const auto pair = bytes.take<std::uint16_t>();
    std::memcpy(target + at, &pair, sizeof pair);
  }
}

// What products have and the plain configuration has not.
void add_features(bms_config_t& config, std::uint8_t features) {
  bms_sequence_config_t& sequence = config.sequence;
  for (int i = 0; (features & 1) && i < BMS_FAILURE_COUNT; ++i)
    config.failures[i] = {true, true, static_cast<std::uint8_t>(i % 3),
                          static_cast<std::uint8_t>(i % 8), 20};
  sequence.inverter_lost_ms = 5000;
  sequence.storage_after_ms = 20000;
  sequence.not_meant_ms = 500;
  sequence.shutdown_ms = 100;
  sequence.supply_low_mV = 20000;
  sequence.supply_back_mV = 22000;
  if (features & 2) {
    sequence.has_power_button = true;
    sequence.press_off_ms = 1000;
  }
  sequence.has_contacts = (features & 4) != 0;
  sequence.precharge_ms = 3000;
  sequence.precharge_delta_mV = 2000;
  sequence.contact_ms = 20;
  sequence.opening_ms = 100;
  config.bank = {static_cast<std::uint8_t>(features >> 3 & 3),
                 1000,
                 5000,
                 10000,
                 1000,
                 0,
                 0,
                 0,
                 0,
                 (features & 32) != 0,
                 false};
  if (!(features & 64)) return;
  for (int i = 0; i < BMS_RULE_COUNT; ++i) {
    bms_rule_config_t& rule = config.rules[i];
    rule.latch = static_cast<std::uint8_t>(i % 3);
    rule.max_retries = static_cast<std::uint8_t>(i % 4);
    rule.is_failure = i % 5 == 4;
    rule.protection.trip_delay_ms = rule.protection.release_delay_ms = 5;
  }
}

bms_config_t make_config(std::uint8_t mode, Bytes& bytes) {
  bms_config_t config = bms_test::make_config();
  if (mode & 4) add_features(config, bytes.take<std::uint8_t>());
  if (mode & 1)
    config = bytes.take<bms_config_t>();
  else
    change_bytes(config, bytes);
  tidy_bools(config, kConfigBools);
  return config;
}

std::vector<std::uint8_t> make_memory(std::uint8_t mode, Bytes& bytes) {
  const bms_factory_t factory{500, 1000, 0, 1};
  std::vector<std::uint8_t> nvm(BMS_NVM_BYTES);
  bms_core()->format(&factory, nvm.data());
  if (mode & 2) {
    const int count = bytes.take<std::uint8_t>();
    for (int i = 0; i < count; ++i)
      nvm[bytes.take<std::uint16_t>() % BMS_NVM_BYTES] = bytes.take<std::uint8_t>();
  }
  return nvm;
}

std::uint32_t step_length_us(std::uint8_t choice) {
  static constexpr std::uint32_t kLengths_us[]{1000, 1, 100000, 20000, 999, UINT32_MAX};
  return kLengths_us[choice % (sizeof kLengths_us / sizeof *kLengths_us)];
}

void run_block(fuzz::Subject& subject, bms_inputs_t& inputs, Bytes& bytes) {
  change_bytes(inputs, bytes);
  tidy_bools(inputs, kInputBools);
  const auto choice = bytes.take<std::uint8_t>();
  const std::uint32_t dt_us = step_length_us(choice % 8);
  if (choice >= 224) subject.power_up();
  const int steps = 1 + bytes.take<std::uint8_t>() % 64;
  for (int i = 0; i < steps; ++i) subject.step(inputs, dt_us);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const auto mode = bytes.take<std::uint8_t>();
  // On the heap and of exact size, so that the sanitizer sees who leaves it.
  const auto config = std::make_unique<bms_config_t>(make_config(mode, bytes));
  const std::vector<std::uint8_t> nvm = make_memory(mode, bytes);
  fuzz::Subject subject(*config, nvm);
  if (!subject.power_up()) return 0;
  const auto inputs = std::make_unique<bms_inputs_t>(bms_test::Bench().in);
  while (!bytes.is_empty()) run_block(subject, *inputs, bytes);
  return 0;
}
