using System.Text.Json;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>Rows of a dataset that the gateway placed in the prompt.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Rows">The values of each row, in the order of its columns.</param>
/// <param name="IsComplete">Whether there are no more.</param>
internal sealed record SampleGround(string Dataset, IReadOnlyList<string> Rows, bool IsComplete)
{
    /// <returns>Null if the text is none.</returns>
    internal static SampleGround? Read(string text)
    {
        if (!text.StartsWith("{\"dataset\":", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var rows = document.RootElement.GetProperty("rows").EnumerateArray().Select(static r => string.Join(", ", r.EnumerateObject().Select(static v => v.Value.ToString())));
            return new SampleGround(document.RootElement.GetProperty("dataset").ToString(), [.. rows], document.RootElement.GetProperty("complete").ValueKind == JsonValueKind.True);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
