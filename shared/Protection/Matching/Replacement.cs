using System.Buffers;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Matching;

/// <summary>What stands for a value.</summary>
internal readonly struct Replacement(RedactionWay way, string mask, PseudonymKey? key)
{
    private const string Hidden = "**** ";
    private const int Shown = 4;

    private static readonly HashSet<string> Numbers =
        new(["PAYMENT_CARD", "IBAN", "US_SSN", "NATIONAL_ID", "PHONE_NUMBER"], StringComparer.Ordinal);

    /// <summary>True if values of the kind have digits at their end that tell one from another and do not give it away.</summary>
    internal static bool HasEnd(Kind kind) => Numbers.Contains(kind.Name);

    /// <summary>Writes it for the first of <paramref name="overlapping"/>, which are all that begin before that one ends.</summary>
    /// <param name="overlapping">In order.</param>
    /// <param name="value">Its text.</param>
    /// <param name="released">Where to.</param>
    internal void Write(ReadOnlySpan<Finding> overlapping, ReadOnlySpan<char> value, IBufferWriter<char> released)
    {
        if (way == RedactionWay.Remove)
            return;
        if (way is not (RedactionWay.Partial or RedactionWay.Pseudonym) || value.Length > Rule.MaxShownLength || !IsAlone(overlapping))
        {
            released.Write(mask);
            return;
        }

        WriteSome(overlapping[0].Rule.Kind, value, released);
    }

    /// <summary>The same for a value that is whole, and alone.</summary>
    internal string Whole(Kind kind, string value)
    {
        if (way == RedactionWay.Remove)
            return string.Empty;
        if (way is not (RedactionWay.Partial or RedactionWay.Pseudonym) || value.Length > Rule.MaxShownLength)
            return mask;
        var released = new ArrayBufferWriter<char>(mask.Length + PseudonymKey.Length + 2);
        WriteSome(kind, value, released);
        return released.WrittenSpan.ToString();
    }

    private void WriteSome(Kind kind, ReadOnlySpan<char> value, IBufferWriter<char> released)
    {
        var visible = ZeroWidth.Without(value, stackalloc char[value.Length]);
        if (way == RedactionWay.Pseudonym && key is not null)
        {
            Span<char> name = stackalloc char[PseudonymKey.Length];
            key.Write(kind, visible, name);
            released.Write(mask.AsSpan(0, mask.Length - 1));
            released.Write(":");
            released.Write(name);
            released.Write("]");
        }
        else if (way == RedactionWay.Partial && HasEnd(kind) && TryTakeEnd(visible, stackalloc char[Shown]) is { IsEmpty: false } end)
        {
            released.Write(Hidden);
            released.Write(end);
        }
        else
        {
            released.Write(mask);
        }
    }

    private static bool IsAlone(ReadOnlySpan<Finding> overlapping)
    {
        ref readonly var first = ref overlapping[0];
        if (first.IsDecisive || first.IsBeginning)
            return false;
        foreach (ref readonly var other in overlapping[1..])
        {
            if (other.End > first.End || other.Rule.KindIndex != first.Rule.KindIndex)
                return false;
        }

        return true;
    }

    /// <summary>The last letters and digits, in upper case; nothing if as many do not stay hidden.</summary>
    private static ReadOnlySpan<char> TryTakeEnd(ReadOnlySpan<char> value, Span<char> end)
    {
        var count = 0;
        for (var at = value.Length - 1; at >= 0; at--)
        {
            if (!char.IsAsciiLetterOrDigit(value[at]))
                continue;
            if (count++ < Shown)
                end[Shown - count] = char.ToUpperInvariant(value[at]);
        }

        return count >= 2 * Shown ? end.ToArray() : [];
    }
}
