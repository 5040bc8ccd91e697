// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/frame_text.hpp"

namespace doppelpack::http {

namespace {

using WallClock = std::chrono::steady_clock;

/// A client that missed so much has its clock set anew.
constexpr std::chrono::milliseconds kTooLate{500};
/// Clock and timing, and the buses, need not be as fast as lamps.
constexpr std::chrono::milliseconds kStatePeriod{250};
constexpr std::chrono::milliseconds kTrafficPeriod{200};
/// Something is said this often, or at every tick, so that a client that is gone is noticed.
constexpr std::chrono::seconds kSignPeriod{1};

void append(std::string& text, std::string_view event, std::string_view data) {
  text += fmt::format("event: {}\ndata: {}\n\n", event, data);
}

std::optional<double> rate_of(std::string_view text) {
  double rate = 20.0;
  if (text.empty()) return rate;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  if (!is_number || !(rate >= 0.1 && rate <= Stream::kFastest_Hz)) return {};
  return rate;
}

}  // namespace

std::vector<std::size_t> match_any(const sim::SignalCatalogue& catalogue, std::string_view globs) {
  std::vector<std::size_t> found;
  while (!globs.empty()) {
    const std::size_t comma = globs.find(',');
    for (const std::size_t signal : catalogue.match(globs.substr(0, comma)))
      found.push_back(signal);
    globs = comma == std::string_view::npos ? "" : globs.substr(comma + 1);
    if (found.size() > Stream::kMostSignals) break;
  }
  return found;
}

Stream::Stream(Site& site, std::vector<std::size_t> signals, double rate_Hz)
    : site_(site),
      signals_(std::move(signals)),
      period_(std::chrono::duration_cast<WallClock::duration>(
          std::chrono::duration<double>(1.0 / rate_Hz))) {}

Stream::~Stream() {
  --site_.traffic.streams;
}

std::string Stream::names() const {
  nlohmann::json names = nlohmann::json::array();
  for (const std::size_t signal : signals_)
    names.push_back(site_.live.signals().all()[signal].name);
  return names.dump();
}

std::optional<std::string> Stream::next() {
  std::string text;
  if (!has_begun_) {
    append(text, "signals", names());
    restores_ = site_.live.frame()->restores;
  }
  has_begun_ = true;
  while (text.empty() || ticks_ == 0) {
    const auto now = WallClock::now();
    due_ = now - due_ > kTooLate ? now : due_ + period_;
    if (!site_.closing.sleep_until(due_)) return {};
    const auto frame = site_.live.frame();
    append_restart(*frame, text);
    append_events(*frame, text);
    append_frame(*frame, text);
    if (is_time_for(kStatePeriod)) append_state(*frame, text);
    if (is_time_for(kTrafficPeriod)) append_traffic(*frame, text);
    if (is_time_for(kSignPeriod) && text.empty()) text = ": still here\n\n";
    ++ticks_;
  }
  return text;
}

bool Stream::is_time_for(WallClock::duration every) const {
  return ticks_ % std::max<std::int64_t>(every / period_, 1) == 0;
}

// Time has gone back: everything comes as a whole again.
void Stream::append_restart(const LiveFrame& frame, std::string& text) {
  if (frame.restores == restores_) return;
  restores_ = frame.restores;
  last_event_ = 0;
  last_traffic_.reset();
  last_traffic_ns_ = -1;
  ticks_ = 0;
  append(text, "restart", fmt::format(R"({{"restores":{}}})", restores_));
}

void Stream::append_frame(const LiveFrame& frame, std::string& text) {
  if (frame.number == last_frame_) return;
  const auto per_frame = static_cast<std::uint64_t>(period_ / RunClock::kSlice);
  const std::uint64_t missed = last_frame_ == 0 ? 0 : frame.number - last_frame_ - 1;
  if (missed > per_frame + 1) site_.traffic.skipped_frames += missed - per_frame;
  last_frame_ = frame.number;
  ++site_.traffic.stream_frames;
  append(text, "frame", values_text(frame, signals_));
}

void Stream::append_events(const LiveFrame& frame, std::string& text) {
  if (frame.events->count == last_event_) return;
  append(text, "events", events_text(*frame.events, last_event_));
  last_event_ = frame.events->count;
}

void Stream::append_state(const LiveFrame& frame, std::string& text) {
  std::string state = state_json(frame).dump();
  if (state == last_state_) return;
  append(text, "state", state);
  last_state_ = std::move(state);
}

void Stream::append_traffic(const LiveFrame& frame, std::string& text) {
  if (frame.buses == last_traffic_) return;
  last_traffic_ = frame.buses;
  append(text, "traffic",
         traffic_json(*frame.buses, site_.live.scenario().product, last_traffic_ns_).dump());
  last_traffic_ns_ = frame.t_ns;
}

Response open_stream(Site& site, const Request& request) {
  const std::optional<double> rate_Hz = rate_of(request.argument("rate"));
  if (!rate_Hz) return refuse(400, fmt::format("rate: expected 0.1..{:g}", Stream::kFastest_Hz));
  std::vector<std::size_t> signals = match_any(site.live.signals(), request.argument("signals"));
  if (signals.size() > Stream::kMostSignals)
    return refuse(400, fmt::format("signals: found more than {}", Stream::kMostSignals));
  if (++site.traffic.streams > Site::kMostStreams) {
    --site.traffic.streams;
    return refuse(503, fmt::format("{} streams are open, which is the most", Site::kMostStreams));
  }
  const auto stream = std::make_shared<Stream>(site, std::move(signals), *rate_Hz);
  Response response;
  response.content_type = "text/event-stream";
  response.stream = [stream] { return stream->next(); };
  return response;
}

}  // namespace doppelpack::http
