// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What runs inside an FMU, without a master.

#include "../../sim/fmi/instance.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "../../sim/fmi/resource_path.hpp"
#include "models/pack.hpp"
#include "sim/data_error.hpp"
#include "sim/load.hpp"
#include "sim/scenario.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::fmi {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(DOPPELPACK_SOURCE_DIR) / "scenarios";

// The resources of an FMU of generic-16s without a BMS.
class PlantTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(resources_);
    for (const char* folder : {"products", "cells"}) fs::copy(kData / folder, resources_ / folder);
    std::ofstream(resources_ / kPlanFile) << to_json({"generic-16s", "", {}, "{token}"});
  }

  Instance make() const { return {resources_, "{token}"}; }

  static Instance& started(Instance& instance) {
    instance.enter_initialization();
    instance.exit_initialization();
    return instance;
  }

  static std::uint32_t reference(const Instance& instance, const char* name) {
    return instance.variables().at(name).first;
  }

  TemporaryFolder folder_;
  const fs::path resources_ = folder_ / "resources";
};

TEST_F(PlantTest, does_what_the_model_does) {
  Instance instance = make();
  instance.set(reference(instance, "initial_soc"), 0.4);
  instance.set(reference(instance, "seed"), 3.0);
  instance.set(reference(instance, "current_A"), -30.0);
  started(instance);
  instance.step(0.0, 20.0);

  const sim::Product product = sim::load_product("generic-16s", kData);
  sim::InitialState initial;
  initial.soc = 0.4;
  const sim::PackSpec spec{product, initial, 3};
  models::PackParameters parameters = sim::make_pack_parameters(spec);
  parameters.path.cable_Ohm = 0.0015;
  parameters.path.cable_H = 1e-6;
  parameters.path.link_F = sim::kFilter_F;
  const models::Hardware hardware =
      models::flawless_hardware(16, static_cast<int>(product.pack.beads.size()), 16);
  models::PackInputs inputs;
  inputs.charge_gate = inputs.discharge_gate = true;
  inputs.is_supplied = false;
  inputs.source = {-30.0, 0.0, 1.5 * product.bms.limits.cvl_mV / 1000.0, 0.0};
  models::PackState state = sim::make_initial_pack(spec, parameters);
  models::solve(parameters, hardware, inputs, state);
  for (int i = 0; i < 2000; ++i) models::step(parameters, hardware, inputs, 0.01, state);

  EXPECT_EQ(instance.get(reference(instance, "pack1.terminal_V")), state.terminal_V);
  EXPECT_EQ(instance.get(reference(instance, "pack1.cells.voltage_V") + 15), state.cell_V[15]);
  EXPECT_NEAR(state.current_A, -30.0, 0.01);
}

TEST_F(PlantTest, does_not_hang_on_how_often_it_is_looked_at) {
  Instance coarse = make();
  Instance fine = make();
  for (Instance* instance : {&coarse, &fine})
    started(*instance).set(reference(*instance, "power_W"), 2000.0);
  coarse.step(0.0, 3.0);
  for (int i = 0; i < 300; ++i) fine.step(i * 0.01, 0.01);
  EXPECT_EQ(coarse.get(reference(coarse, "pack1.terminal_V")),
            fine.get(reference(fine, "pack1.terminal_V")));
}

TEST_F(PlantTest, takes_sums_of_steps_that_are_a_little_off) {
  Instance instance = make();
  started(instance);
  double time_s = 0.0;
  for (int i = 0; i < 1000; ++i) {
    instance.step(time_s, 0.1);
    time_s += 0.1;  // ends at 99.9999999999986
  }
  EXPECT_EQ(instance.now_s(), 100.0);
}

TEST_F(PlantTest, refuses_the_description_of_another) {
  EXPECT_THROW(Instance(resources_, "{other}"), sim::DataError);
}

TEST_F(PlantTest, keeps_its_plan_in_a_file) {
  const FmuPlan plan{
      "generic-16s", "hybrid-5k", {{"ntc-offset", 3, -4.5}, {"can-unplugged"}}, "{t}"};
  std::ofstream(resources_ / kPlanFile) << to_json(plan);
  const FmuPlan read = read_plan(resources_);
  EXPECT_TRUE(read.has_bms());
  ASSERT_EQ(read.faults.size(), 2U);
  EXPECT_EQ(read.faults[0].name(), "ntc_offset_3");
  EXPECT_EQ(read.faults[0].severity, -4.5);
  EXPECT_EQ(read.faults[1].name(), "can_unplugged");
  EXPECT_EQ(to_json(read), to_json(plan));
}

TEST_F(PlantTest, refuses_a_plan_that_is_none) {
  std::ofstream(resources_ / kPlanFile) << "{\"product\": 3}";
  EXPECT_THROW(read_plan(resources_), sim::DataError);
}

TEST(ResourcePath, is_that_of_the_uri_in_all_its_forms) {
  EXPECT_EQ(path_of_uri("file:///tmp/a%20b/resources"), "/tmp/a b/resources");
  EXPECT_EQ(path_of_uri("file://localhost/tmp/x"), "/tmp/x");
  EXPECT_EQ(path_of_uri("file:/tmp/x"), "/tmp/x");
  EXPECT_EQ(path_of_uri("/tmp/100%"), "/tmp/100%");
  EXPECT_EQ(path_of_uri("file:///tmp/100%"), "/tmp/100%");
  EXPECT_EQ(path_of_uri("file:///%zz%c3%a4"), "/%zz\xc3\xa4");
  EXPECT_EQ(path_of_uri(nullptr), "");
}

}  // namespace
}  // namespace doppelpack::fmi
