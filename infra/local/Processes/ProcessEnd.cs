namespace Proofgate.Local.Processes;

/// <summary>How a program ended and what it wrote.</summary>
internal sealed record ProcessEnd(int ExitCode, string Output, string Error)
{
    private const int Lines = 3;

    /// <summary>The first lines of the error output that say something, on one line.</summary>
    internal string Summary()
    {
        var lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var telling = lines.Where(static l => l.Contains("error", StringComparison.OrdinalIgnoreCase)).Take(Lines).DefaultIfEmpty(lines.LastOrDefault() ?? "it wrote nothing.");
        return string.Join(" ", telling);
    }
}
