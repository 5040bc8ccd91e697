// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "fmi/fmu_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/data_error.hpp"

namespace doppelpack::fmi {

std::string FaultInput::name() const {
  std::string name = target == 0 ? fault : fmt::format("{}_{}", fault, target);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string to_json(const FmuPlan& plan) {
  nlohmann::ordered_json faults = nlohmann::ordered_json::array();
  for (const FaultInput& input : plan.faults) {
    nlohmann::ordered_json fault{{"fault", input.fault}, {"target", input.target}};
    if (input.severity) fault["severity"] = *input.severity;
    faults.push_back(std::move(fault));
  }
  const nlohmann::ordered_json json{{"product", plan.product},
                                    {"inverter", plan.inverter},
                                    {"faults", std::move(faults)},
                                    {"token", plan.token}};
  return json.dump(2) + "\n";
}

FmuPlan read_plan(const std::filesystem::path& resources) {
  const std::filesystem::path file = resources / kPlanFile;
  std::ifstream stream(file);
  if (!stream)
    throw sim::DataError({file.string(), 0, ""}, "found no such file, expected the FMU's");
  try {
    const auto json = nlohmann::json::parse(stream);
    FmuPlan plan{json.at("product"), json.at("inverter"), {}, json.at("token")};
    for (const auto& fault : json.at("faults")) {
      FaultInput input{fault.at("fault"), fault.at("target"), std::nullopt};
      if (fault.contains("severity")) input.severity = fault.at("severity").get<double>();
      plan.faults.push_back(std::move(input));
    }
    return plan;
  } catch (const nlohmann::json::exception& error) {
    throw sim::DataError({file.string(), 0, ""}, fmt::format("found {}", error.what()));
  }
}

}  // namespace doppelpack::fmi
