// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The obedience test: a scripted battery says things on CAN, and what the inverter makes of them is
// graded. The inverter is a virtual one in virtual time, or whatever is plugged into a port.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bms/types.h"
#include "can_emulator/can_protocol.hpp"
#include "can_emulator/live_port.hpp"
#include "can_emulator/meter.hpp"
#include "can_emulator/port.hpp"
#include "sim/inverter.hpp"
#include "sim/product.hpp"
#include "sim/replay.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

// ---- the script, as written ---------------------------------------------------------------------

/// How the battery behaves on the bus.
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
  count
};
std::string_view name_of(ExpectedReaction kind);

struct CompatStep {
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

// ---- the scripted battery -----------------------------------------------------------------------

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

  const bms_report_t& report() const { return report_; }
  double normal_ccl_A() const { return normal_.ccl_mA / 1000.0; }
  double normal_dcl_A() const { return normal_.dcl_mA / 1000.0; }

 private:
  void reset();
  void apply_limits(const BatteryChange& change, double present_V);
  void apply_manners(const BatteryChange& change);
  std::optional<can_emulator::CanFrame> encode(const can_emulator::PeriodicFrame& periodic) const;
  Time due_ns(std::size_t frame) const;

  const can_emulator::CanProtocol& protocol_;
  can_emulator::BatteryIdentity normal_identity_;
  can_emulator::BatteryIdentity identity_;
  bms_report_t normal_{};
  bms_report_t report_{};
  BusManners manners_;
  Time until_ns_ = 0;          ///< of the last call
  std::vector<Time> last_ns_;  ///< of each periodic frame
  Time strangers_due_ns_ = 0;
};

// ---- whom it talks to ---------------------------------------------------------------------------

/// An inverter under test, and what of it can be measured.
class CompatRig {
 public:
  virtual ~CompatRig() = default;
  virtual void send(Time t_ns, const can_emulator::CanFrame& frame) = 0;
  /// Lets time pass up to t_ns; appends what the inverter sent.
  virtual void advance(Time t_ns, std::vector<TimedFrame>& heard) = 0;
  /// Is there a meter at all?
  virtual bool is_measured() const = 0;
  /// Nothing: there is no meter, or it says nothing now.
  virtual std::optional<DcMeasurement> measure() const = 0;
  /// What the site wants at the DC terminals, + charges; nothing happens where it cannot be asked.
  virtual void set_wish_W(double wish_W) = 0;
  /// A battery with that charge from now on, where there is one.
  virtual void set_soc(double soc) = 0;
  /// Highest and lowest cell, where known.
  virtual std::optional<std::pair<double, double>> extreme_cells_V() const = 0;
};

/// A virtual inverter before a simple battery: open-circuit voltage and resistance, one cell fuller and
/// one emptier than the others.
std::unique_ptr<CompatRig> make_virtual_rig(const Product& product, const InverterDesign& inverter);

/// A meter beside the inverter.
struct MeterPlace {
  const can_emulator::Meter* meter = nullptr;
  std::optional<can_emulator::PortUri> uri;  ///< empty: on the CAN bus that the inverter is on
  bool is_inverted = false;                  ///< what it calls positive discharges the battery
  std::uint8_t address = 1;                  ///< of a meter that is asked
};

/// "ivt-s", or with a port of its own "acrel-djsf1352@serial:/dev/ttyUSB1". Throws PortError.
MeterPlace parse_meter_place(std::string_view text);

/// What is plugged in there, in real time. Throws PortError.
std::unique_ptr<CompatRig> make_port_rig(const can_emulator::PortUri& uri,
                                         const std::optional<MeterPlace>& meter,
                                         const can_emulator::PortNotice& notice);

// ---- the grades ---------------------------------------------------------------------------------

/// From best to worst.
enum class Grade { obeyed, not_observable, late, ignored, unsafe };
std::string_view name_of(Grade grade);

/// Of one expectation of one step.
struct CompatFinding {
  int step = 0;  ///< from 1
  ExpectedReaction kind = ExpectedReaction::heartbeat;
  Grade grade = Grade::not_observable;
  double after_s = 0.0;    ///< when it was so, since the stimulus
  double allowed_s = 0.0;  ///< the limit
  std::string detail;
};

/// A line of compat.log, with its newline.
struct TimedLine {
  Time t_ns = 0;
  std::string text;
};

/// From 2 s before the stimulus to 10 s after the verdict. Of very many lines only the first and the
/// last are kept.
struct Evidence {
  std::vector<TimedLine> lines;
  std::size_t left_out = 0;     ///< lines that are only in compat.log,
  std::size_t left_out_at = 0;  ///< between this one of `lines` and the one before it
};

struct CompatResult {
  CompatItem item;
  Grade grade = Grade::not_observable;  ///< the worst finding; never obeyed when one is missing
  std::vector<CompatFinding> findings;
  Time stimulus_ns = 0;
  Time verdict_ns = 0;
  Evidence evidence;  ///< empty until the test is over
};

struct CompatReport {
  std::string script;
  std::string product;
  std::string inverter;          ///< as named by the user; the port otherwise
  bool has_measurement = false;  ///< of the current at least
  bool is_complete = true;       ///< false: stopped
  std::vector<CompatResult> results;
  /// Everything that could be seen was obeyed, and something could be seen.
  bool has_passed() const;
};

/// Who watches it. All must be set.
struct CompatWatch {
  std::function<void(const CompatResult& result)> note;  ///< each one as it is there
  std::function<void(std::string_view lines)> log;  ///< both sides of the bus, whenever it was used
  std::function<bool()> goes_on;  ///< asked all the time; false stops, without the present item
};

/// Throws PortError when a meter is silent from the beginning.
CompatReport run_compat(const CompatScript& script, const Product& product, CompatRig& rig,
                        const CompatWatch& watch);

/// compat.log (`candump -L`), for CompatWatch::log. Creates the folder and empties the file. What was
/// logged is in the file when the call returns, whatever happens to the process then. Both throw
/// DataError.
std::function<void(std::string_view lines)> open_compat_log(const std::filesystem::path& folder);

/// compat.json and compat.html. Creates the folder. Throws DataError.
void write_compat(const std::filesystem::path& folder, const CompatReport& report);

}  // namespace doppelpack::sim
