// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/mdf4_blocks.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <stdexcept>

#include "record/markup.hpp"
#include "sim/version.hpp"

namespace doppelpack::sim::mdf4 {

namespace {

/// A block while it is put together.
class Block {
 public:
  Block(std::string_view id, std::span<const Offset> links) {
    bytes_ = "##";
    bytes_ += id;
    add(std::uint32_t{0}).add(Offset{0}).add(static_cast<std::uint64_t>(links.size()));
    for (const Offset link : links) add(link);
  }
  Block(std::string_view id, std::initializer_list<Offset> links)
      : Block(id, std::span(links.begin(), links.size())) {}

  template <typename T>
  Block& add(T value) {
    bytes_ += bytes_of(value);
    return *this;
  }
  Block& add_text(std::string_view text) {
    bytes_ += text;
    return *this;
  }
  Block& add_zeros(std::size_t count) {
    bytes_.append(count, '\0');
    return *this;
  }
  std::string take() {
    const Offset length = bytes_.size();
    std::memcpy(bytes_.data() + kLengthAt, &length, sizeof length);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

std::string text_block(std::string_view id, std::string_view text) {
  const std::size_t size = aligned(text.size() + 1);
  return Block(id, {}).add_text(text).add_zeros(size - text.size()).take();
}

/// The id block, of 64 bytes, is the only one without a head.
std::string id_block() {
  constexpr std::uint16_t kVersion = 410;
  return "MDF     4.10    dplpack " + std::string(4, '\0') + bytes_of(kVersion) +
         std::string(34, '\0');
}

// Nothing of the host's clock is in the file: time begins when the bench is powered up.
std::string header_block(Offset group, Offset history, Offset comment) {
  constexpr std::size_t kTimes = 32;
  return Block("HD", {group, history, 0, 0, 0, comment}).add_zeros(kTimes).take();
}

std::string history_block(Offset comment) {
  constexpr std::size_t kTimes = 16;
  return Block("FH", {0, comment}).add_zeros(kTimes).take();
}

std::string data_group_block(Offset channels, Offset data) {
  return Block("DG", {0, channels, data, 0}).add_zeros(8).take();
}

std::string channel_group_block(Offset first_channel, Offset name, std::size_t record_bytes) {
  return Block("CG", {0, first_channel, name, 0, 0, 0})
      .add(std::uint64_t{0})  // its number, of no use in a group of its own
      .add(std::uint64_t{0})  // how many records there are: not yet any
      .add_zeros(8)
      .add(static_cast<std::uint32_t>(record_bytes))
      .add(std::uint32_t{0})
      .take();
}
constexpr Offset kCycleCountAt = kHeadBytes + 6 * 8 + 8;

struct Channel {
  Offset name = 0;
  Offset conversion = 0;
  Offset unit = 0;
  Offset comment = 0;
  bool is_master = false;
  Cell cell = Cell::float64;
  std::size_t byte_offset = 0;
};

std::string channel_block(const Channel& channel, Offset next) {
  constexpr std::size_t kRanges = 48;
  const bool is_word = channel.cell == Cell::word;
  return Block("CN",
               {next, 0, channel.name, 0, channel.conversion, 0, channel.unit, channel.comment})
      .add(std::uint8_t{channel.is_master ? std::uint8_t{2} : std::uint8_t{0}})
      .add(std::uint8_t{channel.is_master ? std::uint8_t{1} : std::uint8_t{0}})  // of time
      .add(std::uint8_t{is_word ? std::uint8_t{0} : std::uint8_t{4}})  // unsigned, or IEEE 754
      .add(std::uint8_t{0})
      .add(static_cast<std::uint32_t>(channel.byte_offset))
      .add(static_cast<std::uint32_t>(8 * bytes_of_cell(channel.cell)))
      .add_zeros(4 + 4 + 1 + 1 + 2 + kRanges)
      .take();
}

// From a value to a text; the last link is for every other value.
std::string words_block(const std::vector<Offset>& words) {
  constexpr std::uint8_t kValueToText = 7;
  std::vector<Offset> links(4, 0);
  links.insert(links.end(), words.begin(), words.end());
  const std::size_t values = words.size() - 1;
  Block block("CC", links);
  block.add(kValueToText)
      .add(std::uint8_t{0})
      .add(std::uint16_t{0})
      .add(static_cast<std::uint16_t>(words.size()))
      .add(static_cast<std::uint16_t>(values))
      .add(0.0)
      .add(0.0);
  for (std::size_t i = 0; i < values; ++i) block.add(static_cast<double>(i));
  return block.take();
}

class FrameBuilder {
 public:
  Frame build(const std::vector<const Signal*>& signals, std::string_view title) {
    frame_.bytes = id_block() + header_block(0, 0, 0);  // its links are known at the end
    const Offset channels = add_group(signals);
    const Offset history = add(history_block(
        add(text_block("MD", fmt::format("<FHcomment><TX>recorded</TX><tool_id>doppelpack</tool_id>"
                                         "<tool_vendor>The doppelpack authors</tool_vendor>"
                                         "<tool_version>{}</tool_version></FHcomment>",
                                         kVersion)))));
    const Offset comment = add(
        text_block("MD", fmt::format("<HDcomment><TX>{}</TX></HDcomment>", escaped_markup(title))));
    const Offset list = add(Block("HL", {0})
                                .add(std::uint16_t{0})
                                .add(std::uint8_t{1})  // what is compressed, is so by columns
                                .add_zeros(5)
                                .take());
    frame_.first_list_at = list + kLinksAt;
    const Offset group = add(data_group_block(channels, list));
    const std::string header = header_block(group, history, comment);
    frame_.bytes.replace(kIdBytes, header.size(), header);
    frame_.bytes.resize(aligned(frame_.bytes.size()));
    return std::move(frame_);
  }

 private:
  static constexpr std::size_t kIdBytes = 64;

  Offset add(const std::string& block) {
    frame_.bytes.resize(aligned(frame_.bytes.size()));
    const Offset offset = frame_.bytes.size();
    frame_.bytes += block;
    return offset;
  }

  Offset add_text(std::string_view text) {
    if (text.empty()) return 0;
    const auto known = texts_.find(text);
    if (known != texts_.end()) return known->second;
    return texts_[std::string(text)] = add(text_block("TX", text));
  }

  Offset add_words(std::span<const std::string_view> words) {
    if (words.empty()) return 0;
    const auto known = tables_.find(words.data());
    if (known != tables_.end()) return known->second;
    std::vector<Offset> texts;
    for (const std::string_view word : words) texts.push_back(add_text(word));
    texts.push_back(add_text("unknown"));
    return tables_[words.data()] = add(words_block(texts));
  }

  // A channel has a link to the next one: the last one comes first.
  Offset add_group(const std::vector<const Signal*>& signals) {
    std::vector<Channel> channels;
    channels.push_back({add_text("t_s"), 0, add_text("s"), add_text("simulated time"), true});
    frame_.record_bytes = bytes_of_cell(Cell::float64);
    for (const Signal* signal : signals) {
      Channel channel{add_text(signal->name), add_words(signal->words),
                      add_text(unit_of(signal->dimension)), add_text(signal->help)};
      channel.cell = cell_of(*signal);
      channel.byte_offset = frame_.record_bytes;
      frame_.record_bytes += bytes_of_cell(channel.cell);
      channels.push_back(channel);
    }
    Offset next = 0;
    for (auto channel = channels.rbegin(); channel != channels.rend(); ++channel)
      next = add(channel_block(*channel, next));
    const Offset group = add(channel_group_block(next, add_text("signals"), frame_.record_bytes));
    frame_.cycle_count_at = group + kCycleCountAt;
    return group;
  }

  Frame frame_;
  std::map<std::string, Offset, std::less<>> texts_;
  std::map<const std::string_view*, Offset> tables_;
};

// Byte i of every record, one after the other, then byte i + 1.
std::string transposed(std::string_view records, std::size_t record_bytes) {
  constexpr std::size_t kTile = 64;  // records that fit the cache together
  const std::size_t count = records.size() / record_bytes;
  std::string columns(records.size(), '\0');
  for (std::size_t begin = 0; begin < count; begin += kTile) {
    const std::size_t end = std::min(begin + kTile, count);
    for (std::size_t byte = 0; byte < record_bytes; ++byte)
      for (std::size_t i = begin; i < end; ++i)
        columns[byte * count + i] = records[i * record_bytes + byte];
  }
  return columns;
}

}  // namespace

Cell cell_of(const Signal& signal) {
  if (!signal.words.empty() && signal.words.size() < kUnknownWord) return Cell::word;
  switch (signal.dimension) {
    case Dimension::none:
    case Dimension::charge:
    case Dimension::energy:
    case Dimension::heat:
    case Dimension::time:
      return Cell::float64;
    default:
      return Cell::float32;
  }
}

std::size_t bytes_of_cell(Cell cell) {
  return cell == Cell::word ? 1 : cell == Cell::float32 ? 4 : 8;
}

void write_cell(Cell cell, double value, char* place) {
  const bool is_number = !std::isnan(value);
  if (!is_number) value = std::numeric_limits<double>::quiet_NaN();  // one of many
  if (cell == Cell::word) {
    const bool is_word = is_number && value >= 0.0 && value < kUnknownWord;
    const std::uint8_t word = is_word ? static_cast<std::uint8_t>(value) : kUnknownWord;
    std::memcpy(place, &word, sizeof word);
  } else if (cell == Cell::float32) {
    const auto number = static_cast<float>(value);
    std::memcpy(place, &number, sizeof number);
  } else {
    std::memcpy(place, &value, sizeof value);
  }
}

Frame make_frame(const std::vector<const Signal*>& signals, std::string_view title) {
  return FrameBuilder().build(signals, title);
}

std::string list_block(Offset next, Offset data, std::uint64_t records_offset) {
  return Block("DL", {next, data})
      .add(std::uint32_t{0})
      .add(std::uint32_t{1})
      .add(records_offset)
      .take();
}

std::string data_block(std::string_view records) {
  return Block("DT", {}).add_text(records).take();
}

std::string zipped_block(std::string_view records, std::size_t record_bytes) {
  constexpr int kLevel = 6;
  constexpr std::uint8_t kByColumns = 1;
  const std::string columns = transposed(records, record_bytes);
  uLongf size = compressBound(columns.size());
  std::string zipped(size, '\0');
  const int status =
      compress2(reinterpret_cast<Bytef*>(zipped.data()), &size,
                reinterpret_cast<const Bytef*>(columns.data()), columns.size(), kLevel);
  if (status != Z_OK) throw std::bad_alloc();  // the only reason there is
  zipped.resize(size);
  return Block("DZ", {})
      .add_text("DT")
      .add(kByColumns)
      .add(std::uint8_t{0})
      .add(static_cast<std::uint32_t>(record_bytes))
      .add(static_cast<std::uint64_t>(records.size()))
      .add(static_cast<std::uint64_t>(size))
      .add_text(zipped)
      .take();
}

}  // namespace doppelpack::sim::mdf4
