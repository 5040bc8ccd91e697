// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/routes.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/body.hpp"
#include "http/frame_text.hpp"
#include "http/metrics.hpp"
#include "http/openapi.hpp"
#include "http/stream.hpp"
#include "report/describe.hpp"
#include "sim/data_error.hpp"
#include "sim/report.hpp"

namespace doppelpack::http {

namespace {

using Json = nlohmann::ordered_json;

/// The bench obeys between two slices; longer than this it is stuck.
constexpr std::chrono::seconds kPatience{5};
constexpr double kLongestStep_s = 86400.0;
constexpr double kLongestPress_s = 600.0;
constexpr double kLongestFault_s = 1e6;

Response json_response(std::string text) {
  Response response;
  response.body = std::move(text);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response obeyed(Site& site, Command command) {
  auto letter = site.live.mailbox().post(std::move(command));
  if (!letter) return refuse(503, "too many commands are waiting");
  if (letter->wait_for(kPatience) != std::future_status::ready)
    return refuse(503, "the bench did not answer in time");
  const Outcome outcome = letter->get();
  if (!outcome.is_done()) return refuse(422, outcome.problem);
  ++site.traffic.commands;
  return json_response(state_json(*site.live.frame()).dump());
}

sim::Time to_time(double seconds) {
  return static_cast<sim::Time>(std::llround(seconds * 1e9));
}

// ---- looking ----

Response get_bench(Site& site, const Request& /*request*/) {
  return json_response(site.bench_text);
}

Response get_fault_catalogue(Site& site, const Request& /*request*/) {
  return json_response(site.faults_text);
}

Response get_state(Site& site, const Request& /*request*/) {
  return json_response(state_json(*site.live.frame()).dump());
}

Response get_signals(Site& site, const Request& request) {
  const std::string_view given = request.argument("match");
  const auto frame = site.live.frame();
  Json list = Json::array();
  for (const std::size_t position : match_any(site.live.signals(), given.empty() ? "*" : given)) {
    const sim::Signal& signal = site.live.signals().all()[position];
    const double value = frame->values[position];
    Json json = sim::describe_signal(signal);
    json["value"] = std::isfinite(value) ? Json(value) : Json(nullptr);
    json["text"] = sim::format_value(signal, value);
    list.push_back(std::move(json));
  }
  return json_response(list.dump());
}

Response get_events(Site& site, const Request& request) {
  const std::string_view text = request.argument("after");
  std::uint64_t after = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
  if (!text.empty() && (error != std::errc{} || end != text.data() + text.size()))
    return refuse(400, "after: expected the number of an event");
  return json_response(events_text(*site.live.frame()->events, after));
}

Response get_buses(Site& site, const Request& /*request*/) {
  return json_response(
      traffic_json(*site.live.frame()->buses, site.live.scenario().product, -1).dump());
}

// Taken between two slices; all that takes long is done here.
Response get_report(Site& site, const Request& /*request*/) {
  TakeReport wish{std::make_shared<std::shared_ptr<const sim::ReportData>>()};
  Response refusal = obeyed(site, wish);
  if (refusal.status != 200) return refusal;
  sim::ReportFacts facts;
  facts.command = site.command;
  facts.made_at = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  facts.clock_json = clock_text(*site.live.frame());
  try {
    const std::string page = sim::read_report_page();
    Response response{
        200,
        "text/html; charset=utf-8",
        sim::fill_report_page(page,
                              sim::report_json(**wish.place, site.live.scenario(), facts, nullptr)),
        nullptr,
        {}};
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"report.html\"");
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  } catch (const sim::DataError& error) {
    return refuse(404, error.what());
  }
}

Response get_metrics(Site& site, const Request& /*request*/) {
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(site), nullptr, {}};
}

Response get_openapi(Site& /*site*/, const Request& /*request*/) {
  return {200, "application/yaml", std::string(kOpenapi), nullptr, {}};
}

// ---- handling ----

Response post_clock(Site& site, const Request& request) {
  Body body(request.body);
  std::vector<Command> commands;
  if (body.has("speed")) commands.emplace_back(SetSpeed{body.number("speed", 0.0, 1e6)});
  if (body.has("is_running")) commands.emplace_back(SetRunning{body.yes("is_running")});
  body.finish();
  if (commands.empty()) return refuse(400, "body: expected is_running, speed or both");
  Response response;
  for (Command& command : commands) {
    response = obeyed(site, std::move(command));
    if (response.status != 200) break;
  }
  return response;
}

Response post_step(Site& site, const Request& request) {
  Body body(request.body);
  const Step step{to_time(body.number("duration_s", 1e-3, kLongestStep_s, 1.0))};
  body.finish();
  return obeyed(site, step);
}

Response post_press(Site& site, const Request& request) {
  Body body(request.body);
  const Press press{body.text("button"),
                    to_time(body.number("duration_s", 1e-3, kLongestPress_s, 0.1)),
                    body.whole("pack", 1, BMS_MAX_PACKS, 1)};
  body.finish();
  return obeyed(site, press);
}

Response post_set(Site& site, const Request& request) {
  Body body(request.body);
  const SetControl set{body.text("name"), body.value("value")};
  body.finish();
  return obeyed(site, set);
}

Response post_fault(Site& site, const Request& request) {
  Body body(request.body);
  const auto seconds = [&](std::string_view key) {
    return body.has(key) ? to_time(body.number(key, 1e-3, kLongestFault_s)) : 0;
  };
  const Inject inject{body.text("fault"),
                      body.whole("target", 0, 10000, 0),
                      body.value("severity", ""),
                      body.text("id", ""),
                      body.whole("pack", 1, BMS_MAX_PACKS, 1),
                      seconds("duration_s"),
                      body.value("ramp_to", ""),
                      seconds("ramp_s")};
  body.finish();
  if (inject.ramp_to.empty() != (inject.ramp_ns == 0))
    return refuse(400, "ramp_s: expected together with ramp_to");
  return obeyed(site, inject);
}

Response post_clear(Site& site, const Request& request) {
  Body body(request.body);
  const Clear clear{body.text("id")};
  body.finish();
  return obeyed(site, clear);
}

Response post_snapshot(Site& site, const Request& request) {
  Body body(request.body);
  const TakeSnapshot snapshot{body.text("name", "")};
  body.finish();
  return obeyed(site, snapshot);
}

Response post_restore(Site& site, const Request& request) {
  Body body(request.body);
  const Restore restore{body.whole("snapshot", 1, std::numeric_limits<int>::max(), 0)};
  body.finish();
  return obeyed(site, restore);
}

struct Route {
  std::string_view method;
  std::string_view path;
  Response (*handle)(Site& site, const Request& request);
};

constexpr std::array kRoutes{
    Route{"GET", "/api/v1/bench", get_bench},
    Route{"GET", "/api/v1/state", get_state},
    Route{"GET", "/api/v1/signals", get_signals},
    Route{"GET", "/api/v1/faults", get_fault_catalogue},
    Route{"GET", "/api/v1/events", get_events},
    Route{"GET", "/api/v1/buses", get_buses},
    Route{"GET", "/api/v1/report", get_report},
    Route{"GET", "/api/v1/stream", open_stream},
    Route{"POST", "/api/v1/clock", post_clock},
    Route{"POST", "/api/v1/step", post_step},
    Route{"POST", "/api/v1/press", post_press},
    Route{"POST", "/api/v1/set", post_set},
    Route{"POST", "/api/v1/inject", post_fault},
    Route{"POST", "/api/v1/clear", post_clear},
    Route{"POST", "/api/v1/snapshot", post_snapshot},
    Route{"POST", "/api/v1/restore", post_restore},
    Route{"GET", "/metrics", get_metrics},
    Route{"GET", "/openapi.yaml", get_openapi},
};

Response run(const Route& route, Site& site, const Request& request) {
  const bool is_json = request.header("content-type").starts_with("application/json");
  if (route.method == "POST" && !is_json)
    return refuse(415, "expected a body of the type application/json");
  try {
    return route.handle(site, request);
  } catch (const BodyError& error) {
    return refuse(400, error.what());
  }
}

Response find_answer(Site& site, const Request& request) {
  if (auto refusal = site.guard.refusal(request)) return std::move(*refusal);
  std::string_view other_method;
  for (const Route& route : kRoutes) {
    if (route.path != request.path) continue;
    if (route.method == request.method) return run(route, site, request);
    other_method = route.method;
  }
  if (other_method.empty() && request.method == "GET") return site.page.get(request.path);
  if (other_method.empty()) return refuse(404, "there is nothing here");
  Response response = refuse(405, fmt::format("expected {}", other_method));
  response.headers.emplace_back("Allow", other_method);
  return response;
}

}  // namespace

Response answer(Site& site, const Request& request) {
  ++site.traffic.requests;
  Response response = find_answer(site, request);
  if (response.status >= 400) ++site.traffic.refused;
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return response;
}

}  // namespace doppelpack::http
