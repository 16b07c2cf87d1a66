using System.Globalization;
using ModelContextProtocol.Protocol;
using Proofgate.Enforcement.Tools;
using Proofgate.Enforcement.Tools.Schemas;

namespace Proofgate.Inference.ToolServers;

/// <summary>Takes what a server says of a tool for what it is: text of somebody else's that models read.</summary>
public static class ToolCheck
{
    private const int MaxDescription = 4096;
    private const int MaxTitle = 128;

    /// <summary>As the bundle knows it, or why it is not offered.</summary>
    internal static (ToolDescription? Tool, string? Problem) Accept(PinnedTool pinned, Tool offered)
    {
        var digest = ToolDigest.Of(offered);
        if (digest != pinned.Digest)
        {
            return (null, $"it has the digest {digest}, and the bundle the digest of another form of it: look at it again");
        }

        if (ProblemOf(offered) is { } problem)
        {
            return (null, problem);
        }

        return ArgumentSchema.TryCompile(offered.InputSchema, out var arguments, out var fault)
            ? (new ToolDescription
            {
                Name = pinned.PublicName,
                Source = pinned.Server,
                Title = offered.Title,
                Description = offered.Description ?? string.Empty,
                Arguments = arguments,
                Annotations = HintJson.Of(offered),
                Label = pinned.Label,
                External = pinned.External,
            }, null)
            : (null, $"its schema cannot be checked: {fault}");
    }

    /// <returns>Why a tool of this form would not be offered, whatever its digest; null: nothing.</returns>
    public static string? ProblemOf(Tool tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return tool.Description is { Length: > MaxDescription } || tool.Title is { Length: > MaxTitle } || tool.Annotations?.Title is { Length: > MaxTitle }
            ? $"its description has more than {MaxDescription} characters, or its title more than {MaxTitle}"
            : new[] { tool.Title, tool.Description, tool.Annotations?.Title, tool.InputSchema.GetRawText() }.Any(HidesSomething)
            ? "it has characters that are not seen: what a model reads, a person must be able to read"
            : ArgumentSchema.TryCompile(tool.InputSchema, out _, out var fault) ? null : $"its schema cannot be checked: {fault}";
    }

    /// <summary>Escapes count as what they mean.</summary>
    private static bool HidesSomething(string? text)
    {
        if (text is null)
        {
            return false;
        }

        var meant = JsonTextFilter.MeaningOf(text) ?? text;
        return meant.EnumerateRunes().Any(static r => r.Value is not ('\n' or '\r' or '\t') && System.Text.Rune.GetUnicodeCategory(r)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
    }
}
