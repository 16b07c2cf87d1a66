namespace Proofgate.Data.Catalog;

/// <summary>Names that stand in policies, in requests and in answers.</summary>
internal static class Identifier
{
    internal const string Rule = "must begin with a letter and have letters, digits and underscores only, 64 at most, and not be 'proofgate'.";

    /// <summary>Words of Cedar that cannot be the name of an attribute.</summary>
    private static readonly string[] Reserved = ["true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar", "proofgate"];

    internal static bool IsValid(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Reserved.Contains(name);
}
