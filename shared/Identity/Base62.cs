using System.Buffers;

namespace Proofgate.Identity;

internal static class Base62
{
    internal const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    internal static bool IsAll(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Characters);

    /// <summary>Fills <paramref name="destination"/>, most significant digit first, zeros in front.</summary>
    internal static void Write(uint value, Span<char> destination)
    {
        for (var i = destination.Length - 1; i >= 0; i--)
        {
            (value, var digit) = Math.DivRem(value, (uint)Alphabet.Length);
            destination[i] = Alphabet[(int)digit];
        }
    }
}
