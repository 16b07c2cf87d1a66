using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Proofgate.Audit.Events;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// A change of the log's key: a leaf of the super-log that is itself a signed note, signed by the old key and the new one. Its lines:
/// <c>proofgate/audit/key-change/v1</c>, the super-log's origin, the time, the old verifier key, the new one.
/// </summary>
public sealed record KeyChange(string Origin, DateTimeOffset Time, VerifierKey Old, VerifierKey New)
{
    private const string Header = "proofgate/audit/key-change/v1";

    internal byte[] ToText() => Encoding.UTF8.GetBytes(
        $"{Header}\n{Origin}\n{Time.UtcDateTime.ToString(EventWriter.TimeFormat, CultureInfo.InvariantCulture)}\n{Old}\n{New}\n");

    internal static async Task<byte[]> SignAsync(
        string origin, DateTimeOffset time, ILogSigner old, ILogSigner next, CancellationToken cancellationToken)
    {
        var change = new KeyChange(origin, time, old.KeyFor(origin), next.KeyFor(origin));
        var text = change.ToText();
        var first = await old.SignNoteAsync(origin, text, cancellationToken).ConfigureAwait(false);
        var second = await next.SignNoteAsync(origin, text, cancellationToken).ConfigureAwait(false);
        return first.With(second.Signatures[0]).ToBytes();
    }

    internal static bool IsSpelledSo(ReadOnlySpan<byte> leaf) => leaf.StartsWith("proofgate/audit/key-change/v1\n"u8);

    /// <summary>Reads one that both keys have signed.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> leaf, string origin, [NotNullWhen(true)] out KeyChange? change)
    {
        change = null;
        if (!IsSpelledSo(leaf) || !SignedNote.TryParse(leaf, out var note))
            return false;
        var lines = Encoding.UTF8.GetString(note.Text.Span).Split('\n');
        if (lines.Length != 6 || lines[1] != origin || !EventEnvelope.TryTime(Encoding.UTF8.GetBytes(lines[2]), out var time)
            || !VerifierKey.TryParse(lines[3], out var old) || !VerifierKey.TryParse(lines[4], out var next) || old.Name != origin || next.Name != origin
            || !note.TryVerify([old], out _) || !note.TryVerify([next], out _))
        {
            return false;
        }

        change = new KeyChange(origin, time, old, next);
        return true;
    }
}
