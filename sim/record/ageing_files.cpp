// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "record/line_file.hpp"
#include "sim/ageing_run.hpp"

namespace doppelpack::sim {

std::string to_csv(const std::vector<AgeingRow>& rows) {
  std::string text =
      "cycle,years,throughput_Ah,soh,resistance_growth,spread,mean_degC,steps,rejected\n";
  for (const AgeingRow& row : rows)
    text += fmt::format("{},{:.6f},{:.3f},{:.6f},{:.6f},{:.6f},{:.3f},{},{}\n", row.cycles,
                        row.years, row.throughput_Ah, row.capacity, row.resistance_growth,
                        row.spread, row.mean_degC, row.steps, row.rejected);
  return text;
}

std::string to_json(const Product& product, const AgeingPlan& plan, const AgeingRow& last) {
  using Json = nlohmann::ordered_json;  // writes a number that is not finite as null
  const Json document = {
      {"product", product.key},
      {"plan",
       {{"years", plan.years},
        {"cycles", plan.cycles == AgeingPlan::kEndless ? Json() : Json(plan.cycles)},
        {"cycles_per_day", plan.cycles_per_day},
        {"depth", plan.depth},
        {"top", plan.top},
        {"ambient_degC", plan.ambient_degC},
        {"charge_rate", plan.charge_rate},
        {"discharge_rate", plan.discharge_rate},
        {"seed", plan.seed}}},
      {"years", last.years},
      {"cycles", last.cycles},
      {"throughput_Ah", last.throughput_Ah},
      {"soh", last.capacity},
      {"resistance_growth", last.resistance_growth},
      {"spread", last.spread},
      {"steps", last.steps},
      {"rejected", last.rejected}};
  return document.dump(2) + "\n";
}

void make_ageing_folder(const std::filesystem::path& folder) {
  create_folder(folder);
}

void write_ageing(const std::filesystem::path& folder, const Product& product,
                  const AgeingPlan& plan, const std::vector<AgeingRow>& rows) {
  replace_file(folder / "ageing.csv", to_csv(rows));
  replace_file(folder / "ageing.json", to_json(product, plan, rows.back()));
}

}  // namespace doppelpack::sim
