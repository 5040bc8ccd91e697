// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/event_log.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace doppelpack::sim {
namespace {

class EventLogLines : public ::testing::Test {
 protected:
  EventLog::LineTaker taker() {
    return [this](Time /*t_ns*/, std::string_view line) { lines_ += line; };
  }
  const std::string& lines() const { return lines_; }

 private:
  std::string lines_;
};

TEST_F(EventLogLines, has_one_json_object_per_line_with_keys_in_order) {
  EventLog log;
  log.write_to(taker());
  log.add(0, "start", {{"seed", std::int64_t{7}}});
  log.add(1'500'000'000, "gate", {{"gate", "charge"}, {"is_open", true}, {"cell_V", 3.65}});
  EXPECT_EQ(lines(),
            "{\"t_ns\":0,\"event\":\"start\",\"seed\":7}\n"
            "{\"t_ns\":1500000000,\"event\":\"gate\",\"gate\":\"charge\",\"is_open\":true,"
            "\"cell_V\":3.65}\n");
}

// Expected digests: sha256sum of the bytes of the test above, of its first line, and of nothing.
TEST_F(EventLogLines, digest_can_be_asked_for_at_any_time) {
  EventLog log;
  EXPECT_EQ(log.sha256(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  log.add(0, "start", {{"seed", std::int64_t{7}}});
  EXPECT_EQ(log.sha256(), "521af1bc21161d8a29ccc0793c549fe4ac7247360317f26e20b56938299c4acd");
  EXPECT_EQ(log.sha256(), "521af1bc21161d8a29ccc0793c549fe4ac7247360317f26e20b56938299c4acd");
  log.add(1'500'000'000, "gate", {{"gate", "charge"}, {"is_open", true}, {"cell_V", 3.65}});
  EXPECT_EQ(log.sha256(), "ecb12c7c7dd684412f3ff2fa81addcc38a4c364335c1f12690af2cb1ed3db17d");
}

TEST_F(EventLogLines, also_tells_of_what_was_before) {
  EventLog log;
  log.add(0, "first", {});
  log.write_to(taker());
  EXPECT_EQ(lines(), "{\"t_ns\":0,\"event\":\"first\"}\n");
  log.add(5, "second", {});
  EXPECT_EQ(lines(), "{\"t_ns\":0,\"event\":\"first\"}\n{\"t_ns\":5,\"event\":\"second\"}\n");
}

TEST_F(EventLogLines, numbers_are_the_shortest_that_read_back) {
  EventLog log;
  log.write_to(taker());
  log.add(0, "n",
          {{"a", 0.1},
           {"b", 1.0 / 3.0},
           {"c", 1e300},
           {"d", std::numeric_limits<double>::quiet_NaN()},
           {"e", -std::numeric_limits<double>::infinity()},
           {"f", std::int64_t{-9'007'199'254'740'993}}});
  EXPECT_EQ(lines(),
            "{\"t_ns\":0,\"event\":\"n\",\"a\":0.1,\"b\":0.3333333333333333,\"c\":1e+300,"
            "\"d\":null,\"e\":null,\"f\":-9007199254740993}\n");
}

TEST_F(EventLogLines, stays_json_whatever_a_note_says) {
  EventLog log;
  log.write_to(taker());
  const std::string note = "he said \"5 \u00B0C\"\n\ttwice \\ \x01";
  log.add(0, "note", {{"text", note}});
  log.add(1, "note", {{"text", "broken \xC3"}});
  const std::string all = lines();
  const std::size_t end = all.find('\n');
  EXPECT_EQ(nlohmann::json::parse(all.substr(0, end)).at("text"), note);
  EXPECT_EQ(nlohmann::json::parse(all.substr(end + 1)).at("text"), "broken \uFFFD");
}

TEST_F(EventLogLines, is_kept_in_memory_too) {
  EventLog log;
  log.add(42, "fault", {{"fault", "ntc-open"}, {"target", std::int64_t{2}}});
  ASSERT_EQ(log.events().size(), 1U);
  const Event& event = log.events().front();
  EXPECT_EQ(event.t_ns, 42);
  EXPECT_EQ(event.kind, "fault");
  ASSERT_EQ(event.fields.size(), 2U);
  EXPECT_EQ(event.fields[0].first, "fault");
  EXPECT_EQ(std::get<std::string>(event.fields[0].second), "ntc-open");
  EXPECT_EQ(std::get<std::int64_t>(event.fields[1].second), 2);
}

}  // namespace
}  // namespace doppelpack::sim
