using System.Net.Sockets;
using System.Text;

namespace Proofgate.Http.Tests.Faults;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Head">Request line and headers.</param>
/// <param name="Body">As long as its head says.</param>
internal sealed record WireRequest(string Head, string Body)
{
    internal string Path => Head.Split(' ')[1];

    /// <summary>Of a header, all its lines joined; null if it was not sent.</summary>
    internal string? this[string header] => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(header.Length + 1)..].Trim()) is var found && found.Any() ? string.Join(" | ", found) : null;

    internal IEnumerable<string> Names => Head.Split("\r\n").Skip(1).Where(static l => l.Length > 0).Select(static l => l.Split(':')[0]).Order(StringComparer.OrdinalIgnoreCase);

    /// <returns>Null if the connection was closed before one came.</returns>
    internal static async Task<WireRequest?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var have = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(have), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            have += read;
            var text = Encoding.UTF8.GetString(buffer, 0, have);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }

            var request = new WireRequest(text[..end], text[(end + 4)..]);
            if (request.Body.Length >= int.Parse(request["Content-Length"] ?? "0", System.Globalization.CultureInfo.InvariantCulture))
            {
                return request;
            }
        }
    }
}
