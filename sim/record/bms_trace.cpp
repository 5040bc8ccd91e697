// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/bms_trace.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <system_error>
#include <type_traits>
#include <utility>

#include "sim/bms_trace_format.h"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

static_assert(std::is_trivially_copyable_v<bms_config_t> &&
              std::is_trivially_copyable_v<bms_inputs_t>);
static_assert(sizeof(bms_outputs_t) % sizeof(std::uint32_t) == 0, "the digest takes whole words");

namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
  const std::string reason = std::generic_category().message(errno != 0 ? errno : EIO);
  throw DataError({path.string(), 0, ""}, "cannot be written: " + reason);
}

}  // namespace

BmsTrace::BmsTrace(std::filesystem::path path) : path_(std::move(path)) {
  errno = 0;
  stream_.open(path_, std::ios::binary | std::ios::trunc);
  if (!stream_) fail(path_);
  const bms_trace_header_t header = bms_trace_header();
  write(&header, sizeof header);
}

void BmsTrace::power_up(const bms_config_t& config,
                        std::span<const std::uint8_t, BMS_NVM_BYTES> nvm) {
  const bms_trace_record_t record{BMS_TRACE_POWER_UP, 0, 0};
  write(&record, sizeof record);
  write(&config, sizeof config);
  write(nvm.data(), nvm.size());
}

void BmsTrace::step(const bms_inputs_t& inputs, std::uint32_t dt_us, const bms_outputs_t& outputs) {
  const auto words = std::bit_cast<std::array<std::uint32_t, BMS_TRACE_OUTPUT_WORDS>>(outputs);
  const bms_trace_record_t record{BMS_TRACE_STEP, dt_us, bms_trace_digest(words.data())};
  write(&record, sizeof record);
  write(&inputs, bms_trace_inputs_bytes(&inputs));
}

void BmsTrace::flush() {
  errno = 0;
  if (!stream_.flush()) fail(path_);
}

void BmsTrace::write(const void* data, std::size_t bytes) {
  errno = 0;
  if (!stream_.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes)))
    fail(path_);
}

}  // namespace doppelpack::sim
