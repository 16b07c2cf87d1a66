namespace Proofgate.Cedar.Tests.Support;

/// <summary>Random policies about a row, and random rows and entities for them, made so that they meet: most operators see the kinds they are for, some do not.</summary>
internal sealed class RandomPolicies(Random random)
{
    private const int Deepest = 4;

    public static readonly EntityUid Parent = new("Data", "d");

    /// <summary>Known entities. One row is among them; the principal may be in a row that is not.</summary>
    public Entities Entities()
    {
        var list = new List<Entity>
        {
            new(Parent) { Parents = [new("G", "0")], Attributes = RecordValue.Of(("n", 1)) },
            new(new("G", "0")) { Parents = One(20) ? [new("G", "2")] : [] },
            new(new("User", "u"))
            {
                Parents = [new("G", "1"), .. One(4) ? (EntityUid[])[new("Row", Digit())] : []],
                Attributes = RecordValue.Of(("n", 2), ("s", "eu"), ("e", new EntityUid("G", "0")), ("x", new EntityUid("Row", "1"))),
                Tags = RecordValue.Of(("t", "eu")),
            },
            new(new("Row", "9")) { Parents = [Parent], Attributes = Attributes() },
        };
        return Cedar.Entities.Create(list);
    }

    public RecordValue Context() => RecordValue.Of(
        ("n", random.Next(-2, 3)), ("s", Word()), ("f", One(2)), ("set", SetValue.Of("eu", "us")), ("e", new EntityUid("Row", Digit())),
        ("r", RecordValue.Of(("n", 1), ("e", new EntityUid("Row", Digit())))), ("ip", Ip()), ("t", new DatetimeValue(random.Next(3))));

    public Entity Row() => new(new("Row", Digit()))
    {
        Parents = [Parent],
        Attributes = Attributes(),
        Tags = One(2) ? RecordValue.Of(("t", Word()), ("eu", 1)) : RecordValue.Empty,
    };

    /// <summary>One to four policies.</summary>
    public string Policies() => string.Join("\n", Enumerable.Range(0, random.Next(1, 5)).Select(_ => Policy()));

    private string Policy()
    {
        var principal = Pick("principal", "principal", "principal in G::\"1\"", "principal in G::\"0\"", "principal is User", "principal == User::\"u\"", $"principal in Row::\"{Digit()}\"");
        var action = Pick("action", "action == Action::\"read\"", "action in [Action::\"read\", Action::\"write\"]");
        var resource = Pick(
            "resource", "resource", "resource is Row", "resource in Data::\"d\"", "resource in G::\"0\"", "resource is Row in G::\"0\"",
            $"resource == Row::\"{Digit()}\"", $"resource in Row::\"{Digit()}\"", "resource is User");
        var conditions = string.Concat(Enumerable.Range(0, random.Next(0, 3)).Select(_ => $" {Pick("when", "when", "unless")} {{ {Bool(0)} }}"));
        return $"{Pick("permit", "permit", "forbid")} ({principal}, {action}, {resource}){conditions};";
    }

    private string Bool(int depth)
    {
        if (One(40))
            return Any(depth);

        return random.Next(depth >= Deepest ? 15 : 22) switch
        {
            0 => Pick("true", "false"),
            1 => $"{Path()}.f",
            2 => $"{Long(depth)} {Pick("<", "<=", ">", ">=")} {Long(depth)}",
            3 => $"{Path()}.t >= {Pick("context.t", "datetime(\"1970-01-01\")")}",
            4 or 5 => $"{Any(depth)} {Pick("==", "!=")} {Any(depth)}",
            6 => $"{Entity(depth)} in {Pick(Entity(depth), Entity(depth), $"[{Entity(depth)}, {Entity(depth)}]")}",
            7 => $"{Entity(depth)} is {Pick("Row", "User", "G")}{Pick("", $" in {Entity(depth)}")}",
            8 => $"{Path()} has {Pick("n", "s", "f", "e", "r", "r.n", "r.e.n", "e.n", "e.r.n", "missing", "\"if\"")}",
            9 => $"{String(depth)} like \"{Pick("*", "e*", "*u", "\\*", "eu", "*u*s")}\"",
            10 => $"{Set(depth)}.contains({Any(depth)})",
            11 => $"{Set(depth)}.{Pick("containsAll", "containsAny")}({Set(depth)})",
            12 => $"{Set(depth)}.isEmpty()",
            13 => $"{Entity(depth)}.hasTag({String(depth)})",
            14 => $"{Path()}.ip.{Pick("isLoopback()", "isInRange(ip(\"10.0.0.0/8\"))")}",
            15 => $"!({Bool(depth + 1)})",
            16 => $"(if {Bool(depth + 1)} then {Bool(depth + 1)} else {Bool(depth + 1)})",
            17 or 18 or 19 => $"({Bool(depth + 1)} && {Bool(depth + 1)}{Pick("", $" && {Bool(depth + 1)}")})",
            _ => $"({Bool(depth + 1)} || {Bool(depth + 1)}{Pick("", $" || {Bool(depth + 1)}")})",
        };
    }

    private string Any(int depth) => random.Next(7) switch
    {
        0 => Long(depth),
        1 => String(depth),
        2 => Entity(depth),
        3 => Set(depth),
        4 => depth >= Deepest ? "true" : $"({Bool(depth + 1)})",
        5 => Pick($"{{n: {Long(depth)}, \"e\": {Entity(depth)}}}", "resource.r", "context.r", "context"),
        _ => "resource",
    };

    private string Long(int depth) => random.Next(depth >= Deepest ? 4 : 7) switch
    {
        0 => random.Next(-2, 3).ToString(System.Globalization.CultureInfo.InvariantCulture),
        1 => Pick("9223372036854775807", "(-9223372036854775808)"),
        2 or 3 => $"{Path()}{Pick(".n", ".r.n", ".e.n")}",
        4 => $"-({Long(depth + 1)})",
        5 => $"(if {Bool(depth + 1)} then {Long(depth + 1)} else {Long(depth + 1)})",
        _ => $"({Long(depth + 1)} {Pick("+", "-", "*")} {Long(depth + 1)})",
    };

    private string String(int depth) => random.Next(6) switch
    {
        0 or 1 => Pick("\"eu\"", "\"t\"", "\"a*\\n\""),
        2 => $"{Entity(depth)}.getTag(\"t\")",
        _ => $"{Path()}.s",
    };

    private string Entity(int depth) => random.Next(depth >= Deepest ? 7 : 8) switch
    {
        0 => "principal",
        1 or 2 => "resource",
        3 => $"Row::\"{Digit()}\"",
        4 => Pick("G::\"0\"", "G::\"1\"", "User::\"u\"", "Row::\"9\"", "Data::\"d\""),
        5 => $"{Path()}{Pick(".e", ".r.e", ".x")}",
        6 => "action",
        _ => $"(if {Bool(depth + 1)} then {Entity(depth + 1)} else {Entity(depth + 1)})",
    };

    private string Set(int depth) => random.Next(5) switch
    {
        0 => "[\"eu\", \"us\", 1]",
        1 => $"[{Any(Deepest)}, {Any(Deepest)}]",
        2 => $"[{Entity(Deepest)}, Row::\"{Digit()}\", Row::\"{Digit()}\"]",
        3 when depth > 0 => "[]",
        _ => $"{Path()}.set",
    };

    private string Path() => Pick("resource", "resource", "resource", "context", "principal", "resource.e", "context.e", "principal.x", "resource.r");

    private RecordValue Attributes()
    {
        var attributes = new List<KeyValuePair<string, Value>>();
        Add("n", random.Next(-2, 3));
        Add("s", Word());
        Add("f", One(2));
        Add("set", SetValue.From(Enumerable.Range(0, random.Next(3)).Select(_ => Word())));
        Add("e", Uid());
        Add("r", RecordValue.Of(("n", random.Next(-2, 3)), ("e", Uid())));
        Add("ip", Ip());
        Add("t", new DatetimeValue(random.Next(3)));
        if (One(4))
            attributes.Add(new("if", true));
        return RecordValue.From(attributes);

        void Add(string name, Value value)
        {
            if (!One(8))
                attributes.Add(new(name, One(12) ? Scalar() : value));
        }
    }

    private Value Scalar() => random.Next(5) switch { 0 => 1L, 1 => "eu", 2 => true, 3 => SetValue.Of(1, new EntityUid("G", "0")), _ => Uid() };

    private EntityUid Uid() => random.Next(4) switch { 0 => new("User", "u"), 1 => new("G", Digit()), _ => new("Row", Digit()) };

    private IpValue Ip() => IpValue.TryParse(Pick("10.1.2.3", "127.0.0.1", "8.8.8.8"), out var ip) ? ip : throw new InvalidOperationException();

    private string Word() => Pick("eu", "us", "", "a*\n");

    private string Digit() => Pick("0", "1", "2", "3");

    private bool One(int of) => random.Next(of) == 0;

    private string Pick(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
