using Proofgate.Cli.Doctor;

namespace Proofgate.Cli.Output;

/// <summary>What <c>doctor</c> prints with <c>--json</c>.</summary>
internal sealed record DoctorDocument(bool Healthy, IReadOnlyList<DoctorDocument.Entry> Checks)
{
    internal static DoctorDocument Of(IEnumerable<Finding> findings)
    {
        var all = findings.Select(static f => new Entry(f.Check, f.State.ToString().ToLowerInvariant(), f.Detail, f.Fix)).ToList();
        return new DoctorDocument(all.All(static e => e.State != "failed"), all);
    }

    /// <param name="Check">What was looked at.</param>
    /// <param name="State">ok, warning, failed or skipped.</param>
    /// <param name="Detail">What was found.</param>
    /// <param name="Fix">What to do about it.</param>
    internal sealed record Entry(string Check, string State, string Detail, string? Fix);
}
