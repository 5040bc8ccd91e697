/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

#include "crc.h"

uint32_t bms_crc_add(uint32_t crc, uint8_t byte) {
  static const uint32_t of_half[16] = {
      0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u,
      0x4DB26158u, 0x5005713Cu, 0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
      0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu,
  };
  crc ^= byte;
  crc = (crc >> 4) ^ of_half[crc & 15u];
  return (crc >> 4) ^ of_half[crc & 15u];
}

uint32_t bms_crc32(const uint8_t* bytes, size_t length) {
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < length; ++i) crc = bms_crc_add(crc, bytes[i]);
  return ~crc;
}
