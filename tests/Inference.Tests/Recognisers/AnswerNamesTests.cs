using CsCheck;
using Proofgate.Inference.Dialects;
using Proofgate.Inference.Tests.Support;
using Proofgate.Protection;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Inference.Tests.Recognisers;

/// <summary>What a recogniser found in a whole answer is masked in its pieces, wherever they are cut, together with what rules find and what comes back.</summary>
public sealed class AnswerNamesTests(ITestOutputHelper output)
{
    private static readonly Kind Person = new("PERSON_NAME"), Place = new("PLACE"), Address = new("IP_ADDRESS");

    private static readonly PlaceholderMap Map = new(RuleSet.Default, new HashSet<Kind> { Address });

    private static readonly string Mark = Map.Protect("86.121.97.248");

    private static readonly NamedValues Names = new([(Person, "Ada Lovelace"), (Person, "Jörg"), (Place, "Lovelace of Zürich"), (Place, "Rome"), (Person, "Bo")]);

    private static readonly string[] Parts =
        ["Ada Lovelace", " of Zürich", "Jörg", "J\\u00f6rg", "Rome", "Bo", " ", "Romeo", ", ", "s", "😀", "{\"", "\"", "\\", "\n", "a@b.co", "4111 1111 1111 1111", Mark, "_"];

    [Fact]
    [Trait("Category", "Heavy")]
    public void Pieces_AreMaskedAsTheWhole() => Gen.Int.Select(Gen.Bool, Gen.Bool).Sample(
        sample =>
        {
            var (seed, isJson, placesShown) = sample;
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Parts[random.Next(Parts.Length)]));
            var plan = new RedactionPlan(RuleSet.Default, placesShown ? [Place, Address] : [Address])
            {
                Restoration = new Restoration(Map, Map.Kinds, new Dictionary<string, IReadOnlySet<Kind>>()),
            };
            var key = new SlotKey(0, isJson ? SlotField.ToolArguments : SlotField.Content, 0);
            var (heard, ear) = (new HeardTexts(), new AnswerFacts());
            ear.Heard = heard;
            var cuts = new Cuts(random).Of(text).ToList();
            Say(new AnswerSlots(plan, ear).Get(key), cuts);
            var facts = new AnswerFacts { Names = new AnswerNames(Names, plan, heard) };
            var slots = new AnswerSlots(plan, facts);
            var told = Say(slots.Get(key), cuts);

            var whole = new AnswerFacts();
            var json = isJson || AnswerText.BeginsJson(text);
            var expected = AnswerText.Whole(
                plan, json, text, TextEnd.Finished, whole.Redactions, slots.BackInto(key), whole.Restored, new AnswerNames(Names, plan, new HeardTexts()));
            Assert.Equal(expected, told);
            Assert.Equal(whole.Redactions.ToDictionary(), facts.Redactions.ToDictionary());
        },
        iter: Counts.Of(100_000, output));

    private static string Say(AnswerSlot slot, List<string> pieces) => string.Concat(
        pieces.Select((p, i) => slot.Push(p, i == pieces.Count - 1 ? TextEnd.Finished : null, out _).ToString()));
}
