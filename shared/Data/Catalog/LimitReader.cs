using System.Text.Json;
using Proofgate.Policy;

namespace Proofgate.Data.Catalog;

/// <summary>Reads the limits of a dataset; what is absent has its default.</summary>
internal static class LimitReader
{
    private static readonly string[] Members = ["maxRows", "timeoutSeconds", "maxEvaluated", "minGroup"];

    internal static DatasetLimits Read(BundleReader bundle, string path, JsonElement node)
    {
        var limits = new DatasetLimits();
        if (!node.TryGetProperty("limits", out var given))
        {
            return limits;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            bundle.Problem($"{path}.limits", "must be an object.");
            return limits;
        }

        foreach (var member in given.EnumerateObject().Where(static m => !Members.Contains(m.Name)))
        {
            bundle.Problem($"{path}.limits.{member.Name}", "is not known here. Check its spelling.");
        }

        return new DatasetLimits
        {
            MaxRows = Whole("maxRows", limits.MaxRows, 100_000_000),
            Timeout = TimeSpan.FromSeconds(Whole("timeoutSeconds", (int)limits.Timeout.TotalSeconds, 200)),
            MaxEvaluated = Whole("maxEvaluated", limits.MaxEvaluated, 1_000_000),
            MinGroup = Whole("minGroup", limits.MinGroup, 1_000_000),
        };

        int Whole(string member, int absent, int most)
        {
            if (!given.TryGetProperty(member, out var value))
            {
                return absent;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 && number <= most)
            {
                return number;
            }

            bundle.Problem($"{path}.limits.{member}", $"must be a whole number, 1 to {most}.");
            return absent;
        }
    }
}
