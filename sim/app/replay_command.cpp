// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A recorded CAN bus again, with one of its two sides virtual.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "commands.hpp"
#include "console.hpp"
#include "sim/load.hpp"
#include "sim/quantity.hpp"
#include "sim/replay.hpp"

namespace doppelpack::app {

namespace {

struct ReplayOptions {
  std::string log;
  std::string product;
  std::string scenario;
  std::string against;
  std::string inverter;
  std::string tolerance;
  std::string out;
};

/// What an option says, else the remark in the log, else the default; and where that stands.
struct Setting {
  std::string text;
  sim::SourceLocation where;
};

Setting setting_of(const std::string& option, std::string_view name, const sim::Capture& capture,
                   std::string_view otherwise) {
  if (!option.empty()) return {option, {fmt::format("--{}", name), 0, ""}};
  const auto remark = capture.remarks.find(name);
  if (remark == capture.remarks.end()) return {std::string(otherwise), {}};
  const int line = capture.remark_lines.find(name)->second;
  return {remark->second, {capture.file, line, std::string(name)}};
}

sim::Time parse_tolerance(const Setting& setting) {
  constexpr double kMost_s = 60.0;
  try {
    const double tolerance_s = sim::parse_quantity(setting.text, sim::Dimension::time);
    if (tolerance_s >= 0.0 && tolerance_s <= kMost_s)
      return static_cast<sim::Time>(tolerance_s * 1e9);
  } catch (const std::invalid_argument& error) {
    throw sim::DataError(setting.where, error.what());
  }
  throw sim::DataError(setting.where, fmt::format("found \"{}\", expected a time up to {:g} s",
                                                  setting.text, kMost_s));
}

// True: against the pack.
bool parse_against(const Setting& setting) {
  if (setting.text == "pack") return true;
  if (setting.text == "inverter") return false;
  throw sim::DataError(setting.where,
                       fmt::format("found \"{}\", expected pack or inverter", setting.text));
}

sim::Scenario scenario_of(const ReplayOptions& options, const sim::Capture& capture,
                          bool is_against_pack) {
  const auto data_folder = sim::find_data_folder();
  const Setting scenario = setting_of(options.scenario, "scenario", capture, "");
  if (!scenario.text.empty() && options.product.empty())
    return sim::load_scenario(scenario.text, data_folder);
  const Setting product = setting_of(options.product, "product", capture, "pylontech-us5000");
  const Setting inverter =
      setting_of(options.inverter, "inverter", capture, is_against_pack ? "listener" : "hybrid-5k");
  return sim::make_free_run(sim::load_product(product.text, data_folder),
                            sim::load_inverter(inverter.text, data_folder));
}

std::string bytes_of(const std::optional<sim::TimedFrame>& timed) {
  if (!timed) return "nothing";
  if (timed->frame.is_remote) return "remote frame";
  std::string text = timed->frame.dlc == 0 ? "no bytes" : "";
  for (unsigned i = 0; i < timed->frame.dlc; ++i)
    text += fmt::format("{}{:02X}", i == 0 ? "" : " ", timed->frame.data[i]);
  return text;
}

void print_difference(const sim::FrameDifference& difference, const sim::Product& product) {
  const auto& any = difference.expected ? difference.expected : difference.found;
  if (!any) {
    fmt::print("  {}\n", difference.reason);
    return;
  }
  fmt::print("  at {:.6f} s  id {:03X}  {}\n", sim::to_seconds(difference.t_ns), any->frame.id,
             difference.reason);
  fmt::print("    expected  {}\n    found     {}\n", bytes_of(difference.expected),
             bytes_of(difference.found));
  if (!difference.expected || !difference.found) return;
  const std::string fields =
      sim::difference_of_fields(*product.can, product.identity.can_choices,
                                difference.expected->frame, difference.found->frame);
  if (!fields.empty()) fmt::print("    {}\n", fields);
}

void print_skipped(const sim::Capture& capture) {
  if (capture.skipped.empty()) return;
  constexpr std::size_t kShown = 5;
  fmt::print("  {} lines are no frames:", capture.skipped.size());
  for (std::size_t i = 0; i < std::min(kShown, capture.skipped.size()); ++i)
    fmt::print("{} {}", i == 0 ? "" : ",", capture.skipped[i].line);
  fmt::print("{}\n", capture.skipped.size() > kShown ? ", ..." : "");
}

int replay(const ReplayOptions& options) {
  const sim::Capture capture = sim::read_capture(options.log);
  const bool is_against_pack =
      parse_against(setting_of(options.against, "against", capture, "inverter"));
  const sim::Time tolerance_ns =
      parse_tolerance(setting_of(options.tolerance, "tolerance", capture, "100 ms"));
  const sim::Scenario scenario = scenario_of(options, capture, is_against_pack);
  const sim::Product& product = scenario.product;
  if (product.can == nullptr)
    throw sim::DataError({product.file, 0, "bus.can"}, "found none, expected a product with CAN");
  const sim::ReplayResult result =
      is_against_pack
          ? sim::replay_against_pack(capture, scenario, tolerance_ns)
          : sim::replay_against_inverter(capture, product, scenario.inverter, tolerance_ns);
  if (!options.out.empty())
    sim::write_replay(options.out, capture, result, *product.can, product.identity.can_choices);
  const bool is_same = !result.difference.has_value();
  fmt::print("{} {}  {} frames played to the {}, {} compared\n",
             is_same ? tinted("SAME", Tint::good) : tinted("DIFFERS", Tint::bad), capture.file,
             result.played, is_against_pack ? "pack" : "inverter", result.expected);
  if (result.strangers > 0)
    fmt::print("  {} frames are neither a battery's nor an inverter's{}\n", result.strangers,
               is_against_pack ? "" : ", not compared");
  print_skipped(capture);
  if (!is_same) print_difference(*result.difference, product);
  if (!options.out.empty()) fmt::print("  results in {}\n", options.out);
  return is_same ? kExitOk : kExitFailed;
}

}  // namespace

void add_replay_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command =
      app.add_subcommand("replay", "Play a recorded CAN bus again and report the first difference");
  command->add_option("LOG", options->log, "Log of 'candump -L', ours or from a real site")
      ->required();
  command->add_option(
      "--product", options->product,
      "Whose protocol it is, and the pack; pylontech-us5000 if the log does not say");
  command->add_option("--scenario", options->scenario,
                      "Instead: the scenario whose run left the log");
  command->add_option("--against", options->against,
                      "inverter: play the battery, compare the inverter; pack: the other way "
                      "round; inverter if the log does not say");
  command->add_option("--inverter", options->inverter, "The virtual inverter, or the pack's load");
  command->add_option("--tolerance", options->tolerance,
                      "How much earlier or later a frame may come; 100 ms if the log does not say");
  command->add_option("--out", options->out, "Folder for replay.json and found.log");
  command->footer(
      "Example: doppelpack replay site.log --product pylontech-us5000 --out results\n"
      "Comments of the log may set options: '# product: generic-16s'.\n"
      "Exit code: 0 the same, 1 a difference, 2 bad usage or bad file.");
  command->callback([options, &chosen] { chosen = [options] { return replay(*options); }; });
}

}  // namespace doppelpack::app
