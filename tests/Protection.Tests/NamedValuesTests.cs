namespace Proofgate.Protection.Tests;

public sealed class NamedValuesTests
{
    private static readonly Kind Person = new("PERSON_NAME"), Place = new("PLACE");

    private static readonly NamedValues Names = new([(Person, "Ada"), (Person, "Ada Lovelace"), (Place, "Lovelace of Zürich"), (Place, "Ada")]);

    [Theory]
    [InlineData("Ada, Adam and Ada_1", "0-3")]
    [InlineData("(Ada Lovelace)", "1-13")]
    [InlineData("Ada Lovelace of Zürich.", "0-22")]
    [InlineData("Lovelace of Zürich Ada", "0-18 19-22")]
    [InlineData("Ada Lovelaces", "0-3")]
    [InlineData("nobody", "")]
    public void Value_IsFound_WhereItStandsAsWords_AndThoseThatOverlapAreOne(string text, string spans) =>
        Assert.Equal(spans, string.Join(' ', Names.In(text, static _ => true).Select(static s => $"{s.Start}-{s.End}")));

    [Fact]
    public void KindThatIsNotWanted_DoesNotHideAnother()
    {
        Assert.Equal([new NamedSpan(0, 3, Place), new NamedSpan(4, 22, Place)], Names.In("Ada Lovelace of Zürich", static k => k == Place));
        Assert.Equal([Person, Place], Names.Kinds.OrderBy(static k => k.Name));
        Assert.Equal(4, Names.Count);
    }

    [Fact]
    public void Others_CanJoin_UntilThereAreTooMany()
    {
        Assert.True(Names.TryJoin([(Place, "Rome"), (Person, "Ada")], out var all));
        Assert.Equal("0-3 7-11", string.Join(' ', all.In("Ada in Rome", static _ => true).Select(static s => $"{s.Start}-{s.End}")));
        Assert.True(Names.TryJoin([], out var same));
        Assert.Same(Names, same);
        Assert.False(Names.TryJoin([.. Enumerable.Range(0, NamedValues.MaxCount).Select(static i => (Place, $"p{i}"))], out _));
    }

    [Fact]
    public void Value_BecomesAPlaceholder_AndIsNotLeft()
    {
        var map = new PlaceholderMap(RuleSet.Default, new HashSet<Kind> { Person, new("EMAIL_ADDRESS") }, names: Names);
        var sent = map.Protect("Ada wrote to a@b.co, Ada Lovelace too");
        Assert.Matches(@"^\[PERSON_NAME_1_\w{8}\] wrote to \[EMAIL_ADDRESS_2_\w{8}\], \[PERSON_NAME_3_\w{8}\] too$", sent);
        Assert.False(map.Leaves(sent));
        Assert.True(map.Leaves("said Ada"));
        Assert.Equal([new("EMAIL_ADDRESS", 1L), new("PERSON_NAME", 2L)], map.Replaced.ToDictionary());
    }

    [Fact]
    public void LongestText_IsSearched_InAboutTheTimeOfHalfOfIt()
    {
        // The worst there is: every word could begin the longest value, and none is it.
        var worst = new NamedValues([(Person, string.Join(' ', Enumerable.Repeat("a", 500)) + " b")]);
        Assert.Empty(worst.In(string.Join(' ', Enumerable.Repeat("a", 20_000)), static _ => true));
    }

    [Fact]
    public void Blank_KeepsThePlaces()
    {
        Assert.Equal("*** and ************ of Zürich", Names.Blank("Ada and Ada Lovelace of Zürich", static k => k == Person));
        var plan = new RedactionPlan(RuleSet.Default, new Kind("IP_ADDRESS"));
        Assert.Equal("to ****** from 10.0.0.1, *******************", Redactor.Blank(plan, "to a@b.co from 10.0.0.1, 4111 1111 1111 1111"));
    }
}
