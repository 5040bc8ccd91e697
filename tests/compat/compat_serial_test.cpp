// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The obedience test over RS485, where the battery speaks when it is asked.

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "compat_fixture.hpp"

namespace doppelpack::sim {
namespace {

using namespace test;

// What only a battery can do that sends by itself.
const std::set<std::string> kOfABroadcaster{"order-changed", "frames-padded", "frames-short",
                                            "periods",       "frame-missing", "strangers"};
const std::set<std::string> kHidden{"values-shown", "force-charge"};

Grade best_grade(const std::string& id) {
  if (kOfABroadcaster.contains(id)) return Grade::not_applicable;
  return kHidden.contains(id) ? Grade::not_observable : Grade::obeyed;
}

InverterDesign polling() {
  return load_inverter("hybrid-5k-rs485", find_data_folder());
}

TEST(ObedienceOverRs485, of_the_obedient_inverter_is_complete) {
  const CompatReport report = examine(polling());
  EXPECT_TRUE(report.has_passed());
  EXPECT_EQ(report.bus, "RS485");
  for (const CompatResult& result : report.results) {
    EXPECT_EQ(result.grade, best_grade(result.item.id)) << result.item.id << "\n"
                                                        << all_findings(report);
    EXPECT_EQ(result.remark.empty(), result.grade != Grade::not_applicable) << result.item.id;
  }
}

// It cannot know before it asks, and 12 s pass until it has asked everything.
TEST(ObedienceOverRs485, time_counts_from_the_answer) {
  const CompatReport report = examine(polling());
  for (const CompatFinding& finding : result_of(report, "ccl-zero").findings)
    EXPECT_LT(finding.after_s, 2.0);
}

struct PlantedOverRs485 {
  const char* name;
  std::function<void(Disobedience&)> plant;
  const char* item;
  Grade grade;
};

class DisobedienceOverRs485 : public testing::TestWithParam<PlantedOverRs485> {};

TEST_P(DisobedienceOverRs485, is_found_by_the_right_item) {
  InverterDesign design = polling();
  GetParam().plant(design.disobedience);
  const CompatReport report = examine(design);
  EXPECT_FALSE(report.has_passed());
  EXPECT_EQ(result_of(report, GetParam().item).grade, GetParam().grade) << all_findings(report);
}

INSTANTIATE_TEST_SUITE_P(
    Compat, DisobedienceOverRs485,
    testing::Values(
        PlantedOverRs485{"ccl", [](Disobedience& d) { d.ignores_ccl = true; }, "ccl-halved",
                         Grade::ignored},
        PlantedOverRs485{"dcl", [](Disobedience& d) { d.ignores_dcl = true; }, "dcl-lowered",
                         Grade::ignored},
        PlantedOverRs485{"cvl", [](Disobedience& d) { d.cvl_excess_V = 1.5; }, "cvl-lowered",
                         Grade::ignored},
        PlantedOverRs485{"late", [](Disobedience& d) { d.reaction_delay_ns = 30 * kSecond; },
                         "ccl-halved", Grade::late},
        PlantedOverRs485{"zero", [](Disobedience& d) { d.zero_means_no_limit = true; }, "ccl-zero",
                         Grade::ignored},
        PlantedOverRs485{"silence", [](Disobedience& d) { d.never_notices_silence = true; },
                         "battery-silent", Grade::ignored},
        PlantedOverRs485{"protection", [](Disobedience& d) { d.ignores_protection = true; },
                         "charge-disabled", Grade::ignored},
        PlantedOverRs485{"restart", [](Disobedience& d) { d.restart_period_ns = 300 * kSecond; },
                         "charges-at-all", Grade::ignored}),
    [](const auto& tested) { return std::string(tested.param.name); });

// PACE; its frames end with a byte of their own, those of Growatt with silence.
TEST(ObedienceOverRs485, speaks_the_protocol_of_the_product) {
  const auto data_folder = find_data_folder();
  const CompatScript script = load_compat_script("obedience", data_folder);
  for (const char* key : {"pace-rs485", "growatt-rs485"}) {
    Product product = load_product("pylontech-us5000", data_folder);
    product.rs485 = can_emulator::find_serial_protocol(key);
    product.identity.serial_choices = {};
    const CompatReport report =
        run_compat(script, product, *make_virtual_serial_rig(product, polling()), kToTheEnd);
    EXPECT_EQ(result_of(report, "normal-frames").grade, Grade::obeyed) << key;
    EXPECT_EQ(result_of(report, "battery-silent").grade, Grade::obeyed) << key;
    EXPECT_EQ(result_of(report, "still-there").grade, Grade::obeyed) << key;
  }
}

TEST(MeterPlace, beside_rs485_a_meter_needs_a_port_of_its_own) {
  EXPECT_THROW(make_serial_port_rig(can_emulator::parse_port_uri("pty:/tmp/never-opened"),
                                    parse_meter_place("ivt-s"), {}),
               can_emulator::PortError);
}

}  // namespace
}  // namespace doppelpack::sim
