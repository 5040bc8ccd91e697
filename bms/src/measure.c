/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Counts to mV, mA and 0.1 degC, and the extremes the rules look at. A group is converted only in
 * the step in which it is fresh.
 *
 * The pack voltage is the sum of the cells: the same number that goes to the bus, so an alarm never
 * disagrees with the voltage shown beside it. The divider (pack_adc) is left for a plausibility
 * check. */
#include "core.h"

/* 103AT, 10 kOhm at 25 degC. Up to 100 degC the maker's table; the last three points by the
 * Steinhart-Hart fit to it: A 8.911e-4, B 2.5074e-4, C 1.9626e-7. */
static const struct {
  int16_t ddegC;
  uint32_t Ohm;
} ntc_table[NTC_POINTS] = {
    {-400, 188500}, {-300, 111300}, {-200, 67770}, {-100, 42470}, {0, 27280},
    {100, 17960},   {200, 12090},   {250, 10000},  {300, 8313},   {400, 5827},
    {500, 4160},    {600, 3020},    {700, 2228},   {800, 1668},   {850, 1451},
    {900, 1266},    {1000, 973},    {1100, 755},   {1200, 594},   {1250, 528},
};

/* Interpolated over counts, not over resistance: against a 10 kOhm pull-up a straight line then
 * misses by 0.35 K at most (0.5 K below -20 degC), over resistance by 0.7 K, and nothing is divided
 * but small integers. */
void bms_prepare_measuring(core_t* self) {
  const bms_sensing_t* sensing = &self->config->sensing;
  for (uint8_t i = 0; i < NTC_POINTS; ++i) {
    const uint64_t product = (uint64_t)sensing->ntc_full_scale_counts * 256u * ntc_table[i].Ohm;
    self->measured.ntc_counts_x256[i] =
        (uint32_t)(product / ((uint64_t)ntc_table[i].Ohm + sensing->ntc_pullup_Ohm));
  }
}

/* Readings beside an open sense wire are no voltages. They stay out of the extremes, their failure
 * decides; the sum is right all the same. */
static void measure_cells(core_t* self, const bms_inputs_t* in) {
  const bms_sensing_t* sensing = &self->config->sensing;
  bms_report_t* report = &self->out.report;
  const uint32_t left_out = self->diagnosis.wires.left_out;
  uint32_t lowest = UINT16_MAX, highest = 0, sum = 0;
  for (uint8_t i = 0; i < report->cell_count; ++i) {
    uint32_t cell_mV = bms_thousandths(in->cell_adc[i], sensing->cell_uV_per_count);
    if (cell_mV > UINT16_MAX) cell_mV = UINT16_MAX;
    sum += cell_mV;
    report->cell_mV[i] = (uint16_t)cell_mV;
    if (left_out & (UINT32_C(1) << i)) continue;
    if (cell_mV < lowest) lowest = cell_mV;
    if (cell_mV > highest) highest = cell_mV;
  }
  report->pack_mV = sum;
  report->terminal_mV = bms_thousandths(in->terminal_adc, sensing->terminal_uV_per_count);
  self->measured.signals[SIGNAL_LOWEST_CELL_mV] = (int32_t)lowest;
  self->measured.signals[SIGNAL_HIGHEST_CELL_mV] = (int32_t)highest;
  self->measured.signals[SIGNAL_PACK_mV] = (int32_t)sum;
  self->measured.signals[SIGNAL_SPREAD_mV] = (int32_t)(highest - lowest);
  self->measured.signals[SIGNAL_SOC_permille] = report->soc_permille; /* of the step before */
  report->stack_mV = bms_thousandths(in->pack_adc, sensing->pack_uV_per_count);
}

/* Any shunt of practice stays below 2147 A and in the 32-bit branch. */
static int32_t signed_thousandths(int64_t current_uA) {
  const int32_t half = current_uA < 0 ? -500 : 500;
  if (current_uA <= INT32_MAX - 500 && current_uA >= -(INT32_MAX - 500))
    return ((int32_t)current_uA + half) / 1000;
  return (int32_t)((current_uA + half) / 1000);
}

static void measure_current(core_t* self, int32_t shunt_adc) {
  const int64_t largest_uA = (int64_t)INT32_MAX * 1000;
  int64_t current_uA = (int64_t)shunt_adc * self->config->sensing.shunt_uA_per_count;
  if (current_uA > largest_uA) current_uA = largest_uA;
  if (current_uA < -largest_uA) current_uA = -largest_uA;
  const int32_t current_mA = signed_thousandths(current_uA);
  self->measured.current_uA = current_uA;
  self->out.report.current_mA = current_mA;
  self->measured.signals[SIGNAL_CHARGE_mA] = current_mA > 0 ? current_mA : 0;
  self->measured.signals[SIGNAL_DISCHARGE_mA] = current_mA < 0 ? -current_mA : 0;
}

/* Outside the table: its end. */
static int32_t read_ntc(const uint32_t* table, uint32_t counts_x256) {
  if (counts_x256 >= table[0]) return ntc_table[0].ddegC;
  if (counts_x256 <= table[NTC_POINTS - 1]) return ntc_table[NTC_POINTS - 1].ddegC;
  uint32_t i = 1;
  while (counts_x256 < table[i]) ++i;
  const uint32_t span = table[i - 1] - table[i];
  const uint32_t above_colder = table[i - 1] - counts_x256;
  const uint32_t rise = (uint32_t)(ntc_table[i].ddegC - ntc_table[i - 1].ddegC);
  return ntc_table[i - 1].ddegC + (int32_t)((above_colder * rise + span / 2) / span);
}

/* Nearer to the rail than to the end of the table: no temperature, but a broken or shorted wire. */
static bool is_ntc_valid(const uint32_t* table, uint32_t counts_x256, uint32_t full_x256) {
  return counts_x256 < (table[0] + full_x256) / 2 && counts_x256 > table[NTC_POINTS - 1] / 2;
}

/* Fails safe by construction: a broken wire counts as -40 degC, a short as 125 degC, so the
 * under- or over-temperature rules stop the pack although the bus shows no temperature. Where
 * BMS_FAILURE_NTC_BROKEN is enabled that failure decides, and the others go on as long as there
 * are any. */
static void measure_ntcs(core_t* self, const bms_inputs_t* in) {
  const uint32_t* table = self->measured.ntc_counts_x256;
  const uint32_t full_x256 = self->config->sensing.ntc_full_scale_counts * 256u;
  bms_report_t* report = &self->out.report;
  const bool is_left_out = self->config->failures[BMS_FAILURE_NTC_BROKEN].is_enabled;
  int32_t coldest = INT32_MAX, hottest = INT32_MIN;
  for (uint8_t i = 0; i < report->ntc_count; ++i) {
    const uint32_t counts_x256 = in->ntc_adc[i] * 256u;
    const int32_t ddegC = read_ntc(table, counts_x256);
    const bool is_valid = is_ntc_valid(table, counts_x256, full_x256);
    report->ntc_ddegC[i] = is_valid ? (int16_t)ddegC : BMS_NTC_INVALID_DDEGC;
    if (is_left_out && !is_valid) continue;
    if (ddegC < coldest) coldest = ddegC;
    if (ddegC > hottest) hottest = ddegC;
  }
  if (coldest > hottest) { /* none is left: it may be as cold, and as hot, as can be */
    coldest = ntc_table[0].ddegC;
    hottest = ntc_table[NTC_POINTS - 1].ddegC;
  }
  self->measured.signals[SIGNAL_COLDEST_ddegC] = coldest;
  self->measured.signals[SIGNAL_HOTTEST_ddegC] = hottest;
  self->measured.signals[SIGNAL_SPREAD_ddegC] = hottest - coldest;
}

/* Without one the MOSFETs count as cold as the table goes: no rule of theirs trips. Likewise with a
 * broken one where BMS_FAILURE_MOSFET_NTC decides. */
static void measure_mosfet(core_t* self, const bms_inputs_t* in) {
  const bms_sensing_t* sensing = &self->config->sensing;
  const uint32_t* table = self->measured.ntc_counts_x256;
  const uint32_t full_x256 = sensing->ntc_full_scale_counts * 256u;
  const uint32_t counts_x256 = in->mosfet_ntc_adc * 256u;
  const bool is_valid = sensing->has_mosfet_ntc && is_ntc_valid(table, counts_x256, full_x256);
  const bool is_decided = self->config->failures[BMS_FAILURE_MOSFET_NTC].is_enabled;
  const bool is_read = sensing->has_mosfet_ntc && (is_valid || !is_decided);
  const int32_t ddegC = read_ntc(table, is_read ? counts_x256 : full_x256);
  self->measured.signals[SIGNAL_MOSFET_ddegC] = ddegC;
  self->out.report.mosfet_ddegC = is_valid ? (int16_t)ddegC : BMS_NTC_INVALID_DDEGC;
}

static void measure_insulation(core_t* self, const bms_inputs_t* in) {
  self->out.report.insulation_kOhm = in->insulation_kOhm;
  self->measured.signals[SIGNAL_INSULATION_kOhm] = in->insulation_kOhm;
}

void bms_measure_inputs(core_t* self, const bms_inputs_t* in) {
  uint32_t fresh = in->fresh & (ALL_FRESH | BMS_FRESH_INSULATION);
  if (self->diagnosis.wires.scan != WIRES_UNTOUCHED) fresh &= ~(uint32_t)BMS_FRESH_CELLS;
  if (fresh & BMS_FRESH_CURRENT) measure_current(self, in->shunt_adc);
  if (fresh & BMS_FRESH_CELLS) measure_cells(self, in);
  if (fresh & BMS_FRESH_NTCS) {
    measure_ntcs(self, in);
    measure_mosfet(self, in);
  }
  if (fresh & BMS_FRESH_INSULATION) measure_insulation(self, in);
  const bool is_short = (in->comparator_flags & BMS_COMPARATOR_SCD) != 0;
  self->measured.signals[SIGNAL_SHORT] = is_short ? INT32_MAX : INT32_MIN;
  self->measured.fresh = fresh;
  self->measured.seen |= fresh & ALL_FRESH;
}
