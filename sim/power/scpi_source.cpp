// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "power/host_clock.hpp"
#include "power/line_client.hpp"
#include "sim/power_source.hpp"

namespace doppelpack::sim {

namespace {

constexpr Time kConnectAgain = 500 * kMillisecond;
constexpr Time kLongestConnecting = 2 * kSecond;
constexpr Time kLongestCheck = 10 * kSecond;
constexpr int kEndingTimeouts = 4;  // one for what is under way, one to ask, and as much again

class ScpiSource : public OutsideCurrent {
 public:
  ScpiSource(SourceAddress address, can_emulator::PortNotice notice);
  ~ScpiSource() override;
  ScpiSource(const ScpiSource&) = delete;
  ScpiSource& operator=(const ScpiSource&) = delete;

  PowerReading exchange(const TerminalWish& wish) override;
  const std::string& name() const override { return address_.uri.text; }

 private:
  void run();
  void wait();
  void keep_connected(Time now_ns);
  void step(Time now_ns);
  void tell(const std::string& line) const {
    if (notice_) notice_(fmt::format("{}: {}", address_.uri.text, line));
  }
  void wake() { ::eventfd_write(wake_up_.get(), 1); }

  SourceAddress address_;
  can_emulator::PortNotice notice_;
  Time timeout_ns_;

  // The worker's own.
  SourceDialogue dialogue_;
  LineClient client_;
  Time connect_due_ns_ = 0;
  Time connecting_since_ns_ = 0;
  bool has_connected_ = false;
  std::vector<std::string> lines_;

  // Between the two.
  mutable std::mutex mutex_;
  std::condition_variable has_started_;
  TerminalWish wish_;
  Time wished_at_ns_ = -1;
  PowerReading reading_;
  Time read_at_ns_ = 0;
  bool is_ending_ = false;
  bool is_prepared_ = false;
  bool is_over_ = false;
  std::string refusal_;

  can_emulator::FileDescriptor wake_up_;
  std::thread thread_;
};

ScpiSource::ScpiSource(SourceAddress address, can_emulator::PortNotice notice)
    : address_(std::move(address)),
      notice_(std::move(notice)),
      timeout_ns_(address_.settings.timeout_ns),
      dialogue_(address_.settings),
      client_(address_.uri),
      wake_up_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_([this] { run(); }) {
  std::unique_lock lock(mutex_);
  const bool is_decided = has_started_.wait_for(lock, std::chrono::nanoseconds(kLongestCheck),
                                                [this] { return is_prepared_ || is_over_; });
  if (is_prepared_) return;
  std::string why = is_decided ? refusal_ : "found no device that is ready within 10 s";
  is_ending_ = true;
  lock.unlock();
  wake();
  thread_.join();
  throw can_emulator::PortError(fmt::format("{}: {}", address_.uri.text, why));
}

ScpiSource::~ScpiSource() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  wake();
  thread_.join();
}

// The age counts from here: a worker that hangs must not leave an old current flowing.
PowerReading ScpiSource::exchange(const TerminalWish& wish) {
  const Time now_ns = host_now_ns();
  bool is_urgent = false;
  PowerReading reading;
  Time read_at_ns = 0;
  {
    const std::lock_guard lock(mutex_);
    is_urgent = wish.is_wanted != wish_.is_wanted || wish.can_charge != wish_.can_charge ||
                wish.can_discharge != wish_.can_discharge;
    wish_ = wish;
    wished_at_ns_ = now_ns;
    reading = reading_;
    read_at_ns = read_at_ns_;
  }
  if (is_urgent) wake();
  reading.age_s += to_seconds(std::max<Time>(now_ns - read_at_ns, 0));
  if (reading.age_s > to_seconds(timeout_ns_)) reading.is_valid = false;
  return reading;
}

void ScpiSource::run() {
  Time ending_since_ns = -1;
  while (true) {
    const Time now_ns = host_now_ns();
    keep_connected(now_ns);
    step(now_ns);
    const std::lock_guard lock(mutex_);
    refusal_ = has_connected_ || client_.is_open() ? dialogue_.refusal() : "nobody answers there";
    const bool is_refused = !dialogue_.was_prepared() && !refusal_.empty();
    if (is_refused || dialogue_.has_ended()) break;
    if (!is_ending_) continue;
    if (ending_since_ns < 0) ending_since_ns = now_ns;
    if (now_ns - ending_since_ns <= kEndingTimeouts * timeout_ns_) continue;
    if (dialogue_.reading(now_ns).is_output_on)
      tell("the device has not said that its output is off: look at it");
    break;
  }
  const std::lock_guard lock(mutex_);
  is_over_ = true;
  has_started_.notify_all();
}

void ScpiSource::wait() {
  std::array<pollfd, 2> sources{
      {{wake_up_.get(), POLLIN, 0}, {client_.descriptor(), client_.events(), 0}}};
  Time until_ns = dialogue_.next_ns();
  if (!client_.is_open()) until_ns = std::min(until_ns, connect_due_ns_);
  const Time wait_ns = std::max<Time>(until_ns - host_now_ns(), 0);
  const timespec timeout{static_cast<time_t>(wait_ns / kSecond),
                         static_cast<long>(wait_ns % kSecond)};
  ::ppoll(sources.data(), sources.size(), &timeout, nullptr);
  eventfd_t rings = 0;
  ::eventfd_read(wake_up_.get(), &rings);
}

void ScpiSource::keep_connected(Time now_ns) {
  if (client_.is_open() && !client_.is_connected() &&
      now_ns - connecting_since_ns_ > kLongestConnecting)
    client_.close();
  if (client_.is_open() || now_ns < connect_due_ns_) return;
  connecting_since_ns_ = now_ns;
  connect_due_ns_ = now_ns + kConnectAgain;
  client_.connect();
}

void ScpiSource::step(Time now_ns) {
  wait();
  SourceInput input;
  client_.advance(input.lines);
  {
    const std::lock_guard lock(mutex_);
    input.wish = wish_;
    input.wished_at_ns = wished_at_ns_;
    input.is_ending = is_ending_;
  }
  input.is_connected = client_.is_connected();
  now_ns = host_now_ns();
  const SourceOutput output = dialogue_.step(now_ns, input);
  for (const std::string& line : output.lines) client_.send(line);
  if (output.hangs_up) client_.close();
  // The dialogue has to see that the line was gone.
  if (input.is_connected && !client_.is_connected()) connect_due_ns_ = now_ns + kConnectAgain;
  has_connected_ = has_connected_ || input.is_connected;
  for (const std::string& line : output.notices) tell(line);
  const std::lock_guard lock(mutex_);
  reading_ = dialogue_.reading(now_ns);
  read_at_ns_ = now_ns;
  if (dialogue_.was_prepared() && !is_prepared_) {
    is_prepared_ = true;
    has_started_.notify_all();
  }
}

}  // namespace

std::unique_ptr<OutsideCurrent> open_power_source(SourceAddress address,
                                                  can_emulator::PortNotice notice) {
  return std::make_unique<ScpiSource>(std::move(address), std::move(notice));
}

}  // namespace doppelpack::sim
