using System.Buffers;

namespace Proofgate.Enforcement.Tools;

/// <summary>
/// How tools are called: <c>source__tool</c>. Letters, digits, hyphens and underscores of ASCII only, so that no two names look alike, and every model's own tools can have them.
/// </summary>
public static class ToolName
{
    /// <summary>The most that providers of models let a tool's name have.</summary>
    public const int MaxLength = 64;

    private const string Separator = "__";

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly SearchValues<char> SourceLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(string? name) => name is { Length: > 0 and <= MaxLength } && !name.AsSpan().ContainsAnyExcept(Letters);

    /// <summary>A source's name has no underscore: where it ends is never in doubt.</summary>
    public static bool IsValidSource(string? name) => name is { Length: > 0 and <= 32 } && !name.AsSpan().ContainsAnyExcept(SourceLetters);

    /// <summary>A dot, which servers may use in names, becomes a hyphen.</summary>
    public static string Of(string source, string tool) => $"{source}{Separator}{tool.Replace('.', '-')}";
}
