// SPDX-License-Identifier: Apache-2.0
#include "version/cause.h"

#include "support/matchers.h"
#include "unit/version/cause_world.h"

namespace cairn::version {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSubsetOf;

std::string digits(std::uint64_t number) {
  return std::to_string(number);
}
std::string seconds(const Situation& at) {
  return std::to_string(at.clock_ms / 1000);
}
std::string day(const Situation& at) {
  return std::to_string(at.clock_ms / 86'400'000);
}

TEST(Cause, NamesRandomNumbersWithoutSeed) {
  CauseWorld world(writes([](const Situation& at) { return digits(at.random); }));
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  ASSERT_EQ(answer.causes.size(), 1U);
  EXPECT_EQ(answer.causes[0].factor, "seed");
  EXPECT_EQ(answer.causes[0].text, "random numbers without a fixed seed");
  EXPECT_THAT(answer.causes[0].outs, ElementsAre("out"));
  EXPECT_EQ(answer.note, "");
}

TEST(Cause, SaysThatASeedDoesNotReach) {
  CauseWorld world(writes([](const Situation& at) { return digits(at.random); }));
  world.question().seeded = true;
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  ASSERT_EQ(answer.causes.size(), 1U);
  EXPECT_EQ(answer.causes[0].text, "random numbers that its seed does not reach");
}

TEST(Cause, NamesATemporaryName) {
  CauseWorld world(writes([](const Situation& at) { return "/tmp/" + digits(at.random); }));
  world.question().only_temporary_names = [](const auto&, const auto&) { return true; };
  EXPECT_THAT(world.causes(), ElementsAre("temporary_name"));
}

TEST(Cause, NamesATimeAndSaysThatItGivesTheRecord) {
  CauseWorld world(writes(seconds));
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  ASSERT_EQ(answer.causes.size(), 1U);
  EXPECT_EQ(answer.causes[0].factor, "clock");
  EXPECT_THAT(answer.causes[0].evidence, HasSubstr("the recorded one"));
}

TEST(Cause, NamesADate) {
  CauseWorld world(writes(day));
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  ASSERT_EQ(answer.causes.size(), 1U);
  EXPECT_EQ(answer.causes[0].factor, "clock");
  EXPECT_THAT(answer.causes[0].evidence, HasSubstr("gave the recorded output"));
}

TEST(Cause, NamesADateOfWhichTheRecordSaysNothing) {
  CauseWorld world(writes(day));
  world.know_conditions = false;
  EXPECT_THAT(world.causes(), ElementsAre("clock"));
}

TEST(Cause, NamesHashOrderEvenWhereThereAreFewOrders) {
  for (const unsigned letters : {3U, 4U, 9U}) {
    CauseWorld world(writes([letters](const Situation& at) { return permuted(letters, at.hash_seed); }), 5);
    EXPECT_THAT(world.causes(), ElementsAre("hash_seed")) << letters;
  }
}

TEST(Cause, NamesThreadsByTheOrderOfLines) {
  CauseWorld world(writes([](const Situation& at) { return permuted(9, at.interleaving); }));
  world.question().same_lines = [&world](const auto& a, const auto& b) { return world.same_lines(a, b); };
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  ASSERT_EQ(answer.causes.size(), 1U);
  EXPECT_EQ(answer.causes[0].factor, "threads");
  EXPECT_THAT(answer.causes[0].text, HasSubstr("order of lines"));
}

TEST(Cause, NamesAnOrderThatNothingHolds) {
  CauseWorld world(writes([](const Situation& at) { return permuted(9, at.hidden); }));
  world.question().same_lines = [&world](const auto& a, const auto& b) { return world.same_lines(a, b); };
  EXPECT_THAT(world.causes(), ElementsAre("order"));
}

TEST(Cause, NamesTheNumberOfProcessors) {
  CauseWorld world(writes([](const Situation& at) { return digits(at.cpus); }));
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  ASSERT_EQ(answer.causes.size(), 1U);
  EXPECT_EQ(answer.causes[0].factor, "threads");
  EXPECT_THAT(answer.causes[0].evidence, HasSubstr("the recorded 8 processors"));
}

TEST(Cause, NamesWhatIsOtherHere) {
  const std::map<std::string, std::function<std::string(const Situation&)>> commands = {
      {"locale", [](const Situation& at) { return at.locale == "C.UTF-8" ? "Ab" : "bA"; }},
      {"time_zone", [](const Situation& at) { return at.time_zone; }},
      {"folder", [](const Situation& at) { return at.folder; }},
      {"folder_order", [](const Situation& at) { return at.folder_order; }}};
  for (const auto& [name, command] : commands) {
    for (const bool known : {true, false}) {
      CauseWorld world{writes(command)};
      world.know_conditions = known;
      EXPECT_THAT(world.causes(), ElementsAre(name)) << known;
    }
  }
}

TEST(Cause, NamesTheEnvironmentWhereNothingProvesAnother) {
  CauseWorld world(writes([](const Situation& at) { return at.host; }));
  world.question().environment = {"package numpy: 1.0 became 2.0"};
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  ASSERT_EQ(answer.causes.size(), 1U);
  EXPECT_EQ(answer.causes[0].factor, "environment");
  EXPECT_EQ(answer.causes[0].evidence, "package numpy: 1.0 became 2.0");
}

TEST(Cause, ProvesALocaleAlthoughTheEnvironmentDiffers) {
  CauseWorld world(writes([](const Situation& at) { return at.locale; }));
  world.question().environment = {"package numpy: 1.0 became 2.0"};
  EXPECT_THAT(world.causes(), ElementsAre("locale"));
}

TEST(Cause, NamesNoneWhereItCannotBeKnown) {
  const std::vector<std::function<std::string(const Situation&)>> commands = {
      [](const Situation& at) { return at.host; },                           // name of the host, a service
      [](const Situation& at) { return digits(at.hidden); },                 // durations, hardware's chance
      [](const Situation& at) { return at.host + digits(at.hidden % 3); }};  // and with few values
  for (std::size_t i = 0; i < commands.size(); ++i) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      CauseWorld world(writes(commands[i]), seed);
      world.know_conditions = seed % 2 == 0;
      ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
      EXPECT_THAT(answer.causes, IsEmpty()) << i << " " << seed << " " << answer.causes[0].factor;
      EXPECT_NE(answer.note, "");
    }
  }
}

TEST(Cause, NamesNoLocaleThatIsTheRecordedOne) {
  CauseWorld world(
      writes([](const Situation& at) { return at.locale + at.folder + digits(at.cpus) + at.host; }));
  world.recorded().locale = Situation().locale;
  world.recorded().cpus = Situation().cpus;
  EXPECT_THAT(world.causes(), ElementsAre("folder"));
}

TEST(Cause, NamesAllThatAreNeededTogether) {
  CauseWorld shell(writes([](const Situation& at) { return seconds(at) + digits(at.pid); }));
  EXPECT_THAT(shell.causes(), ElementsAre("clock", "processes"));
  CauseWorld python(writes([](const Situation& at) { return digits(at.random) + seconds(at); }));
  EXPECT_THAT(python.causes(), ElementsAre("clock", "seed"));
  CauseWorld set(writes([](const Situation& at) { return permuted(9, at.hash_seed) + seconds(at); }));
  EXPECT_THAT(set.causes(), ElementsAre("clock", "hash_seed"));
  CauseWorld dated(writes([](const Situation& at) { return day(at) + at.time_zone; }));
  EXPECT_THAT(dated.causes(), ElementsAre("clock", "time_zone"));
}

TEST(Cause, JudgesEachOutByItself) {
  CauseWorld world([](const Situation& at) {
    return std::map<std::string, std::string>{{"a", seconds(at)},
                                              {"b", digits(at.random)},
                                              {"c", "same"},
                                              {"d", at.host},
                                              {"e", seconds(at) + "x"}};
  });
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  ASSERT_EQ(answer.causes.size(), 2U);
  EXPECT_EQ(answer.causes[0].factor, "clock");
  EXPECT_THAT(answer.causes[0].outs, ElementsAre("a", "e"));
  EXPECT_THAT(answer.causes[1].outs, ElementsAre("b"));
  EXPECT_THAT(answer.note, HasSubstr("d: "));
}

TEST(Cause, NamesACauseWithoutARecord) {
  CauseWorld world(writes([](const Situation& at) { return digits(at.address); }));
  world.record = false;
  EXPECT_THAT(world.causes(), ElementsAre("addresses"));
}

TEST(Cause, SaysThatRunsWereEqual) {
  CauseWorld world(writes([](const Situation&) { return std::string("same"); }));
  world.record = false;
  ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
  EXPECT_THAT(answer.causes, IsEmpty());
  EXPECT_THAT(answer.note, HasSubstr("gave the same output"));
}

TEST(Cause, PassesOverWhatCannotBeHeld) {
  CauseWorld world(writes([](const Situation& at) { return digits(at.random) + seconds(at); }));
  world.unsupported() = {Factor::random};
  EXPECT_THAT(world.causes(), IsEmpty());
  CauseWorld clock(writes(seconds));
  clock.unsupported() = {Factor::random, Factor::processes, Factor::threads, Factor::folder_order};
  EXPECT_THAT(clock.causes(), ElementsAre("clock"));
}

TEST(Cause, LearnsNothingFromRunsThatFail) {
  CauseWorld world(writes(seconds));
  world.fails_when_held = true;
  EXPECT_THAT(world.causes(), IsEmpty());
}

TEST(Cause, StopsWhenTimeIsOver) {
  for (unsigned limit = 0; limit < 12; ++limit) {
    CauseWorld world(writes(seconds));
    unsigned looks = 0;
    world.question().is_time_over = [&] { return ++looks > limit; };
    ASSERT_OK_AND_ASSIGN(const CauseAnswer answer, world.answer());
    EXPECT_LE(answer.trials, limit);
    EXPECT_TRUE(!answer.causes.empty() || answer.note.find("time for trials was over") != std::string::npos)
        << limit << answer.note;
  }
}

TEST(Cause, PassesErrorsOn) {
  CauseQuestion question;
  EXPECT_THAT(find_causes(question,
                          [](const TrialConditions&) -> Result<TrialResult> {
                            return Error(Code::interrupted, "stopped");
                          }),
              test::FailsWith(Code::interrupted, "stopped"));
}

TEST(Cause, NeedsFewRuns) {
  CauseWorld hash(writes([](const Situation& at) { return digits(at.hash_seed); }));
  hash.causes();
  EXPECT_LE(hash.runs(), 10U);
  CauseWorld clock(writes(seconds));
  clock.causes();
  EXPECT_LE(clock.runs(), 14U);
  CauseWorld locale(writes([](const Situation& at) { return at.locale; }));
  locale.causes();
  EXPECT_LE(locale.runs(), 7U);
  CauseWorld unknown(writes([](const Situation& at) { return at.host; }));
  unknown.causes();
  EXPECT_LE(unknown.runs(), 24U);
}

/// Commands of which each depends on some things, picked at random: what is named is one of them.
struct Dependence {
  const char* name;
  std::function<std::string(const Situation&)> value;
};

TEST(Cause, NamesOnlyWhatTheOutputDependsOn) {
  const std::vector<Dependence> all = {
      {"hash_seed", [](const Situation& at) { return permuted(4, at.hash_seed); }},
      {"clock", seconds},
      {"processes", [](const Situation& at) { return digits(at.pid); }},
      {"addresses", [](const Situation& at) { return digits(at.address); }},
      {"seed", [](const Situation& at) { return digits(at.random % 50); }},
      {"threads", [](const Situation& at) { return permuted(5, at.interleaving); }},
      {"threads", [](const Situation& at) { return digits(at.cpus); }},
      {"locale", [](const Situation& at) { return at.locale; }},
      {"time_zone", [](const Situation& at) { return at.time_zone; }},
      {"folder", [](const Situation& at) { return at.folder; }},
      {"folder_order", [](const Situation& at) { return at.folder_order; }},
      {"host", [](const Situation& at) { return at.host; }},
      {"hidden", [](const Situation& at) { return digits(at.hidden % 4); }}};
  unsigned named = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    test::SplitMix64 pick(seed);
    std::vector<Dependence> chosen;
    for (std::uint64_t count = 1 + pick.below(3); chosen.size() < count;) {
      chosen.push_back(all[pick.below(all.size())]);
    }
    CauseWorld world(writes([&chosen](const Situation& at) {
                       std::string text;
                       for (const Dependence& one : chosen) {
                         text += one.value(at) + "\n";
                       }
                       return text;
                     }),
                     seed);
    world.know_conditions = pick.below(2) == 0;
    std::vector<std::string> allowed;
    for (const Dependence& one : chosen) {
      allowed.emplace_back(one.name);
    }
    const std::set<std::string> causes = world.causes();
    named += causes.empty() ? 0U : 1U;
    EXPECT_THAT(causes, IsSubsetOf(allowed)) << seed;
  }
  EXPECT_GT(named, 400U);
}

}  // namespace
}  // namespace cairn::version
