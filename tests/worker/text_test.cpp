// SPDX-License-Identifier: Apache-2.0
// Texts: how they are cut and read, and attacks on small nets whose every edit can be tried.
#include "base/text.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/attack_details.hpp"
#include "ai/worker/answer.hpp"
#include "ai/worker/data/text_examples.hpp"
#include "ai/worker/data/text_samples.hpp"
#include "ai/worker/data/tokenizer.hpp"
#include "ai/worker/evasion/attacks/text_attacks.hpp"
#include "ai/worker/evasion/text_measure.hpp"
#include "ai/worker/nets/text_model.hpp"
#include "base/files.hpp"
#include "base/random.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using Ids = std::vector<std::int64_t>;
using Words = std::vector<std::string>;

Tokenizer tokenizer_of(TextDescription::Split split,
                       const Words& tokens,
                       bool is_lower_case = true) {
  TextDescription said;
  said.split = split;
  said.is_lower_case = is_lower_case;
  auto vocabulary = Vocabulary::read(join(tokens, "\n"), "vocab.txt");
  return *Tokenizer::build(said, *std::move(vocabulary), "texts.yaml");
}

// The examples of the published tests of BERT's tokenizer.
TEST(Tokenizers, CutAsBertDoes) {
  EXPECT_EQ(words_of("ah\u535A\u63A8zz", false), (Words{"ah", "\u535A", "\u63A8", "zz"}));
  EXPECT_EQ(words_of(" \tHeLLo!how  \n Are yoU?  ", true),
            (Words{"hello", "!", "how", "are", "you", "?"}));
  EXPECT_EQ(words_of("H\u00E9llo", true), (Words{"hello"}));
  EXPECT_EQ(words_of(" \tHeLLo!how  \n Are yoU?  ", false),
            (Words{"HeLLo", "!", "how", "Are", "yoU", "?"}));
  const Tokenizer bert =
      tokenizer_of(TextDescription::Split::wordpiece,
                   {"[UNK]", "[CLS]", "[SEP]", "want", "##want", "##ed", "wa", "un",
                    "run"
                    "n",
                    "##ing", ",", "[PAD]"});
  EXPECT_EQ(bert.tokens_of("UNwant\u00E9d,running"), (Ids{7, 4, 5, 10, 8, 9}));
  EXPECT_EQ(bert.tokens_of(""), Ids{});
  EXPECT_EQ(bert.tokens_of("unwanted running"), (Ids{7, 4, 5, 8, 9}));
  EXPECT_EQ(bert.tokens_of("unwantedX running"), (Ids{0, 8, 9}));
  EXPECT_EQ(bert.text_of(Ids{7, 4, 5, 8, 9, 11}), "unwanted running");
  EXPECT_EQ(bert.tokens_of(std::string(101, 'u')), Ids{0});
}

TEST(Tokenizers, InputsHaveTheirLength) {
  TextDescription said;
  said.first = "[CLS]";
  said.last = "[SEP]";
  const std::string tokens = "[PAD]\n[UNK]\n[CLS]\n[SEP]\ngood\nfilm";
  const auto words = *Tokenizer::build(said, *Vocabulary::read(tokens, "v"), "d");
  EXPECT_EQ(words.input_of("good film", 6), (Ids{2, 4, 5, 3, 0, 0}));
  EXPECT_EQ(words.input_of("good bad film good", 4), (Ids{2, 4, 1, 3}));
  EXPECT_EQ(words.text_of(words.input_of("good  film", 6)), "good film");
  EXPECT_FALSE(words.is_plain(3));
  EXPECT_TRUE(words.is_plain(5));
  said.last = "[END]";
  EXPECT_EQ(Tokenizer::build(said, *Vocabulary::read(tokens, "v"), "d").error().code, "ai.text");
  const Tokenizer characters = tokenizer_of(TextDescription::Split::characters,
                                            {"[PAD]", "[UNK]", "a", "\u00E9", " "}, false);
  EXPECT_EQ(characters.tokens_of("a \u00E9A\xff"), (Ids{2, 4, 3, 1, 1}));
}

TEST(Vocabularies, AreLinesOrAMap) {
  EXPECT_EQ(Vocabulary::read("a\r\nb\nc", "v")->find("b"), 1);
  EXPECT_EQ(Vocabulary::read(R"({"b": 1, "a": 0})", "v")->token(1), "b");
  for (const char* bad : {"", "a\nb\na", "{}", R"({"a": 1})", R"({"a": 0, "b": 0})",
                          R"({"a": 0, "b": "1"})", "\xff", R"({"a": 0)"})
    EXPECT_FALSE(Vocabulary::read(bad, "v").has_value()) << bad;
}

TEST(TextDescriptions, TellAllProblemsAtOnce) {
  Diagnostics problems;
  const auto good = read_text_description(
      "lockstep_text: 1\ntokenizer: wordpiece\nvocabulary: vocab.txt\nlower_case: yes\n"
      "first: \"[CLS]\"\nlength: 64\nfile: {text: review, label: mood, separator: \";\"}\n"
      "classes: [bad, good]\n",
      "t.yaml", problems);
  ASSERT_EQ(problems.error_count(), 0U);
  EXPECT_EQ(good->split, TextDescription::Split::wordpiece);
  EXPECT_EQ(good->length, 64);
  EXPECT_EQ(good->text_column, "review");
  EXPECT_EQ(good->separator, ';');
  EXPECT_EQ(good->classes, (Words{"bad", "good"}));
  (void)read_text_description("tokenizer: bytes\nlenght: 3\nlength: 0\nclasses: x\n", "t.yaml",
                              problems);
  EXPECT_EQ(problems.error_count(), 6U);
}

/// scores = sum of the rows of the tokens + b: a bag of words, in which every flip counts by
/// itself. The row of the first two tokens, padding and unknown, is 0.
struct Bag {
  std::int64_t tokens;
  std::int64_t classes;
  std::vector<float> rows;

  static Bag random(std::int64_t tokens, std::int64_t classes, std::uint32_t stream) {
    Bag bag{tokens, classes,
            test::random_weights(static_cast<std::size_t>(tokens * classes), 1, stream)};
    std::fill_n(bag.rows.begin(), 2 * classes, 0.0F);
    return bag;
  }

  std::string bytes(std::int64_t length, bool has_mask = false) const {
    test::ToyModel model;
    auto& proto = model.proto();
    const auto take = [&](const char* name) {
      auto* input = proto.mutable_graph()->add_input();
      input->set_name(name);
      auto* type = input->mutable_type()->mutable_tensor_type();
      type->set_elem_type(lockstep_onnx::TensorProto::INT64);
      type->mutable_shape()->add_dim()->set_dim_param("texts");
      type->mutable_shape()->add_dim()->set_dim_value(length);
    };
    take("input_ids");
    if (has_mask) take("attention_mask");
    model.output("z", {classes}).weight("table", {tokens, classes}, rows);
    model.node("Gather", {"table", "input_ids"}, {"rows"});
    std::string summed = "rows";
    if (has_mask) {
      auto* to = model.node("Cast", {"attention_mask"}, {"mask"}).add_attribute();
      to->set_name("to");
      to->set_type(lockstep_onnx::AttributeProto::INT);
      to->set_i(1);
      model.integers("axes", {2});
      model.node("Unsqueeze", {"mask", "axes"}, {"mask3"});
      model.node("Mul", {"rows", "mask3"}, {"masked"});
      summed = "masked";
    }
    auto& sum = model.node("ReduceMean", {summed}, {"z"});
    test::set_integers(sum, "axes", {1});
    auto* keep = sum.add_attribute();
    keep->set_name("keepdims");
    keep->set_type(lockstep_onnx::AttributeProto::INT);
    keep->set_i(0);
    return model.bytes();
  }

  /// How far the best wrong class is above the right one.
  double lead(const Ids& input, std::int64_t right) const {
    std::vector<double> z(static_cast<std::size_t>(classes));
    for (const std::int64_t id : input)
      for (std::int64_t c = 0; c < classes; ++c)
        z[static_cast<std::size_t>(c)] += rows[static_cast<std::size_t>(id * classes + c)];
    double best = -1e9;
    for (std::int64_t c = 0; c < classes; ++c)
      if (c != right) best = std::max(best, z[static_cast<std::size_t>(c)]);
    return best - z[static_cast<std::size_t>(right)];
  }

  std::int64_t answer(const Ids& input) const {
    for (std::int64_t c = 0; c < classes; ++c)
      if (lead(input, c) < 0) return c;
    return 0;
  }
};

std::unique_ptr<TextModel> model_of(const std::string& bytes, const Tokenizer& tokenizer) {
  auto model = build_text_model(*read_onnx(bytes, "bag.onnx", ""), tokenizer, "bag.onnx");
  EXPECT_TRUE(model.has_value()) << model.error().message;
  return *std::move(model);
}

/// [PAD], [UNK] and so many words of three letters, none of which is one edit from another.
Words words_list(std::int64_t count) {
  Words words{"[PAD]", "[UNK]"};
  for (std::int64_t i = 2; i < count; ++i) {
    std::string word;
    for (int k = 0; k < 3; ++k)
      word += std::string(2, static_cast<char>('a' + (i >> (2 * k)) % 4));
    words.push_back(word);
  }
  return words;
}

TextSet random_texts(const Bag& bag, std::int64_t count, std::int64_t length) {
  const Words words = words_list(bag.tokens);
  TextSet set{tokenizer_of(TextDescription::Split::words, words), {}, {}, {}, {}};
  for (std::int64_t i = 0; i < count; ++i) {
    Random random(RandomKey{4, 1, 0, static_cast<std::uint32_t>(i)});
    Words text;
    for (std::int64_t k = 0; k < length - 1; ++k)
      text.push_back(words[2 + random.below(static_cast<std::uint32_t>(bag.tokens - 2))]);
    TextSample sample{join(text, " "), {}};
    sample.input = set.tokenizer.input_of(sample.text, length);
    set.labels.push_back(bag.answer(sample.input));
    set.samples.push_back(std::move(sample));
  }
  return set;
}

EvasionPlan plan_of(const char* attack, double edits) {
  EvasionPlan plan;
  plan.attacks = {attack};
  plan.norm = "edits";
  plan.epsilon = edits;
  return plan;
}

/// Whether some flip of one token breaks a text: all are tried.
bool falls_to_one_flip(const Bag& bag, const Ids& input, std::int64_t right) {
  for (std::size_t i = 0; i < input.size(); ++i)
    for (std::int64_t id = 2; input[i] >= 2 && id < bag.tokens; ++id) {
      Ids flipped = input;
      flipped[i] = id;
      if (bag.lead(flipped, right) > 0) return true;
    }
  return false;
}

TEST(HotFlip, OneFlipOfABagOfWordsIsTheBestOfAll) {
  for (const std::int64_t classes : {2, 3, 5}) {
    const Bag bag = Bag::random(40, classes, 21 + static_cast<std::uint32_t>(classes));
    const TextSet set = random_texts(bag, 60, 9);
    const auto model = model_of(bag.bytes(9, classes == 3), set.tokenizer);
    Progress quiet;
    const auto outcome = measure_text_evasion(*model, set, plan_of("hotflip", 1), 2, quiet);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    EXPECT_EQ(outcome->measurement.clean.correct, 60);
    std::int64_t broken = 0;
    for (std::size_t i = 0; i < set.samples.size(); ++i) {
      const bool falls = falls_to_one_flip(bag, set.samples[i].input, set.labels[i]);
      EXPECT_EQ(outcome->is_broken[i] == 1, falls) << classes << " classes, text " << i;
      broken += falls;
    }
    EXPECT_GT(broken, 5);
    EXPECT_LT(broken, 60);
  }
}

TEST(HotFlip, MoreEditsBreakMoreAndTheCurveSaysSo) {
  const Bag bag = Bag::random(40, 2, 31);
  const TextSet set = random_texts(bag, 60, 12);
  const auto model = model_of(bag.bytes(12), set.tokenizer);
  Progress quiet;
  EvasionPlan plan = plan_of("hotflip", 3);
  plan.curve = {1, 2, 8};
  const auto outcome = measure_text_evasion(*model, set, plan, 1, quiet);
  ASSERT_TRUE(outcome.has_value());
  ASSERT_EQ(outcome->measurement.curve.size(), 4U);
  for (const CurvePoint& point : outcome->measurement.curve) {
    const auto alone =
        measure_text_evasion(*model, set, plan_of("hotflip", point.epsilon), 1, quiet);
    EXPECT_EQ(point.robust.correct, alone->measurement.robust.correct) << point.epsilon;
  }
  EXPECT_LT(outcome->measurement.curve[3].robust.correct,
            outcome->measurement.curve[0].robust.correct);
  for (const TextPair& pair : outcome->broken) {
    EXPECT_LE(pair.edits, 3);
    EXPECT_GT(bag.lead(pair.changed.input, pair.label), 0);
  }
  for (const SoundnessCheck& check : outcome->measurement.soundness)
    EXPECT_EQ(check.state, check.check == "meaning" ? State::not_checked : State::pass)
        << check.says;
}

TEST(HotFlip, NeedsATableOfTokens) {
  const Bag bag = Bag::random(10, 2, 5);
  const TextSet set = random_texts(bag, 5, 4);
  std::string bytes = bag.bytes(4);
  auto model = *read_onnx(bytes, "bag.onnx", "");
  model.graph.nodes.front().inputs[1] = "copied";  // the tokens come from elsewhere
  Node node;
  node.op_type = "Abs";
  node.inputs = {"input_ids"};
  node.outputs = {"copied"};
  model.graph.nodes.insert(model.graph.nodes.begin(), node);
  const auto built = build_text_model(std::move(model), set.tokenizer, "bag.onnx");
  ASSERT_TRUE(built.has_value()) << built.error().message;
  Progress quiet;
  EXPECT_EQ(measure_text_evasion(**built, set, plan_of("hotflip", 1), 1, quiet).error().code,
            "ai.gradients");
  EXPECT_TRUE(measure_text_evasion(**built, set, plan_of("deepwordbug", 1), 1, quiet).has_value());
}

// Each edit makes a word unknown, whose row is 0: the best edit leaves out the word that counts
// most.
TEST(DeepWordBug, OneEditOfABagOfWordsIsTheBestOfAll) {
  const Bag bag = Bag::random(60, 2, 41);
  const TextSet set = random_texts(bag, 80, 9);
  const auto model = model_of(bag.bytes(9), set.tokenizer);
  Progress quiet;
  const auto outcome = measure_text_evasion(*model, set, plan_of("deepwordbug", 1), 2, quiet);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  std::int64_t broken = 0;
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    bool falls = false;
    for (std::size_t k = 0; k < set.samples[i].input.size(); ++k) {
      Ids without = set.samples[i].input;
      if (without[k] >= 2) without[k] = 1;
      falls = falls || bag.lead(without, set.labels[i]) > 0;
    }
    EXPECT_EQ(outcome->is_broken[i] == 1, falls) << i;
    broken += falls;
  }
  EXPECT_GT(broken, 3);
  EXPECT_LT(broken, 80);
  for (const TextPair& pair : outcome->broken)
    EXPECT_EQ(edits_between(set.samples[static_cast<std::size_t>(pair.index)], pair.changed,
                            TextAttackRow::Unit::characters),
              1);
}

TEST(TextAttacks, StayWithinTheirEditsAndAreTheSameOnAnyThreads) {
  const Bag bag = Bag::random(40, 3, 51);
  const TextSet set = random_texts(bag, 30, 10);
  const auto model = model_of(bag.bytes(10), set.tokenizer);
  for (const TextAttackRow& row : text_attacks()) {
    Progress quiet;
    const EvasionPlan plan = plan_of(std::string(row.name).c_str(), 2.9);
    const auto one = measure_text_evasion(*model, set, plan, 1, quiet);
    const auto two = measure_text_evasion(*model, set, plan, 3, quiet);
    ASSERT_TRUE(one.has_value()) << one.error().message;
    EXPECT_EQ(one->is_broken, two->is_broken);
    for (const TextPair& pair : one->broken) {
      const TextSample& original = set.samples[static_cast<std::size_t>(pair.index)];
      EXPECT_LE(edits_between(original, pair.changed, row.unit), 2) << row.name;
      if (row.unit == TextAttackRow::Unit::characters) {
        EXPECT_EQ(set.tokenizer.input_of(pair.changed.text, 10), pair.changed.input);
      }
      EXPECT_GT(bag.lead(pair.changed.input, pair.label), 0);
    }
    EXPECT_EQ(one->measurement.attacks[0].broken, std::ssize(one->broken));
  }
}

TEST(TextAttacks, CannotBreakAConstantNet) {
  Bag bag{20, 2, std::vector<float>(40, 0.0F)};
  for (std::int64_t id = 0; id < 20; ++id)
    bag.rows[static_cast<std::size_t>(2 * id)] = 1;
  TextSet set = random_texts(bag, 10, 6);
  const auto model = model_of(bag.bytes(6), set.tokenizer);
  for (const TextAttackRow& row : text_attacks()) {
    Progress quiet;
    const auto outcome =
        measure_text_evasion(*model, set, plan_of(std::string(row.name).c_str(), 4), 1, quiet);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    EXPECT_EQ(outcome->measurement.claimed, 0) << row.name;
    EXPECT_EQ(outcome->measurement.robust.correct, 10);
  }
}

TEST(TextAttacks, RefuseWhatTheyCannotDo) {
  const Bag bag = Bag::random(10, 2, 6);
  TextSet set = random_texts(bag, 4, 5);
  const auto model = model_of(bag.bytes(5), set.tokenizer);
  Progress quiet;
  const auto code = [&](const EvasionPlan& plan) {
    const auto outcome = measure_text_evasion(*model, set, plan, 1, quiet);
    return outcome ? "none" : outcome.error().code;
  };
  EXPECT_EQ(code(plan_of("pgd", 1)), "ai.attack");
  EXPECT_EQ(code(plan_of("hotflip", 0.5)), "ai.plan");
  EvasionPlan linf = plan_of("hotflip", 1);
  linf.norm = "linf";
  EXPECT_EQ(code(linf), "ai.norm");
  set.samples[1].input[0] = 1;  // no longer what the text gives
  EXPECT_EQ(code(plan_of("deepwordbug", 1)), "ai.text");
  EXPECT_EQ(code(plan_of("hotflip", 1)), "none");
  set.labels[0] = 7;
  EXPECT_EQ(code(plan_of("hotflip", 1)), "ai.shape");
}

TEST(TextModels, HaveToFitTheVocabulary) {
  const Bag bag = Bag::random(10, 2, 6);
  const Tokenizer large = tokenizer_of(TextDescription::Split::words, words_list(11));
  EXPECT_EQ(build_text_model(*read_onnx(bag.bytes(5), "b", ""), large, "b").error().code,
            "ai.text");
  const Tokenizer fits = tokenizer_of(TextDescription::Split::words, words_list(10));
  EXPECT_EQ(build_text_model(*read_onnx(test::mlp_model(), "b", ""), fits, "b").error().code,
            "ai.shape");
}

/// Slow and plain: the distance by its definition.
std::int64_t slow_distance(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return std::ssize(a) + std::ssize(b);
  std::int64_t best =
      std::min({slow_distance(a.substr(1), b) + 1, slow_distance(a, b.substr(1)) + 1,
                slow_distance(a.substr(1), b.substr(1)) + (a[0] != b[0])});
  if (a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0])
    best = std::min(best, slow_distance(a.substr(2), b.substr(2)) + 1);
  return best;
}

TEST(Edits, AreCountedAsDefined) {
  Random random(RandomKey{1, 2, 3, 4});
  for (int i = 0; i < 300; ++i) {
    std::string a(random.below(6), 'a');
    std::string b(random.below(6), 'a');
    for (std::string* text : {&a, &b})
      for (char& c : *text)
        c = static_cast<char>('a' + random.below(3));
    EXPECT_EQ(edits_between({a, {}}, {b, {}}, TextAttackRow::Unit::characters), slow_distance(a, b))
        << a << ' ' << b;
  }
  EXPECT_EQ(edits_between({"na\u00EFve", {}}, {"naive", {}}, TextAttackRow::Unit::characters), 1);
  EXPECT_EQ(edits_between({"", {1, 2, 3}}, {"", {1, 5, 4}}, TextAttackRow::Unit::tokens), 2);
}

/// The whole request, with the files that a person has.
TEST(TextAttacks, TheWorkerReadsTextsAndWritesPairs) {
  const std::string folder = lockstep::test::fresh_folder("texts");
  const Bag bag = Bag::random(20, 2, 61);
  const TextSet set = random_texts(bag, 12, 7);
  std::string table = "id;mood;review\n";
  for (std::size_t i = 0; i < set.samples.size(); ++i)
    table +=
        fmt::format("{};{};\"{}\"\n", i, set.labels[i] == 0 ? "bad" : "good", set.samples[i].text);
  RealFiles files;
  ASSERT_TRUE(files.write(folder + "/bag.onnx", bag.bytes(7)).has_value());
  ASSERT_TRUE(files.write(folder + "/texts.csv", table).has_value());
  ASSERT_TRUE(files.write(folder + "/vocab.txt", join(words_list(20), "\n")).has_value());
  ASSERT_TRUE(
      files
          .write(folder + "/texts.yaml",
                 "lockstep_text: 1\ntokenizer: words\nvocabulary: vocab.txt\n"
                 "file: {text: review, label: mood, separator: \";\"}\nclasses: [bad, good]\n")
          .has_value());
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  request.model = folder + "/bag.onnx";
  request.data = folder + "/texts.csv";
  request.data_options.text = folder + "/texts.yaml";
  request.examples = folder + "/examples.npz";
  request.evasion = plan_of("hotflip", 2);
  request.device = "cuda";
  Progress quiet;
  const auto result = answer(request, quiet);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(read_measurement(*result)->answered_by.device, "cpu");
  const auto details = read_attack_details((*result)["details"]);
  ASSERT_GT(details->examples.size(), 3U);
  EXPECT_EQ(details->class_names, (Words{"bad", "good"}));

  WorkerRequest draw;
  draw.command = WorkerCommand::draw;
  draw.examples = request.examples;
  draw.data_sha256 = details->examples_sha256;
  draw.folders = {folder + "/drawn"};
  ASSERT_TRUE(answer(draw, quiet).has_value());
  const std::string drawn = lockstep::test::read_file(folder + "/drawn/texts.csv");
  EXPECT_EQ(std::ranges::count(drawn, '\n'), std::ssize(details->examples) + 1);
  EXPECT_NE(drawn.find(set.samples[static_cast<std::size_t>(details->examples[0].index)].text),
            std::string::npos);

  // The same inputs as numbers.
  std::vector<std::int64_t> ids;
  for (const TextSample& sample : set.samples)
    ids.insert(ids.end(), sample.input.begin(), sample.input.end());
  std::vector<NamedArray> arrays{{"x", array_of<std::int64_t>({12, 7}, ids)},
                                 {"y", array_of<std::int64_t>({12}, set.labels)}};
  request.data = folder + "/ids.npz";
  ASSERT_TRUE(files.write(request.data, *write_npz(arrays)).has_value());
  const auto by_ids = answer(request, quiet);
  ASSERT_TRUE(by_ids.has_value()) << by_ids.error().message;
  EXPECT_EQ(read_measurement(*by_ids)->robust.correct, read_measurement(*result)->robust.correct);
  ids[3] = 20;
  arrays[0].array = array_of<std::int64_t>({12, 7}, ids);
  ASSERT_TRUE(files.write(request.data, *write_npz(arrays)).has_value());
  EXPECT_EQ(answer(request, quiet).error().code, "ai.text");
  ids[3] = 2;
  arrays[0].array = array_of<std::int64_t>({14, 6}, ids);
  arrays[1].array = array_of<std::int64_t>({14}, std::vector<std::int64_t>(14, 0));
  ASSERT_TRUE(files.write(request.data, *write_npz(arrays)).has_value());
  EXPECT_EQ(answer(request, quiet).error().code, "ai.shape");
  ASSERT_TRUE(files.write(folder + "/texts.csv", "mood;review\ngood\nfine;x\n").has_value());
  request.data = folder + "/texts.csv";
  const auto bad = answer(request, quiet);
  EXPECT_EQ(bad.error().code, "ai.csv");
  std::filesystem::remove_all(folder);
}

TEST(TextExamples, SurviveTheFile) {
  const std::vector<WrittenPair> pairs{{3, 1, 0, 2, "a \"film\", good", "a \"f\u0456lm\", good"},
                                       {9, 0, 1, 1, "", "x"}};
  const auto arrays = read_npz(*write_text_examples(pairs), "e.npz");
  ASSERT_TRUE(are_text_examples(*arrays));
  EXPECT_EQ(*read_text_examples(*arrays, "e.npz"), pairs);
  EXPECT_EQ(table_of(pairs),
            "sample,label,predicted,edits,original,changed\n"
            "3,1,0,2,\"a \"\"film\"\", good\",\"a \"\"f\u0456lm\"\", good\"\n9,0,1,1,\"\",\"x\"\n");
}

}  // namespace
}  // namespace lockstep::ai
