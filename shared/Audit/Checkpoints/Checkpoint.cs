using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Checkpoints;

/// <summary>What a log's signature is over (C2SP tlog-checkpoint): which log, how many leaves, which root.</summary>
/// <param name="Origin">The log's own name, world-wide.</param>
/// <param name="Size">Leaves.</param>
/// <param name="Root">RFC 6962 root.</param>
public sealed record Checkpoint(string Origin, long Size, MerkleHash Root)
{
    private const int MaxExtensions = 16;

    public byte[] ToText() => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.ToArray())}\n"));

    /// <summary>Reads a note's text. Extension lines, which a witness would sign too, may follow and mean nothing here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (text.Length > SignedNote.MaxBytes || text.Length == 0 || text[^1] != '\n')
            return false;
        var lines = Encoding.UTF8.GetString(text[..^1]).Split('\n');
        if (lines.Length is < 3 or > 3 + MaxExtensions || lines.Any(static l => l.Length == 0)
            || !TrySize(lines[1], out var size) || !Base64.TryDecode(lines[2], out var root) || root.Length != MerkleHash.Size)
        {
            return false;
        }

        checkpoint = new Checkpoint(lines[0], size, new MerkleHash(root));
        return true;
    }

    /// <summary>A number as these formats write it: decimal, no sign, no leading zero.</summary>
    internal static bool TrySize(string text, out long size) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && (text[0] != '0' || text.Length == 1);
}
