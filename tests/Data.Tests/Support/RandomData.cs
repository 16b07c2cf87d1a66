using System.Globalization;
using System.Text.Json;

namespace Proofgate.Data.Tests.Support;

/// <summary>Rows, conditions of policies and queries by chance, of values that are alike enough to be confused.</summary>
internal sealed class RandomData(int seed)
{
    private static readonly string[] Texts =
        ["", "a", "A", "a ", " a", "ab", "aB", "b", "ä", "Ä", "a%", "a_b", "a*b", "a?b", "[a]", "]", "!", "\\", "'", "\"", "--", "eu", "EU", "\uE000x", "\uD83D\uDE00x", "zz", "null", "1"];

    private static readonly long[] Longs = [0, 1, -1, 2, 30, 31, long.MaxValue, long.MinValue, long.MaxValue - 1, 1L << 53, (1L << 53) + 1];
    private static readonly double[] Doubles = [0, 1, -1, 0.5, 1.5, 1e300, -1e300, 0.1, 9007199254740993.0, double.Epsilon];
    private static readonly long[] Moments = [0, 1, -1, 1_765_000_000_000, 1_765_000_000_001, -62135596800000, 253402300799999];
    private static readonly string[] Emails = ["ann@example.com", "bob@example.org", "Carl@example.net"];
    private static readonly string[] Cards = ["4242424242424242", "5555555555554444"];
    private static readonly string[] Notes = ["nothing", "call ann@example.com", "card 4242 4242 4242 4242 given", "a"];
    private static readonly string[] Comparable = ["id", "name", "region", "age", "score", "active", "seen"];

    internal Random Random { get; } = new(seed);

    internal T Pick<T>(IReadOnlyList<T> of) => of[Random.Next(of.Count)];

    internal bool Chance(double probability) => Random.NextDouble() < probability;

    internal RawRow Row(long id, double poison)
    {
        var cells = new Dictionary<string, Cell>
        {
            ["id"] = Cell.Of(id),
            ["tenant"] = Cell.Of(Chance(0.8) ? "contoso" : "fabrikam"),
            ["name"] = Text(),
            ["region"] = Text(),
            ["age"] = OrNull(() => Cell.Of(Pick(Longs))),
            ["score"] = OrNull(() => Cell.Of(Pick(Doubles))),
            ["active"] = OrNull(() => Cell.Of(Chance(0.5))),
            ["seen"] = OrNull(() => Cell.Datetime(Pick(Moments))),
            ["email"] = OrNull(() => Cell.Of(Pick(Emails))),
            ["card"] = OrNull(() => Cell.Of(Pick(Cards))),
            ["notes"] = OrNull(() => Cell.Of(Pick(Notes))),
            ["salary"] = OrNull(() => Cell.Of(Pick(Longs))),
        };
        return new RawRow(cells, cells.Keys.Where(c => c is not "id" and not "tenant" && Chance(poison)).ToHashSet());
    }

    /// <summary>A condition in Cedar. Guarded: it asks for each attribute first, as the validator wants; else it may fail.</summary>
    internal string Condition(bool guarded, int depth = 3)
    {
        if (depth > 0 && Chance(0.6))
        {
            return Random.Next(4) switch
            {
                0 => $"({Condition(guarded, depth - 1)} && {Condition(guarded, depth - 1)})",
                1 => $"({Condition(guarded, depth - 1)} || {Condition(guarded, depth - 1)})",
                2 => $"!({Condition(guarded, depth - 1)})",
                _ => $"(if {Condition(guarded, depth - 1)} then {Condition(guarded, depth - 1)} else {Condition(guarded, depth - 1)})",
            };
        }

        var attribute = Pick(["name", "region", "age", "active", "seen", "salary"]);
        var has = $"resource has {attribute}";
        var test = Chance(0.1) ? "true" : Test(attribute, guarded);
        return guarded ? $"({has} && {test})" : Chance(0.2) ? has : test;
    }

    internal string Query(bool aggregates, bool ordered)
    {
        var parts = new List<string>();
        if (aggregates)
        {
            var group = Chance(0.6) ? Pick(Comparable) : null;
            var (function, column) = Pick([("count", null), ("sum", "age"), ("avg", "age"), ("min", "name"), ("max", "name"), ("min", "seen"), ("max", "score"), ("min", "age")]);
            parts.Add(column is null ? "\"aggregates\":[{\"function\":\"count\"}]" : $$"""
                "aggregates":[{"function":"count"},{"function":"{{function}}","column":"{{column}}"}]
                """.Trim());
            if (group is not null)
            {
                parts.Add($"\"groupBy\":[\"{group}\"]");
            }
        }
        else
        {
            string[] columns = [.. Comparable, "email", "card", "notes", "tenant", "salary"];
            parts.Add($"\"select\":[{string.Join(",", columns.Where(c => Chance(c == "salary" ? 0.03 : 0.4)).DefaultIfEmpty("id").Select(static c => $"\"{c}\""))}]");
            if (ordered && Chance(0.7))
            {
                parts.Add($"\"orderBy\":[{string.Join(",", Comparable.Where(_ => Chance(0.25)).DefaultIfEmpty("age").Select(c => $"{{\"column\":\"{c}\",\"descending\":{(Chance(0.5) ? "true" : "false")}}}"))}]");
            }
        }

        if (Chance(0.7))
        {
            parts.Add($"\"where\":{Where(3)}");
        }

        parts.Add(string.Create(CultureInfo.InvariantCulture, $"\"limit\":{Random.Next(1, 12)}"));
        return $"{{{string.Join(",", parts)}}}";
    }

    private string Where(int depth)
    {
        if (depth > 0 && Chance(0.5))
        {
            return Random.Next(3) switch
            {
                0 => $"{{\"op\":\"and\",\"of\":[{Where(depth - 1)},{Where(depth - 1)}]}}",
                1 => $"{{\"op\":\"or\",\"of\":[{Where(depth - 1)},{Where(depth - 1)}]}}",
                _ => $"{{\"op\":\"not\",\"of\":{Where(depth - 1)}}}",
            };
        }

        var column = Pick(Comparable);
        return Random.Next(4) switch
        {
            0 => $"{{\"op\":\"isNull\",\"column\":\"{column}\"}}",
            1 => $"{{\"op\":\"in\",\"column\":\"{column}\",\"values\":[{Literal(column)},{Literal(column)}]}}",
            2 when column is "name" or "region" => $"{{\"op\":\"likePrefix\",\"column\":\"{column}\",\"value\":{Literal(column)}}}",
            _ => $"{{\"op\":\"{Pick(column == "active" ? ["eq", "ne"] : (string[])["eq", "ne", "lt", "le", "gt", "ge"])}\",\"column\":\"{column}\",\"value\":{Literal(column)}}}",
        };
    }

    private string Literal(string column) => column switch
    {
        "id" => Random.Next(0, 20).ToString(CultureInfo.InvariantCulture),
        "age" => Pick(Longs).ToString(CultureInfo.InvariantCulture),
        "score" => Pick(Doubles).ToString("R", CultureInfo.InvariantCulture),
        "active" => Chance(0.5) ? "true" : "false",
        "seen" => $"\"{Cell.Datetime(Pick(Moments)).DatetimeText()}\"",
        _ => JsonSerializer.Serialize(Pick(Texts)),
    };

    private string Test(string attribute, bool guarded)
    {
        var name = $"resource.{attribute}";
        if (!guarded && Chance(0.1))
        {
            // Of the wrong kind: an equality is false, an order fails.
            return Chance(0.5) ? $"{name} == {(attribute is "age" ? "\"a\"" : "7")}" : $"{name} < {(attribute is "age" ? "datetime(\"2025-01-01\")" : "7")}";
        }

        return attribute switch
        {
            "age" or "salary" => Random.Next(4) switch
            {
                0 => $"{name} {Pick(["==", "!=", "<", "<=", ">", ">="])} {CedarLong()}",
                1 => $"{CedarLong()} {Pick(["<", ">="])} {name}",
                2 => $"[1, 30, {CedarLong()}].contains({name})",
                _ => Chance(0.3) ? $"{name} + 1 > 30" : $"{name} > {CedarLong()}",
            },
            "active" => Chance(0.5) ? name : $"{name} == {(Chance(0.5) ? "true" : "false")}",
            "seen" => $"{name} {Pick(["==", "<", ">="])} datetime(\"{Cell.Datetime(Pick((long[])[0, 1, 1_765_000_000_000, 1_765_000_000_001])).DatetimeText()}\")",
            _ => Random.Next(3) switch
            {
                0 => $"{name} {Pick(["==", "!="])} {CedarText(Pick(Texts))}",
                1 => $"[{CedarText(Pick(Texts))}, \"eu\"].contains({name})",
                _ => $"{name} like \"{Pick(["a*", "*b", "a*b", "*", "A*", "a\\**", "*_*", "ä*", "*[a]*"])}\"",
            },
        };
    }

    private string CedarLong() => Pick(Longs) switch
    {
        long.MinValue => "-9223372036854775808",
        var value => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string CedarText(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private Cell Text() => OrNull(() => Cell.Of(Pick(Texts)));

    private Cell OrNull(Func<Cell> value) => Chance(0.2) ? Cell.Null : value();
}
