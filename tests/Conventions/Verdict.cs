using Xunit.Sdk;

namespace Proofgate.Conventions;

/// <summary>Reports every offence at once.</summary>
internal static class Verdict
{
    internal static void None(IEnumerable<Offence> offences)
    {
        var found = offences.OrderBy(static o => o.Path, StringComparer.Ordinal).ThenBy(static o => o.Line).ToList();
        if (found.Count > 0)
            throw new XunitException($"{found.Count} found:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", found)}");
    }

    /// <summary>That a rule sees what it is for: exactly these places of a fixture, by line.</summary>
    internal static void At(IEnumerable<Offence> offences, params IEnumerable<int> lines) =>
        Assert.Equal(lines.Order(), offences.Select(static o => o.Line).Order());
}
