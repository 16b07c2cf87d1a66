using System.Globalization;

namespace Proofgate.Benchmarks.Ledger;

/// <summary>How much, all of it bounded.</summary>
internal sealed record LedgerRunOptions
{
    internal int Events { get; init; } = 10_000;

    /// <summary>Length of each measurement that runs by the clock.</summary>
    internal TimeSpan Time { get; init; } = TimeSpan.FromSeconds(3);

    internal static LedgerRunOptions Read(string[] args)
    {
        var options = new LedgerRunOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            options = args[i] switch
            {
                "--events" => options with { Events = Math.Clamp(value, 1000, 200_000) },
                "--seconds" => options with { Time = TimeSpan.FromSeconds(Math.Clamp(value, 1, 60)) },
                _ => throw new ArgumentException($"Unknown option {args[i]}."),
            };
        }

        return options;
    }
}
