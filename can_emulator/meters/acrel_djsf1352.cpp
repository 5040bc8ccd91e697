// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Acrel DJSF1352-RN, a direct-current meter on Modbus RTU, 9600 8N1 as delivered. Holding registers:
//
//   0 voltage, 1 its decimal point; 2 current, 3 its decimal point
//
// A value is the signed register times 10^(decimal point - 3), in V and A: drivers of EN+ and EVerest,
// the former with a captured reply, which is a test.
#include <cmath>

#include "can_emulator/meter.hpp"
#include "protocols/modbus_rtu.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::uint16_t kFirst = 0;
constexpr std::uint16_t kCount = 4;
constexpr int kUnitPoint = 3;
constexpr std::uint16_t kMostPoint = 6;  // 32767 kV: beyond it, it is no such meter

double scaled(std::uint16_t value, std::uint16_t point) {
  return static_cast<std::int16_t>(value) * std::pow(10.0, static_cast<int>(point) - kUnitPoint);
}

Bytes encode_request(std::uint8_t address) {
  return encode_modbus_read(address, kFirst, kCount);
}

bool take_reply(BytesView received, MeterSample& sample) {
  const auto words = decode_modbus_read(received, kCount);
  if (!words || (*words)[1] > kMostPoint || (*words)[3] > kMostPoint) return false;
  sample.voltage_V = scaled((*words)[0], (*words)[1]);
  sample.current_A = scaled((*words)[2], (*words)[3]);
  return true;
}

}  // namespace

extern const Meter acrel_djsf1352;
const Meter acrel_djsf1352{
    .key = "acrel-djsf1352",
    .title = "Acrel DJSF1352-RN on Modbus RTU: current and voltage",
    .encode_request = encode_request,
    .take_reply = take_reply,
};

}  // namespace doppelpack::can_emulator
