/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Validation: a wrong number must stop the product at power-up, not in the field. */
#include "core.h"

#define PERMILLE 1000u

static bool is_in(uint32_t value, uint32_t lowest, uint32_t highest) {
  return value >= lowest && value <= highest;
}

static bool is_sensing_valid(const bms_sensing_t* sensing) {
  return is_in(sensing->cell_uV_per_count, 1, 10000) &&
         is_in(sensing->pack_uV_per_count, 1, 1000000) &&
         is_in(sensing->terminal_uV_per_count, 1, 1000000) &&
         is_in(sensing->shunt_uA_per_count, 1, 1000000) && sensing->ntc_full_scale_counts > 0 &&
         sensing->ntc_pullup_Ohm > 0;
}

static bool is_curve_valid(const bms_curve_t* curve) {
  if (!is_in(curve->count, 1, BMS_MAX_CURVE_POINTS)) return false;
  for (uint8_t i = 0; i < curve->count; ++i) {
    if (curve->point[i].factor_permille > PERMILLE) return false;
    if (i > 0 && curve->point[i].x <= curve->point[i - 1].x) return false;
  }
  return true;
}

static bms_status_t check_rules(const bms_config_t* config) {
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i) {
    const bms_error_t error = bms_check_rule((bms_rule_t)i, &config->rules[i]);
    if (error != BMS_OK) return (bms_status_t){error, i};
  }
  return (bms_status_t){BMS_OK, 0};
}

static bms_status_t check_curves(const bms_limits_t* limits) {
  const bms_curve_t* const curves[] = {&limits->ccl_over_ddegC, &limits->dcl_over_ddegC,
                                       &limits->ccl_over_cell_mV, &limits->dcl_over_cell_mV};
  for (uint8_t i = 0; i < sizeof curves / sizeof curves[0]; ++i) {
    if (!is_curve_valid(curves[i])) return (bms_status_t){BMS_ERROR_CURVE, i};
  }
  return (bms_status_t){BMS_OK, 0};
}

static bms_error_t check_counts_and_scales(const bms_config_t* config) {
  if (!is_in(config->cell_count, 1, BMS_MAX_CELLS)) return BMS_ERROR_CELL_COUNT;
  if (!is_in(config->ntc_count, 1, BMS_MAX_NTCS)) return BMS_ERROR_NTC_COUNT;
  return is_sensing_valid(&config->sensing) ? BMS_OK : BMS_ERROR_SENSING;
}

static bms_error_t check_single_values(const bms_config_t* config) {
  const bms_limits_t* limits = &config->limits;
  if (limits->cvl_mV <= limits->discharge_voltage_limit_mV) return BMS_ERROR_LIMITS;
  if (config->balancing.stop_delta_mV >= config->balancing.start_delta_mV)
    return BMS_ERROR_BALANCING;
  if (limits->force_charge_permille > PERMILLE || limits->force_charge2_permille > PERMILLE)
    return BMS_ERROR_SOC;
  const bms_error_t error = bms_check_soc(&config->soc);
  return error == BMS_OK ? bms_check_bank(&config->bank) : error;
}

bms_status_t bms_check_config(const bms_config_t* config) {
  bms_status_t status = {check_counts_and_scales(config), 0};
  if (status.error == BMS_OK) status = check_rules(config);
  if (status.error == BMS_OK) status = check_curves(&config->limits);
  if (status.error == BMS_OK) status.error = check_single_values(config);
  if (status.error == BMS_OK) status = bms_check_panel(&config->panel);
  if (status.error == BMS_OK && config->crc32 != bms_config_crc(config))
    status.error = BMS_ERROR_SEAL;
  return status;
}

/* CRC-32 of Ethernet and zip, bit by bit: it runs once, and in the background a byte at a time. */
uint32_t bms_config_crc(const bms_config_t* config) {
  const unsigned char* bytes = (const unsigned char*)config;
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < offsetof(bms_config_t, crc32); ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1u ? 0xEDB88320u : 0u);
  }
  return ~crc;
}
