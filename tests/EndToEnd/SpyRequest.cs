using System.Text;
using System.Text.Json;

namespace Proofgate.EndToEnd;

/// <summary>One request as the upstream saw it.</summary>
public sealed record SpyRequest(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, bool Cancelled, int Sent)
{
    /// <summary>Headers and body as one text, to be searched for what must not be there.</summary>
    public string Everything => string.Join('\n', Headers.Select(static h => $"{h.Key}: {h.Value}")) + "\n" + Encoding.UTF8.GetString(Body);

    internal static SpyRequest Read(JsonElement json)
    {
        var raw = json.GetProperty("headers").EnumerateArray().Select(static h => h.GetString()!).ToList();
        return new SpyRequest(
            json.GetProperty("method").GetString()!, json.GetProperty("path").GetString()!,
            [.. Enumerable.Range(0, raw.Count / 2).Select(i => KeyValuePair.Create(raw[2 * i], raw[(2 * i) + 1]))],
            json.GetProperty("body").GetBytesFromBase64(), json.GetProperty("cancelled").GetBoolean(), json.GetProperty("sent").GetInt32());
    }
}
