using Microsoft.Extensions.Options;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit;

/// <summary>Every error of <see cref="AuditOptions"/> at once, each naming its key.</summary>
internal sealed class AuditOptionsCheck : IValidateOptions<AuditOptions>
{
    internal const string HubProblem =
        $"{AuditOptions.Section}:{nameof(AuditOptions.Hub)} must be 1 to 50 characters of a-z, 0-9 and inner hyphens.";

    internal const string OriginProblem =
        $"{AuditOptions.Section}:{nameof(AuditOptions.Origin)} must be an address without scheme, such as gateway.example.com/audit/log: 1 to 200 characters without spaces, '+' or a slash at the end.";
    internal const string InsertionProblem =
        $"{AuditOptions.Section}:{nameof(AuditOptions.LedgerInsertion)} must be {nameof(LedgerInsertion.Transaction)} or {nameof(LedgerInsertion.RowByRow)}.";

    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var problems = Problems(options);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static List<string> Problems(AuditOptions o)
    {
        Span<byte> key = stackalloc byte[33];
        var problems = new List<string>();
        if (!Convert.TryFromBase64String(o.MasterKey ?? "", key, out var length) || length != 32)
            problems.Add($"{AuditOptions.MasterKeyKey} must be the base64 of 32 random bytes (openssl rand -base64 32).");
        if (!IsHubName(o.Hub))
            problems.Add(HubProblem);
        if (!IsOrigin(o.Origin))
            problems.Add(OriginProblem);
        if (!Enum.IsDefined(o.LedgerInsertion))
            problems.Add(InsertionProblem);
        Range(nameof(o.QueueCapacity), o.QueueCapacity, 16, 1_000_000);
        Range(nameof(o.MaxBatchEvents), o.MaxBatchEvents, 2, 10_000);
        Range(nameof(o.MaxBatchBytes), o.MaxBatchBytes, 2 * Publishing.EventLimits.MaxEventBytes, 4 << 20);
        Range(nameof(o.RefusalEventsPerMinute), o.RefusalEventsPerMinute, 0, 100_000);
        Range(nameof(o.SubjectKeyCacheSize), o.SubjectKeyCacheSize, 1, 1_000_000);
        Range(nameof(o.Partitions), o.Partitions, 1, 32);
        Range(nameof(o.SegmentBytes), o.SegmentBytes, 64 << 10, 1L << 30);
        Range(nameof(o.MaxDiskBytes), o.MaxDiskBytes, 1 << 20, 1L << 50);
        Time(nameof(o.SendTimeout), o.SendTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Time(nameof(o.GiveUpAfter), o.GiveUpAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        Time(nameof(o.SubjectKeyCacheTime), o.SubjectKeyCacheTime, TimeSpan.Zero, TimeSpan.FromHours(1));
        Time(nameof(o.PromiseTime), o.PromiseTime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        Time(nameof(o.Retention), o.Retention, TimeSpan.Zero, TimeSpan.FromDays(366));
        if (string.IsNullOrWhiteSpace(o.DataPath))
            problems.Add(Key(nameof(o.DataPath), "must name a folder"));
        return problems;

        void Range(string property, long value, long low, long high)
        {
            if (value < low || value > high)
                problems.Add(Key(property, $"is {value} and must be {low} to {high}"));
        }

        void Time(string property, TimeSpan value, TimeSpan low, TimeSpan high)
        {
            if (value < low || value > high)
                problems.Add(Key(property, $"is {value:c} and must be {low:c} to {high:c}"));
        }
    }

    internal static bool IsHubName(string? hub) =>
        hub is { Length: >= 1 and <= 50 } && hub[0] != '-' && hub[^1] != '-'
        && hub.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    internal static bool IsOrigin(string? origin) =>
        origin is { Length: >= 1 and <= 200 } && origin[^1] != '/' && Notes.VerifierKey.IsName(origin);

    private static string Key(string property, string what) => $"{AuditOptions.Section}:{property} {what}.";
}
