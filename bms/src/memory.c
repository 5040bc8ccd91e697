/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Non-volatile memory: what is there at power-up, what is written and when.
 *
 * At once: latches that only a repair clears, every event of the history, and everything before the
 * supply is let go. At most every SAVE_PAUSE_us: SOC that has moved by 1 % of a full pack, a
 * protection, a learned capacity, an hour of operation.
 *
 * Wear: a full cycle a day makes 200 records for SOC and 24 for the hours, 112 a day in each place:
 * 24 years on an EEPROM of a million writes, the least that makers promise today (FRAM does not
 * wear). A protection that comes and goes every 3 s for ever would write 600 events a day into each
 * place of the ring and 4300 records into each copy: eight months. */
#include "memory.h"

#include "core.h"
#include "crc.h"
#include "diagnose.h"

#define LAYOUT 1u /* another layout is another memory: its records are bad */
#define PPM 1000000u
#define PPM_PER_PERMILLE 1000u
#define SAVE_PAUSE_us UINT64_C(10000000)
#define SAVE_PERIOD_us UINT64_C(3600000000)
#define US_PER_S 1000000u
#define UNKNOWN_SOC_ppm (PPM / 2u) /* until the OCV says better */

/* ---- numbers to bytes and back --------------------------------------------------------------- */

/* One list of fields serves both directions: `target` is NULL when reading. */
typedef struct {
  const uint8_t* source;
  uint8_t* target;
  size_t at;
} bytes_t;

/* Writes `value`, or reads and returns what is there. */
static uint64_t pass(bytes_t* bytes, uint64_t value, uint8_t count) {
  uint64_t result = 0;
  for (uint8_t i = 0; i < count; ++i) {
    if (bytes->target) bytes->target[bytes->at] = (uint8_t)(value >> (8u * i));
    const uint8_t byte = bytes->target ? bytes->target[bytes->at] : bytes->source[bytes->at];
    result |= (uint64_t)byte << (8u * i);
    ++bytes->at;
  }
  return result;
}

static void pass_extremes(bytes_t* bytes, extremes_t* extremes) {
  extremes->highest_cell_mV = (uint16_t)pass(bytes, extremes->highest_cell_mV, 2);
  extremes->lowest_cell_mV = (uint16_t)pass(bytes, extremes->lowest_cell_mV, 2);
  extremes->hottest_ddegC = (int16_t)pass(bytes, (uint16_t)extremes->hottest_ddegC, 2);
  extremes->coldest_ddegC = (int16_t)pass(bytes, (uint16_t)extremes->coldest_ddegC, 2);
  extremes->charge_mA = (uint32_t)pass(bytes, extremes->charge_mA, 4);
  extremes->discharge_mA = (uint32_t)pass(bytes, extremes->discharge_mA, 4);
}

static void pass_kept(bytes_t* bytes, kept_t* kept) {
  bms_factory_t* factory = &kept->factory;
  factory->serial_number = (uint32_t)pass(bytes, factory->serial_number, 4);
  factory->soh_permille = (uint16_t)pass(bytes, factory->soh_permille, 2);
  factory->cycle_count = (uint16_t)pass(bytes, factory->cycle_count, 2);
  kept->soc_ppm = (uint32_t)pass(bytes, kept->soc_ppm, 4);
  kept->full_mAh = (uint32_t)pass(bytes, kept->full_mAh, 4);
  kept->discharged_mAh = (uint32_t)pass(bytes, kept->discharged_mAh, 4);
  kept->operating_s = (uint32_t)pass(bytes, kept->operating_s, 4);
  kept->since_full_s = (uint32_t)pass(bytes, kept->since_full_s, 4);
  kept->rule_latches = (uint32_t)pass(bytes, kept->rule_latches, 4);
  kept->failure_latches = pass(bytes, kept->failure_latches, 8);
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i)
    kept->trips[i] = (uint16_t)pass(bytes, kept->trips[i], 2);
  pass_extremes(bytes, &kept->extremes);
}

static void write_record(uint8_t* target, uint32_t sequence, kept_t* kept) {
  bytes_t bytes = {NULL, target, 0};
  (void)pass(&bytes, LAYOUT, 4);
  (void)pass(&bytes, sequence, 4);
  pass_kept(&bytes, kept);
  (void)pass(&bytes, bms_crc32(target, bytes.at), CRC_BYTES);
}

/* The sequence number, which is never 0; 0 when the record is bad. */
static uint32_t read_sequence(const uint8_t* source) {
  bytes_t bytes = {source, NULL, 0};
  const uint64_t layout = pass(&bytes, 0, 4);
  const uint64_t sequence = pass(&bytes, 0, 4);
  bytes.at = RECORD_BYTES - CRC_BYTES;
  const bool is_whole = pass(&bytes, 0, CRC_BYTES) == bms_crc32(source, RECORD_BYTES - CRC_BYTES);
  return is_whole && layout == LAYOUT ? (uint32_t)sequence : 0;
}

static bool is_blank(const uint8_t* source) {
  if (source[0] != 0x00 && source[0] != 0xFF) return false;
  for (size_t i = 1; i < RECORD_BYTES; ++i)
    if (source[i] != source[0]) return false;
  return true;
}

/* Half of a CRC-32 is as good as any CRC-16 for 14 bytes. */
static void write_entry(uint8_t* target, const bms_history_entry_t* entry) {
  bytes_t bytes = {NULL, target, 0};
  (void)pass(&bytes, entry->sequence, 4);
  (void)pass(&bytes, entry->operating_s, 4);
  (void)pass(&bytes, (uint32_t)entry->value, 4);
  (void)pass(&bytes, entry->kind, 1);
  (void)pass(&bytes, entry->id, 1);
  (void)pass(&bytes, bms_crc32(target, bytes.at), 2);
}

/* With the sequence number 0, which no entry has, when it is bad. */
static bms_history_entry_t read_entry(const uint8_t* nvm, size_t slot) {
  const uint8_t* source = nvm + HISTORY_OFFSET + slot * HISTORY_BYTES;
  bytes_t bytes = {source, NULL, 0};
  bms_history_entry_t entry;
  entry.sequence = (uint32_t)pass(&bytes, 0, 4);
  entry.operating_s = (uint32_t)pass(&bytes, 0, 4);
  entry.value = (int32_t)(uint32_t)pass(&bytes, 0, 4);
  entry.kind = (uint8_t)pass(&bytes, 0, 1);
  entry.id = (uint8_t)pass(&bytes, 0, 1);
  const uint16_t crc = (uint16_t)bms_crc32(source, bytes.at);
  if (pass(&bytes, 0, 2) != crc) entry.sequence = 0;
  return entry;
}

static uint32_t find_newest_entry(const uint8_t* nvm) {
  uint32_t newest = 0;
  for (size_t i = 0; i < BMS_HISTORY_ENTRIES; ++i) {
    const uint32_t sequence = read_entry(nvm, i).sequence;
    if (sequence > newest) newest = sequence;
  }
  return newest;
}

bool bms_read_history(const uint8_t* nvm, size_t index, bms_history_entry_t* entry) {
  const uint32_t newest = find_newest_entry(nvm);
  *entry = (bms_history_entry_t){0, 0, 0, 0, 0};
  if (index >= newest || index >= BMS_HISTORY_ENTRIES) return false;
  const uint32_t wanted = newest - (uint32_t)index;
  const bms_history_entry_t found = read_entry(nvm, wanted % BMS_HISTORY_ENTRIES);
  if (found.sequence != wanted) return false;
  *entry = found;
  return true;
}

/* ---- power-up -------------------------------------------------------------------------------- */

static kept_t make_kept(const bms_factory_t* factory, uint32_t soc_ppm) {
  kept_t kept = {.factory = *factory, .soc_ppm = soc_ppm};
  kept.extremes.lowest_cell_mV = UINT16_MAX;
  kept.extremes.hottest_ddegC = INT16_MIN;
  kept.extremes.coldest_ddegC = INT16_MAX;
  return kept;
}

/* Both copies, so that one bad place costs nothing from the first day on. */
void bms_format_memory(const bms_factory_t* factory, uint8_t* nvm) {
  for (size_t i = 0; i < BMS_NVM_BYTES; ++i) nvm[i] = 0xFF;
  kept_t kept = make_kept(factory, (uint32_t)factory->soc_permille * PPM_PER_PERMILLE);
  write_record(nvm, 1, &kept);
  write_record(&nvm[RECORD_SPACING], 2, &kept);
}

/* A good copy and the other one blank or bad: the good one. A bad one and a blank one: power went
 * in the very first save, nothing is lost. */
void bms_recall(core_t* self, const uint8_t* nvm) {
  memory_t* memory = &self->memory;
  const bms_factory_t unknown = {.soh_permille = 1000};
  const uint32_t a = read_sequence(nvm);
  const uint32_t b = read_sequence(&nvm[RECORD_SPACING]);
  const bool is_first_start = is_blank(nvm) || is_blank(&nvm[RECORD_SPACING]);
  self->kept = make_kept(&unknown, UNKNOWN_SOC_ppm);
  memory->copy = a > b ? 1 : 0;
  memory->sequence = a > b ? a : b;
  memory->begun = RECORD_BYTES;
  memory->event_sequence = find_newest_entry(nvm);
  memory->origin = ORIGIN_RECORD;
  if (memory->sequence == 0) {
    memory->origin = is_first_start ? ORIGIN_BLANK : ORIGIN_BAD;
    return;
  }
  bytes_t bytes = {nvm + (a > b ? 0u : RECORD_SPACING), NULL, 8};
  pass_kept(&bytes, &self->kept);
  memory->saved_rule_latches = self->kept.rule_latches;
  memory->saved_failure_latches = self->kept.failure_latches;
}

/* After the others have been prepared: their values are those of the record. */
void bms_prepare_memory(core_t* self) {
  self->memory.saved_mAh = self->out.report.remaining_mAh;
  self->memory.saved_full_mAh = self->out.report.full_mAh;
}

/* ---- what happens ---------------------------------------------------------------------------- */

static uint32_t operating_s(const core_t* self) {
  return self->kept.operating_s + (uint32_t)(self->now_us / US_PER_S);
}

static void queue_event(core_t* self, bms_history_kind_t kind, uint8_t id, int32_t value) {
  memory_t* memory = &self->memory;
  const uint8_t slot = (uint8_t)((memory->first + memory->queued) % EVENT_QUEUE);
  memory->queue[slot] = (bms_history_entry_t){
      .operating_s = operating_s(self), .kind = (uint8_t)kind, .id = id, .value = value};
  ++memory->queued;
}

static bool has_room(const memory_t* memory) {
  return memory->queued < EVENT_QUEUE;
}

static bool is_everyday(uint8_t state) {
  return state == BMS_STATE_STANDBY || state == BMS_STATE_CHARGE || state == BMS_STATE_DISCHARGE ||
         state == BMS_STATE_LIMIT;
}

static void note_state(core_t* self) {
  memory_t* memory = &self->memory;
  const uint8_t state = (uint8_t)self->out.report.state;
  if (state == memory->noted_state || !has_room(memory)) return;
  if (!is_everyday(state) || !is_everyday(memory->noted_state))
    queue_event(self, BMS_HISTORY_STATE, state, (int32_t)self->out.report.reason);
  memory->noted_state = state;
}

static void count_trip(core_t* self, uint8_t rule) {
  if (self->kept.trips[rule] < UINT16_MAX) ++self->kept.trips[rule];
  ++self->memory.trips;
}

static void note_protections(core_t* self) {
  memory_t* memory = &self->memory;
  const uint32_t changed = self->out.report.protections ^ memory->noted_protections;
  if (changed == 0) return;
  for (uint8_t i = 0; i < BMS_RULE_COUNT && has_room(memory); ++i) {
    if (!(changed & BMS_RULE_BIT(i))) continue;
    memory->noted_protections ^= BMS_RULE_BIT(i);
    const bool has_tripped = (memory->noted_protections & BMS_RULE_BIT(i)) != 0;
    if (has_tripped) count_trip(self, i);
    queue_event(self, has_tripped ? BMS_HISTORY_PROTECTION : BMS_HISTORY_RELEASE, i,
                bms_rule_signal(self, (bms_rule_t)i));
  }
}

static void note_failures(core_t* self) {
  memory_t* memory = &self->memory;
  const uint64_t changed = self->out.report.failures ^ memory->noted_failures;
  if (changed == 0) return;
  for (uint8_t i = 0; i < BMS_FAILURE_COUNT && has_room(memory); ++i) {
    if (!(changed & BMS_FAILURE_BIT(i))) continue;
    memory->noted_failures ^= BMS_FAILURE_BIT(i);
    const bool is_there = (memory->noted_failures & BMS_FAILURE_BIT(i)) != 0;
    queue_event(self, is_there ? BMS_HISTORY_FAILURE : BMS_HISTORY_FAILURE_END, i,
                self->out.report.current_mA);
  }
}

static void widen_voltages(core_t* self) {
  extremes_t* extremes = &self->kept.extremes;
  const int32_t* signals = self->measured.signals;
  if (signals[SIGNAL_HIGHEST_CELL_mV] > extremes->highest_cell_mV)
    extremes->highest_cell_mV = (uint16_t)signals[SIGNAL_HIGHEST_CELL_mV];
  if (signals[SIGNAL_LOWEST_CELL_mV] < extremes->lowest_cell_mV)
    extremes->lowest_cell_mV = (uint16_t)signals[SIGNAL_LOWEST_CELL_mV];
}

static void widen_currents(core_t* self) {
  extremes_t* extremes = &self->kept.extremes;
  const uint32_t charge_mA = (uint32_t)self->measured.signals[SIGNAL_CHARGE_mA];
  const uint32_t discharge_mA = (uint32_t)self->measured.signals[SIGNAL_DISCHARGE_mA];
  if (charge_mA > extremes->charge_mA) extremes->charge_mA = charge_mA;
  if (discharge_mA > extremes->discharge_mA) extremes->discharge_mA = discharge_mA;
}

/* Of the NTCs that work: the signals count a broken one as an extreme. */
static void widen_temperatures(core_t* self) {
  extremes_t* extremes = &self->kept.extremes;
  for (uint8_t i = 0; i < self->out.report.ntc_count; ++i) {
    const int16_t ddegC = self->out.report.ntc_ddegC[i];
    if (ddegC == BMS_NTC_INVALID_DDEGC) continue;
    if (ddegC > extremes->hottest_ddegC) extremes->hottest_ddegC = ddegC;
    if (ddegC < extremes->coldest_ddegC) extremes->coldest_ddegC = ddegC;
  }
}

static void watch_extremes(core_t* self) {
  if (self->measured.fresh & BMS_FRESH_CURRENT) widen_currents(self);
  if (self->measured.fresh & BMS_FRESH_CELLS) widen_voltages(self);
  if (self->measured.fresh & BMS_FRESH_NTCS) widen_temperatures(self);
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool is_leaving(const core_t* self) {
  const bms_state_t state = self->out.report.state;
  return state == BMS_STATE_SHUTDOWN || state == BMS_STATE_DEEP_SLEEP ||
         state == BMS_STATE_SUPPLY_LOSS || state == BMS_STATE_OFF;
}

static bool is_urgent(const core_t* self) {
  const memory_t* memory = &self->memory;
  if (is_leaving(self) && !memory->is_final) return true;
  return self->kept.rule_latches != memory->saved_rule_latches ||
         self->kept.failure_latches != memory->saved_failure_latches;
}

static bool is_due(const core_t* self) {
  const memory_t* memory = &self->memory;
  const bms_report_t* report = &self->out.report;
  const uint64_t passed_us = self->now_us - memory->saved_us;
  if (passed_us < SAVE_PAUSE_us) return false;
  if (passed_us >= SAVE_PERIOD_us || memory->sequence == 0) return true;
  const uint32_t step_mAh = report->full_mAh / 100u;
  const uint32_t moved_mAh = report->remaining_mAh > memory->saved_mAh
                                 ? report->remaining_mAh - memory->saved_mAh
                                 : memory->saved_mAh - report->remaining_mAh;
  return moved_mAh > step_mAh || report->full_mAh != memory->saved_full_mAh ||
         memory->trips != memory->saved_trips;
}

uint64_t bms_next_save_us(const core_t* self) {
  const uint64_t passed_us = self->now_us - self->memory.saved_us;
  return self->memory.saved_us + (passed_us < SAVE_PAUSE_us ? SAVE_PAUSE_us : SAVE_PERIOD_us);
}

static void collect(const core_t* self, kept_t* kept) {
  const bms_report_t* report = &self->out.report;
  *kept = self->kept;
  kept->soc_ppm = (uint32_t)(((uint64_t)report->remaining_mAh * PPM + report->full_mAh - 1u) /
                             report->full_mAh);
  kept->factory.soh_permille = report->soh_permille;
  kept->factory.cycle_count = report->cycle_count;
  kept->full_mAh = report->full_mAh;
  kept->discharged_mAh = self->soc.discharged_mAh;
  kept->operating_s = operating_s(self);
  kept->since_full_s = (uint32_t)((self->now_us - self->soc.anchored_us) / US_PER_S);
}

/* All values of one moment: they must not change while the record is being written. */
static void begin_record(core_t* self) {
  memory_t* memory = &self->memory;
  kept_t now;
  collect(self, &now);
  ++memory->sequence;
  write_record(memory->image, memory->sequence, &now);
  memory->begun = 0;
  memory->is_final = is_leaving(self);
  memory->saved_us = self->now_us;
  memory->saved_mAh = self->out.report.remaining_mAh;
  memory->saved_full_mAh = self->out.report.full_mAh;
  memory->saved_trips = memory->trips;
  memory->saved_rule_latches = self->kept.rule_latches;
  memory->saved_failure_latches = self->kept.failure_latches;
}

static void write_chunk(core_t* self) {
  memory_t* memory = &self->memory;
  bms_nvm_write_t* write = &self->out.nvm;
  const uint8_t left = (uint8_t)(RECORD_BYTES - memory->begun);
  write->offset = (uint16_t)(memory->copy * RECORD_SPACING + memory->begun);
  write->length = left < BMS_NVM_WRITE_BYTES ? left : BMS_NVM_WRITE_BYTES;
  for (uint8_t i = 0; i < write->length; ++i) write->bytes[i] = memory->image[memory->begun + i];
  memory->begun = (uint8_t)(memory->begun + write->length);
  if (memory->begun == RECORD_BYTES) memory->copy ^= 1u;
}

static void write_event(core_t* self) {
  memory_t* memory = &self->memory;
  bms_nvm_write_t* write = &self->out.nvm;
  bms_history_entry_t* entry = &memory->queue[memory->first];
  ++memory->event_sequence;
  entry->sequence = memory->event_sequence;
  const uint32_t slot = entry->sequence % BMS_HISTORY_ENTRIES;
  write->offset = (uint16_t)(HISTORY_OFFSET + slot * HISTORY_BYTES);
  write->length = HISTORY_BYTES;
  write_entry(write->bytes, entry);
  memory->first = (uint8_t)((memory->first + 1u) % EVENT_QUEUE);
  --memory->queued;
}

static void write_next(core_t* self) {
  memory_t* memory = &self->memory;
  if (memory->begun == RECORD_BYTES) {
    const bool is_waiting = memory->queued > 0;
    if (is_urgent(self) || (!is_waiting && is_due(self)))
      begin_record(self);
    else if (is_waiting)
      write_event(self);
  }
  if (memory->begun < RECORD_BYTES) write_chunk(self);
}

static bool is_all_written(const memory_t* memory) {
  return memory->begun == RECORD_BYTES && memory->queued == 0;
}

void bms_remember(core_t* self, const bms_inputs_t* in) {
  memory_t* memory = &self->memory;
  bms_find(self, BMS_FAILURE_NVM, memory->origin == ORIGIN_BAD);
  watch_extremes(self);
  note_state(self);
  note_protections(self);
  note_failures(self);
  if (self->out.nvm.length > 0) self->out.nvm = (bms_nvm_write_t){0, 0, {0}};
  memory->is_saved = false;
  if (in->is_nvm_busy) return;
  memory->is_final = memory->is_final && is_leaving(self);
  memory->is_saved = memory->is_final && is_all_written(memory) && !is_urgent(self);
  write_next(self);
}
