using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Proofgate.Enforcement;

/// <summary>
/// Names a session: <c>pgs_</c> and base64url of the UTC day on which it ends (2 bytes, days since 2020) and 16 random bytes. Good for its caller alone, but
/// a secret of theirs all the same.
/// </summary>
public readonly record struct SessionId
{
    private const string Prefix = "pgs_";
    private const int DayLength = 2;
    private const int Length = DayLength + 16;

    /// <summary>Whole groups of base64, so each id has one form.</summary>
    private const int TextLength = Length / 3 * 4;

    private static readonly DateOnly Epoch = new(2020, 1, 1);

    private readonly string _text;

    private SessionId(string text, DateOnly day) => (_text, Day) = (text, day);

    /// <summary>On which the session ends.</summary>
    public DateOnly Day { get; }

    /// <summary>A new one, that no other has.</summary>
    public static SessionId Create(DateTimeOffset ends)
    {
        var day = DateOnly.FromDateTime(ends.UtcDateTime);
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, checked((ushort)(day.DayNumber - Epoch.DayNumber)));
        RandomNumberGenerator.Fill(bytes[DayLength..]);
        return new SessionId(Prefix + Base64Url.EncodeToString(bytes), day);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out SessionId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || text.Length != Prefix.Length + TextLength || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length), bytes, out _, out var length) != OperationStatus.Done || length != Length)
        {
            return false;
        }

        id = new SessionId(text, Epoch.AddDays(BinaryPrimitives.ReadUInt16BigEndian(bytes)));
        return true;
    }

    public override string ToString() => _text ?? string.Empty;
}
