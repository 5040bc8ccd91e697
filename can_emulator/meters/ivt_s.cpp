// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Isabellenhuette IVT-S and IVT-Mod, a shunt that broadcasts on CAN, 500 kbit/s as delivered. A result:
//
//   channel 1   counter 0-3, over-current 4, channel error 5, measurement error 6, system error 7
//   signed 32 bit, big endian as delivered
//
// 0x521 is the current (channel 0, mA), 0x522 the voltage U1 (channel 1, mV): the DBC of the maker as
// decoded by public projects (eagletrt/can, PUTM_CAN).
#include "can_emulator/meter.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::uint32_t kCurrentId = 0x521;
constexpr std::uint32_t kVoltageId = 0x522;
constexpr std::uint8_t kCurrentChannel = 0, kVoltageChannel = 1;
constexpr std::uint8_t kResultLength = 6;
constexpr std::uint8_t kErrors = 0xE0;  // an over-current is no error: it may still be measured

double milli_result(const CanFrame& frame) {
  std::uint32_t value = 0;
  for (std::size_t i = 2; i < kResultLength; ++i) value = value << 8U | frame.data[i];
  return static_cast<std::int32_t>(value) / 1000.0;
}

bool take_frame(const CanFrame& frame, MeterSample& sample) {
  const bool is_result = !frame.is_extended && !frame.is_remote && frame.dlc >= kResultLength &&
                         (frame.data[1] & kErrors) == 0;
  if (!is_result) return false;
  if (frame.id == kCurrentId && frame.data[0] == kCurrentChannel) {
    sample.current_A = milli_result(frame);
    return true;
  }
  if (frame.id == kVoltageId && frame.data[0] == kVoltageChannel) {
    sample.voltage_V = milli_result(frame);
    return true;
  }
  return false;
}

}  // namespace

extern const Meter ivt_s;
const Meter ivt_s{
    .key = "ivt-s",
    .title = "Isabellenhuette IVT-S or IVT-Mod on CAN: current 0x521, voltage U1 0x522",
    .take_frame = take_frame,
};

}  // namespace doppelpack::can_emulator
