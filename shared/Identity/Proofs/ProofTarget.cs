using System.Buffers;

namespace Proofgate.Identity.Proofs;

/// <summary>
/// Compares what a proof is for with what was asked (D9), both in the normal form of RFC 3986, 6.2.2 and 6.2.3. Not by <see cref="Uri"/>, whose
/// normal form is richer than the RFC's and differs between versions: two sides that agree must agree by rule.
/// </summary>
internal static class ProofTarget
{
    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>What may stand in a path beside percent-encoding (RFC 3986, 3.3).</summary>
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    private static readonly SearchValues<char> Version6Characters = SearchValues.Create("ABCDEFabcdef0123456789:.");

    /// <summary>
    /// The path in normal form. Refused: what is no path, and an encoded <c>/</c>, <c>\</c> or NUL, however often encoded: what stands behind
    /// us might decode it, and serve another resource than the one that was checked. (The Functions host hands <c>%2F</c> on as <c>%252F</c>.)
    /// </summary>
    /// <returns>Null if it is refused.</returns>
    internal static string? NormalPath(ReadOnlySpan<char> path)
    {
        char[]? rented = null;
        Span<char> normal = path.Length < 512 ? stackalloc char[512] : (rented = ArrayPool<char>.Shared.Rent(path.Length + 1));
        var length = path is ['/', ..] ? WritePath(path, normal) : -1;
        var result = length < 0 ? null : normal[..length].ToString();
        Return(rented);
        return result;
    }

    /// <summary>An origin in normal form: scheme, host, and port where it is not the scheme's own.</summary>
    /// <returns>Null if it is none.</returns>
    internal static string? NormalOrigin(ReadOnlySpan<char> origin)
    {
        var normal = new char[origin.Length];
        var length = WriteOrigin(origin, normal, out var path);
        return length < 0 || path.Length > 0 ? null : new string(normal, 0, length);
    }

    /// <param name="uri">A proof's <c>htu</c>, without query and fragment.</param>
    /// <param name="origins">In normal form.</param>
    /// <param name="path">In normal form.</param>
    internal static bool Matches(ReadOnlySpan<char> uri, ReadOnlySpan<string> origins, ReadOnlySpan<char> path)
    {
        char[]? rented = null;
        Span<char> normal = uri.Length < 512 ? stackalloc char[512] : (rented = ArrayPool<char>.Shared.Rent(uri.Length + 1));
        var matches = false;
        var origin = WriteOrigin(uri, normal, out var rest);
        if (origin >= 0 && rest is [] or ['/', ..] && WritePath(rest, normal[origin..]) is var length and >= 0)
        {
            foreach (var ours in origins)
            {
                matches |= normal[..origin].SequenceEqual(ours) && normal.Slice(origin, length).SequenceEqual(path);
            }
        }

        Return(rented);
        return matches;
    }

    private static void Return(char[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static int WriteOrigin(ReadOnlySpan<char> uri, Span<char> normal, out ReadOnlySpan<char> path)
    {
        path = default;
        var secure = uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!secure && !uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return -1;
        }

        var scheme = secure ? "https://" : "http://";
        var rest = uri[scheme.Length..];
        var end = rest.IndexOf('/') is var slash and >= 0 ? slash : rest.Length;
        var authority = rest[..end];
        path = rest[end..];
        var hostEnd = authority is ['[', ..] ? authority.IndexOf(']') + 1 : authority.IndexOf(':') is var colon and >= 0 ? colon : authority.Length;
        var host = authority[..hostEnd];
        var port = authority[hostEnd..];
        if (!IsHost(host) || !IsPort(port))
        {
            return -1;
        }

        scheme.CopyTo(normal);
        var length = scheme.Length;
        length += host.ToLowerInvariant(normal[length..]);
        if (port.Length > 1 && !port.SequenceEqual(secure ? ":443" : ":80"))
        {
            port.CopyTo(normal[length..]);
            length += port.Length;
        }

        return length;
    }

    private static bool IsHost(ReadOnlySpan<char> host) => host is ['[', .. var address, ']']
        ? address.Length > 0 && !address.ContainsAnyExcept(Version6Characters)
        : host.Length > 0 && !host.ContainsAnyExcept(HostCharacters);

    /// <summary>None, an empty one (RFC 3986, 6.2.3), or a number as it is written.</summary>
    private static bool IsPort(ReadOnlySpan<char> port) =>
        port is [] or [':'] || (port is [':', >= '1' and <= '9', ..] and { Length: <= 6 } && !port[1..].ContainsAnyExceptInRange('0', '9') && int.Parse(port[1..]) <= 65535);

    /// <returns>Length, or -1.</returns>
    private static int WritePath(ReadOnlySpan<char> path, Span<char> normal)
    {
        if (path.IsEmpty)
        {
            normal[0] = '/';
            return 1;
        }

        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (PathCharacters.Contains(c))
            {
                normal[length++] = c;
                continue;
            }

            if (c != '%' || !TryDecode(path[i..], out var decoded))
            {
                return -1;
            }

            i += 2;
            if (Unreserved.Contains(decoded))
            {
                normal[length++] = decoded;
            }
            else
            {
                normal[length++] = '%';
                length += path.Slice(i - 1, 2).ToUpperInvariant(normal[length..]);
            }
        }

        return HidesSeparator(normal[..length]) ? -1 : RemoveDotSegments(normal[..length]);
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out char decoded)
    {
        decoded = default;
        if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
        {
            return false;
        }

        decoded = (char)((HexValue(text[1]) << 4) | HexValue(text[2]));
        return true;
    }

    private static int HexValue(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;

    /// <summary>Decodes as somebody careless would, again and again, until nothing is left to decode, or somebody is playing with us.</summary>
    private static bool HidesSeparator(ReadOnlySpan<char> normal)
    {
        if (!normal.Contains('%'))
        {
            return false;
        }

        Span<char> text = normal.Length <= 512 ? stackalloc char[normal.Length] : new char[normal.Length];
        normal.CopyTo(text);
        var slashes = text.Count('/');
        for (var pass = 0; pass < 4; pass++)
        {
            var length = DecodeOnce(text);
            if (text[..length].ContainsAny('\\', '\0') || text[..length].Count('/') != slashes)
            {
                return true;
            }

            if (length == text.Length)
            {
                return false;
            }

            text = text[..length];
        }

        return true;
    }

    private static int DecodeOnce(Span<char> text)
    {
        var written = 0;
        for (var read = 0; read < text.Length; read++)
        {
            var coded = TryDecode(text[read..], out var decoded) && text[read] == '%';
            text[written++] = coded ? decoded : text[read];
            read += coded ? 2 : 0;
        }

        return written;
    }

    /// <summary>RFC 3986, 5.2.4, in place.</summary>
    private static int RemoveDotSegments(Span<char> path)
    {
        var written = 0;
        for (var read = 0; read < path.Length;)
        {
            var next = path[(read + 1)..].IndexOf('/');
            var end = next < 0 ? path.Length : read + 1 + next;
            var segment = path[(read + 1)..end];
            if (segment is ['.'] or ['.', '.'])
            {
                written = segment.Length == 2 ? Math.Max(0, path[..written].LastIndexOf('/')) : written;
                if (end == path.Length)
                {
                    path[written++] = '/';
                }
            }
            else
            {
                path[read..end].CopyTo(path[written..]);
                written += end - read;
            }

            read = end;
        }

        return written;
    }
}
