/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Checksum of what is kept in non-volatile memory. */
#ifndef BMS_SRC_CRC_H
#define BMS_SRC_CRC_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 of Ethernet and zip. Four bits at a time: a table of 64 bytes, some 12 instructions a
 * byte. */
uint32_t bms_crc32(const uint8_t* bytes, size_t length);

/* The same byte by byte: begins with, and is complemented by, all ones. */
uint32_t bms_crc_add(uint32_t crc, uint8_t byte);

#endif
