/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Several packs on one link: who is there, who leads, what they are together.
 *
 * Every pack tells of itself and keeps what the others said. All add up the same numbers; it is the
 * master's that the inverter gets. A member is known by its address, so two packs with one address
 * overwrite each other, as they do on the wire, and are found by their serial numbers. */
#include "core.h"

#define TICK_ms 10u
#define PERMILLE 1000u
#define PATHS ((uint8_t)(BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE))

static bool has_passed(const core_t* self, uint32_t since_ms, uint32_t duration_ms) {
  return self->out.report.uptime_ms - since_ms >= duration_ms;
}

/* ---- what a pack tells ----------------------------------------------------------------------- */

/* Its own doing, not because the bank was stopped: or a bank once stopped would never start. */
static bool has_tripped(const core_t* self) {
  return self->out.report.protections != 0 || (self->diagnosis.opens & PATHS) != 0;
}

static uint8_t find_link_flags(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  uint32_t flags = 0;
  if (report->is_charge_allowed) flags |= BMS_LINK_CHARGE_ALLOWED;
  if (report->is_discharge_allowed) flags |= BMS_LINK_DISCHARGE_ALLOWED;
  if (self->out.charge_gate || self->out.discharge_gate) flags |= BMS_LINK_CLOSED;
  if (self->bank.is_paired) flags |= BMS_LINK_PAIRED;
  if (has_tripped(self)) flags |= BMS_LINK_TRIPPED;
  if (self->bank.has_frames) flags |= BMS_LINK_HEARS_INVERTER;
  if (report->role == BMS_ROLE_MASTER && self->bank.opens) flags |= BMS_LINK_OPEN_ALL;
  return (uint8_t)flags;
}

static void describe_self(const core_t* self, bms_link_message_t* message) {
  const bms_report_t* report = &self->out.report;
  const int32_t* signals = self->measured.signals;
  *message = (bms_link_message_t){.address = report->address, .role = report->role};
  message->firmware_version = report->firmware_version;
  message->serial_number = report->serial_number;
  message->uptime_ms = report->uptime_ms;
  message->pack_mV = report->pack_mV;
  message->current_mA = report->current_mA;
  message->remaining_mAh = report->remaining_mAh;
  message->full_mAh = report->full_mAh;
  message->cvl_mV = report->cvl_mV;
  message->discharge_voltage_limit_mV = report->discharge_voltage_limit_mV;
  message->ccl_mA = report->ccl_mA;
  message->dcl_mA = report->dcl_mA;
  message->failures = report->failures;
  message->protections = report->protections;
  message->warnings = report->warnings;
  message->highest_cell_mV = (uint16_t)signals[SIGNAL_HIGHEST_CELL_mV];
  message->lowest_cell_mV = (uint16_t)signals[SIGNAL_LOWEST_CELL_mV];
  message->hottest_ddegC = (int16_t)signals[SIGNAL_HOTTEST_ddegC];
  message->coldest_ddegC = (int16_t)signals[SIGNAL_COLDEST_ddegC];
  message->soh_permille = report->soh_permille;
  message->flags = find_link_flags(self);
}

static void send(core_t* self) {
  bank_t* bank = &self->bank;
  const uint8_t flags = find_link_flags(self);
  const bool is_due = has_passed(self, bank->sent_ms, self->config->bank.period_ms);
  self->out.has_link_message = is_due || flags != bank->sent_flags;
  if (!self->out.has_link_message) return;
  bank->sent_ms = self->out.report.uptime_ms;
  bank->sent_flags = flags;
  describe_self(self, &self->out.link);
}

/* ---- who is there ---------------------------------------------------------------------------- */

static void note(const core_t* self, contradiction_t* contradiction) {
  contradiction->is_there = true;
  contradiction->heard_ms = self->out.report.uptime_ms;
}

static void let_fade(const core_t* self, contradiction_t* contradiction) {
  if (has_passed(self, contradiction->heard_ms, self->config->bank.lost_ms))
    contradiction->is_there = false;
}

static uint32_t distance(uint32_t a, uint32_t b) {
  return a > b ? a - b : b - a;
}

static bool may_be_paired(const core_t* self, const bms_link_message_t* message) {
  const bms_bank_config_t* config = &self->config->bank;
  const bms_report_t* report = &self->out.report;
  return distance(report->uptime_ms, message->uptime_ms) <= config->pairing_ms &&
         distance(report->pack_mV, message->pack_mV) <= config->pairing_delta_mV;
}

/* Whether the message may be kept. Before the first scan of the cells nobody can tell. */
static bool pair(core_t* self, const bms_link_message_t* message) {
  bank_t* bank = &self->bank;
  if (bank->is_paired) return true;
  if (self->measured.seen != ALL_FRESH || message->pack_mV == 0) return false;
  if (may_be_paired(self, message)) {
    bank->is_paired = true;
    bank->misfit.is_there = false;
    return true;
  }
  note(self, &bank->misfit);
  return false;
}

/* A message with this pack's own address. */
static void meet_namesake(core_t* self, const bms_link_message_t* message) {
  const bool are_masters =
      self->out.report.role == BMS_ROLE_MASTER && message->role == BMS_ROLE_MASTER;
  note(self, are_masters ? &self->bank.two_masters : &self->bank.same_address);
}

static void keep(core_t* self, member_t* member, const bms_link_message_t* message) {
  const bool is_another = member->said.serial_number != message->serial_number;
  if (member->is_known && !member->is_lost && is_another) note(self, &self->bank.same_address);
  member->said = *message;
  member->heard_ms = self->out.report.uptime_ms;
  member->is_known = true;
  member->is_lost = false;
}

/* A chain counts its modules, and so may their addresses. */
static void look_at_place(core_t* self, const bms_link_message_t* message) {
  const bms_bank_config_t* config = &self->config->bank;
  const bms_report_t* report = &self->out.report;
  if (!config->is_in_order || config->kind != BMS_BANK_STACK) return;
  if (report->role != BMS_ROLE_MEMBER || message->role != BMS_ROLE_MASTER) return;
  const uint32_t own_place = (uint32_t)message->address + message->hops + 1u;
  if (report->address != own_place) note(self, &self->bank.misplaced);
}

static void hear(core_t* self, const bms_link_message_t* message) {
  const bms_report_t* report = &self->out.report;
  const bool is_pairing = self->config->bank.kind == BMS_BANK_PAIRING;
  if (message->serial_number == report->serial_number) return; /* an echo */
  look_at_place(self, message);
  if (is_pairing) {
    if (pair(self, message)) keep(self, &self->bank.members[0], message);
  } else if (message->address == report->address) {
    meet_namesake(self, message);
  } else if (message->address < BMS_MAX_PACKS) {
    keep(self, &self->bank.members[message->address], message);
  } else {
    note(self, &self->bank.same_address);
  }
}

static void watch_silence(core_t* self, member_t* member) {
  const bms_bank_config_t* config = &self->config->bank;
  if (!member->is_known) return;
  if (has_passed(self, member->heard_ms, config->lost_ms)) member->is_lost = true;
  if (!member->is_lost) return;
  if (config->kind == BMS_BANK_PAIRING) self->bank.is_paired = false;
  const bool is_forgotten =
      config->forget_ms > 0 && has_passed(self, member->heard_ms, config->forget_ms);
  if (is_forgotten) member->is_known = false;
}

static bool is_member_there(const member_t* member) {
  return member->is_known && !member->is_lost;
}

/* ---- who leads ------------------------------------------------------------------------------- */

/* Of two paired packs the one whose cable goes to the inverter, else the older one by number. */
static uint8_t find_paired_role(const core_t* self) {
  const bms_link_message_t* other = &self->bank.members[0].said;
  const bool has_frames = self->bank.has_frames;
  const bool has_other_frames = (other->flags & BMS_LINK_HEARS_INVERTER) != 0;
  if (!self->bank.is_paired) return BMS_ROLE_SINGLE;
  if (has_frames != has_other_frames) return has_frames ? BMS_ROLE_MASTER : BMS_ROLE_MEMBER;
  const bool is_older = self->out.report.serial_number < other->serial_number;
  return is_older ? BMS_ROLE_MASTER : BMS_ROLE_MEMBER;
}

/* Whoever was heard at an address that is now this pack's own is there no more. */
static void take_address(core_t* self, uint8_t address) {
  bms_report_t* report = &self->out.report;
  if (address != report->address && address < BMS_MAX_PACKS)
    self->bank.members[address].is_known = false;
  report->address = address;
}

static void find_place(core_t* self, uint8_t dip) {
  const bms_bank_config_t* config = &self->config->bank;
  bms_report_t* report = &self->out.report;
  if (config->dip_mask) dip &= config->dip_mask;
  if (config->kind == BMS_BANK_NONE) {
    report->role = BMS_ROLE_SINGLE;
    report->address = dip;
  } else if (config->kind == BMS_BANK_PAIRING) {
    report->role = find_paired_role(self);
    report->address = report->role == BMS_ROLE_MEMBER ? 1 : 0;
  } else {
    report->role = dip == config->master_address ? BMS_ROLE_MASTER : BMS_ROLE_MEMBER;
    take_address(self, dip);
  }
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static bool is_vital(const core_t* self, const member_t* member) {
  const uint8_t vital_address = self->config->bank.vital_address;
  return member->said.role == BMS_ROLE_MASTER ||
         (vital_address > 0 && member->said.address == vital_address);
}

typedef struct {
  bool is_member_lost;
  bool is_master_lost;
  bool has_other_version;
  bool has_no_serial;
  bool has_tripped;
  bool is_told_to_open;
  uint8_t masters;
  uint8_t others; /* that are there */
} findings_t;

static void look_at(const core_t* self, const member_t* member, findings_t* findings) {
  if (!member->is_known) return;
  if (member->is_lost) {
    if (is_vital(self, member))
      findings->is_master_lost = true;
    else
      findings->is_member_lost = true;
    return;
  }
  const bms_link_message_t* said = &member->said;
  ++findings->others;
  const bool is_master = said->role == BMS_ROLE_MASTER;
  if (is_master) ++findings->masters;
  if (said->flags & BMS_LINK_OPEN_ALL) findings->is_told_to_open = true;
  if (said->flags & BMS_LINK_TRIPPED) findings->has_tripped = true;
  if (said->serial_number == 0) findings->has_no_serial = true;
  if (said->firmware_version != self->out.report.firmware_version)
    findings->has_other_version = true;
}

static findings_t look_around(const core_t* self) {
  findings_t findings = {false, false, false, false, has_tripped(self), false, 0, 0};
  findings.has_no_serial = self->out.report.serial_number == 0;
  if (self->out.report.role == BMS_ROLE_MASTER) findings.masters = 1;
  for (uint8_t i = 0; i < BMS_MAX_PACKS; ++i) look_at(self, &self->bank.members[i], &findings);
  return findings;
}

static void tell_failures(core_t* self, const findings_t* findings) {
  bank_t* bank = &self->bank;
  let_fade(self, &bank->same_address);
  let_fade(self, &bank->two_masters);
  let_fade(self, &bank->misfit);
  let_fade(self, &bank->misplaced);
  const bool has_place = self->out.report.address < BMS_MAX_PACKS;
  bms_find(self, BMS_FAILURE_MEMBER_LOST, findings->is_member_lost);
  bms_find(self, BMS_FAILURE_MASTER_LOST, findings->is_master_lost);
  bms_find(self, BMS_FAILURE_TWO_MASTERS, bank->two_masters.is_there || findings->masters > 1);
  bms_find(self, BMS_FAILURE_ADDRESS,
           bank->same_address.is_there || bank->misplaced.is_there || !has_place);
  bms_find(self, BMS_FAILURE_VERSION, findings->has_other_version);
  bms_find(self, BMS_FAILURE_SERIAL, findings->has_no_serial);
  bms_find(self, BMS_FAILURE_PAIRING, bank->misfit.is_there);
}

/* A pack alone is no bank: what it does about its own protections is enough. */
static uint8_t find_opens(const core_t* self, const findings_t* findings) {
  if (!self->config->bank.opens_all || findings->others == 0) return 0;
  const bool is_master = self->out.report.role == BMS_ROLE_MASTER;
  const bool is_stopped = is_master ? findings->has_tripped : findings->is_told_to_open;
  return is_stopped ? PATHS : 0;
}

/* ---- what they are together ------------------------------------------------------------------ */

/* Sums over the packs that count. */
typedef struct {
  uint8_t packs;
  uint8_t charging; /* packs that allow it */
  uint8_t discharging;
  uint64_t pack_mV;
  int64_t current_mA;
  uint64_t remaining_mAh;
  uint64_t full_mAh;
  uint64_t cvl_mV;
  uint64_t discharge_voltage_limit_mV;
  bms_link_message_t worst; /* the lowest, the highest, the union: whichever concerns the bank */
} total_t;

static uint32_t lower(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

static void add_limits(total_t* total, const bms_link_message_t* said) {
  bms_link_message_t* worst = &total->worst;
  worst->cvl_mV = lower(worst->cvl_mV, said->cvl_mV);
  if (said->discharge_voltage_limit_mV > worst->discharge_voltage_limit_mV)
    worst->discharge_voltage_limit_mV = said->discharge_voltage_limit_mV;
  if (said->flags & BMS_LINK_CHARGE_ALLOWED) {
    ++total->charging;
    worst->ccl_mA = lower(worst->ccl_mA, said->ccl_mA);
  }
  if (said->flags & BMS_LINK_DISCHARGE_ALLOWED) {
    ++total->discharging;
    worst->dcl_mA = lower(worst->dcl_mA, said->dcl_mA);
  }
}

static void add_extremes(bms_link_message_t* worst, const bms_link_message_t* said) {
  if (said->highest_cell_mV > worst->highest_cell_mV)
    worst->highest_cell_mV = said->highest_cell_mV;
  if (said->lowest_cell_mV < worst->lowest_cell_mV) worst->lowest_cell_mV = said->lowest_cell_mV;
  if (said->hottest_ddegC > worst->hottest_ddegC) worst->hottest_ddegC = said->hottest_ddegC;
  if (said->coldest_ddegC < worst->coldest_ddegC) worst->coldest_ddegC = said->coldest_ddegC;
  if (said->soh_permille < worst->soh_permille) worst->soh_permille = said->soh_permille;
  worst->remaining_mAh = lower(worst->remaining_mAh, said->remaining_mAh);
  worst->full_mAh = lower(worst->full_mAh, said->full_mAh);
}

static void add_pack(total_t* total, const bms_link_message_t* said) {
  ++total->packs;
  total->pack_mV += said->pack_mV;
  total->current_mA += said->current_mA;
  total->remaining_mAh += said->remaining_mAh;
  total->full_mAh += said->full_mAh;
  total->cvl_mV += said->cvl_mV;
  total->discharge_voltage_limit_mV += said->discharge_voltage_limit_mV;
  add_limits(total, said);
  add_extremes(&total->worst, said);
}

static void add_alarms(total_t* total, const bms_link_message_t* said) {
  total->worst.failures |= said->failures;
  total->worst.protections |= said->protections;
  total->worst.warnings |= said->warnings;
}

static total_t begin_total(void) {
  total_t total = {0};
  bms_link_message_t* worst = &total.worst;
  worst->remaining_mAh = UINT32_MAX;
  worst->full_mAh = UINT32_MAX;
  worst->cvl_mV = UINT32_MAX;
  worst->ccl_mA = UINT32_MAX;
  worst->dcl_mA = UINT32_MAX;
  worst->lowest_cell_mV = UINT16_MAX;
  worst->soh_permille = UINT16_MAX;
  worst->hottest_ddegC = INT16_MIN;
  worst->coldest_ddegC = INT16_MAX;
  return total;
}

static bool does_self_count(const core_t* self) {
  return !self->config->bank.has_bare_master || self->out.report.role != BMS_ROLE_MASTER;
}

static total_t add_up(const core_t* self) {
  total_t total = begin_total();
  bms_link_message_t own;
  describe_self(self, &own);
  add_alarms(&total, &own);
  if (does_self_count(self)) add_pack(&total, &own);
  for (uint8_t i = 0; i < BMS_MAX_PACKS; ++i) {
    const member_t* member = &self->bank.members[i];
    if (!is_member_there(member)) continue;
    add_alarms(&total, &member->said);
    add_pack(&total, &member->said);
  }
  return total;
}

static void show_alarms_and_extremes(bms_bank_t* bank, const bms_link_message_t* worst) {
  bank->soh_permille = worst->soh_permille;
  bank->warnings = worst->warnings;
  bank->protections = worst->protections;
  bank->failures = worst->failures;
  bank->highest_cell_mV = worst->highest_cell_mV;
  bank->lowest_cell_mV = worst->lowest_cell_mV;
  bank->hottest_ddegC = worst->hottest_ddegC;
  bank->coldest_ddegC = worst->coldest_ddegC;
}

static void show_parallel(bms_bank_t* bank, const total_t* total) {
  bank->pack_mV = (uint32_t)(total->pack_mV / total->packs);
  bank->current_mA = (int32_t)total->current_mA;
  bank->remaining_mAh = (uint32_t)total->remaining_mAh;
  bank->full_mAh = (uint32_t)total->full_mAh;
  bank->cvl_mV = total->worst.cvl_mV;
  bank->discharge_voltage_limit_mV = total->worst.discharge_voltage_limit_mV;
  bank->ccl_mA = total->charging * total->worst.ccl_mA;
  bank->dcl_mA = total->discharging * total->worst.dcl_mA;
  bank->is_charge_allowed = total->charging > 0;
  bank->is_discharge_allowed = total->discharging > 0;
}

static void show_series(bms_bank_t* bank, const total_t* total, int32_t current_mA) {
  bank->pack_mV = (uint32_t)total->pack_mV;
  bank->current_mA = current_mA;
  bank->remaining_mAh = total->worst.remaining_mAh;
  bank->full_mAh = total->worst.full_mAh;
  bank->cvl_mV = (uint32_t)total->cvl_mV;
  bank->discharge_voltage_limit_mV = (uint32_t)total->discharge_voltage_limit_mV;
  bank->is_charge_allowed = total->charging == total->packs;
  bank->is_discharge_allowed = total->discharging == total->packs;
  bank->ccl_mA = bank->is_charge_allowed ? total->worst.ccl_mA : 0;
  bank->dcl_mA = bank->is_discharge_allowed ? total->worst.dcl_mA : 0;
}

static void stop_bank(bms_bank_t* bank) {
  bank->ccl_mA = 0;
  bank->dcl_mA = 0;
  bank->is_charge_allowed = false;
  bank->is_discharge_allowed = false;
}

static uint16_t find_soc_permille(const bms_bank_t* bank) {
  const uint64_t rounded = (uint64_t)bank->remaining_mAh * PERMILLE + bank->full_mAh / 2u;
  return bank->full_mAh > 0 ? (uint16_t)(rounded / bank->full_mAh) : 0;
}

static void show_bank(core_t* self) {
  bms_report_t* report = &self->out.report;
  bms_bank_t* bank = &report->bank;
  const total_t total = add_up(self);
  report->members = total.packs;
  show_alarms_and_extremes(bank, &total.worst);
  if (total.packs == 0) { /* a bare master alone */
    bank->pack_mV = 0;
    bank->remaining_mAh = 0;
    bank->full_mAh = 0;
    bank->current_mA = report->current_mA;
    bank->lowest_cell_mV = 0;
    bank->soh_permille = 0;
    stop_bank(bank);
  } else if (self->config->bank.kind == BMS_BANK_STACK) {
    show_series(bank, &total, report->current_mA);
  } else {
    show_parallel(bank, &total);
  }
  if (self->bank.opens) stop_bank(bank);
  bank->soc_permille = find_soc_permille(bank);
}

/* ---- the stage ------------------------------------------------------------------------------- */

/* A pack of its own is its own bank: no sums, every step. */
static void show_self(core_t* self) {
  bms_report_t* report = &self->out.report;
  const int32_t* signals = self->measured.signals;
  report->members = 1;
  report->bank = (bms_bank_t){
      .pack_mV = report->pack_mV,
      .current_mA = report->current_mA,
      .soc_permille = report->soc_permille,
      .soh_permille = report->soh_permille,
      .remaining_mAh = report->remaining_mAh,
      .full_mAh = report->full_mAh,
      .cvl_mV = report->cvl_mV,
      .discharge_voltage_limit_mV = report->discharge_voltage_limit_mV,
      .ccl_mA = report->ccl_mA,
      .dcl_mA = report->dcl_mA,
      .warnings = report->warnings,
      .protections = report->protections,
      .failures = report->failures,
      .highest_cell_mV = (uint16_t)signals[SIGNAL_HIGHEST_CELL_mV],
      .lowest_cell_mV = (uint16_t)signals[SIGNAL_LOWEST_CELL_mV],
      .hottest_ddegC = (int16_t)signals[SIGNAL_HOTTEST_ddegC],
      .coldest_ddegC = (int16_t)signals[SIGNAL_COLDEST_ddegC],
      .is_charge_allowed = report->is_charge_allowed,
      .is_discharge_allowed = report->is_discharge_allowed,
  };
}

void bms_pass_current(core_t* self) {
  self->out.report.bank.current_mA = self->out.report.current_mA;
}

static void watch_inverter(core_t* self, uint32_t frames) {
  bank_t* bank = &self->bank;
  if (frames != bank->frames) {
    bank->frames = frames;
    bank->frame_ms = self->out.report.uptime_ms;
    bank->has_frames = true;
  }
  if (has_passed(self, bank->frame_ms, self->config->bank.lost_ms)) bank->has_frames = false;
}

static void judge_bank(core_t* self) {
  for (uint8_t i = 0; i < BMS_MAX_PACKS; ++i) watch_silence(self, &self->bank.members[i]);
  const findings_t findings = look_around(self);
  tell_failures(self, &findings);
  self->bank.opens = find_opens(self, &findings);
  show_bank(self);
}

/* Every 10 ms, at every message and when this pack itself trips. */
static bool is_judging_due(core_t* self, uint8_t heard) {
  const uint32_t tick = self->out.report.uptime_ms / TICK_ms;
  const bool was_tripped = (self->bank.sent_flags & BMS_LINK_TRIPPED) != 0;
  const bool is_due =
      tick != self->bank.judged_tick || heard > 0 || has_tripped(self) != was_tripped;
  self->bank.judged_tick = tick;
  return is_due;
}

void bms_run_bank(core_t* self, const bms_inputs_t* in) {
  const uint8_t heard = in->bus.link_count < BMS_LINK_INBOX ? in->bus.link_count : BMS_LINK_INBOX;
  find_place(self, in->dip);
  if (self->config->bank.kind == BMS_BANK_NONE) {
    show_self(self);
    return;
  }
  watch_inverter(self, in->bus.inverter_frames);
  for (uint8_t i = 0; i < heard; ++i) hear(self, &in->bus.link[i]);
  if (is_judging_due(self, heard)) judge_bank(self);
  send(self);
}

bms_error_t bms_check_bank(const bms_bank_config_t* config) {
  if (config->kind == BMS_BANK_NONE) return BMS_OK;
  if (config->kind > BMS_BANK_STACK) return BMS_ERROR_BANK;
  if (config->period_ms == 0 || config->lost_ms <= config->period_ms) return BMS_ERROR_BANK;
  if (config->forget_ms > 0 && config->forget_ms <= config->lost_ms) return BMS_ERROR_BANK;
  const bool has_place = config->master_address < BMS_MAX_PACKS;
  return has_place ? BMS_OK : BMS_ERROR_BANK;
}
