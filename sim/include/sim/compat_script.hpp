// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a script of the obedience test says, and the battery that says it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/types.h"
#include "can_emulator/can_protocol.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "sim/product.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// How the battery behaves on the bus. Of these only silence makes sense where it answers questions.
struct BusManners {
  double period_factor = 1.0;  ///< on the period of every frame
  bool is_silent = false;
  std::optional<std::uint32_t> missing_id;  ///< never sent
  bool is_reversed = false;                 ///< the frames of a period in the opposite order
  enum class Length { as_it_is, padded, cut } length = Length::as_it_is;  ///< to 8 bytes; to half
  bool has_strangers = false;  ///< frames that no battery of the protocol sends, one extended
};

/// What the battery says from a step on; what is empty stays as it is.
struct BatteryChange {
  bool is_reset = false;  ///< everything as at the beginning, before the rest
  std::optional<double> cvl_V;
  std::optional<double> cvl_drop_V;  ///< CVL so far below the voltage of this moment
  std::optional<double> ccl_A;
  std::optional<double> ccl_share;  ///< of the CCL at the beginning
  std::optional<double> dcl_share;
  std::optional<bool> is_charge_allowed;
  std::optional<bool> is_discharge_allowed;
  std::optional<std::uint32_t> requests;  ///< set of bms_request_t
  std::optional<std::uint32_t> warnings;  ///< sets of BMS_RULE_BIT
  std::optional<std::uint32_t> protections;
  std::optional<double> soc;
  std::optional<double> soh;
  std::optional<double> T_degC;
  bool are_ntcs_broken = false;
  std::optional<std::string> manufacturer;
  std::optional<double> period_factor;
  std::optional<bool> is_silent;
  std::optional<bool> is_limits_frame_missing;
  std::optional<bool> is_reversed;
  std::optional<BusManners::Length> length;
  std::optional<bool> has_strangers;
};

/// What an obedient inverter does. "keeps" and "never" hold all the time, the others when the limit of
/// the step is over, and from then on.
enum class ExpectedReaction {
  heartbeat,  ///< of the protocol, not older than 5 s; as long or short as its identifier is
  charge_within_ccl,  ///< at most 1 A or 2 % above
  discharge_within_dcl,
  no_charge,
  no_discharge,
  voltage_within_cvl,  ///< at most 0.2 V above while it charges
  charges,             ///< at least a tenth of the CCL at the beginning
  discharges,
  charges_if_able,  ///< likewise; not doing so is not judged: it may say so on its display
  keeps_charging,
  keeps_discharging,
  never_charges,
  never_discharges,
  shows_values,  ///< on its display: nothing on the bus tells
  reaches_full,  ///< once: at the CVL, and hardly any current left
  link_in_limits,  ///< all the time; its DC link with nothing connected, at most 1.2 of the CVL at first
  count
};
std::string_view name_of(ExpectedReaction kind);

/// What has to be done at the bench itself. A virtual one does it, at a real one somebody has to.
enum class BenchAct { open_contacts, close_contacts, short_bus };
/// For whom does it: "open the contacts between battery and inverter".
std::string_view task_of(BenchAct act);

/// A bus is short-circuited for so long.
inline constexpr Time kShortCircuit = 3 * kSecond;

struct CompatStep {
  std::optional<BenchAct> act;  ///< before the rest
  BatteryChange change;
  Time limit_ns = 10 * kSecond;
  Time hold_ns = 0;  ///< how long it lasts at least; 0: 10 s
  std::vector<ExpectedReaction> expected;
};

/// What the site wants of the inverter during an item.
enum class SiteWish { nothing, charge, discharge };

struct CompatItem {
  std::string id;
  int number = 0;  ///< in the list of the reference
  std::string title;
  SiteWish wish = SiteWish::charge;
  double soc = 0.5;         ///< of the cells as the item begins
  bool is_at_rest = false;  ///< begins whether current flows as wished or not
  std::vector<CompatStep> steps;
};

struct CompatScript {
  std::string key;
  std::string title;
  std::vector<CompatItem> items;
};

/// By key, or by path to a .yaml file. Throws DataError.
CompatScript load_compat_script(std::string_view key_or_file,
                                const std::filesystem::path& data_folder);

/// At the terminals of the battery.
struct DcMeasurement {
  double dc_A = 0.0;           ///< positive charges the battery
  std::optional<double> dc_V;  ///< empty: the meter measures current only
};

class ScriptedBattery {
 public:
  explicit ScriptedBattery(const Product& product);

  /// `present_V`: what the terminals have now.
  void apply(const BatteryChange& change, double present_V);
  /// What it tells of its terminals; a voltage that is not measured stays.
  void set_readings(const DcMeasurement& dc);
  /// The frames due up to t_ns since the last call, in their order.
  std::vector<can_emulator::CanFrame> frames_until(Time t_ns);
  /// The answer to a question.
  std::vector<can_emulator::CanFrame> answer(const can_emulator::CanFrame& request) const;
  /// On RS485: what it would answer were it not silent.
  can_emulator::Reply reply_to(can_emulator::BytesView request) const;
  bool is_silent() const { return manners_.is_silent; }

  const bms_report_t& report() const { return report_; }
  double normal_cvl_V() const { return normal_.cvl_mV / 1000.0; }
  double normal_ccl_A() const { return normal_.ccl_mA / 1000.0; }
  double normal_dcl_A() const { return normal_.dcl_mA / 1000.0; }

 private:
  void reset();
  void apply_limits(const BatteryChange& change, double present_V);
  void apply_manners(const BatteryChange& change);
  std::optional<can_emulator::CanFrame> encode(const can_emulator::PeriodicFrame& periodic) const;
  Time due_ns(std::size_t frame) const;

  const can_emulator::CanProtocol* can_;        ///< nullptr: it has no CAN
  const can_emulator::SerialProtocol* serial_;  ///< nullptr: it has no RS485
  can_emulator::BatteryIdentity normal_identity_;
  can_emulator::BatteryIdentity identity_;
  bms_report_t normal_{};
  bms_report_t report_{};
  BusManners manners_;
  Time until_ns_ = 0;          ///< of the last call
  std::vector<Time> last_ns_;  ///< of each periodic frame
  Time strangers_due_ns_ = 0;
};

}  // namespace doppelpack::sim
