// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Panel and bank: from the product's file to the firmware's configuration, and what is refused.
#include <gtest/gtest.h>

#include <string>

#include "bad_input.hpp"
#include "panel_rig.hpp"

namespace doppelpack::sim {
namespace {

using test::kData;

class PanelText : public test::BadInput {
 protected:
  // The generic pack with these lines in "bms".
  test::fs::path write_with(const std::string& lines) const {
    std::string text = test::read_text(kData / "products" / "generic-16s.yaml");
    text.insert(text.find("  limits:\n"), lines);
    return write("generic-16s.yaml", text);
  }
  bms_config_t load(const std::string& lines) const {
    return load_product(write_with(lines).string(), kData).bms;
  }
  std::string error(const std::string& lines) const {
    const std::string text = error_of(write_with("  " + lines + "\n"));
    return text.substr(std::min(text.find(' ') + 1, text.size()));
  }
  std::string row_error(const std::string& row) const {
    return error("panel: {rows: [{" + row + "}]}");
  }
  std::string bank_error(const std::string& keys) const {
    return error("bank: {kind: dip, " + keys + "}");
  }
};

constexpr const char* kTelecom =
    "  panel:\n"
    "    com: 5 s\n"
    "    reset_shows_self_test: yes\n"
    "    shows:\n"
    "      self_test: {lamps: [error, run], running: 150 ms, alone: yes, period: 600 ms,\n"
    "                  lit_for: 300 ms, count: 3}\n"
    "    readout: {press: 1 s, press_below: 3 s, beep: 200 ms, flashing: [error], lit: [run],\n"
    "              period: 600 ms, lit_for: 300 ms, pause: 1.5 s}\n"
    "    codes:\n"
    "      - {failures: [sense-wire, sum], code: 1}\n"
    "      - {protections: [cell-failure-high, otc], code: 2}\n"
    "    rows:\n"
    "      - {states: [protection, failure], lamps: [alarm, buzzer], alone: yes}\n"
    "      - {protections: [scd], lamps: [buzzer], period: 500 ms, lit_for: 250 ms, count: 4,\n"
    "         cycle: 15 s}\n"
    "      - {failures: all, lamps: [error]}\n"
    "      - {flags: [charging, not-full], soc: [25 %, 50 %], lamps: [soc2, com], period: 2 s,\n"
    "         lit_for: 1 s}\n"
    "      - {warnings: all, soc: [75 %], lamps: [soc6]}\n";

TEST_F(PanelText, becomes_rows) {
  const bms_panel_config_t panel = load(kTelecom).panel;
  ASSERT_EQ(panel.row_count, 5);
  EXPECT_EQ(panel.rows[0].states, 1U << BMS_STATE_PROTECTION | 1U << BMS_STATE_FAILURE);
  EXPECT_EQ(panel.rows[0].lamps, BMS_LED_ALARM | BMS_PANEL_BUZZER);
  EXPECT_TRUE(panel.rows[0].is_alone);
  EXPECT_EQ(panel.rows[0].pattern.period_ms, 0);
  EXPECT_EQ(panel.rows[1].protections, BMS_RULE_BIT(BMS_RULE_SCD));
  EXPECT_EQ(panel.rows[1].pattern.period_ms, 500);
  EXPECT_EQ(panel.rows[1].pattern.on_ms, 250);
  EXPECT_EQ(panel.rows[1].pattern.count, 4);
  EXPECT_EQ(panel.rows[1].pattern.cycle_ms, 15000);
  EXPECT_FALSE(panel.rows[1].is_alone);
  EXPECT_EQ(panel.rows[2].failures, UINT64_MAX);
  EXPECT_EQ(panel.rows[3].flags, BMS_PANEL_CHARGING | BMS_PANEL_NOT_FULL);
  EXPECT_EQ(panel.rows[3].soc_from_permille, 250);
  EXPECT_EQ(panel.rows[3].soc_below_permille, 500);
  EXPECT_EQ(panel.rows[3].lamps, BMS_LED_SOC2 | BMS_LED_COM);
  EXPECT_EQ(panel.rows[4].warnings, UINT32_MAX);
  EXPECT_EQ(panel.rows[4].soc_from_permille, 750);
  EXPECT_EQ(panel.rows[4].soc_below_permille, 0);
  EXPECT_EQ(panel.rows[4].lamps, unsigned{BMS_LED_SOC6});
}

TEST_F(PanelText, becomes_shows_codes_and_read_out) {
  const bms_panel_config_t panel = load(kTelecom).panel;
  EXPECT_EQ(panel.com_ms, 5000);
  EXPECT_TRUE(panel.reset_shows_self_test);
  const bms_panel_show_t& show = panel.shows[BMS_SHOW_SELF_TEST];
  EXPECT_EQ(show.lamps, BMS_LED_ERROR | BMS_LED_RUN);
  EXPECT_EQ(show.running_ms, 150);
  EXPECT_TRUE(show.is_alone);
  EXPECT_EQ(show.pattern.count, 3);
  EXPECT_EQ(panel.shows[BMS_SHOW_PAIRED].lamps, 0);
  ASSERT_EQ(panel.code_count, 2);
  EXPECT_EQ(panel.codes[0].failures,
            BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE) | BMS_FAILURE_BIT(BMS_FAILURE_SUM));
  EXPECT_EQ(panel.codes[1].protections,
            BMS_RULE_BIT(BMS_RULE_CELL_FAILURE_HIGH) | BMS_RULE_BIT(BMS_RULE_OTC));
  EXPECT_EQ(panel.codes[1].code, 2);
  EXPECT_EQ(panel.readout.press_ms, 1000);
  EXPECT_EQ(panel.readout.press_below_ms, 3000);
  EXPECT_EQ(panel.readout.beep_ms, 200);
  EXPECT_EQ(panel.readout.flashing, unsigned{BMS_LED_ERROR});
  EXPECT_EQ(panel.readout.lit, unsigned{BMS_LED_RUN});
  EXPECT_EQ(panel.readout.pause_ms, 1500);
}

// RESET held for a second: as many flashes as the code says.
TEST_F(PanelText, reads_a_failure_out_by_flashes) {
  test::PanelRig rig(load(kTelecom).panel, 600);
  rig.start();
  rig.set_temperature_degC(60);
  rig.set_current_mA(10000);
  rig.run_ms(1500);
  ASSERT_TRUE(rig.is_protecting(BMS_RULE_OTC));
  EXPECT_EQ(rig.out.report.error_code, 2);
  rig.in.buttons = BMS_BUTTON_RESET;
  rig.run_ms(1100);
  rig.in.buttons = 0;
  rig.run_ms(20);
  bool was_lit = (rig.out.leds & BMS_LED_ERROR) != 0;
  int flashes = was_lit;
  for (int i = 0; i < 2 * 600 + 1500 - 50; ++i) {
    rig.step();
    const bool is_lit = (rig.out.leds & BMS_LED_ERROR) != 0;
    flashes += is_lit && !was_lit;
    was_lit = is_lit;
    ASSERT_TRUE(rig.out.leds & BMS_LED_RUN);
  }
  EXPECT_EQ(flashes, 2);
}

TEST_F(PanelText, says_what_is_where_on_the_front) {
  const auto file = write_with(
      "  panel: {rows: [{lamps: [run]}], front: {error: ERR, soc1: 25 %, power: ON/OFF}}\n");
  const std::vector<PanelItem> items = load_product(file.string(), kData).panel_items;
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0].word, "error");
  EXPECT_EQ(items[1].print, "25 %");
  EXPECT_EQ(items[2].word, "power");
  EXPECT_EQ(error("panel: {rows: [{}], front: {bell: DING}}").substr(0, 39),
            "bms.panel.front.bell: found the unknown");
}

TEST_F(PanelText, is_the_default_panel_when_left_out) {
  EXPECT_EQ(load("").panel.row_count, 0);
}

TEST_F(PanelText, is_refused_in_known_words) {
  EXPECT_EQ(error("panel: {}"), "bms.panel.rows: found nothing, expected the key 'rows'");
  EXPECT_EQ(row_error("lamps: [soc7]").substr(0, 47),
            "bms.panel.rows[0].lamps[0]: found 'soc7' (did y");
  EXPECT_EQ(row_error("states: [asleep]").substr(0, 54),
            "bms.panel.rows[0].states[0]: found 'asleep', expected ");
  EXPECT_EQ(row_error("flags: [empty]").substr(0, 52),
            "bms.panel.rows[0].flags[0]: found 'empty', expected ");
  EXPECT_EQ(row_error("failures: some"),
            "bms.panel.rows[0].failures: found 'some', expected all or a list");
  EXPECT_EQ(row_error("warnings: [cell-high]").substr(0, 45),
            "bms.panel.rows[0].warnings[0]: found 'cell-hi");
  EXPECT_EQ(error("panel: {rows: [{}], codes: [{code: 3}]}"),
            "bms.panel.codes[0].code: found '3', expected failures or protections beside it");
  EXPECT_EQ(error("panel: {rows: [{}], display: yes}"),
            "bms.panel.display: found 'yes', expected codes for it to show");
}

TEST_F(PanelText, is_refused_when_it_cannot_be_shown) {
  EXPECT_EQ(row_error("lamps: [run], period: 1 s"),
            "bms.panel.rows[0].lit_for: found nothing, expected the key 'lit_for'");
  EXPECT_EQ(row_error("lamps: [run], period: 1 s, lit_for: 2 s"),
            "bms.panel.rows[0].lit_for: found '2 s', expected at most the period, 1 s");
  EXPECT_EQ(row_error("lamps: [run], period: 1 s, lit_for: 1 s, count: 3, cycle: 2 s"),
            "bms.panel.rows[0].cycle: found '2 s', expected at least 3 periods, 3000 ms");
  EXPECT_EQ(row_error("lamps: [run], period: 1 V, lit_for: 1 s").substr(0, 44),
            "bms.panel.rows[0].period: found '1 V', a vol");
  EXPECT_EQ(row_error("soc: [50 %, 20 %]"),
            "bms.panel.rows[0].soc[1]: found '20 %', expected more than the entry before, '50 %'");
  EXPECT_EQ(error("panel: {rows: [{}], readout: {press: 3 s, press_below: 1 s, flashing: [run], "
                  "period: 1 s, lit_for: 1 s, pause: 1 s}}"),
            "bms.panel.readout.press_below: found '1 s', expected more than press, 3 s");
  std::string rows = "{}";
  for (int i = 0; i < 48; ++i) rows += ", {}";
  EXPECT_EQ(error("panel: {rows: [" + rows + "]}"),
            "bms.panel.rows: found a list of 49, expected at most 48 entries");
}

using BankText = PanelText;

TEST_F(BankText, becomes_a_bank) {
  const bms_bank_config_t bank =
      load(
          "  bank: {kind: stack, period: 500 ms, lost_after: 5 s, forgotten_after: 1 min,\n"
          "         switches: [1, 2, 4], master: 3, vital: 1, opens_all: yes, bare_master: yes,\n"
          "         in_order: yes}\n")
          .bank;
  EXPECT_EQ(bank.kind, BMS_BANK_STACK);
  EXPECT_EQ(bank.period_ms, 500U);
  EXPECT_EQ(bank.lost_ms, 5000U);
  EXPECT_EQ(bank.forget_ms, 60000U);
  EXPECT_EQ(bank.dip_mask, 0b1011);
  EXPECT_EQ(bank.master_address, 3);
  EXPECT_EQ(bank.vital_address, 1);
  EXPECT_TRUE(bank.opens_all);
  EXPECT_TRUE(bank.has_bare_master);
  EXPECT_TRUE(bank.is_in_order);
  const bms_bank_config_t plain = load("  bank: {kind: dip, period: 1 s, lost_after: 5 s}\n").bank;
  EXPECT_EQ(plain.forget_ms, 0U);
  EXPECT_EQ(plain.dip_mask, 0);
  EXPECT_FALSE(plain.opens_all);
  EXPECT_FALSE(plain.is_in_order);
}

TEST_F(BankText, is_refused_when_its_times_contradict_each_other) {
  EXPECT_EQ(bank_error("lost_after: 5 s"),
            "bms.bank.period: found nothing, expected the key 'period'");
  EXPECT_EQ(bank_error("period: 5 s, lost_after: 5 s"),
            "bms.bank.lost_after: found '5 s', expected more than period, 5 s");
  EXPECT_EQ(bank_error("period: 1 s, lost_after: 5 s, forgotten_after: 4 s"),
            "bms.bank.forgotten_after: found '4 s', expected more than lost_after, 5 s");
  EXPECT_EQ(bank_error("period: 1 s, lost_after: 5 s, master: 16"),
            "bms.bank.master: found '16', expected a whole number, 0 to 15");
  EXPECT_EQ(bank_error("period: 1 s, lost_after: 5 s, switches: [0]"),
            "bms.bank.switches[0]: found '0', expected a whole number, 1 to 8");
}

}  // namespace
}  // namespace doppelpack::sim
