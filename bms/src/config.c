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

static bms_status_t check_rules(const bms_config_t* config) {
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i) {
    const bms_error_t error = bms_check_rule((bms_rule_t)i, &config->rules[i]);
    if (error != BMS_OK) return (bms_status_t){error, i};
  }
  return (bms_status_t){BMS_OK, 0};
}

static bms_status_t check_failures(const bms_config_t* config) {
  for (uint8_t i = 0; i < BMS_FAILURE_COUNT; ++i) {
    const bms_error_t error = bms_check_failure((bms_failure_t)i, config);
    if (error != BMS_OK) return (bms_status_t){error, i};
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
  const bms_error_t balancing = bms_check_balancing(&config->balancing);
  if (balancing != BMS_OK) return balancing;
  if (limits->force_charge_permille > PERMILLE || limits->force_charge2_permille > PERMILLE)
    return BMS_ERROR_SOC;
  const bms_error_t soc = bms_check_soc(&config->soc);
  if (soc != BMS_OK) return soc;
  const bms_error_t sequence = bms_check_sequence(&config->sequence);
  return sequence == BMS_OK ? bms_check_bank(&config->bank) : sequence;
}

bms_status_t bms_check_config(const bms_config_t* config) {
  bms_status_t status = {check_counts_and_scales(config), 0};
  if (status.error == BMS_OK) status = check_rules(config);
  if (status.error == BMS_OK) status = check_failures(config);
  if (status.error == BMS_OK) status = bms_check_limits(&config->limits);
  if (status.error == BMS_OK) status.error = check_single_values(config);
  if (status.error == BMS_OK) status = bms_check_panel(&config->panel);
  if (status.error == BMS_OK && config->crc32 != bms_config_crc(config))
    status.error = BMS_ERROR_SEAL;
  return status;
}

uint32_t bms_config_crc(const bms_config_t* config) {
  const unsigned char* bytes = (const unsigned char*)config;
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < offsetof(bms_config_t, crc32); ++i) crc = bms_crc_add(crc, bytes[i]);
  return ~crc;
}
