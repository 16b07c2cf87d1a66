using System.Globalization;

namespace Proofgate.Benchmarks.Ledger;

/// <summary>How much, all of it bounded.</summary>
internal sealed record LedgerRunOptions
{
    internal int Events { get; init; } = 10_000;

    /// <summary>The one part to run: append, delay, checkpoint, verify, acknowledge, flood or promise; all of them if null.</summary>
    internal string? Only { get; init; }

    /// <summary>Length of each measurement that runs by the clock.</summary>
    internal TimeSpan Time { get; init; } = TimeSpan.FromSeconds(3);

    internal static LedgerRunOptions Read(string[] args)
    {
        var options = new LedgerRunOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            options = args[i] switch
            {
                "--events" => options with { Events = Math.Clamp(Number(args[i + 1]), 1000, 200_000) },
                "--seconds" => options with { Time = TimeSpan.FromSeconds(Math.Clamp(Number(args[i + 1]), 1, 60)) },
                "--only" => options with { Only = args[i + 1] },
                _ => throw new ArgumentException($"Unknown option {args[i]}."),
            };
        }

        return options;
    }

    internal bool Wants(string part) => Only is null || Only == part;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
