// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The text console on the RS232 port of a Pylontech pack: lines in, pages out. What the pages hold,
// and the sources, are in pylontech_console_pages.hpp. A reply is framed as
//
//   <echo>  @  lines ...  Command completed successfully  $$  <blank>  pylon>
//
// Without a state there is no `login`, so only the commands of the user mode are known, and no page
// stops to wait for [Enter].

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/pylontech_console_pages.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {

extern const SerialProtocol pylontech_console;

namespace {

constexpr std::size_t kLongestLine = 128;  // estimate
constexpr std::string_view kPrompt = "pylon>";
constexpr std::string_view kDone = "Command completed successfully";
// MLE and IRE read up to the prompt behind it; the mixed line ends are those IRE looks for.
constexpr std::string_view kEndOfReply = "$$\r\n\r";

struct Command {
  std::string_view name;
  std::string_view help;
  bool may_have_module;
  std::string (*print)(const Console& console);
  std::string (*print_of_module)(const Console& console);  // with a module
};
constexpr std::array kCommands{
    Command{"bat", "Battery data show - bat [pwr][index]", true, print_cells, print_cells},
    Command{"help", "Help [cmd]", false, print_help, print_help},
    Command{"info", "Device infomation - info", true, print_identity, print_identity},
    Command{"log", "Log information show - log", false, print_log, print_log},
    Command{"pwr", "Power data show - pwr [index]", true, print_power_table, print_power_block},
    Command{"stat", "Statistic data show - stat", true, print_statistics, print_statistics},
    Command{"time", "Time - time", false, print_time, print_time},
};

bool is_line_end(std::uint8_t byte) {
  return byte == '\r' || byte == '\n';
}

// CR, LF and CR LF end a line.
FrameSpan find_line(BytesView received) {
  const auto end = std::find_if(received.begin(), received.end(), is_line_end);
  const auto length = static_cast<std::size_t>(end - received.begin());
  if (end == received.end()) {
    return {.garbage = length > kLongestLine ? length : 0, .length = 0};
  }
  const bool is_pair = *end == '\r' && length + 1 < received.size() && received[length + 1] == '\n';
  const std::size_t line_length = length + (is_pair ? 2 : 1);
  if (length <= kLongestLine) return {.garbage = 0, .length = line_length};
  FrameSpan next = find_line(received.substr(line_length));
  next.garbage += line_length;
  return next;
}

std::string text_of(BytesView line) {
  std::string text(line.begin(), line.end());
  text.erase(std::remove_if(text.begin(), text.end(),
                            [](char c) { return is_line_end(static_cast<std::uint8_t>(c)); }),
             text.end());
  return to_text_field(text, text.size(), ' ');
}

Bytes bytes_of(std::string_view text) {
  return Bytes(text.begin(), text.end());
}

std::pair<std::string, std::string> split(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::size_t end = std::min(line.find(' '), line.size());
  std::string_view argument = line.substr(end);
  argument.remove_prefix(std::min(argument.find_first_not_of(' '), argument.size()));
  argument = argument.substr(0, argument.find_last_not_of(' ') + 1);
  return {std::string(line.substr(0, end)), std::string(argument)};
}

Reply frame(ReplyKind kind, const std::string& echo, const std::string& page,
            std::string_view problem) {
  std::string text = echo + "\r\n@\r\n" + page;
  if (kind == ReplyKind::answer) text.append(kDone).append("\r\n");
  text.append(kEndOfReply).append(kPrompt);
  return {kind, bytes_of(text), problem};
}

// Number of the module an argument names; 0 when there is none.
std::size_t module_of(const std::string& argument, std::size_t count) {
  const bool is_number =
      !argument.empty() && argument.size() <= 2 &&
      std::all_of(argument.begin(), argument.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::size_t number = is_number ? std::stoul(argument) : 0;
  return number <= count ? number : 0;
}

Reply run(const std::string& line, Packs packs, const BatteryIdentity& identity) {
  const auto [name, argument] = split(line);
  const auto* command =
      std::find_if(kCommands.begin(), kCommands.end(),
                   [&wanted = name](const Command& row) { return row.name == wanted; });
  if (command == kCommands.end()) {
    return frame(ReplyKind::rejection, line, "Unknown command '" + name + "' - try 'help'\r\n",
                 "unknown command");
  }
  const std::size_t module = module_of(argument, packs.size());
  if (command->may_have_module && !argument.empty() && module == 0) {  // spelt as on the device
    return frame(ReplyKind::rejection, line,
                 "Invalid command or fail to excute.\r\n" + std::string(command->help) + "\r\n",
                 "a module that is not there");
  }
  const bool has_module = command->may_have_module && module != 0;
  const Console console{packs, identity, has_module ? module : 1};
  const std::string page = has_module ? command->print_of_module(console) : command->print(console);
  return frame(ReplyKind::answer, line, page, {});
}

Reply respond(BytesView request, Packs packs, const BatteryIdentity& identity) {
  const std::string line = text_of(request);
  // "~20014682C0048520FCC3" at 1200 baud wakes the port up; nothing comes back (IRE).
  if (line.starts_with('~')) return stay_silent("the wake-up frame");
  if (split(line).first.empty()) {
    return {ReplyKind::answer, bytes_of("\r\n" + std::string(kPrompt)), {}};
  }
  return run(line, packs, identity);
}

// ---- the other side: a monitor ------------------------------------------------------------------

struct Question {
  std::string_view line;
  bool (*read)(std::string_view page, BatteryView& view);
};
constexpr std::array kQuestions{
    Question{"pwr", read_power_table},
    Question{"bat 1", read_cells},
    Question{"info", read_identity},
};

Bytes encode_request(std::size_t index, std::uint8_t /*address*/) {
  if (index >= kQuestions.size()) return {};
  return bytes_of(std::string(kQuestions[index].line) + "\r");
}

// The page between its two marks, HRA's way; only after a success.
bool decode_reply(std::size_t index, BytesView reply, const Choices& /*choices*/,
                  BatteryView& view) {
  if (index >= kQuestions.size()) return false;
  const std::string text(reply.begin(), reply.end());
  if (!text.starts_with(kQuestions[index].line)) return false;
  const std::size_t start = text.find('@');
  const std::size_t end = text.find(kDone);
  if (start == std::string::npos || end == std::string::npos || end < start) return false;
  BatteryView updated = view;
  if (!kQuestions[index].read(std::string_view(text).substr(start + 1, end - start - 1), updated)) {
    return false;
  }
  view = std::move(updated);
  return true;
}

}  // namespace

std::string print_help(const Console& /*console*/) {
  std::string page = "Local command:\r\n";
  for (const Command& command : kCommands) {
    page += to_text_field(command.name, 8, ' ') + std::string(command.help) + "\r\n";
  }
  return page;
}

// Nobody measured how long the console thinks: estimate.
constinit const SerialProtocol pylontech_console{
    .key = "pylontech-console",
    .title = "Pylontech text console (RS232)",
    .baud = 115200,
    .turnaround_ms = 5,
    .options = {},
    .find_frame = find_line,
    .respond = respond,
    .poll_count = kQuestions.size(),
    .request_count = kQuestions.size(),
    .encode_request = encode_request,
    .decode_reply = decode_reply,
};

}  // namespace doppelpack::can_emulator
