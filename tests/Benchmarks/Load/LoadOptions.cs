using System.Globalization;

namespace Proofgate.Benchmarks.Load;

/// <summary>How much load, all of it bounded.</summary>
internal sealed record LoadOptions
{
    /// <summary>Interleaved rounds; the table gives medians over them.</summary>
    internal int Rounds { get; init; } = 5;

    /// <summary>Length of one round of one row. With the defaults Azurite, which cannot save more than 512 MB, has room for each table of rows.</summary>
    internal TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Before the first round: a server that is still being compiled is not measured.</summary>
    internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    internal IReadOnlyList<int> Connections { get; init; } = [1, 32, 256];

    internal static LoadOptions Read(string[] args)
    {
        var options = new LoadOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Math.Clamp(Number(args[i + 1]), 1, 50) },
                "--seconds" => options with { Time = TimeSpan.FromSeconds(Math.Clamp(Number(args[i + 1]), 1, 60)) },
                "--connections" => options with { Connections = [.. args[i + 1].Split(',').Select(c => Math.Clamp(Number(c), 1, 256))] },
                _ => throw new ArgumentException($"Unknown option {args[i]}."),
            };
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
