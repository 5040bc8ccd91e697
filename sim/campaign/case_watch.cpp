// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "campaign/case_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::uint32_t kTroubleLamps =
    BMS_LED_ALARM | BMS_LED_ERROR | (std::uint32_t{1} << kBuzzerLamp);

// A whole pack in trouble has somebody else who is the fault: who takes what he is not allowed, also from
// a link that is still being charged.
constexpr std::uint64_t kOfInverter = BMS_FAILURE_BIT(BMS_FAILURE_LIMIT_IGNORED) |
                                      BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_SLOW) |
                                      BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_NEVER);

Tellings tell(const Sight& sight, const PackUnit& unit) {
  Tellings said;
  said.warnings = sight.warnings;
  said.protections = sight.protections;
  said.failures = sight.failures;
  said.lamps = unit.panel.lit & kTroubleLamps;
  said.is_dark = !sight.is_alive;
  return said;
}

void add_words(std::span<const std::string_view> words, std::uint64_t set, std::string_view what,
               std::vector<std::string>& told) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if ((set & (std::uint64_t{1} << i)) != 0) told.push_back(fmt::format("{}{}", words[i], what));
}

std::vector<std::string> words_of(const Tellings& news) {
  std::vector<std::string> told;
  add_words(failure_words(), news.failures, "", told);
  add_words(rule_words(), news.protections, "", told);
  add_words(rule_words(), news.warnings & ~news.protections, " warning", told);
  if (news.lamps != 0) told.emplace_back("panel");
  if (news.is_dark) told.emplace_back("dark panel");
  if (news.is_inverter_alarmed) told.emplace_back("inverter");
  return told;
}

}  // namespace

Tellings& Tellings::operator|=(const Tellings& other) {
  warnings |= other.warnings;
  protections |= other.protections;
  failures |= other.failures;
  lamps |= other.lamps;
  is_dark = is_dark || other.is_dark;
  is_inverter_alarmed = is_inverter_alarmed || other.is_inverter_alarmed;
  return *this;
}

Tellings Tellings::without(const Tellings& other) const {
  Tellings rest;
  rest.warnings = warnings & ~other.warnings;
  rest.protections = protections & ~other.protections;
  rest.failures = failures & ~other.failures;
  rest.lamps = lamps & ~other.lamps;
  rest.is_dark = is_dark && !other.is_dark;
  rest.is_inverter_alarmed = is_inverter_alarmed && !other.is_inverter_alarmed;
  return rest;
}

CaseWatch::CaseWatch(const CampaignCase& of, std::span<const Product* const> packs,
                     const Tellings* twin) {
  expected_ = of.fault != nullptr ? mechanisms_of(*of.fault) : Mechanisms{0, kOfInverter};
  for (const Product* product : packs)
    packs_.push_back({product, RuleOracle(*product), PathOracle(*product), LatchOracle(*product),
                      ReleaseOracle(*product), PermissionOracle(*product),
                      MechanismOracle(*product), ReadingsOracle(*product), Sight{}});
  if (twin != nullptr) reference_ = *twin;
}

void CaseWatch::look(Time t_ns, const BenchState& state) {
  Tellings now;
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    PackOracles& pack = packs_[i];
    look_at(state.units[i], *pack.product, t_ns, pack.sight);
    const Sight& sight = pack.sight;
    pack.rules.look(sight, objections_);
    pack.path.look(sight, objections_);
    pack.latches.look(sight, objections_);
    pack.releases.look(sight, objections_);
    pack.permissions.look(sight, objections_);
    pack.mechanisms.look(sight, objections_);
    pack.readings.look(sight, objections_);
    now |= tell(sight, state.units[i]);
  }
  now.is_inverter_alarmed = state.inverter.is_alarm || state.inverter.is_battery_lost;
  if (!began_ns_) began_ns_ = t_ns;
  if (!reference_) reference_ = now;
  if (!(now == last_)) tellings_ |= now;
  last_ = now;
  if (!told_ns_ && !(now == *reference_) && !(now.without(*reference_) == Tellings{}))
    told_ns_ = t_ns;
}

// What trips must be what finds such a fault, or such damage, or what the truth gives cause for.
void CaseWatch::judge_the_rest(const Tellings& news, const BenchState& state) {
  std::uint32_t justified = expected_.rules;
  std::uint64_t expected = expected_.failures;
  for (const PackOracles& pack : packs_) justified |= pack.rules.justified();
  for (const PackUnit& unit : state.units) {
    const Mechanisms of_damage = mechanisms_of_damage(unit.pack.path);
    justified |= of_damage.rules;
    expected |= of_damage.failures;
  }
  const auto object = [&](std::string_view name) {
    objections_.add("nothing-else", std::string(name), [&] {
      return fmt::format("{} is found, and neither fault nor truth gives cause for it", name);
    });
  };
  for (std::size_t i = 0; i < rule_words().size(); ++i)
    if ((news.protections & ~justified & BMS_RULE_BIT(i)) != 0) object(rule_words()[i]);
  for (std::size_t i = 0; i < failure_words().size(); ++i)
    if ((news.failures & ~expected & BMS_FAILURE_BIT(i)) != 0) object(failure_words()[i]);
}

void CaseWatch::judge_silence(const Tellings& news) {
  if (!(news == Tellings{})) return;
  for (const PackOracles& pack : packs_) {
    std::string wrong = pack.readings.wrong_reading();
    if (!wrong.empty()) objections_.add("true-readings", "", [&] { return wrong; });
  }
}

CaseResult CaseWatch::finish(const BenchState& state) {
  const bool is_latent =
      std::any_of(state.units.begin(), state.units.end(),
                  [](const PackUnit& unit) { return is_means_lost(unit.condition); });
  const Tellings news = tellings_.without(reference_.value_or(Tellings{}));
  judge_the_rest(news, state);
  judge_silence(news);
  CaseResult result;
  result.told = words_of(news);
  if (told_ns_ && began_ns_) result.told_after_s = to_seconds(*told_ns_ - *began_ns_);
  result.objections = objections_.take();
  if (!result.objections.empty())
    result.is = CaseClass::finding;
  else if (!result.told.empty())
    result.is = CaseClass::annunciated;
  else
    result.is = is_latent ? CaseClass::latent : CaseClass::safe;
  return result;
}

}  // namespace doppelpack::sim
