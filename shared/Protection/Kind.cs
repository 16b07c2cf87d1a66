namespace Proofgate.Protection;

/// <summary>
/// A kind of sensitive data, for example <c>EMAIL_ADDRESS</c>. The name is the Cedar entity id and stands in masks and in the ledger.
/// </summary>
/// <param name="Name">1 to 64 characters: an upper-case letter, then upper-case letters, digits or underscores.</param>
public readonly record struct Kind(string Name)
{
    private const int MaxLength = 64;

    /// <summary>The kind of a value that a model was given and this caller may not see: see <see cref="ExactValues"/>.</summary>
    public static readonly Kind Withheld = new("WITHHELD");

    internal static readonly Kind Email = new("EMAIL_ADDRESS");

    /// <summary>Reads a name; false if it is not of the form above.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Kind kind)
    {
        kind = default;
        if (text.Length is 0 or > MaxLength || !char.IsAsciiLetterUpper(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c) && c != '_')
                return false;
        }

        kind = new Kind(text.ToString());
        return true;
    }

    public override string ToString() => Name;
}
