// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "../../sim/cores/bell.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

namespace doppelpack::sim {
namespace {

using Heard = BellListener::Heard;

/// One asks, one answers, each with one end of a socket.
struct Pair {
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0); }
  ~Pair() {
    for (const int end : ends) close(end);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  Bell question;
  Bell answer;
  int number = 0;  // whose turn it is may read and write it
  std::array<int, 2> ends{};
};

constexpr int kTurns = 20'000;

void answer_all(Pair& pair) {
  BellListener questions(pair.question, pair.ends[1]);
  for (int i = 0; i < kTurns; ++i) {
    if (questions.wait() != Heard::ring) return;
    ++pair.number;
    ring(pair.answer, pair.ends[1]);
  }
}

int ask_all(Pair& pair) {
  BellListener answers(pair.answer, pair.ends[0]);
  for (int i = 0; i < kTurns; ++i) {
    ring(pair.question, pair.ends[0]);
    if (answers.wait() != Heard::ring || pair.number != i + 1) return i;
  }
  return kTurns;
}

// More of them than there are processors: each is interrupted anywhere, and some have to sleep.
TEST(BellTest, TurnsAreTakenOneAfterTheOther) {
  std::array<Pair, 6> pairs;
  std::array<int, 6> turns{};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    threads.emplace_back([&, i] { answer_all(pairs[i]); });
    threads.emplace_back([&, i] {
      turns[i] = ask_all(pairs[i]);
      shutdown(pairs[i].ends[0], SHUT_WR);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : turns) EXPECT_EQ(count, kTurns);
}

// The ring before may wake late: in between, its bell has been heard and is waited for again.
TEST(BellTest, AByteThatComesLateIsNoRing) {
  Pair pair;
  const timeval patience{0, 1000};
  setsockopt(pair.ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  BellListener answers(pair.answer, pair.ends[0]);
  ASSERT_EQ(send(pair.ends[1], ".", 1, 0), 1);
  EXPECT_EQ(answers.wait(), Heard::nothing);
  ring(pair.answer, pair.ends[1]);
  EXPECT_EQ(answers.wait(), Heard::ring);
  EXPECT_EQ(answers.wait(), Heard::nothing) << "it was one ring";
}

TEST(BellTest, TheEndOfTheOtherIsHeard) {
  Pair pair;
  shutdown(pair.ends[1], SHUT_WR);
  BellListener answers(pair.answer, pair.ends[0]);
  EXPECT_EQ(answers.wait(), Heard::end);
}

}  // namespace
}  // namespace doppelpack::sim
