// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Items in which something is done at the bench itself, and the one that takes long: 18, 27, 28 and 29 of
// the inverter reference.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "hand_made_rig.hpp"

namespace doppelpack::sim {
namespace {

using namespace test;

CompatScript item_of_ours(const std::string& id) {
  CompatScript script = load_compat_script("obedience", find_data_folder());
  std::erase_if(script.items, [&](const CompatItem& item) { return item.id != id; });
  return script;
}

CompatResult play(const std::string& id, HandMadeRig& rig, const CompatWatch& watch = kToTheEnd) {
  return run_compat(item_of_ours(id), product(), rig, watch).results.front();
}

// Charges but for a time that begins with the act, 10 s after the start.
struct ActingBench {
  HandMadeRig rig{[this](Time t_ns) { return t_ns < dead_until_ns ? 0.0 : charge_A; }};
  Time dead_until_ns = 0;
  double charge_A = 50.0;
  std::vector<BenchAct> acts;

  explicit ActingBench(Time dead_ns = 0) {
    rig.act = [this, dead_ns](BenchAct act) {
      acts.push_back(act);
      dead_until_ns = 10 * kSecond + dead_ns;
    };
  }
};

TEST(BenchAct, a_short_circuit_is_recovered_from_or_not) {
  ActingBench good(20 * kSecond);
  EXPECT_EQ(play("bus-shorted", good.rig).grade, Grade::obeyed);
  EXPECT_EQ(good.acts, std::vector<BenchAct>{BenchAct::short_bus});
  ActingBench slow(70 * kSecond);
  EXPECT_EQ(play("bus-shorted", slow.rig).grade, Grade::late);
  ActingBench dead(1000 * kSecond);
  EXPECT_EQ(play("bus-shorted", dead.rig).grade, Grade::ignored);
}

TEST(BenchAct, open_contacts_must_not_lift_the_link) {
  const double cvl_V = product().bms.limits.cvl_mV / 1000.0;
  ActingBench calm;
  calm.rig.dc_V = 1.19 * cvl_V;
  EXPECT_EQ(play("contacts-open", calm.rig).grade, Grade::obeyed);
  EXPECT_EQ(calm.acts, (std::vector<BenchAct>{BenchAct::open_contacts, BenchAct::close_contacts}));
  ActingBench high;
  high.rig.dc_V = 1.21 * cvl_V;
  EXPECT_EQ(play("contacts-open", high.rig).grade, Grade::ignored);
  ActingBench blind;
  blind.rig.dc_V.reset();
  EXPECT_EQ(play("contacts-open", blind.rig).grade, Grade::not_observable);
}

TEST(BenchAct, closed_contacts_must_not_let_too_much_current_flow) {
  ActingBench good;
  EXPECT_EQ(play("contacts-close", good.rig).grade, Grade::obeyed);
  ActingBench surge;
  surge.charge_A = product().bms.limits.ccl_mA / 1000.0 + 10.0;
  EXPECT_EQ(play("contacts-close", surge.rig).grade, Grade::ignored);
}

TEST(BenchAct, needs_somebody_where_the_rig_has_no_hands) {
  HandMadeRig rig([](Time /*t_ns*/) { return 50.0; });
  const CompatResult alone = play("bus-shorted", rig);
  EXPECT_EQ(alone.grade, Grade::not_observable);
  EXPECT_EQ(alone.remark, "nobody is there to short-circuit the two wires of the bus for 3 s");
  HandMadeRig again([](Time /*t_ns*/) { return 50.0; });
  CompatWatch attended = kToTheEnd;
  int asked = 0;
  attended.has_done = [&](std::string_view task) {
    return task.substr(0, 5) == "short" && ++asked == 10;
  };
  EXPECT_EQ(play("bus-shorted", again, attended).grade, Grade::obeyed);
  EXPECT_EQ(asked, 10);
}

// Charges at the CVL until `end`, then with `rest_A`.
CompatResult fill(Time end_ns, double rest_A, double below_V = 0.0) {
  HandMadeRig rig([=](Time t_ns) { return t_ns < end_ns ? 50.0 : rest_A; });
  rig.dc_V = product().bms.limits.cvl_mV / 1000.0 - below_V;
  return play("full-charge", rig);
}

TEST(FullCharge, is_reached_once_when_hardly_any_current_is_left_at_the_cvl) {
  const CompatResult result = fill(600 * kSecond, 2.0);
  EXPECT_EQ(result.grade, Grade::obeyed);
  EXPECT_NEAR(result.findings.front().after_s, 590.0, 0.1);
  EXPECT_EQ(fill(3620 * kSecond, 2.0).grade, Grade::late);
}

TEST(FullCharge, is_ignored_when_it_stops_before_and_open_while_it_charges) {
  EXPECT_EQ(fill(600 * kSecond, 0.0, 1.0).grade, Grade::ignored);
  const CompatResult slow = fill(10'000 * kSecond, 0.0);
  EXPECT_EQ(slow.grade, Grade::not_observable);
  EXPECT_EQ(slow.findings.front().detail, "not full yet, still charging");
}

}  // namespace
}  // namespace doppelpack::sim
