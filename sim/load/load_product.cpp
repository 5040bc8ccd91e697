// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <bit>

#include "load/data_folder.hpp"
#include "load/product_parts.hpp"
#include "load/section.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {

namespace {

std::string read_ascii(const Section& section, std::string_view key, std::size_t longest) {
  const YamlNode& node = section.at(key);
  const std::string& text = to_text(node);
  const auto is_ascii = [](char c) { return c >= ' ' && c <= '~'; };
  if (text.size() > longest || !std::all_of(text.begin(), text.end(), is_ascii))
    refuse(node, "at most " + std::to_string(longest) + " ASCII characters");
  return text;
}

can_emulator::BatteryIdentity read_identity(const Section& bus) {
  const Section section =
      bus.section("identity", {"manufacturer", "device", "barcode", "version", "modules"});
  can_emulator::BatteryIdentity identity;
  identity.manufacturer = read_ascii(section, "manufacturer", 20);
  identity.device_name = read_ascii(section, "device", 20);
  identity.barcode = read_ascii(section, "barcode", 16);
  const std::vector<YamlNode>& version = to_list(section.at("version"));
  if (version.size() != 2) refuse(section.at("version"), "[major, minor]");
  identity.version_major = static_cast<std::uint8_t>(to_whole(version[0], 0, 255));
  identity.version_minor = static_cast<std::uint8_t>(to_whole(version[1], 0, 255));
  identity.module_count = static_cast<std::uint8_t>(to_whole(section.at("modules"), 1, 255));
  identity.serial_address = static_cast<std::uint8_t>(to_whole(bus.at("address"), 0, 255));
  return identity;
}

// The protocol a key of `bus` names; nullptr when the product has no such bus.
template <typename Protocol>
const Protocol* read_protocol(const Section& bus, std::string_view key,
                              std::span<const Protocol* const> protocols) {
  const YamlNode* node = bus.find(key);
  if (node == nullptr) return nullptr;
  std::vector<std::string_view> keys;
  for (const Protocol* protocol : protocols) keys.push_back(protocol->key);
  return protocols[to_choice(*node, keys)];
}

// What a product chooses among the options of its protocol; the defaults where it says nothing.
template <typename Protocol>
can_emulator::Choices read_choices(const Section& bus, std::string_view key,
                                   const Protocol* protocol) {
  can_emulator::Choices choices{};
  const YamlNode* node = bus.find(key);
  if (node == nullptr) return choices;
  if (protocol == nullptr) refuse(*node, "nothing, as there is no protocol to choose for");
  std::vector<std::string_view> keys;
  for (const can_emulator::ProtocolOption& option : protocol->options) keys.push_back(option.key);
  if (keys.empty()) refuse(*node, "nothing: " + std::string(protocol->key) + " has no options");
  const Section section(*node, keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!section.has(keys[i])) continue;
    choices[i] =
        static_cast<std::uint8_t>(to_choice(section.at(keys[i]), protocol->options[i].choices));
  }
  return choices;
}

std::uint32_t magnitude(std::int32_t value) {
  return static_cast<std::uint32_t>(value < 0 ? -value : value);
}

// What the product announces as its constant limits are the trips of its own rules.
can_emulator::ProductLimits announced_limits(const bms_config_t& bms) {
  const auto warning = [&](bms_rule_t rule) { return bms.rules[rule].warning.trip; };
  const auto protection = [&](bms_rule_t rule) { return bms.rules[rule].protection.trip; };
  can_emulator::ProductLimits limits;
  limits.cell_high_mV = magnitude(protection(BMS_RULE_CELL_OV));
  limits.cell_low_mV = magnitude(warning(BMS_RULE_CELL_UV));
  limits.cell_under_mV = magnitude(protection(BMS_RULE_CELL_UV));
  limits.pack_high_mV = magnitude(protection(BMS_RULE_PACK_OV));
  limits.pack_low_mV = magnitude(warning(BMS_RULE_PACK_UV));
  limits.pack_under_mV = magnitude(protection(BMS_RULE_PACK_UV));
  limits.charge_high_ddegC = protection(BMS_RULE_OTC);
  limits.charge_low_ddegC = protection(BMS_RULE_UTC);
  limits.discharge_high_ddegC = protection(BMS_RULE_OTD);
  limits.discharge_low_ddegC = protection(BMS_RULE_UTD);
  limits.charge_current_mA = bms.limits.ccl_mA;
  limits.discharge_current_mA = bms.limits.dcl_mA;
  return limits;
}

// Counted from 1 and neighbours, the lowest digit first.
std::uint8_t read_address_switches(const Section& bus) {
  constexpr int kSwitchCount = 8;
  const YamlNode& node = bus.at("address_switches");
  unsigned set = 0;
  for (const YamlNode& item : to_list(node, 1)) {
    const unsigned bit = 1U << (to_whole(item, 1, kSwitchCount) - 1);
    if (set != 0 && bit >> 1 != std::bit_floor(set))
      refuse(item, "the switch after the one before it");
    set |= bit;
  }
  const auto highest = (1U << static_cast<unsigned>(std::popcount(set))) - 1;
  to_whole(bus.at("address"), 0, highest);
  return static_cast<std::uint8_t>(set);
}

void read_bus(const Section& bus, Product& product) {
  product.can = read_protocol(bus, "can", can_emulator::can_protocols());
  product.rs485 = read_protocol(bus, "rs485", can_emulator::serial_protocols());
  product.identity = read_identity(bus);
  if (bus.has("address_switches")) product.address_switches = read_address_switches(bus);
  product.identity.can_choices = read_choices(bus, "can_options", product.can);
  product.identity.serial_choices = read_choices(bus, "rs485_options", product.rs485);
  product.identity.limits = announced_limits(product.bms);
  product.identity.design_mAh = product.bms.soc.capacity_mAh;
}

Product read_product(const YamlNode& root, const std::filesystem::path& data_folder) {
  const Section file(
      root, {"product", "title", "sources", "pack", "sensing", "supply", "board", "bms", "bus"});
  Product product;
  product.key = read_key(file, "product");
  product.title = file.text("title");
  product.file = root.where.file;
  for (const YamlNode& source : to_list(file.at("sources"), 1)) to_text(source);
  product.pack = read_pack(file.at("pack"), data_folder);
  product.sha256 = digest_of(root) + product.pack.cell_sha256;
  read_sensing(file.at("sensing"), product);
  product.supply = read_supply(file.at("supply"));
  if (file.has("board")) read_board(file.at("board"), product);
  read_bms(file.at("bms"), product);
  read_bus(file.section("bus", {"can", "can_options", "rs485", "rs485_options", "address",
                                "address_switches", "identity"}),
           product);
  return product;
}

}  // namespace

Product load_product(std::string_view key_or_file, const std::filesystem::path& data_folder) {
  return read_product(read_yaml(locate(key_or_file, kProducts, "", data_folder, {})), data_folder);
}

}  // namespace doppelpack::sim
