/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Lamps and buzzer of the plainest panel: RUN, ALARM, four SOC lamps.
 *
 *   RUN    on in charge, flashing every 1.5 s in discharge, every 3.5 s in standby
 *   SOC    one lamp per started quarter; in charge the highest of them flashes
 *   ALARM  flashing on a warning, on in protection, when every other lamp is off
 *
 * Dark in the self-test. The buzzer sounds as long as a protection holds. */
#include "core.h"

#define LIT_ms 500u
#define FAST_ms 1500u
#define SLOW_ms 3500u

/*@ requires \valid_read(report) && period_ms > 0;
    assigns \nothing; */
static bool is_lit(const bms_report_t* report, uint32_t period_ms) {
  return report->uptime_ms % period_ms < LIT_ms;
}

/*@ requires \valid_read(report);
    assigns \nothing; */
static bool is_run_lit(const bms_report_t* report) {
  if (report->state == BMS_STATE_CHARGE) return true;
  return is_lit(report, report->state == BMS_STATE_DISCHARGE ? FAST_ms : SLOW_ms);
}

/*@ requires \valid_read(report) && report->soc_permille <= 1000;
    assigns \nothing; */
static uint32_t find_soc_bar(const bms_report_t* report) {
  uint32_t lamps = (report->soc_permille + 249u) / 250u;
  if (report->state == BMS_STATE_CHARGE && lamps > 0 && !is_lit(report, FAST_ms)) --lamps;
  /*@ assert four: lamps <= 4; */
  return ((UINT32_C(1) << lamps) - 1u) * BMS_LED_SOC1;
}

void bms_light_panel(core_t* self) {
  const bms_report_t* report = &self->out.report;
  uint32_t leds = 0;
  if (report->state == BMS_STATE_PROTECTION) {
    leds = BMS_LED_ALARM;
  } else if (report->state != BMS_STATE_SELF_TEST) {
    if (is_run_lit(report)) leds |= BMS_LED_RUN;
    if (report->warnings && is_lit(report, FAST_ms)) leds |= BMS_LED_ALARM;
    leds |= find_soc_bar(report);
  }
  self->out.leds = leds;
  self->out.buzzer = report->state == BMS_STATE_PROTECTION;
}
