// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "sim/fault.hpp"
#include "sim/load.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

namespace fs = std::filesystem;

const fs::path kShipped = fs::path(DOPPELPACK_SOURCE_DIR) / "scenarios";
const fs::path kSmallCampaign =
    fs::path(DOPPELPACK_SOURCE_DIR) / "tests" / "campaign" / "small.yaml";

TEST(LoadScenario, loads_every_shipped_file_under_its_own_name) {
  const auto scenarios = list_scenarios(kShipped);
  ASSERT_GE(scenarios.size(), 15U);
  for (const CatalogueEntry& entry : scenarios) {
    const Scenario scenario = load_scenario(entry.key, kShipped);
    EXPECT_EQ(scenario.key, entry.key);
    EXPECT_FALSE(scenario.expectations.empty()) << entry.key;
    EXPECT_EQ(check_file(entry.file, kShipped), FileKind::scenario);
  }
}

TEST(LoadScenario, finds_every_fault_in_at_least_one_shipped_case) {
  std::set<std::string_view> used;
  for (const CatalogueEntry& entry : list_scenarios(kShipped))
    for (const TimelineEntry& timed : load_scenario(entry.key, kShipped).timeline)
      for (const Action& action : timed.actions)
        if (const auto* inject = std::get_if<InjectAction>(&action))
          used.insert(find_fault(inject->fault.text)->key);
  for (const Fault* fault : faults()) EXPECT_TRUE(used.contains(fault->key)) << fault->key;
}

TEST(LoadScenario, reads_what_the_file_says) {
  const Scenario scenario = load_scenario("over-charge", kShipped);
  EXPECT_EQ(scenario.inverter.key, "disobedient-charger");
  EXPECT_EQ(scenario.duration_ns, 1800 * kSecond);
  EXPECT_EQ(scenario.initial.soc, 0.93);
  EXPECT_EQ(scenario.initial.bms_soc, 0.7);
  ASSERT_EQ(scenario.timeline.size(), 2U);
  EXPECT_EQ(scenario.timeline[0].id, "charger-on");
  EXPECT_EQ(scenario.timeline[0].at_ns, 10 * kSecond);
  const auto& set = std::get<SetAction>(scenario.timeline[0].actions.at(0));
  EXPECT_EQ(set.control.text, "inverter1/demand_W");
  EXPECT_EQ(set.value.text, "2.8 kW");
  EXPECT_EQ(set.value.where.field, "timeline[0].set.inverter1/demand_W");
  const Expectation& second = scenario.expectations.at(1);
  EXPECT_EQ(second.kind, ExpectationKind::within);
  EXPECT_EQ(second.limit_ns, 2 * kSecond);
  EXPECT_EQ(second.of->text, "bms1/cell_max_V >= 3.65 V");
  EXPECT_EQ(second.that.text, "bms1/charge_gate == open");
}

TEST(LoadScenario, reads_which_rows_of_the_fault_matrix_it_shows_and_by_what) {
  const Scenario scenario = load_scenario("PYL-V1-weak-cell", kShipped);
  EXPECT_EQ(scenario.rows, std::vector<std::string>{"PYL-V1"});
  EXPECT_EQ(fs::path(scenario.file).parent_path().filename(), "matrix");
  EXPECT_EQ(scenario.expectations.at(0).proves, Proof::warning);
  EXPECT_EQ(scenario.expectations.at(2).proves, Proof::reaction);
  EXPECT_FALSE(scenario.expectations.at(5).proves);
  const Scenario plain = load_scenario("over-charge", kShipped);
  EXPECT_TRUE(plain.rows.empty());
  EXPECT_FALSE(plain.expectations.at(0).proves);
}

TEST(LoadScenario, reads_profiles_with_shape_and_repetition) {
  const Scenario scenario = load_scenario("nominal-day", kShipped);
  const auto price =
      std::find_if(scenario.profiles.begin(), scenario.profiles.end(),
                   [](const Profile& profile) { return profile.control.text == "site/price"; });
  ASSERT_NE(price, scenario.profiles.end());
  EXPECT_TRUE(price->is_stepped);
  EXPECT_EQ(price->repeat_ns, 86400 * kSecond);
  EXPECT_EQ(price->points.at(1).first, 3600 * kSecond);
  EXPECT_EQ(price->points.at(1).second.text, "0.12");
}

// ---- a scenario of every kind of line, written to a file of its own ----

class ScenarioFile : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_.file(name);
  }

  std::string error_of(const std::string& file, const std::vector<Override>& overrides = {}) const {
    try {
      load_scenario(file, kShipped, overrides);
    } catch (const DataError& error) {
      return error.what();
    }
    return "accepted";
  }

  TemporaryFolder folder_;
};

constexpr const char* kEverything = R"(
scenario: everything
title: One of everything
product: generic-16s
duration: 2 h
initial:
  inverter: disconnected
  cells:
    - {cell: 7, soc: 60 %, capacity: 92 Ah, resistance: 150 %, self_discharge: 5 mA, soh: 80 %}
    - {cell: 16}
timeline:
  - when: bms1/soc > 0.5
    for: 2 s
    inject: {fault: ntc-offset, target: 2, severity: 4 K, id: warm, for: 10 min}
  - {id: tick, every: 1 h, from: 5 s, press: {button: reset, for: 200 ms}, note: again}
  - {at: 1 h, clear: warm}
expect:
  - {never: pack1/cell_max_V > 3.80 V, after: 1 s}
  - {always: pack1/soc > 1 %}
  - {by: 90 min, that: bms1/state == standby}
  - {within: 1 s, of: tick, that: bms1/buzzer == off}
  - {at_end: bms1/soc > 10 %}
record: {period: 500 ms, signals: [pack1/cell*/voltage_V, bms1/soc]}
)";

TEST_F(ScenarioFile, may_hold_one_of_everything) {
  const Scenario scenario = load_scenario(write("everything.yaml", kEverything), kShipped);
  EXPECT_EQ(scenario.inverter.key, "hybrid-5k");
  EXPECT_FALSE(scenario.initial.is_inverter_connected);
  EXPECT_FALSE(scenario.initial.bms_soc.has_value());
  ASSERT_EQ(scenario.initial.cells.size(), 2U);
  const CellSetting& cell = scenario.initial.cells[0];
  EXPECT_EQ(cell.cell, 6);
  EXPECT_EQ(cell.soc, 0.6);
  EXPECT_EQ(cell.capacity_Ah, 92.0);
  EXPECT_EQ(cell.resistance, 1.5);
  EXPECT_EQ(cell.self_discharge_A, 0.005);
  EXPECT_EQ(cell.soh, 0.8);
  EXPECT_EQ(scenario.initial.cells[1].cell, 15);
  EXPECT_FALSE(scenario.initial.cells[1].soh.has_value());
  EXPECT_EQ(scenario.seed, 1U);
  EXPECT_EQ(scenario.timeline.at(0).hold_ns, 2 * kSecond);
  const auto& inject = std::get<InjectAction>(scenario.timeline[0].actions.at(0));
  EXPECT_EQ(inject.id, "warm");
  EXPECT_EQ(inject.target->text, "2");
  EXPECT_EQ(inject.duration_ns, 600 * kSecond);
  EXPECT_EQ(scenario.timeline.at(1).every_ns, 3600 * kSecond);
  EXPECT_EQ(scenario.timeline.at(1).from_ns, 5 * kSecond);
  EXPECT_EQ(scenario.timeline.at(1).actions.size(), 2U);
  EXPECT_EQ(scenario.expectations.at(0).name, "never pack1/cell_max_V > 3.80 V");
  EXPECT_EQ(scenario.expectations.at(0).after_ns, kSecond);
  EXPECT_EQ(scenario.expectations.at(2).limit_ns, 5400 * kSecond);
  EXPECT_EQ(scenario.record.period_ns, kSecond / 2);
  EXPECT_EQ(scenario.record.signals.size(), 2U);
}

TEST_F(ScenarioFile, may_give_a_pack_other_firmware_than_its_product_has) {
  const Scenario scenario = load_scenario(write("old.yaml", R"(
scenario: old
title: Two versions
product: generic-16s
duration: 1 s
initial: {firmware: "1.4"}
bank: {packs: [{}, {initial: {firmware: "2.10"}}]}
expect: [{at_end: bms1/soc > 10 %}]
)"),
                                          kShipped);
  EXPECT_EQ(scenario.product.bms.firmware_version, 0x0104);
  EXPECT_EQ(scenario.companions.at(0).product.bms.firmware_version, 0);
  EXPECT_EQ(scenario.companions.at(1).product.bms.firmware_version, 0x020A);
  const std::string file = write("everything.yaml", kEverything);
  for (const char* wrong : {"1", "1.", "1.256", "256.1", "1.4b", "v1.4", "0.0", "-1.4"})
    EXPECT_NE(error_of(file, {{"initial.firmware", wrong}})
                  .find("expected a version such as 1.4, each part at most 255"),
              std::string::npos)
        << wrong;
}

TEST_F(ScenarioFile, may_name_products_and_inverters_by_paths_beside_it) {
  fs::create_directories(folder_ / "parts");
  fs::copy(kShipped / "products" / "generic-16s.yaml", folder_ / "parts" / "generic-16s.yaml");
  fs::copy(kShipped / "inverters" / "hybrid-5k.yaml", folder_ / "hybrid-5k.yaml");
  const std::string file = write("mine.yaml",
                                 "scenario: mine\ntitle: t\nproduct: parts/generic-16s.yaml\n"
                                 "inverter: hybrid-5k.yaml\nduration: 1 s\n");
  const Scenario scenario = load_scenario(file, kShipped);
  EXPECT_EQ(fs::path(scenario.product.file), folder_ / "parts" / "generic-16s.yaml");
  EXPECT_EQ(fs::path(scenario.inverter.file), folder_ / "hybrid-5k.yaml");
}

TEST_F(ScenarioFile, is_explained_by_an_example_that_works) {
  std::ifstream stream(kShipped / "README.md");
  const std::string readme{std::istreambuf_iterator<char>(stream), {}};
  const std::string fence = "```yaml\n";
  const std::size_t start = readme.find(fence);
  ASSERT_NE(start, std::string::npos);
  const std::size_t first = start + fence.size();
  const std::string example = readme.substr(first, readme.find("```", first) - first);
  EXPECT_EQ(load_scenario(write("example.yaml", example), kShipped).expectations.size(), 5U);
}

TEST_F(ScenarioFile, is_refused_where_its_inverter_finds_no_bus) {
  std::ifstream stream(kShipped / "products" / "generic-16s.yaml");
  std::string product{std::istreambuf_iterator<char>(stream), {}};
  product.erase(product.find("  rs485: pylontech-rs485\n"), 25);
  write("generic-16s.yaml", product);
  const std::string file = write("mine.yaml",
                                 "scenario: mine\ntitle: t\nproduct: ./generic-16s.yaml\n"
                                 "inverter: hybrid-5k-rs485\nduration: 1 s\n");
  EXPECT_EQ(error_of(file), file +
                                ":4: inverter: found an inverter that talks RS485, expected a bus "
                                "of the product 'generic-16s'");
}

// ---- settings from the command line ----

TEST(Overrides, replace_and_add_values) {
  const Override overrides[]{{"initial.soc", "80 %"},
                             {"seed", "9"},
                             {"product", "pylontech-us5000"},
                             {"timeline[0].set.inverter1/demand_W", "1 kW"},
                             {"record.period", "2 s"}};
  const Scenario scenario = load_scenario("over-charge", kShipped, overrides);
  EXPECT_EQ(scenario.initial.soc, 0.8);
  EXPECT_EQ(scenario.seed, 9U);
  EXPECT_EQ(scenario.product.key, "pylontech-us5000");
  EXPECT_EQ(scenario.record.period_ns, 2 * kSecond);
  EXPECT_EQ(std::get<SetAction>(scenario.timeline[0].actions.at(0)).value.text, "1 kW");
}

struct BadOverride {
  Override setting;
  const char* error;
};

TEST(Overrides, are_refused_by_the_name_of_the_setting) {
  const BadOverride cases[]{
      {{"initial.soc", "80 V"},
       "--set: initial.soc: found '80 V', a voltage, expected a number or a ratio in %"},
      {{"initial.sok", "80 %"},
       "--set: initial.sok: found the unknown key 'sok' (did you mean soc?), expected one of: soc, "
       "soc_spread, temperature, bms_soc, bms, dip, firmware, inverter, cells"},
      {{"timeline[2].at", "1 s"},
       "--set: timeline[2].at: found [2], expected less than 2, the length of the list"},
      {{"timeline[x].at", "1 s"},
       "--set: timeline[x].at: found 'x' in brackets, expected a position such as [0]"},
      {{"seed[0]", "1"}, "--set: seed[0]: found a position, expected one only in a list"},
      {{"title.x", "1"},
       "--set: title.x: found 'A charger that ignores the limits drives the pack to over-vo...' "
       "above 'x', expected a map"},
      {{"timeline", "1"}, "--set: timeline: found a list, expected the path of a single value"},
      {{"", "1"}, "--set: found an empty key, expected a path such as initial.soc"},
      {{"initial..soc", "1"},
       "--set: initial..soc: found an empty key, expected a path such as initial.soc"},
  };
  for (const BadOverride& bad : cases) {
    try {
      load_scenario("over-charge", kShipped, std::span(&bad.setting, 1));
      ADD_FAILURE() << bad.setting.key_path << " was accepted";
    } catch (const DataError& error) {
      EXPECT_STREQ(error.what(), bad.error);
    }
  }
}

// ---- the readers and the schemas know the same keys ----

using json = nlohmann::ordered_json;

json to_json(const YAML::Node& node) {
  json result;
  if (node.IsScalar()) return node.Scalar();
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) result.push_back(to_json(item));
  } else {
    for (const auto& item : node) result[item.first.Scalar()] = to_json(item.second);
  }
  return result;
}

const json& resolve(const json& schema, const json& root) {
  if (!schema.contains("$ref")) return schema;
  return root.at(json::json_pointer(schema.at("$ref").get<std::string>().substr(1)));
}

// The keys an error of the reader lists; empty when it does not.
std::set<std::string> listed_keys(const std::string& error) {
  const std::string marker = "expected one of: ";
  const std::size_t at = error.find(marker);
  std::set<std::string> keys;
  if (at == std::string::npos) return keys;
  std::istringstream words(error.substr(at + marker.size()));
  for (std::string word; words >> word;) {
    if (word.ends_with(",")) word.pop_back();
    keys.insert(word);
  }
  return keys;
}

class SchemaKeys {
 public:
  // `added` are parts that the file does not have.
  SchemaKeys(const std::string& kind, const fs::path& file, const char* added = "{}")
      : name_(file.filename()) {
    std::ifstream stream(kShipped / "schema" / (kind + ".schema.json"));
    schema_ = json::parse(stream);
    document_ = to_json(YAML::LoadFile(file.string()));
    document_.merge_patch(json::parse(added));
    visit(schema_, document_);
  }
  int compared() const { return compared_; }

 private:
  void visit(const json& unresolved, json& value) {
    const json& schema = resolve(unresolved, schema_);
    if (value.is_object() && schema.contains("properties")) {
      compare(schema, value);
      for (auto& [key, child] : value.items()) visit(schema["properties"].at(key), child);
    } else if (value.is_object() && schema.contains("additionalProperties")) {
      for (auto& child : value) visit(schema["additionalProperties"], child);
    } else if (value.is_array() && schema.contains("items")) {
      for (auto& child : value) visit(schema["items"], child);
    }
  }

  void compare(const json& schema, json& value) {
    value["zzz"] = "1";
    std::ofstream(folder_ / name_) << document_.dump(1);
    value.erase("zzz");
    std::string error = "accepted";
    try {
      check_file(folder_ / name_, kShipped);
    } catch (const DataError& refused) {
      error = refused.what();
    }
    ASSERT_NE(error.find("unknown key 'zzz'"), std::string::npos) << error;
    std::set<std::string> keys;
    for (const auto& [key, property] : schema["properties"].items()) keys.insert(key);
    if (keys.size() > 1) {
      EXPECT_EQ(listed_keys(error), keys) << error;
    }
    ++compared_;
  }

  fs::path name_;
  TemporaryFolder folder_;
  json schema_;
  json document_;
  int compared_ = 0;
};

TEST(Schema, knows_the_keys_that_the_readers_know) {
  EXPECT_GT(SchemaKeys("product", kShipped / "products" / "generic-16s.yaml").compared(), 30);
  EXPECT_GT(SchemaKeys("inverter", kShipped / "inverters" / "hybrid-5k-rs485.yaml").compared(), 1);
  // Heartbeat with three frames, disobedience, losses, accepted values, two frames it may miss and
  // limits; heartbeat with two gaps, losses.
  EXPECT_EQ(SchemaKeys("inverter", kShipped / "inverters" / "sma-sunny-island.yaml").compared(),
            12);
  EXPECT_EQ(SchemaKeys("inverter", kShipped / "inverters" / "deye.yaml").compared(), 6);
  // As sma-sunny-island, with four corrections in place of the rest; a scan, losses.
  EXPECT_EQ(SchemaKeys("inverter", kShipped / "inverters" / "victron-gx.yaml").compared(), 12);
  EXPECT_EQ(SchemaKeys("inverter", kShipped / "inverters" / "voltronic.yaml").compared(), 4);
  EXPECT_GT(SchemaKeys("cell", kShipped / "cells" / "lfp-100ah.yaml").compared(), 5);
  EXPECT_GT(SchemaKeys("scenario", kShipped / "cases" / "short-circuit.yaml").compared(), 10);
  EXPECT_GT(SchemaKeys("scenario", kShipped / "cases" / "nominal-day.yaml").compared(), 10);
  EXPECT_EQ(SchemaKeys("campaign", kSmallCampaign).compared(), 9);
  // A line that is asked and expected; ratings of the family and of the device.
  EXPECT_EQ(SchemaKeys("power_stage", kShipped / "power_stages" / "ea-psb.yaml").compared(), 5);
}

TEST(Schema, knows_the_keys_of_parts_that_may_be_left_out) {
  const auto compared = [](const char* kind, const fs::path& file, const char* added) {
    return SchemaKeys(kind, kShipped / file, added).compared() -
           SchemaKeys(kind, kShipped / file).compared();
  };
  EXPECT_EQ(compared("product", fs::path("products") / "generic-16s.yaml",
                     R"({"pack": {"fuse": {"rated": "150 A", "melting": "12 kA2s"},
                                  "breaker": {"rated": "125 A"},
                                  "relays": {"precharge": "30 Ohm"}},
                         "bms": {"sequence": {"precharge": {"within": "1 s", "delta": "1 V"},
                                              "contact": "100 ms"}}})"),
            5);
  EXPECT_EQ(compared("product", fs::path("products") / "generic-16s.yaml",
                     R"({"sensing": {"discharge_comparator": {"threshold": "90 A", "delay": "1 s"},
                                     "charge_comparator": {"threshold": "90 A", "delay": "1 s"}},
                         "board": {"wake": {"terminals": {"low": "45 V", "high": "60 V"}},
                                   "insulation_monitor": {"period": "1 s"}}})"),
            5);
  EXPECT_EQ(compared("product", fs::path("products") / "generic-16s.yaml",
                     R"({"bms": {"sequence": {"activation": {"low": "45 V", "high": "60 V"},
                                              "not_meant_after": "5 s",
                                              "supply": {"low": "35 V", "back": "40 V"}},
                                 "bank": {"kind": "none"}}})"),
            4);
  EXPECT_EQ(compared("product", fs::path("products") / "generic-16s.yaml",
                     R"({"bms": {"panel": {
                           "rows": [{"lamps": ["run"]}],
                           "shows": {"paired": {"lamps": ["run"], "period": "1 s",
                                                "lit_for": "1 s", "count": 3}},
                           "readout": {"press": "1 s", "press_below": "3 s", "pause": "1 s",
                                       "flashing": ["error"], "period": "1 s", "lit_for": "1 s"},
                           "codes": [{"failures": ["sum"], "code": 1}]}}})"),
            6);
  EXPECT_EQ(compared("inverter", fs::path("inverters") / "hybrid-5k.yaml",
                     R"({"cable": {"resistance": "1.5 mOhm", "inductance": "1 uH"}})"),
            1);
  EXPECT_EQ(compared("scenario", fs::path("cases") / "short-circuit.yaml",
                     R"({"initial": {"cells": [{"cell": 7}, {"cell": 8}]}})"),
            2);
}

}  // namespace
}  // namespace doppelpack::sim
