using System.Collections.Frozen;
using Proofgate.Cedar;

namespace Proofgate.Policy;

/// <summary>
/// One immutable version of everything that decides: policies, labels, models, datasets. A call is decided by one bundle from beginning
/// to end, and its ledger record names the bundle's digest.
/// </summary>
public sealed class PolicyBundle
{
    private readonly IReadOnlyDictionary<Type, object> _parts;
    private readonly FrozenDictionary<string, string> _reasons;
    private readonly FrozenDictionary<string, StepUp> _stepUps;

    internal PolicyBundle(
        string name, string digest, PolicySet policies, LabelScale labels, TimeZoneInfo timeZone,
        TimeSpan decisionLifetime, IReadOnlyDictionary<string, long> kindLabels, IReadOnlyDictionary<Type, object> parts, PlainRecordReader? arguments)
    {
        (Name, Digest, All, Labels, TimeZone, KindLabels, _parts) = (name, digest, policies, labels, timeZone, kindLabels, parts);
        DecisionLifetime = decisionLifetime;
        Arguments = arguments;
        Policies = policies.Where(static p => !IsReportOnly(p));
        var reporting = policies.Where(IsReportOnly);
        ReportOnly = reporting.Policies.Count == 0 ? null : reporting;
        _reasons = policies.Policies
            .Where(static p => p.Annotations.TryGetValue("reason", out var reason) && reason.Length > 0)
            .ToFrozenDictionary(static p => p.Id, static p => p.Annotations["reason"], StringComparer.Ordinal);
        _stepUps = policies.Policies
            .Where(static p => p.Effect == Effect.Forbid)
            .Select(static p => (p.Id, StepUp: StepUp.TryParse(p.Annotations.GetValueOrDefault("stepup", string.Empty), out var stepUp) ? stepUp : null))
            .Where(static p => p.StepUp is not null)
            .ToFrozenDictionary(static p => p.Id, static p => p.StepUp!, StringComparer.Ordinal);
    }

    public string Name { get; }

    /// <summary>SHA-256 over the bundle's files (path and content, in path order), lower-case hex.</summary>
    public string Digest { get; }

    /// <summary>Every policy, report-only ones too.</summary>
    public PolicySet All { get; }

    /// <summary>The policies in force.</summary>
    public PolicySet Policies { get; }

    /// <summary>Policies with <c>@mode("report")</c>: they decide nothing, and what they would decide is recorded. Null if there is none.</summary>
    public PolicySet? ReportOnly { get; }

    /// <summary>How long a decision may be relied on, for example by an open stream, before it is asked for again.</summary>
    public TimeSpan DecisionLifetime { get; }

    public LabelScale Labels { get; }

    /// <summary>The zone of <c>context.weekday</c> and <c>context.minuteOfDay</c>.</summary>
    public TimeZoneInfo TimeZone { get; }

    /// <summary>The label rank to which a kind found in a prompt raises a call.</summary>
    public IReadOnlyDictionary<string, long> KindLabels { get; }

    /// <summary>
    /// Reads what policies may see of a tool's arguments: what the schema names in <c>context.arguments</c> of <c>useTool</c>. Null where it names none.
    /// </summary>
    public PlainRecordReader? Arguments { get; }

    /// <summary>What the parts of the bundle name for tests.</summary>
    internal IEnumerable<BundleResource> Resources => _parts.Values.OfType<IBundleResources>().SelectMany(static p => p.Resources);

    internal static bool IsReportOnly(Cedar.Policy policy) => policy.Annotations.GetValueOrDefault("mode") == "report";

    /// <summary>What a policy's author wants callers to read when it refuses: its <c>@reason</c>.</summary>
    internal string? ReasonOf(string policyId) => _reasons.GetValueOrDefault(policyId);

    /// <summary>What would lift all of these forbids; null if nothing that a sign-in can bring.</summary>
    internal StepUp? StepUpOf(IReadOnlyList<string> policyIds)
    {
        StepUp? all = null;
        foreach (var id in policyIds)
        {
            if (!_stepUps.TryGetValue(id, out var one) || (all = all is null ? one : StepUp.Both(all, one)) is null)
            {
                return null;
            }
        }

        return all;
    }

    /// <summary>A room's part of the bundle.</summary>
    public T Part<T>()
        where T : class => (T)_parts[typeof(T)];

    /// <summary>The same where the room may not be there to read its part.</summary>
    public T? FindPart<T>()
        where T : class => (T?)_parts.GetValueOrDefault(typeof(T));
}
